"""The real application on a real SQLite file and a real port, and a phone without scripts that opens it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from sqlmodel import select

from bot.channels.web.app import create_app
from bot.channels.web.door import Gate
from bot.runner import Runner
from bot.settings import Clock, Settings
from dialogs.book import Book
from storage import crypto
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from storage.tables import Contact
from tests.catalogue import SAMPLE_DAY
from tests.channels.web.handset import Handset
from tests.channels.web.serving import serving

SETTINGS = Settings(
    org_name="武侯区残疾人就业服务所",
    help_phone="028-00001100",
    help_sms="15400009000",
    clock=SAMPLE_DAY,
)


@dataclass(frozen=True)
class Service:
    """What is served, and where."""

    url: str
    runner: Runner
    gate: Gate

    @property
    def contacts(self) -> int:
        """How many people the service remembers."""
        return self.runner.desk.read(lambda session: len(session.exec(select(Contact.id)).all()))


@pytest.fixture
def database(keys: crypto.KeyRing) -> str:
    """The pages are looked at on SQLite; that all is kept on PostgreSQL too, tests/channels/test_contract.py asks."""
    assert crypto.ring_in_use() is keys
    return "sqlite"


@pytest.fixture
def runner(stocked: Store, shelf: Shelf, book: Book) -> Iterator[Runner]:
    """The service on 2026-11-21, with the sample catalogue and nobody in it."""
    with closing(Desk(stocked)) as desk:
        yield Runner(desk, book, shelf, SETTINGS, Clock(SETTINGS))


@pytest.fixture
def service(runner: Runner) -> Iterator[Service]:
    gate = Gate()
    with serving(lambda stopping: create_app(runner, stopping=stopping, gate=gate)) as url:
        yield Service(url, runner, gate)


@pytest.fixture
def handset(service: Service) -> Iterator[Handset]:
    """A phone that was never here."""
    with closing(Handset(service.url)) as handset:
        yield handset
