"""What flows of staff may know: what waits for a member, and one application or ticket as they may see it."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from dialogs.talk import World


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for the member who is talking, and what they may do."""

    name: str = ""
    new: int = 0
    """Applications that wait for a decision."""
    needs: int = 0
    """Applications in which a need has no answer."""
    tickets: int = 0
    """Tickets of their own that are open."""
    decides: bool = False
    answers: bool = False
    """Whether they answer tickets."""
    alerts: bool = False
    tells: bool = False
    """Whether they write notices to many."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """The notice of a member's own that there is most to do about; number 0 where there is none."""

    number: int = 0
    title: str = ""
    named: bool = False
    """Whether its words tell what is not said on channels whose servers are not ours."""
    state: str = ""
    ways: tuple[str, ...] = ()
    """What can be done with it: whom, send, pause, resume, stop."""
    asking: int = 0
    """Which of its lists it is."""
    total: int = 0
    waiting: int = 0
    reached: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Groups:
    """Whom a notice can go to: everybody, those of the member's region where they have one, or a group that is kept."""

    kept: tuple[tuple[int, str], ...] = ()
    """Number and name of each that colleagues of the region keep."""
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """A support asked for, what was said to it, and whether the class has it."""

    need_id: int
    code: str
    answer: str
    """"", can, discuss or cannot."""
    offered: bool


@dataclass(frozen=True, slots=True)
class Filed:
    """One application as staff see it; number 0 where it is nobody's here."""

    application_id: int
    number: str = ""
    person: str = ""
    title: str = ""
    title_easy: str = ""
    state: str = ""
    days: int = 0
    """For how many days it waits."""
    reasons: tuple[str, ...] = ()
    """The priority claims it makes, as the vocabulary words them."""
    fit: str = ""
    """fits, ask or differs: advice, never a decision."""
    rules: tuple[str, ...] = ()
    """The rules the advice rests on, as the catalogue words them."""
    needs: tuple[Need, ...] = ()
    seats: int = 0
    """Seats promised to nobody."""
    place: int = 0
    """Which place on the waiting list; 0 for who does not wait."""
    decidable: bool = False
    askable: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket of a member's; number 0 where there is none."""

    ticket_id: int
    number: str = ""
    kind: str = ""
    due: date | None = None
    waits: bool = False
    """Whether somebody waits for our answer."""
    said: tuple[tuple[bool, str | None], ...] = ()
    """What was said, oldest first: whether staff said it, and the words, None for a voice message."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One page of the applications that wait, the most urgent first."""

    lines: tuple[Filed, ...] = ()
    total: int = 0
    page: int = 1
    more: bool = False


def works_here(world: World) -> bool:
    """Whether whoever is talking is a member of staff."""
    return bool(world.facts.get("works_here"))


def desk(world: World) -> Desk:
    return cast("Desk", world.facts["desk"])


def waiting(world: World) -> Waiting:
    return cast("Waiting", world.facts["waiting"])


def filed(world: World) -> Filed:
    return cast("Filed", world.facts["filed"])


def case(world: World) -> Case:
    return cast("Case", world.facts["case"])


def cases(world: World) -> tuple[Case, ...]:
    return cast("tuple[Case, ...]", world.facts["cases"])


def mailing(world: World) -> Mailing:
    return cast("Mailing", world.facts["mailing"])


def groups(world: World) -> Groups:
    return cast("Groups", world.facts["notice_groups"])
