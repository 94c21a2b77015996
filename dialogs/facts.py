"""What flows may know of the world: plain values, and the one thing they may ask (the catalogue)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Protocol, cast

from dialogs.model import Json
from dialogs.talk import About, World


@dataclass(frozen=True, slots=True)
class Office:
    """Whom to call: our own numbers and the national supervision line."""

    name: str
    help_phone: str
    help_sms: str
    supervision_phone: str = "12385"


@dataclass(frozen=True, slots=True)
class Ward:
    """A person this contact may speak for, and as what."""

    person_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Me:
    """The contact who is talking: how they read, who they are, for whom they may speak."""

    contact_id: int = 0
    new: bool = True
    size: str = "standard"
    role: str = ""
    people: tuple[Ward, ...] = ()
    current: int | None = None

    @property
    def ward(self) -> Ward | None:
        """For whom we are talking now."""
        return next((each for each in self.people if each.person_id == self.current), None)


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who may act for whoever is talking, until when, and whether that is soon."""

    relation_id: int
    name: str
    role: str
    ends: date | None
    soon: bool
    link: str = ""
    """A parent who may only give a word, by a link made for that: "opened" or "made"; else ""."""
    since: date | None = None
    """The day that link was made."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Something begun and not finished."""

    flow: str
    about: About
    title: str
    touched: str
    reminder: int = 0
    """The number of the reminder that warns before it goes."""


@dataclass(frozen=True, slots=True)
class Person:
    """What we already know of the person a flow is about; never asked twice (R17)."""

    person_id: int
    name: str = ""
    phone: str = ""
    certificate: str = ""
    role: str = "self"
    """What the contact is to the person: self, helper, family, guardian, staff."""
    profile: Mapping[str, Json] = field(default_factory=dict)
    consents: Mapping[str, bool] = field(default_factory=dict)
    """Purpose -> whether it was given and not withdrawn."""

    @property
    def category(self) -> str:
        """The category digit of the certificate number, 1 to 7, or "" while unknown."""
        return self.certificate[18] if len(self.certificate) >= 20 else ""


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
    needs: tuple[tuple[str, str, str], ...] = ()
    """Support asked for: (code, answer, note); answer is "", can, discuss or cannot."""
    intake_id: int = 0
    project_id: str = ""
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


class Intake(Protocol):
    """One dated run of a project, as far as flows speak of it. Money is in yuan, hours are class hours."""

    id: int
    intake_no: int
    status: str
    start_date: date
    end_date: date
    registration_deadline: date
    class_start_time: time | None
    class_end_time: time | None
    schedule_text: str
    time_slot: str
    hours_total: float | None
    training_days: int | None
    mode: str
    capacity: int
    province: str
    city: str
    district: str
    address: str
    how_to_get_there: str
    services: Sequence[str]
    lodging: bool
    contact_dept: str
    contact_phone: str
    contact_sms: str


class Timetable(Protocol):
    """When an intake meets, read from its sessions; a time is None where sessions differ."""

    @property
    def weekdays(self) -> Sequence[int]:
        """Days of the week there is a session on, 0 for Monday."""

    @property
    def begins(self) -> time | None: ...
    @property
    def ends(self) -> time | None: ...


class Project(Protocol):
    """One project of the catalogue, as far as flows speak of it."""

    project_id: str
    title: str
    title_easy: str
    intakes: Sequence[Intake]
    audience: Sequence[str]
    fee_yuan: int
    living_subsidy_per_day_yuan: int
    subsidy_types: Sequence[str]
    certificate_type: str
    certificate_name: str
    documents_to_bring: Sequence[str]
    extra_questions: Sequence[str]


class Page(Protocol):
    """One page of what was found."""

    @property
    def total(self) -> int: ...
    @property
    def order(self) -> str:
        """How the list is ordered, in Chinese sentences."""

    @property
    def order_en(self) -> str:
        """The same in English."""

    @property
    def cards(self) -> Sequence[Project]: ...
    @property
    def instead(self) -> Sequence[str]:
        """Words that nearly nothing has, so that what is like them was looked for."""

    @property
    def read_as(self) -> Sequence[str]:
        """The known words a whole sentence was cut to."""

    @property
    def exact(self) -> int:
        """How many have the very words."""


class Catalogue(Protocol):
    """The published catalogue: an immutable snapshot that answers in microseconds."""

    def find(
        self,
        *,
        words: str = "",
        where: Mapping[str, frozenset[str]] = ...,
        home: tuple[str, str, str] = ...,
        situation: str = "",
        offset: int = 0,
        limit: int = 4,
    ) -> Page: ...

    def facets(self, key: str, where: Mapping[str, frozenset[str]] = ...) -> Sequence[tuple[str, int]]: ...
    def named(self, key: str, code: str) -> tuple[str, str, str]:
        """The words for a code of a facet: as published, easy, and English ("" where there are none)."""


def office(world: World) -> Office:
    return cast("Office", world.facts["office"])


def me(world: World) -> Me:
    return cast("Me", world.facts["me"])


def person(world: World) -> Person:
    return cast("Person", world.facts["person"])


def catalogue(world: World) -> Catalogue:
    return cast("Catalogue", world.facts["catalogue"])


def application(world: World) -> Applied:
    return cast("Applied", world.facts["application"])


def applications(world: World) -> tuple[Applied, ...]:
    return cast("tuple[Applied, ...]", world.facts["applications"])


def drafts(world: World) -> tuple[Draft, ...]:
    return cast("tuple[Draft, ...]", world.facts["drafts"])


def helpers(world: World) -> tuple[Helper, ...]:
    return cast("tuple[Helper, ...]", world.facts["helpers"])


def project(world: World) -> Project:
    return cast("Project", world.facts["project"])


def timetables(world: World) -> Mapping[int, Timetable]:
    """When the project's intakes meet, by intake; those whose sessions nobody told are left out."""
    return cast("Mapping[int, Timetable]", world.facts["timetables"])


def intake(world: World) -> Intake:
    return cast("Intake", world.facts["intake"])


def asked_to_assent(world: World) -> tuple[Applied, ...]:
    """Applications somebody else made, waiting for the word of whoever is talking."""
    return cast("tuple[Applied, ...]", world.facts["asked_to_assent"])


def to_answer(world: World) -> tuple[Applied, ...]:
    """Applications with a seat held or a question asked, for who may answer."""
    return cast("tuple[Applied, ...]", world.facts["to_answer"])


def offer(world: World) -> Offered:
    return cast("Offered", world.facts["offer"])


def moved(world: World) -> Moved:
    return cast("Moved", world.facts["moved"])


def at_class(world: World) -> AtClass:
    return cast("AtClass", world.facts["at_class"])


def staff_words(world: World) -> Asked:
    return cast("Asked", world.facts["staff_words"])


def staff_question(world: World) -> Asked:
    return cast("Asked", world.facts["staff_question"])


def ticket(world: World) -> Ticket:
    return cast("Ticket", world.facts["ticket"])


def tickets(world: World) -> tuple[Ticket, ...]:
    return cast("tuple[Ticket, ...]", world.facts["tickets"])
