"""The real application on a real SQLite file and a real port, and a phone without scripts that opens it."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select

from bot.app import whole_book
from bot.channels.web.app import create_app
from bot.channels.web.door import Gate
from bot.runner import Runner
from bot.settings import Clock, Settings
from storage import crypto
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from storage.tables import Contact
from tests.catalogue import SAMPLE_DAY, put_catalogue
from tests.channels.web.handset import Handset
from tests.channels.web.serving import serving
from tests.storage.conftest import TEST_KEY, keys, sqlite_template

__all__ = ["keys", "sqlite_template"]

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


@pytest.fixture(scope="session")
def stocked_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the sample catalogue, made once and copied for each test."""
    file = tmp_path_factory.mktemp("stocked") / "stocked.db"
    shutil.copy(sqlite_template, file)
    crypto.use(crypto.KeyRing.parse(TEST_KEY), hash_key=b"a hash key for tests, 32 bytes..")
    with closing(Store(f"sqlite:///{file}")) as store:
        put_catalogue(store)
    crypto.use(None)
    return file


@pytest.fixture
def runner(stocked_template: Path, keys: crypto.KeyRing, tmp_path: Path) -> Iterator[Runner]:
    """The service on 2026-11-21, with the sample catalogue and nobody in it."""
    assert crypto.ring_in_use() is keys
    file = tmp_path / "store.db"
    shutil.copy(stocked_template, file)
    clock, shelf = Clock(SETTINGS), Shelf()
    with closing(Store(f"sqlite:///{file}")) as store, closing(Desk(store)) as desk:
        desk.read(lambda session: shelf.rebuild(session, clock.now().date()))
        yield Runner(desk, whole_book(), shelf, SETTINGS, clock)


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
