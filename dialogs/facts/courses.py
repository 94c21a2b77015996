"""What flows may know of courses, and the one thing they may ask: the published catalogue."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Protocol, cast

from dialogs.talk import World

LONGEST_WORDS = 300
"""Characters: a whole spoken sentence is taken, cut to its known words for the search, and kept as a wish."""


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
        called: str = "",
        situation: str = "",
        offset: int = 0,
        limit: int = 4,
    ) -> Page: ...

    def home_in(self, address: str) -> tuple[str, str, str]:
        """Province, city and county of an address as it was said, each "" where nothing tells it."""

    def facets(self, key: str, where: Mapping[str, frozenset[str]] = ...) -> Sequence[tuple[str, int]]: ...
    def named(self, key: str, code: str) -> tuple[str, str, str]:
        """The words for a code of a facet: as published, easy, and English ("" where there are none)."""


def catalogue(world: World) -> Catalogue:
    return cast("Catalogue", world.facts["catalogue"])


WANTING_WORDS = ("我想学", "想学", "我要学", "要学")


def is_looked_for(said: str, world: World) -> bool:
    """Whether words say what somebody wants to learn, or are something or a town that the catalogue has."""
    words = said.strip()
    if sum(letter.isalpha() for letter in words) < 2 or len(words) > LONGEST_WORDS:
        return False
    return words.startswith(WANTING_WORDS) or catalogue(world).find(words=words, limit=1).total > 0


def project(world: World) -> Project:
    return cast("Project", world.facts["project"])


def timetables(world: World) -> Mapping[int, Timetable]:
    """When the project's intakes meet, by intake; those whose sessions nobody told are left out."""
    return cast("Mapping[int, Timetable]", world.facts["timetables"])


def intake(world: World) -> Intake:
    return cast("Intake", world.facts["intake"])
