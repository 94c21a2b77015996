"""A service with the sample catalogue, on either database, with Telegram switched on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import structlog

from bot.logs import where_it_broke
from storage.base import Store
from tests.channels.botapi import BotApi
from tests.channels.on_air import OnAir, on_air


@pytest.fixture(autouse=True)
def log() -> Iterator[None]:
    """Let errors be written down as in earnest: drawing one as structlog does by itself takes seconds."""
    structlog.configure(
        [structlog.processors.add_log_level, where_it_broke, structlog.processors.LogfmtRenderer()]
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as served:
        yield served


@pytest.fixture
def telegram(stocked: Store, api: BotApi) -> Iterator[Callable[..., OnAir]]:
    """Switch Telegram on, with the settings given; off at the end of the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(on_air(stocked, api, **settings))


Telegram = Callable[..., Any]
