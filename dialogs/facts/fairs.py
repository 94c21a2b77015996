"""What flows may know of job fairs and positions, as they suit the person they are about."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast

from dialogs.talk import World


@dataclass(frozen=True, slots=True)
class Suits:
    """One reason why something is shown: trained, district, city, province, home, online, wished, looking, support."""

    why: str
    what: str = ""
    """A place or an occupation, in the words of the catalogue."""


@dataclass(frozen=True, slots=True)
class Promised:
    """A support somebody asked for at a fair, and what becomes of it."""

    code: str
    answer: str = ""
    """there (the fair has it), can, discuss or cannot as staff answered, "" while nobody has."""
    note: str = ""
    """What staff wrote with it."""


@dataclass(frozen=True, slots=True)
class Post:
    """A position; the number of no fair and no title where there is none to show."""

    position_id: str
    title: str
    employer: str
    fair_id: str = ""
    """The fair it is at, "" for one that stands by itself."""
    headcount: int = 1
    asks: str = ""
    """What it asks, in the words of the employer; nobody is excluded by it."""
    pay: str = ""
    """Yuan a month, as written."""
    hours: str = ""
    place: str = ""
    home: bool = False
    dormitory: bool = False
    insurance: bool = False
    adjusted: str = ""
    """How the work is adapted."""
    internship: bool = False
    open_until: date | None = None
    is_open: bool = True
    reasons: tuple[Suits, ...] = ()
    fits: bool = False
    """Whether there is a reason to show it first."""
    wanted: bool = False
    """Whether the person said that they would like it."""
    told_employer: bool = False
    """Whether its employer may be given name and phone."""


@dataclass(frozen=True, slots=True)
class JobFair:
    """A job fair, and what the person said to it; the number of no fair where there is none to show."""

    fair_id: str
    title: str
    title_easy: str
    state: str
    """open, closed, running, over or called_off; "" where there is none."""
    starts: date
    ends: date
    begins: time
    until: time
    last_day: date
    """The last day to sign up."""
    online: bool = False
    town: str = ""
    place: str = ""
    way: str = ""
    supports: tuple[str, ...] = ()
    """Codes of the supports that are there."""
    travel: str = ""
    bring: tuple[str, ...] = ()
    on_site: tuple[str, ...] = ()
    employers: int = 0
    jobs: int = 0
    phone: str = ""
    posts: tuple[Post, ...] = ()
    reasons: tuple[Suits, ...] = ()
    said: str = ""
    """invited, coming, not_coming, or "" for who said nothing and was not asked."""
    number: int = 0
    """The check-in number; 0 for who has none."""
    needs: tuple[Promised, ...] = ()
    """The supports the person asked for there."""
    needs_told: bool = True
    """Whether whoever reads it may read what became of them."""
    words: str = ""
    """What else they need, in their words."""
    chosen: tuple[str, ...] = ()
    """The positions they want to look at, by number."""

    @property
    def is_open(self) -> bool:
        """Whether somebody new may sign up."""
        return self.state == "open"

    @property
    def to_come(self) -> bool:
        return self.state in {"open", "closed", "running"}


@dataclass(frozen=True, slots=True)
class AtFair:
    """Somebody expected at a job fair today."""

    signup_id: int
    person_name: str
    title: str
    title_easy: str
    begins: datetime


def fair(world: World) -> JobFair:
    return cast("JobFair", world.facts["fair"])


def fairs(world: World) -> tuple[JobFair, ...]:
    """The fairs to come, the nearest first."""
    return cast("tuple[JobFair, ...]", world.facts["fairs"])


def post(world: World) -> Post:
    return cast("Post", world.facts["post"])


def posts(world: World) -> tuple[Post, ...]:
    """The positions that are open, what fits best first; of one fair, where the flow is about one."""
    return cast("tuple[Post, ...]", world.facts["posts"])


def at_fair(world: World) -> tuple[AtFair, ...]:
    return cast("tuple[AtFair, ...]", world.facts["at_fair"])
