"""A service with the sample catalogue, with Telegram switched on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
import structlog

from bot.logs import where_it_broke
from storage.base import Store
from storage.crypto import KeyRing, ring_in_use
from tests.channels.botapi import BotApi, manners
from tests.channels.on_air import OnAir, on_air
from tests.channels.walking import Told, hold_at_terminal


@pytest.fixture(autouse=True)
def log() -> Iterator[None]:
    """Let errors be written down as in earnest: drawing one as structlog does by itself takes seconds."""
    structlog.configure(
        [structlog.processors.add_log_level, where_it_broke, structlog.processors.LogfmtRenderer()]
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
def database(request: pytest.FixtureRequest, keys: KeyRing) -> str:
    """What is said in a chat is said by the same code on either database: a test of both is marked `on_both`."""
    assert ring_in_use() is keys
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as served:
        yield served


@pytest.fixture
def slips() -> Sequence[str]:
    """Rules of access.md that cannot be kept while something goes wrong on purpose."""
    return ("T1 late",)


@pytest.fixture
def telegram(stocked: Store, api: BotApi, slips: Sequence[str]) -> Iterator[Callable[..., OnAir]]:
    """Switch Telegram on, with the settings given; off at the end of the test, when its manners are looked at."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(on_air(stocked, api, **settings))
        manners.check(api, but=slips)


@pytest.fixture
def at_terminal(
    stocked_template: Path,
    keys: KeyRing,  # noqa: ARG001 - installed for what is stored
    tmp_path: Path,
) -> Callable[[str], Told]:
    """What becomes of a conversation at a terminal, by its name."""
    return lambda name: hold_at_terminal(name, stocked_template, tmp_path)
