"""Buttons that are pressed once more, and presses that come while many turns are under way."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.settings import Settings
from storage import people
from storage.tables import Role
from tests.channels.botapi import BotApi, Message, Person
from tests.channels.chatting import NEWCOMER, Telegram, last, replies, talk, until
from tests.channels.test_follow_up import Moved
from tests.channels.test_staff_walks import prepare


@pytest.fixture
def me(api: BotApi) -> Person:
    return api.person(77)


@pytest.fixture
def clock() -> Moved:
    return Moved(Settings(clock="2026-11-21T10:00"))


def press_again(me: Person, clock: Moved, label: str, on: Message) -> str:
    """Press a button once more a little later; give the answer."""
    clock.move_to(clock.now() + timedelta(seconds=5))
    before = replies(me.chat)
    me.taps(label, on=on)
    me.waits_until(lambda messages: replies(messages) > before)
    return last(me)


def test_who_sends_a_notice_again_hears_that_it_is_sent(
    telegram: Telegram, api: BotApi, me: Person, clock: Moved
) -> None:
    runner = telegram(moved=clock).service.runner
    word = prepare(runner)
    until(lambda: runner.bot_name)
    talk(api.person(78), *NEWCOMER)

    def at_home(session: Session) -> None:
        """Let her live in the clerk's region."""
        contact = people.find_contact(session, "telegram", "78")
        assert contact is not None
        person = people.add_person(session, contact.id, Role.SELF, "李小梅", clock.now())
        person.profile = {"live_addr": "河南省郑州市"}

    runner.desk.do_now(at_home)
    talk(me, f"/start {word}", "t:1 知道了", "通知", "t:1 写新的通知", "t:2 招聘会和工作", "周末的招聘会")
    talk(me, "12 月 3 日上午有招聘会。您想来吗？", "t:1 我们地区的每个人", "t:1 知道了")
    me.waits_for("通知的名单好了，会发给 ", anywhere=True)
    ready = next(each for each in me.chat if "通知的名单好了" in each.text)
    me.taps("发出去", on=ready)
    me.waits_for("开始发了", anywhere=True)
    for _ in range(2):
        assert "已经发过了，没有再发。" in press_again(me, clock, "发出去", ready)


def test_a_double_tap_is_one_and_a_later_press_of_an_old_button_is_answered(
    telegram: Telegram, api: BotApi, me: Person, clock: Moved
) -> None:
    telegram(moved=clock)
    talk(me, *NEWCOMER)
    first = me.heard[0]
    before = replies(me.chat)
    me.taps("2 大一点的字", on=first, times=3)
    me.waits_until(lambda messages: replies(messages) > before)
    api.waits_until(lambda: not api.updates and not api.unanswered)
    assert replies(me.chat) == before + 1
    for _ in range(2):
        assert "旧的" in press_again(me, clock, "2 大一点的字", first)
    assert replies(me.chat) == before + 3
