"""Puts the service together: the only file that knows everyone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.outcomes import OUTCOMES
from bot.runner import Runner
from bot.settings import Clock, Settings
from bot.voices import load_voices
from dialogs import flows
from dialogs.book import Book, flows_in
from dialogs.plain_words import GLOSSARY
from storage import crypto
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from storage.enrolment import seats_taken
from storage.schema import migrate
from storage.vault import open_vault


@dataclass(frozen=True, slots=True)
class Service:
    """An open service: what every channel and command works with."""

    settings: Settings
    clock: Clock
    store: Store
    desk: Desk
    shelf: Shelf
    book: Book
    runner: Runner


def open_store(settings: Settings) -> Store:
    """Open the database with its keys, brought up to date.

    Raises:
        SecretError: when there is no usable key.
        sqlalchemy.exc.OperationalError: when the database cannot be reached.

    """
    if not settings.database_url:
        settings.home.mkdir(parents=True, exist_ok=True)
    store = Store(settings.url)
    crypto.use(crypto.load_ring(settings.home, settings.key_text, is_sqlite=store.is_sqlite))
    migrate(store)
    with store.writing() as session:
        open_vault(session)
    return store


def whole_book() -> Book:
    """All our flows, in all reading modes, checked against the outcomes there are."""
    return Book(flows_in(flows), load_voices(), glossary=GLOSSARY, records=OUTCOMES)


@contextmanager
def open_service(settings: Settings) -> Iterator[Service]:
    """Everything but the channels, closed again at the end: what is queued is still written."""
    clock = Clock(settings)
    store = open_store(settings)
    desk = Desk(store)
    shelf = Shelf()
    try:
        desk.read(lambda session: shelf.rebuild(session, clock.now().date(), seats_taken(session)))
        book = whole_book()
        yield Service(settings, clock, store, desk, shelf, book, Runner(desk, book, shelf, settings, clock))
    finally:
        desk.close()
        store.close()
