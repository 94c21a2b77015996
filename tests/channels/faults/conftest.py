"""Two people on Telegram, and a service that does not wait as long as in earnest until it tries again."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

import bot.alarm
import bot.channels.messenger.polling
import bot.channels.messenger.replies
import bot.channels.messenger.taps
import bot.channels.telegram
import bot.doors
import bot.telegraph
import storage.outbox
from tests.channels.botapi import BotApi, Person


@pytest.fixture
def me(api: BotApi) -> Person:
    return api.person(77)


@pytest.fixture
def other(api: BotApi) -> Person:
    return api.person(78, name="小红")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is tried again is tried again soon, in the same order as in earnest."""
    for module, name, pause in (
        (bot.alarm, "SOONEST", 0.1),
        (bot.alarm, "AFTER_A_FAULT", 0.5),
        (bot.channels.messenger.polling, "POLL", 1),
        (bot.channels.messenger.polling, "FIRST_WAIT", 0.1),
        (bot.channels.messenger.polling, "LONGEST_WAIT", 0.8),
        (bot.channels.messenger.replies, "STUMBLES", (0.05, 0.1, 0.2)),
        (bot.channels.messenger.taps, "PAUSES", (0.0, 0.1, 0.2, 0.4)),
        (bot.doors, "AWAY_SECONDS", 0.5),
        (bot.doors, "BARRED_SECONDS", 0.5),
        (bot.telegraph, "FIRST_WAIT", 0.1),
        (bot.telegraph, "LONGEST_WAIT", 0.8),
        (bot.telegraph, "WATCH", 0.3),
        (storage.outbox, "SOON", timedelta(seconds=0.3)),
    ):
        monkeypatch.setattr(module, name, pause)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for an answer of Telegram's that does not come."""
    monkeypatch.setattr(bot.channels.telegram, "PATIENCE", 1.0)


@pytest.fixture
def slips() -> Sequence[str]:
    """An answer that is lost, or never asked for again, leaves a press unanswered, or old buttons where they are."""
    return ("T1 late", "T1", "T3")
