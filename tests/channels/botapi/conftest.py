"""A Bot API for every test of it."""

from collections.abc import Iterator

import pytest

from tests.channels.botapi import BotApi


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as served:
        yield served
