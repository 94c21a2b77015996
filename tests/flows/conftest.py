"""A whole service for a test: both databases, the demo's catalogue, the real runner."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from bot.app import whole_book
from bot.runner import Runner
from bot.settings import Clock, Settings
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from tests.catalogue import SAMPLE_DAY, put_catalogue
from tests.storage.conftest import (
    database,
    databases,
    keys,
    postgres_reused,
    postgres_template,
    postgres_url,
    sqlite_template,
    store,
)
from tests.visiting import Visitor

__all__ = [
    "database",
    "databases",
    "keys",
    "postgres_reused",
    "postgres_template",
    "postgres_url",
    "sqlite_template",
    "store",
]


@pytest.fixture
def runner(store: Store) -> Iterator[Runner]:
    """The service on 2026-11-21, with the sample catalogue and nobody in it."""
    settings = Settings(clock=SAMPLE_DAY, help_phone="0371-00001100", help_sms="15400009000")
    clock = Clock(settings)
    put_catalogue(store)
    shelf = Shelf()
    with closing(Desk(store)) as desk:
        desk.read(lambda session: shelf.rebuild(session, clock.now().date()))
        yield Runner(desk, whole_book(), shelf, settings, clock)


@pytest.fixture
def visit(runner: Runner) -> Callable[..., Visitor]:
    """Make a visitor: `visit()` is somebody new, `visit("another-phone")` somebody else."""
    return lambda key="a-visitor", channel="web": Visitor(runner, key, channel)


@pytest.fixture
def intake(runner: Runner) -> int:
    """An intake that is open on that day, with all kinds of support: P003, massage in Meishan."""
    card = runner.shelf.current.project("P003")
    assert card is not None
    return card.first.id
