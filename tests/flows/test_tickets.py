"""What staff answer reaches who asked: read by nobody else, answered back, rated; without a name by digits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.letters.opening import opened
from bot.runner import Runner
from storage import people
from storage.staff import staff
from storage.tables import Outbox, Person, StaffRole, TicketState
from storage.tickets.tables import Ticket, TicketLine
from tests.databases import on_both
from tests.ticket_side import TicketSide, newest
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def clerk(runner: Runner) -> TicketSide:
    return TicketSide(runner)


def asks(visit: Visit) -> Visitor:
    """Somebody who asked for a person."""
    return visit().tap("plain", "self").say("人工").tap("call_me").say("补贴没到").tap("chat", "read")


def letters(runner: Runner) -> list[Outbox]:
    with runner.desk.store.reading() as session:
        return list(session.exec(select(Outbox).where(Outbox.kind == "ticket_answered")).all())


def press(me: Visitor, letter: Outbox) -> Visitor:
    """Press the button of a letter."""
    with me.runner.desk.store.reading() as session:
        begun = opened(session, letter.id, letter.contact_id or 0)
    assert begun is not None
    return me.do(begun)


@on_both
def test_the_answer_reaches_who_asked_and_they_say_more(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    me = asks(visit)
    clerk.answer("明天到账")
    [letter] = letters(runner)
    assert set(letter.payload) == {"ticket", "closed", "person"}
    press(me, letter)
    assert me.asking == "ticket.do"
    assert me.screen.private
    assert me.lines == {
        "号码": "T2026-0001",
        "您说的": "补贴没到",
        "工作人员说": "明天到账",
        "谁回您的": "王芳",
        "现在": "工作人员回您了",
    }
    me.tap("more").say("还是没到")
    assert me.asking == "ticket_more_kept.told"
    me.tap("read")
    assert me.asking == "home.do"
    with runner.desk.store.reading() as session:
        ticket = newest(session)
        assert (ticket.state, ticket.staff_id) == (TicketState.TAKEN, clerk.member)
        said = session.exec(select(TicketLine).order_by(TicketLine.id)).all()  # type: ignore[arg-type]
        assert [(line.words, line.staff_id) for line in said] == [
            ("明天到账", clerk.member),
            ("还是没到", None),
        ]


def test_a_closed_ticket_is_rated_once(visit: Visit, runner: Runner, clerk: TicketSide) -> None:
    me = asks(visit)
    clerk.close("solved", "钱到了")
    [letter] = letters(runner)
    press(me, letter)
    assert me.screen.text == "这件事办完了。办得好不好？"
    assert me.lines["现在"] == "办好了"
    me.tap("bad", "read")
    press(me, letter)
    assert "bad" not in {option.value for option in me.screen.options}
    me.tap("none")
    assert me.asking == "home.do"
    with runner.desk.store.reading() as session:
        assert newest(session).rating == "bad"


def test_who_reads_it_from_the_list_of_what_they_said_comes_back_to_it(visit: Visit, runner: Runner) -> None:
    me = asks(visit)
    me.say("人工").tap("told")
    assert me.asking == "tickets.which"
    me.tap("1").tap("none")
    assert me.asking == "tickets.which"
    with runner.desk.store.reading() as session:
        assert len(session.exec(select(Ticket)).all()) == 1, "looking makes no ticket"


def test_nobody_else_reads_it(visit: Visit, clerk: TicketSide) -> None:
    asks(visit)
    clerk.answer("明天到账")
    stranger = visit("another-phone").tap("plain", "self").begin("ticket", (("ticket", 1),))
    assert stranger.asking == "ticket.gone"
    stranger.tap("read").say("人工").tap("told")
    assert [option.value for option in stranger.screen.options] == ["digits"]
    for about in ("1 OR 1=1", "", "-1", "T2026-0001"):
        stranger.begin("ticket", (("ticket", about), ("pass", "")))
        assert stranger.asking == "ticket.gone"
        stranger.tap("read")


def test_who_may_no_longer_speak_for_somebody_is_told_nothing_more(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    me = (
        visit()
        .tap("plain", "family")
        .say("小明")
        .say("人工")
        .tap("call_me")
        .say("他不舒服")
        .tap("chat", "read")
    )

    def end(session: Session) -> None:
        [(_, relation)] = people.people_of(session, newest(session).contact_id or 0, runner.clock.now())
        people.revoke(session, relation, runner.clock.now())

    runner.desk.do_now(end)
    clerk.answer("我们来看他")
    assert letters(runner) == []
    me.begin("ticket", (("ticket", 1),))
    assert me.asking == "ticket.gone"


def complains(me: Visitor, words: str = "老师没来") -> Visitor:
    return me.say("投诉").say(words)


@on_both
def test_without_a_name_the_answer_is_read_with_digits_on_any_phone(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    me = complains(visit().tap("plain", "self")).tap("no")
    assert me.asking == "complaint_kept.told"
    number, digits = me.lines["这件事的号码"], me.lines["您自己的号码"]
    assert len(digits.replace(" ", "")) == 8
    me.tap("read")
    kept = me.look()
    assert digits not in str(kept)
    clerk.answer("老师病了，换了人")
    assert letters(runner) == [], "nobody is known to write to"
    other = visit("a-friends-phone").tap("plain", "self").say("人工").tap("told", "digits")
    other.say(number.removeprefix("T")).say(digits.replace(" ", ""))
    assert other.asking == "ticket.do"
    assert other.lines["工作人员说"] == "老师病了，换了人"
    other.tap("more").say("换的人很好")
    with runner.desk.store.reading() as session:
        ticket = newest(session)
        assert (ticket.contact_id, ticket.person_id) == (None, None)
        line = session.exec(select(TicketLine).where(TicketLine.words.is_not(None))).all()[-1]  # type: ignore[attr-defined]
        assert line.at.astimezone(runner.settings.zone).hour == 0, "only the day is kept"
    other.tap("read").begin("ticket", (("ticket", ticket.id),))
    assert other.asking == "ticket.gone", "without the digits it does not open again"


def test_its_numbers_are_understood_where_what_was_said_is_listed(visit: Visit, clerk: TicketSide) -> None:
    me = complains(visit().tap("plain", "self")).tap("no")
    number, digits = me.lines["这件事的号码"], me.lines["您自己的号码"]
    me.tap("read")
    clerk.answer("老师病了，换了人")
    other = visit("a-friends-phone").tap("plain", "self").say("人工").tap("told")
    other.say(number)
    assert other.asking == "read_answer.digits"
    assert other.say(digits).lines["工作人员说"] == "老师病了，换了人"
    other.stop().say("人工").tap("told")
    assert other.say(f"{number} {digits}").lines["工作人员说"] == "老师病了，换了人"
    other.stop().say("人工").tap("told").say(digits)
    assert other.asking == "read_answer.number"
    other.stop().say("人工").tap("told").say(f"{number} 00000000")
    assert other.screen.text == "没对上。再写一次这件事的号码，好吗？", "a guess is counted here as well"


def test_who_guesses_is_led_to_a_person(visit: Visit) -> None:
    complains(visit().tap("plain", "self")).tap("no", "read")
    me = visit("another-phone").tap("plain", "self").begin("read_answer")
    told = set()
    for _ in range(5):
        told.add(me.screen.text)
        me.say("T2026-0001").say("00000000")
    assert told == {"这件事的号码是多少？", "没对上。再写一次这件事的号码，好吗？"}
    assert me.asking == "read_no_more.told"
    me.tap("read")
    assert me.asking == "help.how"


def test_about_who_helps_on_this_phone_nothing_is_shown_or_sent_here(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    me = complains(visit().tap("plain", "family").say("小明"), "他拿了我的钱").tap("yes")
    assert me.asking == "complain.about_helper"
    me.tap("yes")
    assert me.asking == "complaint_kept.told"
    number, digits = me.lines["这件事的号码"], me.lines["您自己的号码"]
    me.tap("read")
    clerk.answer("我们来谈")
    assert letters(runner) == []
    me.say("人工").tap("told")
    assert [option.value for option in me.screen.options] == ["digits"]
    me.tap("digits").say(number).say(digits)
    assert me.lines["工作人员说"] == "我们来谈"
    with runner.desk.store.reading() as session:
        assert newest(session).contact_id is not None, "staff know whom to look after"


def test_on_ones_own_phone_nobody_asks_about_helpers(visit: Visit) -> None:
    me = complains(visit().tap("plain", "self")).tap("yes")
    assert me.asking == "ticket_made.told"


def test_danger_goes_to_a_named_admin_and_shows_nowhere_on_the_phone(visit: Visit, runner: Runner) -> None:
    now = runner.clock.now()
    admin = runner.desk.do_now(
        lambda session: staff.add_staff(session, "陈静", StaffRole.ADMIN, now, actor="test").id
    )
    me = complains(visit().tap("plain", "self"), "他打我").stop()
    with runner.desk.store.reading() as session:
        ticket = newest(session)
        assert (ticket.kind, ticket.staff_id) == ("safeguard", admin)
    TicketSide(runner).answer("去看过了")
    assert letters(runner) == []
    me.begin("ticket", (("ticket", ticket.id),))
    assert me.asking == "ticket.gone"
    me.tap("read").say("人工").tap("told")
    assert [option.value for option in me.screen.options] == ["digits"]


def test_a_ticket_emptied_by_an_erasure_cannot_be_read(
    visit: Visit, runner: Runner, clerk: TicketSide
) -> None:
    me = asks(visit)
    clerk.answer("明天到账")
    [letter] = letters(runner)
    me.begin("mydata").tap("erase", "yes", "read")
    with runner.desk.store.reading() as session:
        person = session.exec(select(Person)).one()
        assert people.people_of(session, letter.contact_id or 0, runner.clock.now() + timedelta(1)) == []
        assert person.erased_at is not None
        assert opened(session, letter.id, letter.contact_id or 0) is None
    me.begin("ticket", (("ticket", 1),))
    assert me.asking == "ticket.gone"
