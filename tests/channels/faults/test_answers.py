"""Telegram answers wrongly, late, or not at all."""

import pytest

from tests.channels.botapi import BotApi, Person
from tests.channels.chatting import Telegram, last, replies, talk, until
from tests.channels.faults.watching import (
    FOR_WHOM,
    MENU,
    both_ways,
    heard,
    rows,
    settled,
    trainees,
)


@pytest.mark.parametrize("times", [2, 5], ids=["a stumble", "a fall"])
@pytest.mark.parametrize("status", [500, 502])
def test_a_reply_telegram_could_not_take_comes_once(
    telegram: Telegram, api: BotApi, me: Person, status: int, times: int
) -> None:
    on = telegram()
    talk(me, "/start")
    api.fail("sendMessage", status=status, times=times)
    me.taps("1 一般的字")
    me.waits_for(FOR_WHOM, timeout=20)
    settled(on)
    assert heard(me, FOR_WHOM) == 1
    assert sum(call.fault == "fail" for call in api.calls) == times
    assert rows(on) == {"sent": 2}
    talk(me, "t:1 给我自己")
    assert MENU in last(me)


def test_a_cut_line_is_tried_again_within_seconds(telegram: Telegram, api: BotApi, me: Person) -> None:
    on = telegram()
    talk(me, "/start")
    api.reset_before("sendMessage")
    me.taps("1 一般的字")
    me.waits_for(FOR_WHOM, timeout=15)
    settled(on)
    assert heard(me, FOR_WHOM) == 1


@pytest.mark.parametrize("fault", ["reset_after", "garbage"])
def test_an_answer_that_was_lost_doubles_one_question_at_most(
    telegram: Telegram, api: BotApi, me: Person, fault: str
) -> None:
    on = telegram()
    talk(me, "/start")
    getattr(api, fault)("sendMessage")
    me.taps("1 一般的字")
    me.waits_until(lambda _: heard(me, FOR_WHOM) == 2, timeout=15)
    settled(on)
    assert heard(me, FOR_WHOM) == 2
    talk(me, "t:1 给我自己")
    assert MENU in last(me)
    assert trainees(on) == 1


@pytest.mark.parametrize("copy", [0, 1], ids=["the first", "the second"])
def test_either_copy_of_a_doubled_question_answers_it_and_neither_keeps_buttons_that_were_pressed(
    telegram: Telegram, api: BotApi, me: Person, copy: int
) -> None:
    on = telegram()
    talk(me, "/start")
    api.reset_after("sendMessage")
    me.taps("1 一般的字")
    me.waits_until(lambda _: heard(me, FOR_WHOM) == 2, timeout=15)
    settled(on)
    copies = [message for message in me.heard if FOR_WHOM in message.text]
    me.taps("1 给我自己", on=copies[copy])
    me.waits_for(MENU)
    me.taps("1 给我自己", on=copies[1 - copy])
    me.waits_for("旧的")
    me.waits_until(lambda _: not any(message.keyboard for message in copies))
    settled(on)
    assert MENU in last(me)
    assert trainees(on) == 1


def test_who_answers_a_question_whose_answer_was_lost_is_not_asked_it_again(
    telegram: Telegram, api: BotApi, me: Person
) -> None:
    on = telegram()
    talk(me, "/start")
    api.reset_after("sendMessage")
    talk(me, "t:1 一般的字")
    me.taps("1 给我自己")
    me.waits_for(MENU)
    settled(on)
    assert heard(me, FOR_WHOM) == 1
    assert rows(on) == {"sent": 2, "dropped": 1}


@pytest.mark.usefixtures("impatient")
def test_a_reply_that_hangs_holds_up_nobody_else(
    telegram: Telegram, api: BotApi, me: Person, other: Person
) -> None:
    on = telegram()
    talk(me, "/start")
    hanging = api.hang("sendMessage")
    me.taps("1 一般的字")
    api.waits_until(lambda: [call for call in api.calls if call.fault == "hang"])
    talk(other, "/start")
    assert heard(me, FOR_WHOM) == 0
    api.waits_until(lambda: not api.unanswered)
    me.waits_for(FOR_WHOM, timeout=20)  # tried again although the first one still hangs
    settled(on)
    assert heard(me, FOR_WHOM) == 1
    api.let_go(hanging)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", ["fail", "hang", "garbage", "reset_before", "reset_after", "flood"])
def test_nothing_said_is_lost_when_asking_for_updates_goes_wrong(
    telegram: Telegram, api: BotApi, me: Person, fault: str
) -> None:
    on = telegram()
    api.waits_until(lambda: api.polling)
    if fault == "flood":
        api.flood(1, method="getUpdates", times=2)
    else:
        getattr(api, fault)("getUpdates", times=2)
    talk(me, "/start", "t:1 一般的字")
    until(lambda: sum(call.fault != "" for call in api.called("getUpdates")) >= 2)
    talk(me, "t:1 给我自己")
    settled(on)
    assert heard(me, FOR_WHOM) == 1
    assert trainees(on) == 1
    assert not api.refusals


@both_ways
def test_answers_to_taps_and_old_buttons_may_fail_and_nobody_notices(
    telegram: Telegram, api: BotApi, me: Person, mode: str
) -> None:
    on = telegram(telegram_mode=mode)
    talk(me, "/start")
    api.fail("answerCallbackQuery")
    api.garbage("editMessageReplyMarkup")
    talk(me, "t:1 一般的字")
    api.reset_after("answerCallbackQuery")
    api.fail("editMessageReplyMarkup")
    talk(me, "t:1 给我自己")
    settled(on)
    api.waits_until(lambda: not api.unanswered)
    assert rows(on) == {"sent": 3}
    assert replies(me.chat) == 3


@pytest.mark.usefixtures("impatient")
@both_ways
@pytest.mark.parametrize("fault", ["fail", "hang", "garbage", "flood"])
def test_a_press_whose_answer_went_wrong_is_answered_a_little_later(
    telegram: Telegram, api: BotApi, me: Person, mode: str, fault: str
) -> None:
    on = telegram(telegram_mode=mode)
    talk(me, "/start")
    if fault == "flood":
        api.flood(1, method="answerCallbackQuery")
    elif fault == "fail":
        api.fail("answerCallbackQuery", times=3)
    else:
        getattr(api, fault)("answerCallbackQuery")
    talk(me, "t:1 一般的字")
    api.waits_until(lambda: not api.unanswered, timeout=10)
    settled(on)
    assert (heard(me, FOR_WHOM), rows(on)) == (1, {"sent": 2})
