"""Stores with the demo catalogue in them."""

from collections.abc import Iterator

import pytest

from storage.base import Store
from storage.catalogue.importing import import_projects, import_sessions
from storage.catalogue.snapshot import Snapshot
from storage.keeping.every_table import metadata
from tests.databases import fill_once

from .making import NOW, TODAY, demo


def stock(store: Store) -> None:
    with store.writing() as session:
        import_projects(session, demo("projects.csv"), "projects.csv", now=NOW, who="王芳")
    with store.writing() as session:
        import_sessions(session, demo("sessions.csv"), "sessions.csv", now=NOW, who="王芳")


@pytest.fixture
def stocked(store: Store) -> Store:
    """The demo's projects are import 1 and its sessions import 2."""
    fill_once(store, "projects_and_sessions", stock)
    return store


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The demo catalogue on its own day. Nothing in it changes, so all tests share it."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('catalogue') / 'demo.db'}")
    metadata.create_all(store.engine)
    stock(store)
    with store.reading() as session:
        yield Snapshot.build(session, today=TODAY)
    store.close()
