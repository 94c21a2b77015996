"""Puts the service together: the only file that knows everyone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.forms.serving import serve_forms
from bot.runner import Runner
from bot.settings import Clock, Settings
from bot.voices import load_voices
from dialogs import flows
from dialogs.book import Book, flows_in
from dialogs.plain_words import GLOSSARY
from storage import crypto
from storage.applications.enrolment import seats_taken
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from storage.keeping.vault import open_vault
from storage.schema import migrate


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
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_private(settings.home)
    store = Store(settings.url)
    crypto.use(crypto.load_ring(settings.home, settings.key_text, is_sqlite=store.is_sqlite))
    migrate(store)
    with store.writing() as session:
        open_vault(session)
    return store


def whole_book() -> Book:
    """All our flows, in all reading modes."""
    return Book(flows_in(flows), load_voices(), glossary=GLOSSARY)


def keep_private(home: Path) -> None:
    """Let only the service's own user read the database: what is found by a keyed hash is still personal.

    SQLite gives its -wal and -shm files the mode of the database, so an empty one is made first.
    """
    file = home / "xunqiao.db"
    file.touch(mode=0o600, exist_ok=True)
    if file.stat().st_uid == os.getuid():
        file.chmod(0o600)


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
        desk.read(lambda session: serve_forms(session, book))
        yield Service(settings, clock, store, desk, shelf, book, Runner(desk, book, shelf, settings, clock))
    finally:
        desk.close()
        store.close()
