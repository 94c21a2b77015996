"""kill -9 and SIGTERM with Telegram on: a real process, and the tests' own Bot API."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.channels.messenger.polling import LEASE as POLLING_LEASE
from bot.channels.messenger.polling import STAND_BY
from bot.channels.messenger.replies import LEASE as REPLY_LEASE
from tests.channels.botapi import BotApi, Person
from tests.channels.botapi.records import Call
from tests.faults.serving import Server

TAKEN_OVER = POLLING_LEASE + STAND_BY + REPLY_LEASE.total_seconds() + 20
"""Seconds until somebody else must have taken over, on a busy machine."""

FOR_WHOM, MENU = "您给谁找课", "您想做什么"


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as served:
        yield served


@pytest.fixture
def me(api: BotApi) -> Person:
    return api.person(77)


class Servers:
    """Processes on one database, each at a port of its own; none is left at the end."""

    def __init__(self, home: Path, api: BotApi, stack: ExitStack) -> None:
        self.home = home
        self._api = api
        self._stack = stack

    def start(self, mode: str = "polling") -> Server:
        server = Server(
            self.home,
            command="serve",
            XUNQIAO_TELEGRAM_TOKEN=self._api.token,
            XUNQIAO_TELEGRAM_API=self._api.url,
            XUNQIAO_TELEGRAM_MODE=mode,
        ).start()
        self._stack.callback(server.kill)
        return server

    def count(self, table: str) -> int:
        with sqlite3.connect(self.home / "xunqiao.db") as database:
            found: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            return found

    def replies(self) -> tuple[int, int]:
        """How many replies are sent, and how many wait."""
        with sqlite3.connect(self.home / "xunqiao.db") as database:
            found: tuple[int, int] = database.execute(
                "SELECT count(sent_at), count(*) - count(sent_at) - count(dropped_at)"
                " FROM outbox WHERE kind = 'reply'"
            ).fetchone()
            return found


@pytest.fixture
def servers(tmp_path: Path, api: BotApi) -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(tmp_path / "home", api, stack)


def heard(person: Person, words: str) -> int:
    return sum(words in message.text for message in person.heard)


def hung(api: BotApi) -> list[Call]:
    return [call for call in api.calls if call.fault == "hang"]


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_who_is_cut_off_between_keeping_and_answering_is_asked_once_more_and_filed_once(
    servers: Servers, api: BotApi, me: Person, mode: str
) -> None:
    server = servers.start(mode)
    me.says("/start")
    me.waits_for("这里是训桥", timeout=TAKEN_OVER)
    me.taps("1 一般的字")
    me.waits_for(FOR_WHOM, timeout=TAKEN_OVER)
    before = servers.count("person")
    hanging = api.hang("sendMessage")
    me.taps("1 给我自己")
    api.waits_until(lambda: hung(api), timeout=TAKEN_OVER)
    # It is kept, or there would be nothing to send; and nobody was told yet.
    server.kill()
    api.let_go(hanging)
    assert heard(me, MENU) == 0
    assert servers.count("person") == before + 1
    servers.start(mode)
    me.waits_for(MENU, timeout=TAKEN_OVER)
    me.says("停下来")  # what comes after it is heard as well
    me.waits_for(MENU, timeout=TAKEN_OVER)
    api.waits_until(lambda: not api.updates, timeout=TAKEN_OVER)
    api.waits_until(lambda: servers.replies()[1] == 0, timeout=TAKEN_OVER)
    assert heard(me, MENU) == 2
    assert servers.count("person") == before + 1
    assert servers.replies() == (4, 0)
    assert not [call for call in api.refusals if call.status != 409]


def test_of_two_that_poll_one_asks_and_the_other_takes_over(
    servers: Servers, api: BotApi, me: Person
) -> None:
    first = servers.start()
    api.waits_until(lambda: api.polling, timeout=TAKEN_OVER)
    second = servers.start()
    # The second has said hello, so it stands by from now on.
    api.waits_until(lambda: len(api.called("getMe")) == 2, timeout=TAKEN_OVER)
    asked = len(api.called("getUpdates"))
    me.says("/start")
    me.waits_for("这里是训桥", timeout=TAKEN_OVER)
    api.waits_until(lambda: len(api.called("getUpdates")) >= asked + 3, timeout=60)
    assert not [call for call in api.calls if call.status == 409], "only one asks"
    first.kill()
    me.taps("1 一般的字")
    me.waits_for(FOR_WHOM, timeout=TAKEN_OVER)
    assert (heard(me, "这里是训桥"), heard(me, FOR_WHOM)) == (1, 1)
    assert second.stop() == 0
    third = servers.start()
    me.says("一")
    me.waits_for(MENU, timeout=TAKEN_OVER)
    assert third.stop() == 0


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_a_server_told_to_stop_is_gone_in_five_seconds_whatever_telegram_does(
    servers: Servers, api: BotApi, me: Person, mode: str
) -> None:
    server = servers.start(mode)
    me.says("/start")
    me.waits_for("这里是训桥", timeout=TAKEN_OVER)
    hanging = api.hang("", times=100)
    me.taps("1 一般的字")
    api.waits_until(lambda: {"sendMessage", "answerCallbackQuery"} <= {call.method for call in hung(api)})
    if mode == "polling":
        api.waits_until(lambda: api.polling)
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 5
    api.let_go(hanging)
    servers.start(mode)
    began = time.monotonic()
    me.waits_for(FOR_WHOM, timeout=TAKEN_OVER)
    assert time.monotonic() - began < REPLY_LEASE.total_seconds(), "what was cut off waits for no lease"
    assert heard(me, FOR_WHOM) == 1
