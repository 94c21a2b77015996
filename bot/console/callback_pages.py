"""The pages of call-backs, and of the person they are about."""

from collections.abc import Sequence

from bot.console.callback import OneCallback
from bot.console.callbacks import Callbacks
from bot.console.inside import Page
from bot.console.pages import ConsolePages
from bot.console.people import People
from bot.console.permissions import Act
from bot.runner import Runner


def callback_pages(runner: Runner, pages: ConsolePages) -> Sequence[Page]:
    """Every page from the list to the result, and the timeline of a person."""
    listed, one = Callbacks(runner, pages), OneCallback(runner, pages)
    return (
        Page("/callbacks", Act.CALLS, listed.show),
        Page("/callbacks/draw", Act.CALLS, listed.draw, "POST"),
        Page("/callbacks/{callback}", Act.CALLS, one.show),
        Page("/callbacks/{callback}", Act.CALLS, one.save, "POST"),
        Page("/callbacks/{callback}/begin", Act.CALLS, one.begin, "POST"),
        Page("/callbacks/{callback}/chat", Act.CALLS, one.ask_in_chat, "POST"),
        Page("/callbacks/{callback}/number", Act.CALLS, one.correct, "POST"),
        Page("/callbacks/{callback}/check", Act.CALLS, one.check, "POST"),
        Page("/people/{person}", Act.READ, People(runner, pages).show),
    )
