"""Staff in a chat: who is let in, what they see, decide and are told; and who is not."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from bot.alerting import KIND
from bot.letters.opening import opened
from bot.letters.table import LETTERS
from bot.runner import Runner
from dialogs.talk import About, Begin, Tapped
from storage.applications.enrolment import needs_of
from storage.catalogue.tables import Intake
from storage.staff import chats as staff_chats
from storage.staff import staff
from storage.tables import Application, Audit, Outbox, Staff, StaffRole
from storage.tickets.handling import take
from storage.tickets.tables import Ticket
from storage.tickets.tickets import make_ticket
from tests.databases import on_both
from tests.staff_side import newest
from tests.storage.filed import file_many
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]
HERE, ELSEWHERE = "P025", "P012"
"""A course ordered by an office of 郑州市, and one that is not."""


@pytest.fixture
def member(runner: Runner, visit: Visit) -> Callable[..., Visitor]:
    """Let somebody of staff talk in a chat that is linked."""

    def come(
        name: str = "王芳", role: StaffRole = StaffRole.CLERK, region: str = "郑州市", **where: str
    ) -> Visitor:
        now = runner.clock.now()

        def hire(session: Session) -> str:
            projects = [HERE] if role is StaffRole.TEACHER else []
            added = staff.add_staff(session, name, role, now, region=region, projects=projects, actor="test")
            return staff_chats.make_chat_word(session, added, now)

        word = runner.desk.do_now(hire)
        chat = visit(where.get("key", name), where.get("channel", "web")).tap("plain").do(Begin("staff_join"))
        return chat.say(word.upper()).tap("read")

    return come


def applies(visit: Visit, key: str = "me", project: str = HERE) -> Visitor:
    me = visit(key).tap("plain", "self").begin("card", (("project", project),))
    return me.tap(me.screen.options[0].value).answer(**APPLICATION).tap("send", "read")


def filed(runner: Runner, project: str = HERE) -> int:
    """Give an application that somebody filed before."""
    card = runner.shelf.current.project(project)
    assert card is not None
    return file_many(runner.desk.store, card.first.id, 1, ("dibao",))[0]


def newest_one(runner: Runner) -> int:
    return runner.desk.read(lambda session: newest(session).id)


def state(runner: Runner, number: int) -> str:
    return runner.desk.read(lambda session: session.get_one(Application, number).state.value)


def about(number: int) -> About:
    return (("application", number),)


def audited(runner: Runner, action: str) -> list[tuple[str, str]]:
    wanted = select(Audit).where(Audit.action == action).order_by(col(Audit.id))
    return runner.desk.read(lambda session: [(each.actor, each.detail) for each in session.exec(wanted)])


@on_both
def test_a_clerk_goes_through_today_promises_a_need_and_accepts(
    runner: Runner, visit: Visit, member: Callable[..., Visitor]
) -> None:
    applies(visit)
    number = newest_one(runner)
    wang = member()
    assert (wang.asking, wang.lines["新报名"]) == ("staff.do", "1 份")
    wang.tap("list")
    assert wang.screen.options[0].note.startswith("李小梅，")
    assert "低保" in wang.screen.options[0].note
    wang.tap(str(number))
    assert wang.asking == "staff_application.do"
    assert (wang.lines["谁"], wang.lines["等了"]) == ("李小梅", "0 天")
    assert "合不合适" in wang.lines
    wang.tap("needs")
    first = wang.screen.options[0]
    wang.tap(first.value, "can").say("每次课都有")
    assert wang.screen.options[0].note == "可以提供"
    wang.tap("none", "accept")
    assert wang.screen.text == "好了，同意了。已经告诉本人。"
    assert state(runner, number) == "accepted"
    wang.tap("read")
    assert wang.screen.text == "没有在等的报名了。"
    need = runner.desk.read(lambda session: needs_of(session, number)[0])
    assert (need.answer.value, need.answer_note) == ("can", "每次课都有")
    assert audited(runner, "accepted") == [("staff:1", "")]


def test_she_declines_with_a_reason_asks_and_puts_on_the_list(
    runner: Runner, visit: Visit, member: Callable[..., Visitor]
) -> None:
    me = applies(visit)
    number = newest_one(runner)
    wang = member().tap("list", str(number), "ask").say("您能自己坐车来吗？")
    assert state(runner, number) == "question"
    me.say("我的报名")
    me.tap(me.screen.options[0].value, "answer").say("能").tap("read")
    wang.tap("read", str(number), "wait", "read")
    assert state(runner, number) == "waitlisted"
    wang.do(Begin("staff_look", about(number))).tap("decline")
    wang.say("自己写原因")
    wang.say("要先看您的证")
    assert wang.screen.text == "记下了，没有同意。原因告诉本人了。"
    me.say("我的报名")
    me.tap(me.screen.options[0].value)
    assert me.lines["原因"] == "要先看您的证"


@on_both
def test_of_two_clerks_the_second_is_told_and_nothing_is_overwritten(
    runner: Runner, member: Callable[..., Visitor]
) -> None:
    number = filed(runner)
    one, two = member("王芳"), member("陈静")
    for each in (one, two):
        each.tap("list", str(number))
    one.tap("decline", "full", "read")
    two.tap("accept")
    assert two.asking == "staff_meanwhile.told"
    assert two.lines["王芳"] == "没有录取"
    assert state(runner, number) == "declined"
    two.tap("read")
    assert two.lines["现在"] == "没有同意"
    two.tap("accept")
    assert state(runner, number) == "accepted", "who has seen it may decide anew"


def test_what_was_begun_and_left_decides_nothing_later(
    runner: Runner, member: Callable[..., Visitor]
) -> None:
    number = filed(runner)
    wang = member()
    wang.do(Begin("staff_look", about(number), {"do": "accept"}))
    assert wang.asking == "staff_application.sure"
    wang.do(Begin("staff")).tap("list", str(number))
    assert wang.asking == "staff_application.do"
    wang.tap("decline", "full")
    assert state(runner, number) == "declined"
    wang.tap("read").do(Begin("staff_look", about(number))).tap("decline")
    assert wang.asking == "staff_application.reason"


def test_no_seat_is_said_and_she_looks_again(runner: Runner, member: Callable[..., Visitor]) -> None:
    number = filed(runner)
    runner.desk.do_now(lambda s: fill(s, number))
    wang = member().tap("list", str(number), "accept")
    assert wang.screen.text == "没有位子了。可以让他先排队。"
    wang.tap("read")
    assert (wang.asking, wang.lines["空的位子"]) == ("staff_application.do", "0 个")


def fill(session: Session, number: int) -> None:
    """Leave no seat in the class of an application."""
    session.get_one(Intake, session.get_one(Application, number).intake_id).capacity = 0


@pytest.mark.parametrize("role", [None, *StaffRole])
def test_what_each_role_reaches_in_a_chat(
    runner: Runner, visit: Visit, member: Callable[..., Visitor], role: StaffRole | None
) -> None:
    here, away = filed(runner), filed(runner, ELSEWHERE)
    region = "" if role in (StaffRole.ADMIN, StaffRole.TEACHER) else "郑州市"
    chat = visit("stranger").tap("plain", "self") if role is None else member("周敏", role, region)
    decides = role in (StaffRole.ADMIN, StaffRole.CLERK)
    for flow in [each.name for each in runner.book.flows if each.role == "staff" and role is None]:
        chat.do(Begin(flow, about(here)))
        assert chat.asking == "home.do", flow
        assert "这里现在打不开。您可以从菜单开始。" in chat.heard.said
    for number, is_theirs in ((here, decides), (away, role is StaffRole.ADMIN)):
        chat.do(Begin("staff_look", about(number)))
        assert (chat.asking == "staff_application.do") == is_theirs
        # A flow begun past the one that opens it decides nothing that was not looked at.
        chat.do(Begin("staff_application", about(number), {"quick": "no", "do": "accept", "seen": 10**9}))
        assert (state(runner, number) == "accepted") == is_theirs
        chat.do(Begin("staff"))
    for word in ("今天", "控制台", "工单", "不用提醒我"):
        chat.stop().say(word)
        assert chat.screen.flow.startswith("staff") == (role is not None), word
    refused = audited(runner, "refused")
    assert bool(refused) == (role is not StaffRole.ADMIN)


def test_who_is_let_go_is_out_of_the_middle_of_it(runner: Runner, member: Callable[..., Visitor]) -> None:
    number = filed(runner)
    wang = member().tap("list", str(number))
    prompt = wang.screen.prompt
    now = runner.clock.now()
    runner.desk.do_now(lambda s: staff.revoke_staff(s, s.get_one(Staff, 1), now, actor="test"))
    assert not wang.look().screen.flow.startswith("staff")
    wang.do(Tapped(prompt, "accept"))
    assert "这里现在打不开。您可以从菜单开始。" in wang.heard.said
    assert (wang.screen.flow, state(runner, number)) == ("who", "submitted")
    assert audited(runner, "refused") == [(f"contact:{wang.heard.contact_id}", "staff_application")]
    wang.say("今天")
    assert wang.screen.flow == "who"


def test_a_word_links_one_chat_once_and_a_wrong_one_none(
    runner: Runner, visit: Visit, member: Callable[..., Visitor]
) -> None:
    first = member()
    now = runner.clock.now()
    word = runner.desk.do_now(lambda s: staff_chats.make_chat_word(s, s.get_one(Staff, 1), now))
    second = visit("second").tap("plain").do(Begin("staff_join")).say("aaaa-bbbb-cccc")
    assert second.asking == "staff_not_joined.told"
    second.tap("read").do(Begin("staff_join")).say(word)
    assert second.asking == "staff_joined.told"
    third = visit("third").tap("plain").do(Begin("staff_join")).say(word)
    assert third.asking == "staff_not_joined.told"
    first.stop().say("今天")
    assert first.screen.flow == "home", "the chat that was linked before is none of a member's now"


def test_the_console_opens_by_a_link_from_the_chat(runner: Runner, member: Callable[..., Visitor]) -> None:
    wang = member().say("控制台")
    link = wang.lines["地址"]
    secret = link.removeprefix("/console/enter/")
    owner = runner.desk.read(lambda s: staff.link_owner(s, secret, runner.clock.now()))
    assert owner is not None
    assert owner.name == "王芳"
    assert wang.screen.link == link


def test_a_ticket_of_hers_is_answered_and_not_over_what_was_said_meanwhile(
    runner: Runner, visit: Visit, member: Callable[..., Visitor]
) -> None:
    me = visit("me").tap("plain", "self")
    wang, now = member(), runner.clock.now()

    def give(session: Session) -> int:
        ticket = make_ticket(session, "help", "门口有台阶", now, contact_id=me.heard.contact_id)
        take(session, ticket, session.get_one(Staff, 1))
        return ticket.id

    number = runner.desk.do_now(give)
    wang.say("工单").tap(str(number))
    assert wang.lines["他说"] == "门口有台阶"
    me.do(Begin("ticket", (("ticket", number),))).tap("more").say("还有一件")
    wang.say("明天修好")
    assert wang.screen.text == "他又说了一句。您写的没有发，再看一次。"
    wang.tap("read").say("明天修好")
    assert wang.screen.text == "回好了，已经告诉他。"
    assert runner.desk.read(lambda s: s.get_one(Ticket, number).answer) == "明天修好"


def alerts(runner: Runner) -> list[Outbox]:
    wanted = select(Outbox).where(Outbox.kind == KIND).order_by(col(Outbox.id))
    return list(runner.desk.read(lambda session: session.exec(wanted).all()))


@on_both
def test_what_comes_in_is_gathered_for_whom_it_is(
    runner: Runner, visit: Visit, member: Callable[..., Visitor]
) -> None:
    wang = member()
    member("陈静", region="成都市")
    quiet = member("周敏").say("不用提醒我")
    assert quiet.asking == "staff_alerts_kept.told"
    for number in range(2):
        applies(visit, f"me-{number}")
    (told,) = alerts(runner)
    assert (told.contact_id, told.payload["count"]) == (wang.heard.contact_id, 2)
    letter = LETTERS[KIND]
    ways = range(len(letter.more) + 2)
    begun = runner.desk.read(lambda s: [opened(s, told.id, told.contact_id or 0, way) for way in ways])
    assert [each and each.given.get("do", "") for each in begun] == ["", "accept", "wait", "ask", None]
    assert begun[1] is not None
    wang.do(begun[1])
    assert wang.asking == "staff_application.sure"
    wang.tap("yes")
    first = told.payload["first"]
    assert state(runner, first) == "accepted"
    wang.tap("read").stop().say("不用提醒我")
    applies(visit, "late")
    assert len(alerts(runner)) == 1
    assert runner.desk.read(lambda s: letter.useless(s, told.payload)) == "不用提醒了"
