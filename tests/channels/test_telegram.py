"""What a person finds in a Telegram chat."""

import re
from contextlib import closing

import pytest
from sqlmodel import Session, select

from dialogs.talk import Begin
from storage.tables import (
    Account,
    Application,
    Channel,
    Consent,
    Conversation,
    Outbox,
    Purpose,
    Relation,
    Role,
    StoredFile,
)
from tests.channels.botapi import BotApi, Person
from tests.channels.botapi.exchange import BOT
from tests.channels.chatting import NEWCOMER, Telegram, last, page_link, replies, talk, until
from tests.channels.on_air import OnAir
from tests.channels.web.handset import Handset
from tests.databases import on_both
from tests.visiting import APPLICATION, Visitor


@pytest.fixture
def me(api: BotApi) -> Person:
    return api.person(77)


def test_a_newcomer_says_how_to_talk_and_for_whom(telegram: Telegram, me: Person) -> None:
    telegram()
    talk(me, "/start", "t:1 一般的字", "二", "小明")
    assert "您想做什么？" in last(me)


def test_whatever_comes_first_is_answered_with_the_first_question(telegram: Telegram, me: Person) -> None:
    telegram()
    talk(me, "你好，在吗？")
    assert "这里是训桥" in last(me)
    assert "没" not in last(me), "nothing was asked yet, so nothing was answered wrongly"


@on_both
def test_ten_taps_on_one_button_are_one_answer(telegram: Telegram, api: BotApi, me: Person) -> None:
    telegram()
    talk(me, "/start")
    me.taps("1 一般的字", times=10)
    me.waits_for("您给谁找课")
    api.waits_until(lambda: not api.unanswered)
    talk(me, "t:1 给我自己")
    assert sum("您给谁找课" in message.text for message in me.heard) == 1
    assert not api.refusals


def test_the_buttons_of_an_answered_question_are_taken_away(telegram: Telegram, me: Person) -> None:
    telegram()
    talk(me, *NEWCOMER)
    me.waits_until(lambda messages: sum(bool(message.keyboard) for message in messages) == 1)


def test_a_button_of_long_ago_says_that_it_is_old(telegram: Telegram, me: Person) -> None:
    telegram()
    talk(me, *NEWCOMER)
    first = me.heard[0]
    before = replies(me.chat)
    me.taps("2 大一点的字", on=first)
    me.waits_until(lambda messages: replies(messages) > before)
    assert "旧的" in last(me)
    assert "您想做什么" in last(me)


def test_each_command_of_the_menu_does_what_its_words_do(telegram: Telegram, api: BotApi, me: Person) -> None:
    telegram()
    other = api.person(78)
    for person in (me, other):
        talk(person, *NEWCOMER, "找课")
    (commands,) = (
        kept
        for (what, _, language), kept in api.exchange.profile.items()
        if (what, language) == ("commands", "")
    )
    assert [each["command"] for each in commands] == ["again", "back", "stop", "human", "me"]
    for command in commands:
        talk(me, f"/{command['command']}")
        talk(other, command["description"])
        assert last(me) == last(other)
    talk(me, "/help")
    talk(other, "找人帮忙")
    assert last(me) == last(other)


def test_what_cannot_be_used_is_said_kindly_and_asked_again(telegram: Telegram, me: Person) -> None:
    telegram()
    talk(me, *NEWCOMER)
    for act in (me.sends_sticker, me.sends_poll, me.sends_video_note, lambda: me.sends_location(30.0, 104.0)):
        before = replies(me.chat)
        act()
        me.waits_until(lambda messages, before=before: replies(messages) > before)  # type: ignore[misc]
        assert "您想做什么" in last(me)
        assert "看不" in last(me) or "现在不用" in last(me)


def test_words_written_before_the_question_was_there_are_not_its_answer(
    telegram: Telegram, api: BotApi, me: Person
) -> None:
    telegram()
    talk(me, "/start")
    api.delay("sendMessage", 0.3)
    me.says("1")
    me.says("2")
    me.waits_for("旧的")
    assert "您给谁找课" in last(me), "the second one was meant for a question not yet seen"


def test_who_blocks_and_returns_is_back_at_the_same_question(telegram: Telegram, me: Person) -> None:
    on = telegram()
    talk(me, *NEWCOMER)

    def reachable() -> list[bool]:
        look = select(Account.reachable).where(Account.channel == Channel.TELEGRAM)
        return on.service.desk.read(lambda session: list(session.exec(look).all()))

    me.waits_until(lambda messages: sum(bool(message.keyboard) for message in messages) == 1)
    me.blocks()
    until(lambda: reachable() == [False])
    me.returns()
    me.waits_for("您想做什么")
    assert reachable() == [True]


def test_a_block_told_after_the_person_is_back_makes_nobody_unreachable(
    telegram: Telegram, api: BotApi, me: Person
) -> None:
    on = telegram()
    talk(me, *NEWCOMER)
    api.shuffle(times=3)
    api.late(hours=1, times=1)
    me.blocks()
    before = replies(me.chat)
    me.returns()
    me.waits_until(lambda messages: replies(messages) > before)
    api.waits_until(lambda: not api.exchange.updates.pending)
    look = select(Account.reachable).where(Account.channel == Channel.TELEGRAM)
    assert on.service.desk.read(lambda session: list(session.exec(look).all())) == [True]


