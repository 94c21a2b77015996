"""Updates come twice, in disorder, late, at once."""

from concurrent.futures import ThreadPoolExecutor

from storage.tables import InboxStatus
from tests.channels.botapi import BotApi, Person
from tests.channels.chatting import NEWCOMER, Telegram, last, replies, talk
from tests.channels.faults.watching import (
    FOR_WHOM,
    MENU,
    both_ways,
    heard,
    inbox,
    post,
    rows,
    settled,
    trainees,
)


@both_ways
def test_updates_delivered_twice_count_once(telegram: Telegram, api: BotApi, me: Person, mode: str) -> None:
    on = telegram(telegram_mode=mode)
    api.deliver_twice(times=3)
    talk(me, *NEWCOMER)
    settled(on)
    assert replies(me.chat) == 3
    assert inbox(on) == {InboxStatus.DONE: 3}
    assert (trainees(on), rows(on)) == (1, {"sent": 3})
    assert not api.refusals


@both_ways
def test_updates_in_disorder_file_nothing_under_the_wrong_question(
    telegram: Telegram, api: BotApi, me: Person, mode: str
) -> None:
    on = telegram(telegram_mode=mode)
    talk(me, "/start")
    before = replies(me.chat)
    api.shuffle(times=2)
    me.taps("1 一般的字")
    me.says("这句话先到")
    me.waits_until(lambda messages: replies(messages) > before)
    settled(on)
    talk(me, "t:1 一般的字") if "您想看哪种字" in last(me) else None
    assert FOR_WHOM in last(me)
    assert trainees(on) == 0
    api.waits_until(lambda: not api.unanswered)
    talk(me, "t:1 给我自己")
    assert trainees(on) == 1


@both_ways
def test_what_was_said_an_hour_ago_is_answered_now(
    telegram: Telegram, api: BotApi, me: Person, mode: str
) -> None:
    on = telegram(telegram_mode=mode)
    talk(me, "/start")
    api.late(hours=1, times=2)
    with api.held():
        me.taps("1 一般的字")
    me.waits_for(FOR_WHOM)
    talk(me, "一")
    settled(on)
    assert (heard(me, FOR_WHOM), trainees(on)) == (1, 1)
    assert MENU in last(me)


def test_two_updates_of_one_person_at_once_are_one_turn_after_the_other(
    telegram: Telegram, api: BotApi, me: Person
) -> None:
    on = telegram(telegram_mode="webhook", telegram_secret="both-at-once")
    talk(me, "/start")
    before, asked = replies(me.chat), me.heard[-1]
    with api.held():
        for label in ("1 一般的字", "2 大一点的字"):
            me.taps(label, on=asked)
        me.says("3")
        updates = api.updates
        with ThreadPoolExecutor(len(updates)) as pool:
            assert list(pool.map(lambda each: post(on, "both-at-once", each), updates)) == [200] * 3
    settled(on)
    me.waits_until(lambda messages: replies(messages) > before)
    assert inbox(on) == {InboxStatus.DONE: 4}
    assert FOR_WHOM in last(me) or "谁去上课" in last(me), "one of them chose how we talk"
    assert last(me).count("旧的") == 1
    assert trainees(on) == 0, "nothing that was meant for the one question answered the next"
    api.waits_until(lambda: not api.unanswered)


def test_ten_taps_on_one_button_by_webhook_are_one_answer(
    telegram: Telegram, api: BotApi, me: Person
) -> None:
    on = telegram(telegram_mode="webhook")
    talk(me, "/start", "t:1 一般的字")
    me.taps("1 给我自己", times=10)
    me.waits_for(MENU)
    settled(on)
    api.waits_until(lambda: not api.unanswered)
    assert len(api.called("answerCallbackQuery")) == 11
    assert (heard(me, MENU), trainees(on), replies(me.chat)) == (1, 1, 3)
