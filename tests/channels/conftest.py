"""A service with the sample catalogue, on either database, with Telegram switched on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from storage.base import Store
from tests.catalogue import put_catalogue
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


@pytest.fixture
def telegram(stocked: Store, api: BotApi) -> Iterator[Callable[..., OnAir]]:
    """Switch Telegram on, with the settings given; off at the end of the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(on_air(stocked, api, **settings))


Telegram = Callable[..., Any]
