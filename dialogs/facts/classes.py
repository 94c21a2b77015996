"""What flows may know of a class somebody has a seat in: when it is, what moved, who is expected, what it ends with."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast

from dialogs.talk import World


@dataclass(frozen=True, slots=True)
class ClassTimes:
    """When and where a class is; hours are None where nobody wrote them."""

    starts: date
    ends: date
    begins: time | None
    until: time | None
    place: str


@dataclass(frozen=True, slots=True)
class Met:
    """One session that moved, or is cancelled; a cancelled one is as it was."""

    number: int
    before: ClassTimes
    after: ClassTimes
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A class, or some of its sessions, that moved: how it was, how it is, and what the person said to it."""

    stands: bool
    """Whether they may say if they still come."""
    before: ClassTimes
    after: ClassTimes
    note: str = ""
    """Why, in the words of staff."""
    comes: bool | None = None
    meetings: tuple[Met, ...] = ()
    """Single sessions that moved, where the class stays as it is."""
    new_link: bool = False
    """Whether an online class has another address."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some days of a class somebody is reminded of: a block of it, or its exam."""

    stands: bool
    """Whether the class still has it."""
    mode: str
    """online, offline, or "" where nobody wrote it."""
    starts: date
    ends: date
    begins: time | None
    place: str
    is_exam: bool = False


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate to be collected: who has it, and how to ask them."""

    is_ready: bool
    name: str = ""
    keeper: str = ""
    phone: str = ""
    sms: str = ""


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody expected at a class, as of a moment in the service's zone."""

    application_id: int
    person_name: str
    title: str
    title_easy: str
    begins: datetime
    has_hour: bool
    """Whether the hour is known; else only the day is."""
    place: str


@dataclass(frozen=True, slots=True)
class AtClass:
    """Who may say now that they are at their class, and which class comes next."""

    now: tuple[Coming, ...]
    after: Coming | None


def part(world: World) -> Part:
    return cast("Part", world.facts["part"])


def certificate(world: World) -> Certificate:
    return cast("Certificate", world.facts["certificate"])


def moved(world: World) -> Moved:
    return cast("Moved", world.facts["moved"])


def at_class(world: World) -> AtClass:
    return cast("AtClass", world.facts["at_class"])
