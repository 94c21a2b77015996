"""The service without Telegram, for channels that need no line."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from bot.runner import Runner
from bot.settings import Clock, Settings
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from tests.catalogue import SAMPLE_DAY, fresh_book


@contextmanager
def a_runner(store: Store) -> Iterator[Runner]:
    """Open it on a store that holds a catalogue."""
    settings = Settings(clock=SAMPLE_DAY, help_phone="0371-00001100", help_sms="15400009000")
    clock, shelf = Clock(settings), Shelf()
    with closing(Desk(store)) as desk:
        desk.read(lambda session: shelf.rebuild(session, clock.now().date()))
        yield Runner(desk, fresh_book(), shelf, settings, clock)
