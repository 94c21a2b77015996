"""Updates nobody can work, and turns that fail."""

from collections.abc import Iterator

import httpx

from bot.channels.messenger.webhook import PATH
from bot.voices import load_voices
from dialogs import flows
from dialogs.book import Book, flows_in
from dialogs.model import Answers, Flow, Question
from dialogs.plain_words import GLOSSARY
from dialogs.talk import World
from storage.tables import InboxStatus
from tests.channels.botapi import BotApi, Person
from tests.channels.chatting import NEWCOMER, Telegram, last, replies, talk, until
from tests.channels.faults.watching import (
    MENU,
    both_ways,
    heard,
    inbox,
    post,
    rows,
    settled,
)


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
