"""What flows may know of tickets: what somebody told us, and what was said to it."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from dialogs.talk import World

TALK = "relay"
"""The flow in which somebody talks with a member of staff about a ticket."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing said about a ticket after it was made."""

    who: str
    """Who of staff said it; "" for whoever the ticket is from."""
    words: str | None
    """None for a voice message."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Something somebody told us, as they may read it again; number 0 where there is nothing to read."""

    ticket_id: int
    number: str
    words: str | None
    """None for a voice message, "" where nothing was said."""
    state: str
    made: date
    due: date
    remarks: tuple[Remark, ...] = ()
    outcome: str = ""
    rated: bool = False
    talker: str = ""
    """Who of staff talks with them directly just now; "" for nobody."""
    talker_number: int = 0
    """The staff number (工号) of that member."""


def ticket(world: World) -> Ticket:
    return cast("Ticket", world.facts["ticket"])


def tickets(world: World) -> tuple[Ticket, ...]:
    return cast("tuple[Ticket, ...]", world.facts["tickets"])
