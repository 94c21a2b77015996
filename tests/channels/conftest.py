"""A service with the sample catalogue, on either database, with Telegram switched on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.resources import files
from typing import Any

import pytest

from bot.settings import Clock, Settings
from storage.base import Store
from storage.catalogue.importing import import_projects
from tests.channels.botapi import BotApi
from tests.channels.on_air import OnAir, on_air
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
def api() -> Iterator[BotApi]:
    with BotApi() as served:
        yield served


@pytest.fixture
def stocked(store: Store) -> Store:
    """A database with the sample catalogue and nobody in it."""
    put_catalogue(store)
    return store


def put_catalogue(store: Store) -> None:
    """Import the sample catalogue."""
    with store.writing() as session:
        data = (files("bot") / "demo" / "projects.csv").read_bytes()
        now = Clock(Settings(clock="2026-11-21T10:00")).now()
        import_projects(session, data, "projects.csv", now=now, who="test")


@pytest.fixture
def telegram(stocked: Store, api: BotApi) -> Iterator[Callable[..., OnAir]]:
    """Switch Telegram on, with the settings given; off at the end of the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(on_air(stocked, api, **settings))


Telegram = Callable[..., Any]