def test_what_was_written_hours_before_is_not_answered_at_night(
    telegram: Telegram, api: BotApi, me: Person
) -> None:
    on = telegram(clock="2026-11-21T23:00")
    api.late(hours=2, times=1)
    me.says("/start")
    api.waits_until(lambda: len(outbox_of(on)) == 1)
    (waits,) = outbox_of(on)
    assert f"{waits.due_at.astimezone(on.service.settings.zone):%m-%d %H:%M}" == "11-22 08:00"
    assert waits.sent_at is None
    assert me.heard == []
    talk(me, "您好")
    assert len(me.heard) == 1, "who writes now is answered now"


def test_a_group_is_shown_the_way_to_the_private_chat(telegram: Telegram, api: BotApi, me: Person) -> None:
    telegram()
    group = api.group(-100200)
    group.adds_bot(by=me)
    group.waits_for("t.me/")
    assert group.heard[-1].text.count("https://t.me/") == 2
    group.says(f"/start@{BOT['username']}", by=me)
    another = api.group(-100201)
    another.adds_bot(by=me)
    another.waits_for("t.me/")
    until(lambda: not api.updates)
    assert [len(each.heard) for each in (group, another)] == [1, 1], (
        "once is enough for who adds us and writes"
    )


def until_private(person: Person) -> None:
    """Go on to the first private question of an application."""
    talk(person, *NEWCOMER, "找课", "t:不想说")
    for _ in range(12):
        if "网页上答" in last(person) or "Telegram 公司" in last(person):
            return
        offered = [label for label in person.keyboard if label[0].isdigit()]
        wanted = next((one for one in offered if one[2:] in ("同意", "可以", "开始", "报名")), offered[0])
        talk(person, f"t:{wanted}")
    raise AssertionError(f"no private question came:\n{person}")


def until_asked_abroad(person: Person) -> None:
    until_private(person)
    assert "可以在这里答吗" in last(person)


def open_page(on: OnAir, person: Person) -> Handset:
    """Follow the link in the chat to our page, and press its button."""
    handset = Handset(on.url)
    path = page_link(person)
    handset.open(path)
    handset.press(to=path)
    return handset


def finish_on_page(on: OnAir, handset: Handset) -> None:
    """Answer all the private questions of an application on our page, and send it in."""
    visitor = Visitor(on.service.runner, handset.cookie)
    visitor.answer(**APPLICATION)
    assert visitor.asking == "apply.check", visitor.asking
    handset.open().tap("send")


def outbox_of(on: OnAir) -> list[Outbox]:
    return on.service.desk.read(lambda session: list(session.exec(select(Outbox)).all()))


@on_both
def test_private_questions_are_answered_on_the_page_and_the_chat_goes_on(
    telegram: Telegram, me: Person
) -> None:
    on = telegram()
    until_private(me)
    with closing(open_page(on, me)) as handset:
        assert "难" in handset.asking or handset.asking
        finish_on_page(on, handset)
        number = re.search(r"2026-\d{4}", handset.page.html)
    assert number
    me.waits_for("按一下", anywhere=True)
    assert number[0] not in last(me), "what comes by itself may be read on a lock screen"
    talk(me, "t:接着来")
    assert number[0] in last(me)
    said = "\n".join(message.text for message in me.heard)
    for secret in (
        "李小梅",
        "99000119850612002912",
        "15400000001",
        "154 0000 0001",
        "large_print",
        "大字的书",
        "管城",
    ):
        assert secret not in said
    filed = on.service.desk.read(lambda session: session.exec(select(Application)).one())
    assert filed.answers["name"] == "李小梅"


@on_both
def test_what_is_private_and_typed_all_the_same_is_kept_and_deleted(telegram: Telegram, me: Person) -> None:
    on = telegram()
    until_private(me)
    mine = me.says("1 3")
    me.waits_for("这条消息删掉了")
    me.waits_until(lambda _: mine.deleted)
    assert "记下了" in last(me)
    assert "网页上答" in last(me), "the next private question is asked there too"
    state = on.service.desk.read(lambda session: session.exec(select(Conversation.state)).one())
    assert any("needs_area" in frame["answers"] for frame in state["frames"])


def test_with_answers_in_the_chat_that_is_asked_first_and_kept(telegram: Telegram, me: Person) -> None:
    on = telegram(private_answers="chat")
    until_asked_abroad(me)
    talk(me, "t:1 可以")
    assert "您选了：可以" in last(me)
    assert me.keyboard[0].startswith("1 ")
    consents = on.service.desk.read(
        lambda session: session.exec(select(Consent).where(Consent.purpose == Purpose.ABROAD)).all()
    )
    assert [(each.given, "Telegram" in each.wording) for each in consents] == [(True, True)]


