"""Staff talk with a person in their chat: who it is, each line kept, and afterwards the question from before."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.letters.letter import write
from bot.letters.opening import opened
from bot.letters.table import LETTERS
from bot.naming import letter_without_family_names
from bot.postman import Postman
from bot.runner import Runner
from dialogs.talk import Said
from storage.tables import Audit, Outbox, TicketState
from storage.tickets import handling
from storage.tickets.tables import Ticket, TicketLine
from tests.databases import on_both
from tests.ticket_side import TicketSide, newest
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def clerk(runner: Runner) -> TicketSide:
    return TicketSide(runner)


def asks(visit: Visit, channel: str = "web") -> Visitor:
    """Somebody who asked for a person, and went on to the list of courses."""
    me = visit(channel=channel).tap("plain", "self").say("人工").tap("call_me").say("补贴没到")
    return me.tap("chat", "read", "browse")


def letters(runner: Runner) -> list[Outbox]:
    with runner.desk.store.reading() as session:
        wanted = select(Outbox).where(col(Outbox.kind).in_(LETTERS)).order_by(col(Outbox.id))
        return list(session.exec(wanted).all())


def press(me: Visitor, letter: Outbox) -> Visitor:
    with me.runner.desk.store.reading() as session:
        begun = opened(session, letter.id, letter.contact_id or 0)
    assert begun is not None
    return me.do(begun)


def lines(runner: Runner) -> list[tuple[str, bool]]:
    """What was said on tickets, and whether staff said it."""
    with runner.desk.store.reading() as session:
        said = session.exec(select(TicketLine).order_by(col(TicketLine.id))).all()
        return [(line.words, line.staff_id is not None) for line in said]


def let_pass(runner: Runner) -> None:
    """Let so much time go by that the talk is over by itself."""

    def shift(session: Session) -> None:
        ticket = newest(session)
        assert ticket.relay_until is not None
        ticket.relay_until -= handling.IDLE + timedelta(minutes=1)

    runner.desk.do_now(shift)


@on_both
def test_staff_and_a_person_talk_until_the_person_says_stop(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    me = asks(visit)
    before = me.asking
    clerk.talk()
    clerk.talk()  # pressed twice
    [letter] = letters(runner)
    assert (letter.kind, letter.payload["who"]) == ("talk_opened", "王芳")
    assert me.look().screen.question == before.split(".")[1], "it never takes the screen"
    press(me, letter)
    assert me.asking == "relay.words"
    assert me.screen.text == "工作人员王芳在和您说话。写下来，他马上能看到。"
    assert me.lines["他在哪里上班"] == "训桥示例服务台"
    assert me.lines["他的号码"] == str(clerk.member)
    me.say("您好，钱还没到")
    assert (me.asking, me.heard.said) == ("relay.words", ("工作人员收到了。",))
    clerk.answer("明天一定到")
    [_, said] = letters(runner)
    assert said.kind == "talk_said"
    me.look()
    assert me.lines["工作人员说"] == "明天一定到"
    me.say("找人帮忙")
    assert "要做这件事" in me.screen.text, "a word that works everywhere is asked back"
    me.tap("@answer")
    me.send("voice", b"OggS")
    me.stop()
    assert me.asking == before
    assert [words for words, _ in lines(runner)] == [
        "您好，钱还没到",
        "明天一定到",
        "找人帮忙",
        "file:key-of-file",
    ]
    assert [is_staff for _, is_staff in lines(runner)] == [False, True, False, False]
    with runner.desk.store.reading() as session:
        ticket = newest(session)
        assert (ticket.relay_until, ticket.state) == (None, TicketState.TAKEN)
        assert "ticket_talk" in [each.action for each in session.exec(select(Audit)).all()]
    press(me, said)
    assert me.asking == "ticket.do", "the button of an old letter leads to the ticket"


@pytest.mark.parametrize("word", ["停下来", "说完了", "再见"])
def test_it_ends_by_word_at_once(visit: Visit, runner: Runner, clerk: TicketSide, word: str) -> None:
    me = asks(visit)
    clerk.talk()
    press(me, letters(runner)[0]).say(word)
    assert me.asking == "browse.situation"
    assert lines(runner) == []


def test_when_staff_end_it_the_person_is_where_they_were(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    me = asks(visit)
    clerk.talk()
    press(me, letters(runner)[0]).say("您好")
    old = me.screen.prompt
    clerk.stop_talking()
    clerk.stop_talking()
    assert [each.kind for each in letters(runner)] == ["talk_opened", "talk_ended"]
    assert me.look().screen.flow == "browse"
    # What was being written just then is not lost.
    me.do(Said("还有一句", old))
    assert me.asking == "ticket_more_kept.told"
    assert lines(runner) == [("您好", False), ("还有一句", False)]
    me.tap("read")
    assert me.asking == "browse.situation"
    press(me, letters(runner)[-1])
    assert me.asking == "browse.situation", "the button of the last letter goes on with what was asked"


def test_who_has_left_the_talk_is_not_told_that_it_is_over(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    asks(visit)
    clerk.talk()
    clerk.stop_talking()
    assert [each.kind for each in letters(runner)] == ["talk_opened"]


def test_it_ends_by_itself_and_nothing_said_is_lost(visit: Visit, runner: Runner, clerk: TicketSide) -> None:
    me = asks(visit)
    clerk.talk()
    press(me, letters(runner)[0]).say("您好")
    let_pass(runner)
    assert me.look().screen.flow == "browse"
    me.tap(me.screen.options[0].value)
    assert me.asking.startswith("browse"), "an answer to the question that is shown counts at once"
    clerk.answer("我回来了")
    assert letters(runner)[-1].kind == "ticket_answered", "from now on it is a letter like any other"
    clerk.talk()
    press(me, letters(runner)[-1])
    prompt = me.screen.prompt
    let_pass(runner)
    me.do(Said("停下来", prompt))
    assert me.asking == "home.do"
    assert lines(runner) == [("您好", False), ("我回来了", True)]


def test_each_line_keeps_it_open(visit: Visit, runner: Runner, clerk: TicketSide) -> None:
    me = asks(visit)
    clerk.talk()
    press(me, letters(runner)[0])

    def until() -> timedelta:
        with runner.desk.store.reading() as session:
            at = session.exec(select(Ticket.relay_until)).one()
            assert at is not None
            return at - clerk.now

    clerk.now += timedelta(minutes=20)
    clerk.answer("在吗")
    assert until() == handling.IDLE
    clerk.close("solved", "办好了")
    assert me.look().screen.flow == "browse"


def test_at_night_an_answer_comes_at_once_to_who_waits_for_it_and_to_nobody_else(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    asks(visit)
    clerk.now = clerk.now.replace(hour=22)
    clerk.talk()
    runner.desk.do_now(lambda session: handling.say_more(session, newest(session), "在吗", clerk.now))
    clerk.answer("在的")
    postman = Postman(runner.desk, runner.book, runner.settings.zone, "worker", {})

    def sent(minutes: int) -> list[str]:
        clerk.now += timedelta(minutes=minutes)
        asyncio.run(postman.deliver(clerk.now))
        return [each.kind for each in letters(runner) if each.sent_at is not None]

    assert sent(minutes=5) == ["talk_said"], "that somebody wants to talk can wait for the morning"
    clerk.now += timedelta(minutes=15)
    clerk.answer("还在吗")
    assert sent(minutes=0) == ["talk_said"], "they went to sleep"


@pytest.mark.parametrize("how", ["danger", "anonymous"])
def test_nobody_is_talked_to_where_others_may_read_it(
    visit: Visit, runner: Runner, clerk: TicketSide, how: str
) -> None:
    me = visit().tap("plain", "self").say("投诉")
    if how == "danger":
        me.say("他打我")
    else:
        me.say("老师没来").tap("no")
    clerk.talk()
    assert letters(runner) == []
    with runner.desk.store.reading() as session:
        assert newest(session).relay_until is None


def test_on_others_servers_the_words_are_on_our_page_only(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    me = asks(visit, "telegram")
    clerk.talk()
    clerk.answer("您的轮椅到了")
    opens, said = letters(runner)
    voice = runner.book.voice("plain")
    there = write(LETTERS["talk_said"], letter_without_family_names(said.payload), voice)
    assert there == "工作人员王芳跟您说话了。"
    assert write(LETTERS["talk_said"], said.payload, voice) == "工作人员王芳说：您的轮椅到了"
    press(me, opens)
    while me.asking.startswith("abroad"):
        me.tap("no")
    assert me.screen.form == "private"
    assert "轮椅" not in str(me.screen)
