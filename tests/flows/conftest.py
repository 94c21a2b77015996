"""A whole service for a test: the demo's catalogue, the real runner.

On SQLite; whole walks marked `on_both` are gone on PostgreSQL too, and tests/storage asks both about what they call.
"""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from bot.runner import Runner
from bot.settings import Clock, Settings
from dialogs.book import Book
from storage import crypto
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from tests.catalogue import SAMPLE_DAY
from tests.visiting import Visitor


@pytest.fixture
def database(request: pytest.FixtureRequest, keys: crypto.KeyRing) -> str:
    assert crypto.ring_in_use() is keys
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def runner(stocked: Store, shelf: Shelf, book: Book) -> Iterator[Runner]:
    """The service on 2026-11-21, with the sample catalogue and nobody in it."""
    settings = Settings(clock=SAMPLE_DAY, help_phone="0371-00001100", help_sms="15400009000")
    with closing(Desk(stocked)) as desk:
        yield Runner(desk, book, shelf, settings, Clock(settings))


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
