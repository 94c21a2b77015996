"""A finished flow as an outcome sees it: the answers, who gave them, and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlmodel import Session

from dialogs.model import Json
from dialogs.talk import Begin, Reading
from storage import people
from storage.catalogue.shelf import Shelf
from storage.tables import Contact, Person, Relation, Role

NOT_YOURS = Begin("not_yours")
"""Said when a contact may not act for the person it is about."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """One finished flow.

    Args:
        record: what the answers become: a key of the outcomes table.
        flow: the flow's name.
        about: what it was about: `person`, `intake`, `application` and their numbers.
        answers: the answers that count, by question name.
        contact_id: who gave them.
        channel: web, telegram, terminal, or desk.
        reading: how they read.
        now: the moment of the turn, in the service's zone: its date decides about deadlines.
        wordings: the name of a question -> the wording that was shown, kept with a consent.
        shelf: the published catalogue.
        staff_id: who of staff writes it down for the person; None where people speak for themselves.
        bot_name: the user name of our Telegram bot; "" while there is none, or it is not known yet.

    """

    record: str
    flow: str
    about: Mapping[str, int | str]
    answers: Mapping[str, Json]
    contact_id: int
    channel: str
    reading: Reading
    now: datetime
    wordings: Callable[[str], str]
    shelf: Shelf
    bot_name: str = ""
    staff_id: int | None = None

    def text(self, name: str) -> str:
        """Give an answer as text; "" when it was not given or is no text."""
        value = self.answers.get(name)
        return value if isinstance(value, str) else ""

    def many(self, name: str) -> list[str]:
        """Give an answer as several values; none when it was not given."""
        value = self.answers.get(name)
        if isinstance(value, str):
            return [value]
        return [str(each) for each in value] if isinstance(value, list) else []

    def number(self, name: str) -> int | None:
        """Give the number of what the flow was about, or None."""
        value = self.about.get(name)
        return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None

    def link(self, secret: str) -> dict[str, Json]:
        """What a flow that shows a one-time link is begun with: the page's address, and Telegram's where it is on."""
        given: dict[str, Json] = {"link": f"/go/{secret}"}
        if self.bot_name:
            given["telegram"] = f"https://t.me/{self.bot_name}?start={secret}"
        return given

    @property
    def actor(self) -> str:
        """Who did it, as events and the audit write it."""
        return f"contact:{self.contact_id}" if self.staff_id is None else f"staff:{self.staff_id}"


Outcome: TypeAlias = Callable[[Session, Submitted], Begin | None]
"""Turns a finished flow into records, in the turn's own transaction; what it returns is said next."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts for whom: checked once, then known."""

    contact: Contact
    person: Person
    relation: Relation

    @property
    def is_self(self) -> bool:
        return self.relation.role is Role.SELF


def acting(
    session: Session, submitted: Submitted, power: str | None, person_id: int | None = None
) -> Acting | None:
    """Give who acts for whom, or None where this contact may not do it.

    The person is the one given, else the one the flow is about, else the one the contact talks for. With no
    `power` it is enough to speak for the person at all.
    """
    contact = session.get_one(Contact, submitted.contact_id)
    wanted = person_id or submitted.number("person") or contact.current_person_id
    person = None if wanted is None else session.get(Person, wanted)
    if person is None or person.erased_at is not None:
        return None
    relation = people.relation_of(session, contact.id, person.id, submitted.now)
    if relation is None:
        return None
    if power is not None and not people.may(session, relation, power, submitted.now):
        return None
    return Acting(contact, person, relation)
