"""What goes wrong between Telegram and us: each with what was asked, how often, and what was kept."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from sqlmodel import col, select

import bot.channels.messenger.polling
import bot.channels.telegram
import bot.doors
import bot.telegraph
from bot.channels.messenger.replies import LEASE
from bot.channels.messenger.webhook import PATH
from bot.channels.pacing import TELEGRAM_PACE
from bot.voices import load_voices
from dialogs import flows
from dialogs.book import Book, flows_in
from dialogs.model import Answers, Flow, Question
from dialogs.plain_words import GLOSSARY
from dialogs.talk import World
from storage import pace
from storage.base import Store
from storage.crypto import KeyRing, ring_in_use
from storage.tables import Account, Inbox, InboxStatus, Outbox
from storage.tables import Person as Trainee
from tests.channels.botapi import BotApi, Person
from tests.channels.botapi.records import Call
from tests.channels.on_air import OnAir, on_air
from tests.channels.test_telegram import NEWCOMER, last, replies, talk
from tests.databases import Databases

Telegram = Callable[..., OnAir]

FOR_WHOM = "您给谁找课"
"""The question after "/start" and its first tap."""

MENU = "您想做什么"

both_ways = pytest.mark.parametrize("mode", ["polling", "webhook"])


@pytest.fixture
def database(request: pytest.FixtureRequest, keys: KeyRing) -> str:
    """Faults of the line are the same with either database: where it is the other one, the test says so."""
    assert ring_in_use() is keys
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def me(api: BotApi) -> Person:
    return api.person(77)


@pytest.fixture
def other(api: BotApi) -> Person:
    return api.person(78, name="小红")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits as long for Telegram as in earnest."""
    monkeypatch.setattr(bot.channels.telegram, "PATIENCE", 1.0)
    monkeypatch.setattr(bot.channels.messenger.polling, "POLL", 1)
    monkeypatch.setattr(bot.doors, "AWAY_SECONDS", 1.0)
    monkeypatch.setattr(bot.doors, "BARRED_SECONDS", 0.5)
    monkeypatch.setattr(bot.telegraph, "WATCH", 0.5)


def heard(person: Person, words: str) -> int:
    """How often a question stands in a chat."""
    return sum(words in message.text for message in person.heard)


def sent(api: BotApi, chat: Person) -> list[Call]:
    return [call for call in api.called("sendMessage") if call.parameters.get("chat_id") == chat.place.id]


def rows(on: OnAir) -> Counter[str]:
    """Replies by what became of them."""

    def became(each: Outbox) -> str:
        return "sent" if each.sent_at else "dropped" if each.dropped_at else "waiting"

    found = on.service.desk.read(lambda session: session.exec(select(Outbox).order_by(col(Outbox.id))).all())
    return Counter(became(each) for each in found)


def inbox(on: OnAir) -> Counter[InboxStatus]:
    found = on.service.desk.read(lambda session: session.exec(select(Inbox)).all())
    return Counter(each.status for each in found)


def trainees(on: OnAir) -> int:
    return len(on.service.desk.read(lambda session: session.exec(select(Trainee.id)).all()))


def settled(on: OnAir) -> None:
    """Wait until nothing is under way any more, and every update is acknowledged."""
    until(lambda: rows(on)["waiting"] == 0)
    on.api.waits_until(lambda: not on.api.updates)


def until(true: Callable[[], object], patience: float = 30.0) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def health(on: OnAir) -> tuple[int, str]:
    answer = httpx.get(f"{on.url}/healthz", timeout=10)
    return answer.status_code, answer.json()["telegram"]


# ---- Telegram answers wrongly, late, or not at all


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


@pytest.mark.usefixtures("quick")
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


@pytest.mark.usefixtures("quick")
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


# ---- Telegram wants us to wait


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
        person.waits_for("这里是训桥", timeout=20)
    settled(on)
    assert flooded.answered_at is not None
    after = [call.at - flooded.answered_at for call in api.called("sendMessage") if call is not flooded]
    assert min(after) >= 2
    assert [heard(person, "这里是训桥") for person in (me, other, third)] == [1, 1, 1]
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


# ---- updates come twice, in disorder, late, at once


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


def post(on: OnAir, secret: str, update: object) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    return httpx.post(f"{on.url}{PATH}", json=update, headers=headers, timeout=20).status_code


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


# ---- updates nobody can work


