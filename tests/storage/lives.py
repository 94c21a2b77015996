"""People whose years go by: for tests of what is deleted when."""

import asyncio
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import SQLModel, select

from storage import consents, people
from storage.applications import enrolment
from storage.base import Store
from storage.desk import Desk
from storage.keeping.purge import purge
from storage.tables import (
    Account,
    ApplicationState,
    Contact,
    Person,
    Purpose,
    Role,
)

from .rows import NOW

SECOND = timedelta(seconds=1)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, 3, 30, tzinfo=UTC)


def purge_at(store: Store, now: datetime) -> Mapping[str, int]:
    with closing(Desk(store)) as desk:
        done = asyncio.run(purge(desk, now))
    assert done.failed == {}
    return done.counts


def rows(store: Store, table: type[SQLModel]) -> int:
    with store.reading() as session:
        return len(session.exec(select(table)).all())


@dataclass(frozen=True)
class Life:
    """Somebody with a phone of their own."""

    store: Store
    contact: int
    person: int

    @classmethod
    def begin(cls, store: Store, key: str = "visitor-1", now: datetime = NOW) -> "Life":
        with store.writing() as session:
            contact = people.meet(session, "web", key, now)
            person = people.add_person(session, contact.id, Role.SELF, "小明", now)
            return cls(store, contact.id, person.id)

    def apply(self, intake: int, state: ApplicationState = ApplicationState.ACCEPTED) -> int:
        filing = enrolment.Filing(
            person_id=self.person,
            contact_id=self.contact,
            intake_id=intake,
            role=Role.SELF,
            by_person=True,
            answers={"name": "小明"},
            needs={"cart": "小声说"},
            revision="apply",
            channel="web",
        )
        with self.store.writing() as session:
            application = enrolment.file_application(session, filing, NOW)
            application.state = state
            session.add(application)
            return application.id

    def visit(self, now: datetime) -> None:
        with self.store.writing() as session:
            session.get_one(Contact, self.contact).seen_at = now

    def agree(self, *, given: bool) -> None:
        with self.store.writing() as session:
            consents.record_consent(
                session,
                person_id=self.person,
                contact_id=self.contact,
                purpose=Purpose.SENSITIVE,
                given=given,
                wording="可以吗",
                channel="web",
                now=NOW,
            )

    def is_erased(self) -> bool:
        with self.store.reading() as session:
            person = session.get_one(Person, self.person)
        assert (person.erased_at is None) == (person.name == "小明")
        return person.erased_at is not None

    def is_forgotten(self) -> bool:
        with self.store.reading() as session:
            place = select(Account).where(Account.contact_id == self.contact)
            return session.exec(place).first() is None


YEARS = day(2029, 11, 21) - day(2026, 11, 21)