def test_who_does_not_want_that_is_told_whom_to_call_and_may_still_want_it(
    telegram: Telegram, me: Person
) -> None:
    telegram(private_answers="chat")
    until_asked_abroad(me)
    talk(me, "t:2 不可以")
    assert "打电话" in last(me)
    assert "0371-00001100" in last(me)
    talk(me, "t:还是在这里答", "t:1 可以")
    assert me.keyboard[0].startswith("1 ")


def test_who_wants_to_answer_in_the_chat_and_is_nobody_yet_says_first_for_whom(
    telegram: Telegram, me: Person
) -> None:
    telegram(private_answers="chat")
    talk(me, "/start", "t:1 一般的字", "找人帮忙", "t:1 让工作人员找我", "t:见面再说", "t:2 发短信给我")
    talk(me, "t:还是在这里答")
    assert "您给谁找课" in last(me)
    talk(me, "t:1 给我自己")
    assert "可以在这里答吗" in last(me)
    talk(me, "t:1 可以")
    assert "您的电话是多少" in last(me)


def test_staff_who_want_to_answer_in_the_chat_say_first_for_whom(telegram: Telegram, me: Person) -> None:
    telegram(private_answers="chat")
    talk(me, "/start", "t:1 一般的字", "t:3 我在残联上班", "t:知道了", "t:不用了")
    talk(me, "找人帮忙", "t:1 让工作人员找我", "t:见面再说", "t:2 发短信给我", "t:还是在这里答")
    assert "谁去上课" in last(me)
    talk(me, "t:1 我自己", "t:1 可以")
    assert "您的电话是多少" in last(me)


def test_a_conversation_of_the_page_goes_on_in_the_chat(telegram: Telegram, me: Person) -> None:
    on = telegram()
    page = Visitor(on.service.runner, "a-page")
    page.tap("plain", "self", "browse")
    page.do(Begin("continue"))
    asked = page.screen
    secret = re.search(r"/go/([\w-]+)", "\n".join(line.value for line in asked.lines))
    assert secret
    talk(me, f"/start {secret[1]}")
    assert "接上了" in last(me)
    assert "您现在做什么" in last(me)
    assert page.look().screen.question == "situation"
    talk(me, f"/start {secret[1]}")
    assert "用过了" in last(me)


@on_both
def test_a_voice_message_is_fetched_and_kept_with_the_answer(telegram: Telegram, me: Person) -> None:
    on = telegram()
    talk(me, *NEWCOMER, "投诉")
    me.sends_voice(b"OggS" + bytes(2000))
    assert "记下了：您说的一段话，我们收到了" in me.waits_for("记下了").text
    until(lambda: on.service.desk.read(lambda session: len(session.exec(select(StoredFile)).all())) == 1)


def test_what_was_picked_can_be_taken_out_by_its_button(telegram: Telegram, me: Person) -> None:
    telegram()
    talk(me, *NEWCOMER, "找课", "t:不想说", "t:1 ", "t:2 ")
    assert not [label for label in me.keyboard if label.startswith(("1 ", "2 "))], "they are picked already"
    talk(me, "t:去掉")
    assert [label for label in me.keyboard if label[0] in "12"], "what can be taken out"
    talk(me, "t:2 ")
    assert last(me).startswith("去掉了：")
    assert "1 说想学什么 · 选了" in last(me)
    assert "2 按地方找 · 选了" not in last(me)


@on_both
def test_a_chat_somebody_talked_in_is_joined_only_when_they_agree(telegram: Telegram, me: Person) -> None:
    """A link sent by a stranger must not show the stranger what was said here."""
    on = telegram()
    talk(me, *NEWCOMER)
    stranger = Visitor(on.service.runner, "a-stranger").tap("plain", "self").do(Begin("continue"))
    secret = re.search(r"/go/([\w-]+)", "\n".join(line.value for line in stranger.screen.lines))
    assert secret
    talk(me, f"/start {secret[1]}")
    assert "合到一起" in last(me)
    contacts = select(Account.contact_id).distinct()
    assert len(on.service.desk.read(lambda session: session.exec(contacts).all())) == 2
    talk(me, "t:合到一起")
    assert "接上了" in last(me)
    assert len(on.service.desk.read(lambda session: session.exec(contacts).all())) == 1


def test_a_mothers_link_never_swallows_her_sons_chat(telegram: Telegram, me: Person) -> None:
    on = telegram()
    talk(me, *NEWCOMER)
    mother = Visitor(on.service.runner, "a-mother").tap("plain", "family").say("小明").do(Begin("continue"))
    secret = re.search(r"/go/([\w-]+)", "\n".join(line.value for line in mother.screen.lines))
    assert secret
    helps(on)
    talk(me, f"/start {secret[1]}")
    assert "另一个人" in last(me)
    assert "合到一起" not in me.keyboard


def helps(on: OnAir) -> None:
    """Let the mother's son be the one who talks on Telegram."""

    def same(session: Session) -> None:
        helped = session.exec(select(Relation).where(Relation.role == Role.FAMILY)).one()
        himself = session.exec(select(Relation).where(Relation.role == Role.SELF)).one()
        himself.person_id = helped.person_id
        session.add(himself)

    on.service.desk.do_now(same)
