"""What flows may know of people: who talks, whom they may speak for, who helps them, and whom to call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

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


def office(world: World) -> Office:
    return cast("Office", world.facts["office"])


def me(world: World) -> Me:
    return cast("Me", world.facts["me"])


def person(world: World) -> Person:
    return cast("Person", world.facts["person"])


def helpers(world: World) -> tuple[Helper, ...]:
    return cast("tuple[Helper, ...]", world.facts["helpers"])


def drafts(world: World) -> tuple[Draft, ...]:
    return cast("tuple[Draft, ...]", world.facts["drafts"])


def reached_on(world: World) -> tuple[str, ...]:
    """Where the person is reached: web, telegram."""
    return cast("tuple[str, ...]", world.facts["reached_on"])
