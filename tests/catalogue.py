"""The sample catalogue, for tests of the whole service."""

import shutil
from collections.abc import Mapping
from contextlib import closing
from copy import copy
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from bot.app import whole_book
from bot.settings import Clock, Settings
from bot.voices import load_voices
from dialogs.book import Book
from dialogs.talk import Reading
from dialogs.words import Voice
from storage.base import Store
from storage.catalogue.importing import import_projects
from storage.catalogue.shelf import Shelf
from tests.databases import fill_once, keys_installed

SAMPLE_DAY = "2026-11-21T10:00"
"""When its courses are open."""


def put_catalogue(store: Store) -> None:
    """Import it into a database."""
    with store.writing() as session:
        data = (files("bot") / "demo" / "projects.csv").read_bytes()
        import_projects(
            session, data, "projects.csv", now=Clock(Settings(clock=SAMPLE_DAY)).now(), who="test"
        )


@cache
def voices() -> Mapping[Reading, Voice]:
    """Nothing in them changes but what they have compiled once, so all tests share them."""
    return load_voices()


def fresh_book() -> Book:
    """All our flows, as a service has them that has just started."""
    book = whole_book()
    book.voices = voices()
    return book


@pytest.fixture
def book() -> Book:
    return fresh_book()


@pytest.fixture(scope="session")
def stocked_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the sample catalogue, made once and copied for each test."""
    file = tmp_path_factory.mktemp("stocked") / "stocked.db"
    shutil.copy(sqlite_template, file)
    with keys_installed(), closing(Store(f"sqlite:///{file}")) as store:
        put_catalogue(store)
    return file


@pytest.fixture(scope="session")
def stocked_shelf(stocked_template: Path) -> Shelf:
    """A shelf on the sample's day, built once."""
    shelf = Shelf()
    with closing(Store(f"sqlite:///{stocked_template}")) as store, store.reading() as session:
        shelf.rebuild(session, Clock(Settings(clock=SAMPLE_DAY)).now().date())
    return shelf


@pytest.fixture
def stocked(store: Store) -> Store:
    """A database with the sample catalogue and nobody in it."""
    fill_once(store, "sample", put_catalogue)
    return store


@pytest.fixture
def shelf(stocked: Store, stocked_shelf: Shelf) -> Shelf:
    """The same with the snapshot of it in use; what is rebuilt in one test is not seen in another."""
    shelf = copy(stocked_shelf)
    if not stocked.is_sqlite:
        with stocked.reading() as session:
            shelf.rebuild(session, Clock(Settings(clock=SAMPLE_DAY)).now().date())
    return shelf
