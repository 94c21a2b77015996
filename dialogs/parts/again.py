"""Names and numbers said a moment ago, as ready answers: one mother is helper, companion and emergency contact."""

from collections.abc import Callable, Iterator, Sequence

from dialogs.facts.people import person
from dialogs.model import Answers, Option
from dialogs.spoken.phones import show_phone
from dialogs.talk import World
from dialogs.words import Own

MYSELF_WORDS = ("我自己", "我", "自己", "是我", "就是我")

NUMBER_OF = {
    "companion_name": "companion_phone",
    "parent_name": "parent_phone",
    "emergency_name": "emergency_phone",
}
"""Whose name -> whose number."""

OPEN = frozenset({"", "none", "later", "unsaid", "same"})

Offers = Callable[[Answers, World], Sequence[Option]]


def names(*questions: str) -> Offers:
    """Offer the names said under these questions, now or for an earlier course."""

    def offered(a: Answers, world: World) -> Sequence[Option]:
        return tuple(
            Option(name, "我自己，{{ its }}", also=MYSELF_WORDS, values={"its": name})
            if question == "helper_name"
            else Option(name, Own(name))
            for question, name in _said(a, world, questions)
        )

    return offered


def numbers(whose: str, *questions: str) -> Offers:
    """Offer numbers said under these questions; where the name under `whose` was said before, its number first."""

    def offered(a: Answers, world: World) -> Sequence[Option]:
        name = a.text(whose) if whose in a else ""
        same = tuple(
            NUMBER_OF[other]
            for other, known in _said(a, world, tuple(each for each in NUMBER_OF if each != whose))
            if known == name
        )
        ways = (*same, *questions)
        return tuple(
            Option(number, Own(show_phone(number)), also=("一样", "同一个"))
            for _, number in _said(a, world, ways)
        )

    return offered


def _said(a: Answers, world: World, questions: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Answers under these questions, each once: what was said now, then what the record holds."""
    seen: set[str] = set()
    for question in questions:
        now = a.text(question) if question in a else ""
        value = now or str(person(world).profile.get(question) or "")
        if value not in OPEN | seen:
            seen.add(value)
            yield question, value
