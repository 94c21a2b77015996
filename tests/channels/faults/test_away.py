"""The database is away; Telegram is away, or does not know us; we were away ourselves."""

import time

import httpx
import pytest
from sqlmodel import select

from bot.channels.messenger.promising import LEASE
from storage.base import Store
from storage.tables import Account, InboxStatus
from tests.channels.botapi import BotApi, Person
from tests.channels.chatting import Telegram, replies, talk, until
from tests.channels.faults.watching import (
    FOR_WHOM,
    MENU,
    WELCOME,
    both_ways,
    health,
    heard,
    inbox,
    rows,
    sent,
    settled,
    trainees,
)
from tests.channels.on_air import on_air
from tests.databases import Databases


@both_ways
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_is_said_while_the_database_is_away_is_answered_when_it_is_back(
    telegram: Telegram, api: BotApi, me: Person, databases: Databases, mode: str
) -> None:
    on = telegram(telegram_mode=mode)
    talk(me, "/start", "t:1 一般的字")
    settled(on)
    name = on.service.store.url.database
    with databases._engine.connect() as admin:
        admin.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        admin.exec_driver_sql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname='{name}'"
        )
        try:
            handed = api.posted
            me.taps("1 给我自己", times=2)
            if mode == "webhook":
                api.waits_until(lambda: api.posted > handed + 2)
            else:
                until(lambda: health(on)[1] not in ("ok", "starting"))
            assert api.updates, "nothing is acknowledged"
            assert health(on)[0] == 503
        finally:
            admin.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    me.waits_for(MENU, timeout=30)
    settled(on)
    assert (heard(me, MENU), trainees(on)) == (1, 1)
    assert inbox(on)[InboxStatus.FAILED] == 0
    until(lambda: health(on) == (200, "ok"))


@both_ways
def test_telegram_may_be_down_when_we_start(telegram: Telegram, api: BotApi, me: Person, mode: str) -> None:
    api.down()
    on = telegram(telegram_mode=mode)
    until(lambda: health(on) == (503, "not reached"))
    assert httpx.get(on.url).status_code == 200
    assert api.calls == []
    api.up()
    me.says("/start")
    me.waits_for(WELCOME, timeout=30)
    until(lambda: health(on) == (200, "ok"))
    assert replies(me.chat) == 1


@both_ways
def test_a_token_taken_away_and_given_back_loses_nothing(
    telegram: Telegram, api: BotApi, me: Person, mode: str
) -> None:
    on = telegram(telegram_mode=mode)
    talk(me, "/start")
    if mode == "polling":
        api.waits_until(lambda: api.polling)
    api.server.revoked = True
    me.taps("1 一般的字")
    until(lambda: health(on) == (503, "token refused"))
    assert httpx.get(on.url).status_code == 200
    assert replies(me.chat) == 1
    api.server.revoked = False
    me.waits_for(FOR_WHOM, timeout=30)
    settled(on)
    assert heard(me, FOR_WHOM) == 1
    until(lambda: health(on) == (200, "ok"))
    talk(me, "一")
    assert trainees(on) == 1


def test_telegram_away_in_the_middle_is_waited_for_and_the_log_says_that_it_is_back(
    telegram: Telegram, api: BotApi, me: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    on = telegram()
    talk(me, "/start")
    api.down()
    until(lambda: health(on)[0] == 503)
    api.up()
    talk(me, "t:1 一般的字")
    settled(on)
    assert heard(me, FOR_WHOM) == 1
    until(lambda: health(on) == (200, "ok"))
    assert "event=telegram_back" in capsys.readouterr().out


def test_polling_and_webhook_take_turns(stocked: Store, api: BotApi, me: Person) -> None:
    words = ("/start", "t:1 一般的字", "t:1 给我自己", "找人帮忙")
    for mode, word in zip(("polling", "webhook", "polling", "webhook"), words, strict=True):
        with on_air(stocked, api, telegram_mode=mode) as on:
            talk(me, word)
            settled(on)
    assert (replies(me.chat), trainees(on)) == (4, 1)
    assert rows(on) == {"sent": 4}


@both_ways
def test_what_was_said_while_we_were_off_is_answered_at_the_start(
    stocked: Store, api: BotApi, me: Person, mode: str
) -> None:
    with on_air(stocked, api, telegram_mode=mode) as on:
        talk(me, "/start")
        settled(on)
    me.taps("1 一般的字")
    with on_air(stocked, api, telegram_mode=mode) as on:
        me.waits_for(FOR_WHOM)
        settled(on)
        assert on.service.desk.read(lambda session: session.exec(select(Account.reachable)).all()) == [True]
    assert heard(me, FOR_WHOM) == 1


def test_what_is_being_sent_when_we_stop_is_sent_right_after_the_next_start(
    stocked: Store, api: BotApi, me: Person
) -> None:
    with on_air(stocked, api) as on:
        talk(me, "/start")
        hanging = api.hang("sendMessage")
        me.taps("1 一般的字")
        api.waits_until(lambda: [call for call in api.calls if call.fault == "hang"])
    stopped = time.monotonic()
    assert rows(on) == {"sent": 1, "waiting": 1}
    with on_air(stocked, api) as on:
        me.waits_for(FOR_WHOM)
        settled(on)
    assert sent(api, me)[-1].at - stopped < LEASE.total_seconds(), "nobody waits for the lease of who is gone"
    assert heard(me, FOR_WHOM) == 1
    api.let_go(hanging)