@both_ways
def test_an_update_that_cannot_be_read_is_parked_and_never_tried_again(
    telegram: Telegram, api: BotApi, me: Person, other: Person, mode: str
) -> None:
    on = telegram(telegram_mode=mode)
    talk(me, "/start")
    broken: tuple[dict[str, object], ...] = (
        {"chat": 7},
        {"message_id": 1, "chat": {"id": 78, "type": "private"}, "photo": []},
        {},
    )
    with api.exchange.changed:
        for body in broken:
            api.exchange.updates.add("message", body, 78)
    until(lambda: inbox(on)[InboxStatus.FAILED] == 3)
    settled(on)
    talk(other, "/start")
    talk(me, "t:1 一般的字")
    assert inbox(on) == {InboxStatus.FAILED: 3, InboxStatus.DONE: 3}
    assert replies(other.chat) == 1


def test_what_is_no_update_at_all_is_not_asked_for_again(telegram: Telegram) -> None:
    on = telegram(telegram_mode="webhook", telegram_secret="no-update")
    on.api.waits_until(lambda: on.api.called("setWebhook"))
    until(lambda: post(on, "no-update", {}) == 200)
    for body in (b"", b"[1]", b'"words"', b'{"update_id": ', b"[" * 2_000_000):
        headers = {"X-Telegram-Bot-Api-Secret-Token": "no-update"}
        assert httpx.post(f"{on.url}{PATH}", content=body, headers=headers).status_code == 200
    assert inbox(on) == {InboxStatus.FAILED: 1}
    assert post(on, "guessed", {}) == 401


def broken_book(name: str) -> Book:
    """Our flows, but one that breaks whenever anybody asks it anything."""

    def questions(_: Answers, __: World) -> Iterator[Question]:
        raise ZeroDivisionError("a fault of ours")

    whole = [flow for flow in flows_in(flows) if flow.name != name]
    return Book([*whole, Flow(name, questions, draft=True)], load_voices(), glossary=GLOSSARY)


@both_ways
def test_a_turn_that_fails_is_parked_and_said_sorry_for_and_others_go_on(
    telegram: Telegram, api: BotApi, me: Person, other: Person, mode: str
) -> None:
    on = telegram(telegram_mode=mode)
    talk(me, *NEWCOMER, "投诉")
    talk(other, "/start")
    on.service.runner.book = broken_book("complain")
    api.deliver_twice()
    talk(me, "没有手语")
    assert "没有记下" in last(me)
    talk(me, "还是没有手语")
    assert heard(me, "没有记下") == 2
    talk(other, "t:1 一般的字")
    talk(me, "停下来")
    assert MENU in last(me), "the way out works all the same"
    settled(on)
    assert (inbox(on)[InboxStatus.FAILED], replies(other.chat)) == (2, 2)
    assert rows(on)["waiting"] == 0


def test_a_tap_that_failed_may_be_made_again(telegram: Telegram, me: Person) -> None:
    on = telegram()
    talk(me, *NEWCOMER)
    ours, label = on.service.runner.book, next(each for each in me.keyboard if "找课" in each)
    on.service.runner.book = broken_book("browse")
    asked = me.heard[-1]
    talk(me, f"t:{label}")
    assert "没有记下" in last(me)
    on.service.runner.book = ours
    before = replies(me.chat)
    me.taps(label, on=asked)
    me.waits_until(lambda messages: replies(messages) > before)
    assert "没有记下" not in last(me)
    assert MENU not in last(me)


# ---- the database is away


@both_ways
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_is_said_while_the_database_is_away_is_answered_when_it_is_back(
    telegram: Telegram, api: BotApi, me: Person, databases: Databases, mode: str
) -> None:
    on = telegram(telegram_mode=mode)
    talk(me, "/start", "t:1 一般的字")
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


# ---- Telegram is away, or does not know us


@pytest.mark.usefixtures("quick")
@both_ways
def test_telegram_may_be_down_when_we_start(telegram: Telegram, api: BotApi, me: Person, mode: str) -> None:
    api.down()
    on = telegram(telegram_mode=mode)
    until(lambda: health(on) == (503, "not reached"))
    assert httpx.get(on.url).status_code == 200
    assert api.calls == []
    api.up()
    me.says("/start")
    me.waits_for("这里是训桥", timeout=30)
    until(lambda: health(on) == (200, "ok"))
    assert replies(me.chat) == 1


@pytest.mark.usefixtures("quick")
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


@pytest.mark.usefixtures("quick")
def test_telegram_away_in_the_middle_is_waited_for(telegram: Telegram, api: BotApi, me: Person) -> None:
    on = telegram()
    talk(me, "/start")
    api.down()
    until(lambda: health(on)[0] == 503)
    api.up()
    talk(me, "t:1 一般的字")
    settled(on)
    assert heard(me, FOR_WHOM) == 1
    until(lambda: health(on) == (200, "ok"))


# ---- one start after another


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
