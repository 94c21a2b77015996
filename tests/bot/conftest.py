"""Somebody who finishes flows; on SQLite, and what is marked `on_both` on PostgreSQL too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.outcomes import OUTCOMES, Submitted
from dialogs.model import Json
from dialogs.talk import Begin, Reading
from storage import crypto, people
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.tables import Contact

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZONE)


@dataclass
class Phone:
    """One contact that finishes flows; each in a transaction of its own."""

    store: Store
    key: str = "visitor-1"
    channel: str = "web"
    now: datetime = NOW
    reading: Reading = "plain"
    wordings: Callable[[str], str] = field(default=lambda name: f"{name}的问法")

    def __post_init__(self) -> None:
        with self.store.writing() as session:
            self.contact_id = people.meet(session, self.channel, self.key, self.now).id

    def later(self, **time: float) -> "Phone":
        self.now += timedelta(**time)
        return self

    def finish(
        self, record: str, about: Mapping[str, int | str] | None = None, /, **answers: Json
    ) -> Begin | None:
        with self.store.writing() as session:
            return self.finish_in(session, record, about or {}, answers)

    def finish_in(
        self, session: Session, record: str, about: Mapping[str, int | str], answers: Mapping[str, Json]
    ) -> Begin | None:
        submitted = Submitted(
            record=record,
            flow=record,
            about=about,
            answers=answers,
            contact_id=self.contact_id,
            channel=self.channel,
            reading=self.reading,
            now=self.now,
            wordings=self.wordings,
            shelf=Shelf(),
        )
        return OUTCOMES[record](session, submitted)

    @property
    def contact(self) -> Contact:
        with self.store.reading() as session:
            return session.get_one(Contact, self.contact_id)

    @property
    def current(self) -> int:
        """The person this contact is talking for."""
        person_id = self.contact.current_person_id
        assert person_id is not None
        return person_id


@pytest.fixture
def database(request: pytest.FixtureRequest, keys: crypto.KeyRing) -> str:
    """Outcomes have hardly any SQL of their own: tests/storage asks both databases about what they call."""
    assert crypto.ring_in_use() is keys
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def phone(store: Store) -> Phone:
    return Phone(store)


@pytest.fixture
def mother(store: Store) -> Phone:
    """A mother's phone, on which she speaks for 小明."""
    phone = Phone(store, "mother")
    phone.finish("newcomer", role="family", relative="小明")
    return phone
