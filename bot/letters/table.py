"""Every kind of letter, in one table; the words stand in a module a cause."""

from collections.abc import Mapping

from bot.letters import applications, callbacks, classes, fairs, people, staff, tickets
from bot.letters.letter import Letter

LETTERS: Mapping[str, Letter] = {
    **applications.LETTERS,
    **callbacks.LETTERS,
    **classes.LETTERS,
    **fairs.LETTERS,
    **people.LETTERS,
    **staff.LETTERS,
    **tickets.LETTERS,
}
"""Kind of message -> its words."""
