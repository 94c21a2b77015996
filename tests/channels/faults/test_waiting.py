"""Telegram wants us to wait, or has made us wait."""

import time
from datetime import timedelta

from bot.channels.pacing import TELEGRAM_PACE
from storage import pace
from storage.base import Store
from tests.channels.botapi import BotApi, Person
from tests.channels.chatting import NEWCOMER, Telegram, last, replies, talk, until
from tests.channels.faults.watching import (
    FOR_WHOM,
    MENU,
    WELCOME,
    heard,
    rows,
    sent,
    settled,
)
from tests.channels.on_air import on_air


def test_nobody_is_written_to_while_telegram_wants_us_to_wait(
    telegram: Telegram, api: BotApi, me: Person, other: Person
) -> None:
    on = telegram()
    api.waits_until(lambda: api.polling)
    api.flood(2, method="sendMessage")
    me.says("/start")
    api.waits_until(lambda: [call for call in api.calls if call.fault == "flood" and call.answered_at])
    [flooded] = [call for call in api.calls if call.fault == "flood"]
    other.says("/start")
    third = api.person(79)
    third.says("/start")
    clock, desk = on.service.clock, on.service.desk
    until(lambda: desk.read(lambda session: pace.stopped_until(session, TELEGRAM_PACE)) > clock.now())
    for person in (me, other, third):
        person.waits_for(WELCOME, timeout=20)
    settled(on)
    assert flooded.answered_at is not None
    after = [call.at - flooded.answered_at for call in api.called("sendMessage") if call is not flooded]
    assert min(after) >= 2
    assert [heard(person, WELCOME) for person in (me, other, third)] == [1, 1, 1]
    assert len(after) == 3, "nobody was tried in vain"


def test_a_storm_of_refusals_loses_nothing(
    telegram: Telegram, api: BotApi, me: Person, other: Person
) -> None:
    on = telegram()
    talk(me, "/start")
    talk(other, "/start")
    api.flood(1, method="sendMessage", times=4)
    me.taps("1 一般的字")
    other.taps("1 一般的字")
    me.waits_for(FOR_WHOM, timeout=30)
    other.waits_for(FOR_WHOM, timeout=30)
    settled(on)
    assert (heard(me, FOR_WHOM), heard(other, FOR_WHOM)) == (1, 1)
    assert rows(on) == {"sent": 4}


def test_a_stop_that_another_machine_met_holds_here_too(telegram: Telegram, api: BotApi, me: Person) -> None:
    on = telegram()
    talk(me, "/start")
    now = on.service.clock.now()
    stop = time.monotonic() + 2
    on.service.desk.do_now(lambda session: pace.stop(session, TELEGRAM_PACE, now, now + timedelta(seconds=2)))
    me.taps("1 一般的字")
    me.waits_for(FOR_WHOM, timeout=15)
    settled(on)
    assert sent(api, me)[-1].at >= stop
    assert len(sent(api, me)) == 2


def test_after_a_long_silence_only_the_last_question_is_asked(
    telegram: Telegram, api: BotApi, me: Person
) -> None:
    on = telegram()
    talk(me, *NEWCOMER)
    before = replies(me.chat)
    api.fail("sendMessage", times=10**6)
    for number in range(1, 9):
        me.says("找人帮忙" if number % 2 else "停下来")
        until(lambda number=number: sum(rows(on).values()) == 3 + number)  # type: ignore[misc]
    api.calm()
    me.waits_until(lambda messages: replies(messages) > before, timeout=20)
    settled(on)
    assert replies(me.chat) == before + 1, "one question, and not eight"
    assert MENU in last(me)
    assert rows(on) == {"sent": 4, "dropped": 7}


def test_what_overtaken_replies_had_to_say_is_said_with_the_last_one(
    telegram: Telegram, api: BotApi, me: Person
) -> None:
    on = telegram()
    talk(me, *NEWCOMER)
    before = replies(me.chat)
    api.delay("sendMessage", 2.0)
    me.says("找课")
    until(lambda: sum(rows(on).values()) == 4)
    me.sends_sticker()
    until(lambda: sum(rows(on).values()) == 5)
    me.says("停下来")
    me.waits_for(MENU)
    settled(on)
    assert replies(me.chat) == before + 2
    assert "看不懂表情" in last(me)
    me.waits_until(lambda messages: sum(bool(message.keyboard) for message in messages) == 1)


def test_what_an_overtaken_reply_had_to_say_is_said_by_whoever_takes_over(
    stocked: Store, api: BotApi, me: Person
) -> None:
    with on_air(stocked, api) as on:
        talk(me, *NEWCOMER)
        api.fail("sendMessage", times=10**6)
        me.sends_sticker()
        until(lambda: sum(rows(on).values()) == 4)
        me.says("找课")
        until(lambda: sum(rows(on).values()) == 5)
    api.calm()
    before = replies(me.chat)
    with on_air(stocked, api) as on:
        me.waits_until(lambda messages: replies(messages) > before, timeout=20)
        settled(on)
    assert "看不懂表情" in last(me)
    assert replies(me.chat) == before + 1
