"""kill -9 and SIGTERM with Telegram on: a real process, and the tests' own Bot API."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlmodel import SQLModel, func, select

from bot.channels.messenger.polling import LEASE as POLLING_LEASE
from bot.channels.messenger.promising import LEASE as REPLY_LEASE
from bot.going_on import REPLY
from storage.base import Store
from storage.tables import Lease, Outbox
from storage.tables import Person as Trainee
from tests.channels.botapi import BotApi, Person
from tests.channels.botapi.records import Call
from tests.faults.forking import Forked
from tests.faults.serving import five_seconds

PATIENCE = 40.0
"""Seconds until a process has begun, and answered, on a busy machine."""

PAUSES = {
    "bot.beside.AFTER_FIRST_PAGE": 0.0,
    "bot.channels.messenger.polling.POLL": 1,
    "bot.channels.messenger.polling.RENEWED": 0.2,
    "bot.channels.messenger.polling.STAND_BY": 0.2,
}

LATER = "+1m"
"""A clock by which all leases are over that were taken just now."""

WELCOME, FOR_WHOM, MENU = "这里是训桥", "您给谁找课", "您想做什么"


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
        self._store = stack.enter_context(closing(Store(f"sqlite:///{home / 'xunqiao.db'}")))

    def start(self, mode: str = "polling", clock: str = "") -> Forked:
        server = Forked(
            self.home,
            command="serve",
            pauses=PAUSES,
            XUNQIAO_TELEGRAM_TOKEN=self._api.token,
            XUNQIAO_TELEGRAM_API=self._api.url,
            XUNQIAO_TELEGRAM_MODE=mode,
            XUNQIAO_CLOCK=clock,
        ).start()
        self._stack.callback(server.kill)
        return server

    def count(self, table: type[SQLModel]) -> int:
        with self._store.reading() as session:
            return session.exec(select(func.count()).select_from(table)).one()

    def replies(self) -> tuple[int, int]:
        """How many replies are sent, and how many wait."""
        with self._store.reading() as session:
            rows = session.exec(select(Outbox.sent_at, Outbox.dropped_at).where(Outbox.kind == REPLY)).all()
        return sum(sent is not None for sent, _ in rows), sum(row == (None, None) for row in rows)

    def polled_until(self) -> datetime:
        """Until when somebody has the right to poll."""
        with self._store.reading() as session:
            return session.exec(select(Lease.until)).one()

    def let_polling_lease_run_out(self) -> None:
        """Let as much time pass for it as whoever took it asked for."""
        with self._store.writing() as session:
            lease = session.exec(select(Lease)).one()
            lease.until -= timedelta(seconds=POLLING_LEASE)
            session.add(lease)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder somebody has served from before."""
    home = tmp_path_factory.mktemp("served") / "home"
    assert Forked(home, command="serve").start().stop() == 0
    return home


@pytest.fixture
def servers(home: Path, tmp_path: Path, api: BotApi) -> Iterator[Servers]:
    shutil.copytree(home, tmp_path / "home")
    with ExitStack() as stack:
        yield Servers(tmp_path / "home", api, stack)


def heard(person: Person, words: str) -> int:
    return sum(words in message.text for message in person.heard)


def hung(api: BotApi) -> list[Call]:
    return [call for call in api.calls if call.fault == "hang"]


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_who_is_cut_off_between_keeping_and_answering_is_asked_once_more_and_filed_once(
    servers: Servers, api: BotApi, me: Person, mode: str
) -> None:
    server = servers.start(mode)
    me.says("/start")
    me.waits_for(WELCOME, timeout=PATIENCE)
    me.taps("1 一般的字")
    me.waits_for(FOR_WHOM, timeout=PATIENCE)
    until(lambda: servers.replies() == (2, 0))  # written down, too: only the third one is cut off
    before = servers.count(Trainee)
    api.hang("sendMessage")  # for good: a call that is let go is carried out, whoever made it
    me.taps("1 给我自己")
    api.waits_until(lambda: hung(api), timeout=PATIENCE)
    # It is kept, or there would be nothing to send; and nobody was told yet.
    server.kill()
    assert heard(me, MENU) == 0
    assert servers.count(Trainee) == before + 1
    servers.start(mode, LATER)
    me.waits_for(MENU, timeout=PATIENCE)
    me.says("停下来")  # what comes after it is heard as well
    me.waits_for(MENU, timeout=PATIENCE)
    api.waits_until(lambda: not api.updates, timeout=PATIENCE)
    until(lambda: servers.replies() == (4, 0))
    assert heard(me, MENU) == 2
    assert servers.count(Trainee) == before + 1
    # The tap comes again, and who answers it cannot know whether it was answered before the end.
    assert {call.method for call in api.refusals if call.status != 409} <= {"answerCallbackQuery"}


def test_of_two_that_poll_one_asks_and_the_other_takes_over(
    servers: Servers, api: BotApi, me: Person
) -> None:
    first = servers.start()
    api.waits_until(lambda: api.polling, timeout=PATIENCE)
    second = servers.start()
    # It is well only when it has seen who asks, so it stands by from now on.
    until(lambda: httpx.get(f"{second.url}/healthz").json()["telegram"] == "ok")
    me.says("/start")
    me.waits_for(WELCOME, timeout=PATIENCE)
    asked, ours = len(api.called("getUpdates")), servers.polled_until()
    api.waits_until(lambda: len(api.called("getUpdates")) >= asked + 2, timeout=PATIENCE)
    until(lambda: servers.polled_until() > ours)
    assert not [call for call in api.calls if call.status == 409], "only one asks"
    first.kill()
    servers.let_polling_lease_run_out()
    me.taps("1 一般的字")
    me.waits_for(FOR_WHOM, timeout=PATIENCE)
    assert (heard(me, WELCOME), heard(me, FOR_WHOM)) == (1, 1)
    assert second.stop() == 0
    third = servers.start()  # by the same clock: what is given back need not run out
    me.says("一")
    me.waits_for(MENU, timeout=POLLING_LEASE)
    assert third.stop() == 0


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_a_server_told_to_stop_is_gone_in_five_seconds_whatever_telegram_does(
    servers: Servers, api: BotApi, me: Person, mode: str
) -> None:
    server = servers.start(mode)
    me.says("/start")
    me.waits_for(WELCOME, timeout=PATIENCE)
    hanging = api.hang("", times=100)
    me.taps("1 一般的字")
    api.waits_until(lambda: {"sendMessage", "answerCallbackQuery"} <= {call.method for call in hung(api)})
    if mode == "polling":
        api.waits_until(lambda: api.polling)
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < five_seconds()
    api.let_go(hanging)
    servers.start(mode)
    me.waits_for(FOR_WHOM, timeout=REPLY_LEASE.total_seconds())  # what was cut off waits for no lease
    assert heard(me, FOR_WHOM) == 1
