"""What flows may know of applications: how each stands, what is asked about it, and a seat that is held."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import cast

from dialogs.model import Json
from dialogs.talk import World

CALLED_OFF = "called_off"
"""The stage of an application that ended because there is no such class any more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a member of staff asks somebody who applied, in their own words."""

    question_id: int
    asker: str
    words: str
    stands: bool = True
    """Whether it waits for an answer."""


@dataclass(frozen=True, slots=True)
class Applied:
    """One application as its person may see it."""

    application_id: int
    number: str
    person_id: int
    person_name: str
    title: str
    title_easy: str
    state: str
    starts: date
    ends: date
    place: str
    reason: str = ""
    """Why it was decided so, as staff wrote it or chose it."""
    reason_easy: str = ""
    """The same in easy words, where staff chose the reason from the list."""
    reason_en: str = ""
    """The same in English."""
    called_off: bool = False
    """Whether it ended because there is no such class any more."""
    decided_by: str = ""
    """Who declined it; only for who may read the reason."""
    needs: tuple[tuple[str, str, str], ...] = ()
    """Support asked for: (code, answer, note); answer is "", can, discuss or cannot."""
    intake_id: int = 0
    project_id: str = ""
    category: str = ""
    """The kind of course (codes.csv, category)."""
    submitted_at: datetime | None = None
    can_withdraw: bool = True
    advice: tuple[str, ...] = ()
    """Rules of the course that may not fit, as the catalogue words them: staff talk it over, nobody is refused."""
    answers: Mapping[str, Json] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """Whose word it waits for: person, parent, or both."""
    powers: frozenset[str] = frozenset()
    """What whoever reads it may do to get that word: fill, assent, consent."""
    bring: tuple[str, ...] = ()
    """What to bring to class."""
    way: str = ""
    """How to get there, in the words of the catalogue."""
    begins: time | None = None
    """The hour of the first day, where it is known."""
    place_in_line: int = 0
    """Which place on the waiting list, counted from 1; 0 for who does not wait."""
    offer_id: int = 0
    """The number of the offer that stands; 0 for none."""
    until: datetime | None = None
    """How long that offer stands, in the service's zone."""
    asked: tuple[Asked, ...] = ()
    """Questions of staff that are open, for who may answer them."""
    moved: bool = False
    """Whether the class moved, and it waits for their word whether they still come."""
    platform: str = ""
    """Where a class is held online; only for who is accepted."""
    link: str = ""
    """The address of an online class; only for who is accepted, never in a letter or on a page for everybody."""

    @property
    def stage(self) -> str:
        """What to call where it stands: the state, or that the class is called off."""
        return CALLED_OFF if self.called_off else self.state


@dataclass(frozen=True, slots=True)
class Clash:
    """Another application of the same person whose dates overlap."""

    title: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Offered:
    """A seat held for somebody on the waiting list."""

    offer_id: int
    stands: bool
    """Whether it may still be taken."""
    until: datetime
    """How long, in the service's zone."""
    clashes: tuple[Clash, ...] = ()
    """Courses the same person goes to already whose dates overlap."""


def application(world: World) -> Applied:
    return cast("Applied", world.facts["application"])


def class_told(world: World) -> Applied:
    """The class a reminder is about, as far as whoever is reminded may know of it."""
    return cast("Applied", world.facts["class_told"])


def applications(world: World) -> tuple[Applied, ...]:
    return cast("tuple[Applied, ...]", world.facts["applications"])


def asked_to_assent(world: World) -> tuple[Applied, ...]:
    """Applications somebody else made, waiting for the word of whoever is talking."""
    return cast("tuple[Applied, ...]", world.facts["asked_to_assent"])


def to_answer(world: World) -> tuple[Applied, ...]:
    """Applications with a seat held or a question asked, for who may answer."""
    return cast("tuple[Applied, ...]", world.facts["to_answer"])


def offer(world: World) -> Offered:
    return cast("Offered", world.facts["offer"])


def staff_words(world: World) -> Asked:
    return cast("Asked", world.facts["staff_words"])


def staff_question(world: World) -> Asked:
    return cast("Asked", world.facts["staff_question"])
