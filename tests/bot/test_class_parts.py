"""Blocks of a hybrid class, its exam and the certificate after it are reminded of; staff of what they owe."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import select

from bot import alarm
from bot.applications.deciding import answer_needs
from bot.classes import moving
from bot.reaching import calls_due
from storage import people
from storage.applications import enrolment
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.catalogue.tables import CourseSession, Intake, Project
from storage.classes import certificates, results
from storage.classes import reminders as class_reminders
from storage.classes.reminders import keep_wish
from storage.staff import chats as staff_chats
from storage.tables import (
    Channel,
    Coming,
    NeedAnswer,
    Reminder,
    ReminderState,
    ReminderWish,
    Staff,
    StaffRole,
    TicketState,
)
from storage.tickets import handling, tickets
from storage.tickets.tables import Ticket
from tests.bot.conftest import NOW, Phone
from tests.bot.courses import make_course
from tests.bot.decided import Clerk, accept, applicant, calls, filed_by, letters, told, useless
from tests.databases import on_both
from tests.storage.filed import clerk

MODES = {7: "online", 8: "online", 14: "offline", 15: "offline", 21: "online", 22: "online"}
"""Day of December -> how the class is held."""


@pytest.fixture
def intake(store: Store) -> int:
    """A class with a certificate, online, then in a classroom, then online again."""
    number = make_course(store, starts=date(2026, 12, 7), ends=date(2026, 12, 22))
    with store.writing() as session:
        session.get_one(Project, "P001").certificate_type = "skill_level"
        run = session.get_one(Intake, number)
        run.mode, run.class_start_time = "hybrid", time(9)
        for each, (day, mode) in enumerate(MODES.items(), 1):
            session.add(
                CourseSession(
                    intake_id=number,
                    session_no=each,
                    day=date(2026, 12, day),
                    start_time=time(9),
                    end_time=time(11),
                    hours=2,
                    mode=mode,
                    venue="示例路2号" if mode == "offline" else "",
                )
            )
    return number


@pytest.fixture
def wang(store: Store) -> Clerk:
    return Clerk(store)


@pytest.fixture
def me(store: Store, intake: int, wang: Clerk) -> Phone:
    """Somebody with a seat."""
    me = applicant(store, intake)
    accept(wang, filed_by(me).id)
    return me


def at(day: int, hour: int = 10, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=NOW.tzinfo)


def rows(phone: Phone) -> Sequence[Reminder]:
    with phone.store.reading() as session:
        return class_reminders.reminders_of(session, filed_by(phone).id)


def planned(phone: Phone) -> dict[str, datetime]:
    return {
        row.key.replace(f":{filed_by(phone).id}:", " "): row.due_at.astimezone(NOW.tzinfo)
        for row in rows(phone)
        if row.state is ReminderState.DUE
    }


def ring(store: Store, now: datetime) -> None:
    with store.writing() as session:
        alarm.ring(session, now)


def wish(phone: Phone, *days: int, channel: Channel | None = None) -> None:
    with phone.store.writing() as session:
        person = filed_by(phone).person_id
        keep_wish(session, ReminderWish(person_id=person, days=list(days), channel=channel), NOW)


def need(phone: Phone, wang: Clerk, code: str, answer: NeedAnswer) -> None:
    """Ask for a support, and let the clerk answer it."""

    def ask(phone: Phone) -> int:
        with phone.store.writing() as session:
            filed = filed_by(phone)
            enrolment.set_needs(session, session.merge(filed), {code: ""})
            return enrolment.needs_of(session, filed.id)[-1].id

    number = ask(phone)
    wang.do(lambda s, m: answer_needs(s, filed_by(phone).id, m, {number: (answer, "")}, seen=None, now=NOW))


@on_both
def test_each_block_is_told_on_its_eve_with_where_it_is(store: Store, me: Phone) -> None:
    assert planned(me) == {
        "class 7": at(30, month=11),
        "class 1": at(6),
        "block 1": at(13),
        "block 2": at(20),
    }
    for day in (6, 13):
        ring(store, at(day))
    me.finish("class_answer", {"application": filed_by(me).id}, come="yes")
    ring(store, at(20))
    letters_ = letters(store, "block_reminder")
    assert [(each.payload["starts"], each.payload["mode"]) for each in letters_] == [
        ("2026-12-14", "offline"),
        ("2026-12-21", "online"),
    ]
    assert filed_by(me).coming is None, "what was said was said of the block before"
    assert planned(me) == {}


def test_a_block_that_moves_is_told_anew_and_one_that_is_gone_is_not(
    store: Store, me: Phone, wang: Clerk
) -> None:
    ring(store, at(13))
    (old,) = letters(store, "block_reminder")
    with store.reading() as session:
        meetings = {each.day.day: each.id or 0 for each in session.exec(select(CourseSession)).all()}

    def move(number: int, /, **values: object) -> None:
        wang.do(lambda s, m: moving.move_meeting(s, meetings[number], m, values, note="", now=at(13, 12)))

    for day in (14, 15):
        move(day, day=date(2026, 12, day + 2))
    assert useless(store, old.id) == "课又改了时间，另有一条消息"
    assert planned(me)["block 1"] == at(15)
    for day in (21, 22):
        move(day, cancelled=True)
    assert planned(me) == {"block 1": at(15)}
    ring(store, at(15))
    assert [each.payload["starts"] for each in letters(store, "block_reminder")] == [
        "2026-12-14",
        "2026-12-16",
    ]


def test_a_class_is_reminded_of_four_times_at_most_and_what_is_new_stays(
    store: Store, me: Phone, wang: Clerk
) -> None:
    need(me, wang, "exam_extra_time", NeedAnswer.CAN)
    wish(me, 7, 3, 1, 0)
    assert set(planned(me)) == {"class 1", "exam 0", "block 1", "block 2"}
    reasons = {row.key.split(":")[-1]: row.reason for row in rows(me) if row.kind == "class" and row.reason}
    assert reasons == {"7": "一门课最多提醒四次"}
    ring(store, at(6))
    wish(me, 7, 3, 1, 0)
    assert set(planned(me)) == {"exam 0", "block 1", "block 2"}, "what was told counts"
    wish(me)
    assert planned(me) == {}


def test_an_exam_is_reminded_of_where_support_in_it_was_not_declined(
    store: Store, me: Phone, wang: Clerk
) -> None:
    wish(me, 1)
    assert "exam 0" not in planned(me)
    need(me, wang, "exam_format", NeedAnswer.CAN)
    assert planned(me)["exam 0"] == at(21)
    need(me, wang, "exam_format", NeedAnswer.CANNOT)
    assert "exam 0" not in planned(me)
    need(me, wang, "exam_format", NeedAnswer.DISCUSS)
    ring(store, at(21))
    (letter,) = letters(store, "exam_reminder")
    assert letter.payload["starts"] == "2026-12-22"
    me.finish("class_answer", {"application": filed_by(me).id}, come="no")
    assert (filed_by(me).coming, ("coming", False) in calls(store)) == (Coming.NO, True)


def test_who_wants_one_channel_hears_on_it_alone(store: Store, me: Phone) -> None:
    with store.writing() as session:
        page = people.add_account(session, me.contact_id, "web", "page", NOW).id
    ring(store, at(30, month=11))
    wish(me, 1, channel=Channel.WEB)
    ring(store, at(6))
    assert [each.account_id for each in letters(store, "class_reminder")] == [None, page]


def passes(wang: Clerk, phone: Phone, number: str, now: datetime) -> None:
    wang.do(
        lambda s, m: results.write_result(
            s, s.merge(filed_by(phone)), passed=True, certificate=number, member=m, now=now
        )
    )


def test_a_certificate_is_told_of_the_next_morning_and_once_more(
    store: Store, me: Phone, wang: Clerk
) -> None:
    passes(wang, me, "", at(23))
    ring(store, at(24))
    passes(wang, me, "ZS-0001", at(25, 16))
    passes(wang, me, "ZS-0002", at(25, 17))
    ring(store, at(25, 20))
    assert told(store, "certificate") == []
    for day in (26, 27):
        ring(store, at(day))
    assert told(store, "certificate") == [("certificate", me.contact_id)]
    ring(store, at(26) + timedelta(days=14))
    ring(store, at(26) + timedelta(days=40))
    assert len(told(store, "certificate")) == 2


def test_who_does_not_pass_is_told_the_next_morning_and_once(store: Store, me: Phone, wang: Clerk) -> None:
    def write(passed: bool, now: datetime) -> None:
        wang.do(
            lambda s, m: results.write_result(
                s, s.merge(filed_by(me)), passed=passed, certificate="", member=m, now=now
            )
        )

    wang.do(lambda s, _: setattr(s.get_one(Intake, filed_by(me).intake_id), "status", "finished"))
    write(False, at(23))
    write(True, at(23, 16))
    ring(store, at(24))
    assert told(store, "not_passed") == [], "a slip of the pen"
    write(False, at(24, 16))
    for day in (25, 26):
        ring(store, at(day))
    assert told(store, "not_passed") == [("not_passed", me.contact_id)]
    assert useless(store, letters(store, "not_passed")[0].id) == ""
    write(True, at(26, 12))
    assert useless(store, letters(store, "not_passed")[0].id) == "后来通过了"


def test_who_has_it_is_told_no_more_and_who_cannot_come_is_phoned(
    store: Store, me: Phone, wang: Clerk
) -> None:
    passes(wang, me, "ZS-0001", at(23))
    ring(store, at(24))
    about = {"application": filed_by(me).id}
    me.finish("certificate_answer", about, got="no")
    assert calls(store)[-1] == ("certificate", False)
    assert wang.do(lambda s, _: [each.why for each in calls_due(s, None, at(30))]) == ["certificate"]
    me.finish("certificate_answer", about, got="got")
    assert calls(store)[-1] == ("certificate", True)
    ring(store, at(24) + timedelta(days=14))
    assert len(told(store, "certificate")) == 1
    assert useless(store, letters(store, "certificate")[0].id) == "本人说拿到了"
    with store.reading() as session:
        row = certificates.reminder_of(session, filed_by(me).id)
        assert row is not None
        assert row.reason == "本人说去不了，改打电话"


def test_a_number_that_was_taken_back_is_not_told_of(store: Store, me: Phone, wang: Clerk) -> None:
    passes(wang, me, "ZS-0001", at(23))
    passes(wang, me, "", at(23, 11))
    ring(store, at(24))
    assert told(store, "certificate") == []
    passes(wang, me, "ZS-0003", at(24))
    ring(store, at(25))
    assert len(told(store, "certificate")) == 1


def chat_of(store: Store, role: StaffRole, key: str) -> tuple[int, int]:
    """A member of staff who is told in a chat: the member's number, and the chat's contact."""
    phone, number = Phone(store, key, "telegram"), clerk(store, role)
    with store.writing() as session:
        staff_chats.join_chat(session, session.get_one(Staff, number), phone.contact_id, NOW)
    return number, phone.contact_id


def test_a_ticket_is_told_of_on_the_morning_before_to_who_has_it_else_to_the_admins(store: Store) -> None:
    owner, chat = chat_of(store, StaffRole.CLERK, "chat-1")
    _, admins = chat_of(store, StaffRole.ADMIN, "chat-2")
    with store.writing() as session:
        theirs, nobodys, answered = (
            tickets.make_ticket(session, "help", f"有事{each}", at(23, month=11)) for each in range(3)
        )
        handling.take(session, theirs, session.get_one(Staff, owner))
        answered.state = TicketState.ANSWERED
        session.add(answered)
    ring(store, at(24, 8, month=11))
    assert told(store, "ticket_due") == []
    for _ in range(2):
        ring(store, at(24, 9, month=11))
    assert told(store, "ticket_due") == [("ticket_due", chat), ("ticket_due", admins)]
    first, second = letters(store, "ticket_due")
    assert (useless(store, first.id), second.payload["number"]) == ("", nobodys.number)
    with store.writing() as session:
        handling.answer(session, session.get_one(Ticket, theirs.id), session.get_one(Staff, owner), "好", NOW)
        row = session.exec(select(Reminder).where(Reminder.key == f"ticket:{answered.id}")).one()
        assert (row.state, row.reason) == (ReminderState.DROPPED, "已经回过话了")
    assert useless(store, first.id) == "已经回过话了"


def test_needs_without_an_answer_are_told_of_a_week_before_and_again(store: Store, me: Phone) -> None:
    _, chat = chat_of(store, StaffRole.ADMIN, "chat")
    with store.writing() as session:
        enrolment.set_needs(session, session.merge(filed_by(me)), {"cart": ""})
    shelf = Shelf()
    with store.reading() as session:
        shelf.rebuild(session, NOW.date())

    def look(now: datetime) -> None:
        with store.writing() as session:
            alarm.ring(session, now, alarm.rings_of(shelf))

    look(at(30, 9, month=11))
    assert told(store, "needs_due") == [("needs_due", chat)]
    assert letters(store, "needs_due")[0].payload["count"] == 1
    look(at(4, 9))
    assert len(told(store, "needs_due")) == 2
    with store.writing() as session:
        enrolment.set_needs(session, session.merge(filed_by(me)), {})
    assert useless(store, letters(store, "needs_due")[0].id) == "需要都答了"
    look(at(6, 9))  # a Sunday: on Friday they were told already
    assert len(told(store, "needs_due")) == 2


def test_a_look_at_needs_that_an_outage_put_off_until_the_class_began_does_not_say_they_were_answered(
    store: Store, me: Phone
) -> None:
    chat_of(store, StaffRole.ADMIN, "chat")
    with store.writing() as session:
        enrolment.set_needs(session, session.merge(filed_by(me)), {"cart": ""})
    shelf = Shelf()
    with store.reading() as session:
        shelf.rebuild(session, NOW.date())
    with store.writing() as session:
        alarm.ring(session, at(25, 9), alarm.rings_of(shelf))
    with store.reading() as session:
        row = session.exec(select(Reminder).where(Reminder.kind == "needs_due")).one()
    assert (row.state, row.reason) == (ReminderState.DROPPED, "课已经开始了")
    assert not told(store, "needs_due")
