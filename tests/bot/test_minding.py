"""Who has a seat is reminded of the class, once each time; it moves with the class and goes with the seat."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot import alarm
from bot.classes import moving
from bot.submitted import NOT_YOURS
from dialogs.talk import Begin
from storage.applications import deciding
from storage.base import Store
from storage.classes.reminders import keep_wish, reminders_of
from storage.tables import Coming, Relation, Reminder, ReminderState, ReminderWish, Role
from storage.tickets.tables import Call
from tests.bot.conftest import NOW, Phone
from tests.bot.courses import make_course
from tests.bot.decided import Clerk, accept, applicant, calls, decline, filed_by, letters, told, useless

STARTS = date(2026, 12, 7)


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store, capacity=3)


@pytest.fixture
def wang(store: Store) -> Clerk:
    return Clerk(store)


@pytest.fixture
def me(store: Store, intake: int, wang: Clerk) -> Phone:
    """Somebody with a seat."""
    me = applicant(store, intake)
    accept(wang, filed_by(me).id)
    return me


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo)


def before(days: int, hour: int = 10) -> datetime:
    return at(STARTS - timedelta(days=days), hour)


def rows(phone: Phone) -> Sequence[Reminder]:
    with phone.store.reading() as session:
        return reminders_of(session, filed_by(phone).id)


def planned(phone: Phone) -> list[datetime]:
    """When somebody is going to be reminded."""
    return [row.due_at for row in rows(phone) if row.state is ReminderState.DUE]


def ring(store: Store, now: datetime) -> None:
    with store.writing() as session:
        alarm.ring(session, now)


def wish(phone: Phone, *days: int, hour: int = 10, helpers_too: bool = False, now: datetime = NOW) -> None:
    with phone.store.writing() as session:
        person = filed_by(phone).person_id
        wanted = ReminderWish(person_id=person, days=list(days), hour=hour, helpers_too=helpers_too)
        keep_wish(session, wanted, now)


def answer(phone: Phone, come: str) -> Begin | None:
    return phone.finish("class_answer", {"application": filed_by(phone).id}, come=come)


def test_a_seat_is_reminded_of_a_week_and_a_day_before(store: Store, me: Phone) -> None:
    assert planned(me) == [before(7), before(1)]
    ring(store, before(7) - timedelta(minutes=1))
    assert told(store, "class_reminder") == []
    for _ in range(2):
        ring(store, before(7))
    assert told(store, "class_reminder") == [("class_reminder", me.contact_id)]
    (letter,) = letters(store, "class_reminder")
    assert letter.payload["starts"] == STARTS.isoformat()
    assert planned(me) == [before(1)]
    ring(store, before(1))
    assert len(told(store, "class_reminder")) == 2


def test_who_takes_a_seat_late_is_not_reminded_of_what_is_past(
    store: Store, intake: int, wang: Clerk
) -> None:
    late = applicant(store, intake)
    wang.do(lambda s, m: deciding.accept(s, deciding.hold(s, filed_by(late).id), f"staff:{m.id}", before(3)))
    assert planned(late) == [before(1)]


def test_a_class_that_moves_takes_its_reminders_along(
    store: Store, intake: int, me: Phone, wang: Clerk
) -> None:
    ring(store, before(7))
    (old,) = letters(store, "class_reminder")
    answer(me, "yes")
    later = {"start_date": STARTS + timedelta(days=14), "end_date": STARTS + timedelta(days=30)}
    wang.do(lambda s, m: moving.move_class(s, intake, m, later, note="教室在修。", now=before(7, 12)))
    assert planned(me) == [before(-7), before(-13)]
    assert useless(store, old.id) == "课又改了时间，另有一条消息"
    assert filed_by(me).coming is None, "what was said was said of another day"
    ring(store, before(-7))
    assert [row.payload["starts"] for row in letters(store, "class_reminder")][1:] == ["2026-12-21"]


def test_who_has_no_seat_any_more_is_not_reminded_and_staff_see_why(
    store: Store, me: Phone, wang: Clerk
) -> None:
    ring(store, before(7))
    decline(wang, filed_by(me).id)
    (sent,) = letters(store, "class_reminder")
    assert useless(store, sent.id) == "已经没有名额了"
    ring(store, before(1))
    assert len(letters(store, "class_reminder")) == 1
    assert [(row.state, row.reason) for row in rows(me)][1] == (ReminderState.DROPPED, "已经没有名额了")


def test_who_withdraws_has_nothing_due_any_more(store: Store, me: Phone) -> None:
    assert len(planned(me)) == 2
    me.finish("withdraw", {"application": filed_by(me).id}, sure="yes")
    assert planned(me) == []
    assert {row.reason for row in rows(me)} == {"已经没有名额了"}
    assert not letters(store, "class_reminder")


@pytest.mark.parametrize(
    ("now", "sent", "due"),
    [
        (before(2), 1, before(2)),
        (before(2, 23), 1, before(1, 8)),
        (before(1, 11), 1, before(1, 11)),
        (at(STARTS, 12), 0, None),
    ],
)
def test_after_an_outage_each_is_judged_anew_and_only_the_nearest_is_sent(
    store: Store, me: Phone, now: datetime, sent: int, due: datetime | None
) -> None:
    assert me.contact_id
    ring(store, now)
    assert [row.due_at for row in letters(store, "class_reminder")] == ([due] if due else [])
    assert sum(row.state is ReminderState.SENT for row in rows(me)) == sent
    assert all(row.reason for row in rows(me) if row.state is ReminderState.DROPPED)


def test_days_and_hour_are_each_persons_own(store: Store, me: Phone) -> None:
    wish(me, 3, 0, hour=19)
    assert planned(me) == [before(3, 19), before(0, 8)]
    wish(me)
    assert planned(me) == []
    wish(me, 1)
    assert planned(me) == [before(1)]
    assert told(store, "class_reminder") == []


def test_who_helps_and_gets_reminders_is_told_where_the_person_wants_it_and_may_open_it(
    store: Store, me: Phone
) -> None:
    sister, neighbour = Phone(store, "sister"), Phone(store, "neighbour")
    person = filed_by(me).person_id
    with store.writing() as session:
        for contact, powers in ((sister, ["reminders"]), (neighbour, ["fill"])):
            session.add(
                Relation(
                    contact_id=contact.contact_id,
                    person_id=person,
                    role=Role.HELPER,
                    powers=powers,
                    granted_by="person",
                    started_at=NOW,
                )
            )
    ring(store, before(7))
    assert told(store, "class_of_other") == []
    wish(me, 1, helpers_too=True, now=before(6))
    ring(store, before(1))
    assert told(store, "class_of_other") == [("class_of_other", sister.contact_id)]
    assert len(told(store, "class_reminder")) == 2


def test_what_they_answer_reaches_staff_and_the_seat_stays(store: Store, me: Phone) -> None:
    ring(store, before(7))
    assert answer(me, "no") == Begin("class_answered", (("application", filed_by(me).id),), {"come": "no"})
    assert (filed_by(me).coming, filed_by(me).state.value) == (Coming.NO, "accepted")
    assert calls(store) == [("coming", False)]
    answer(me, "yes")
    assert (filed_by(me).coming, calls(store)) == (Coming.YES, [("coming", True)])


def test_who_cannot_come_tomorrow_is_called_before_the_class_begins(store: Store, me: Phone) -> None:
    ring(store, before(1))
    me.now = before(1)
    answer(me, "other")
    with store.reading() as session:
        (call,) = session.exec(select(Call)).all()
    assert call.due_at == at(STARTS, 8)


def test_who_wants_no_reminders_of_this_class_gets_none(
    store: Store, me: Phone, wang: Clerk, intake: int
) -> None:
    ring(store, before(7))
    answer(me, "stop")
    later = {"start_date": STARTS + timedelta(days=7), "end_date": STARTS + timedelta(days=30)}
    wang.do(lambda s, m: moving.move_class(s, intake, m, later, note="", now=before(6)))
    for days in (1, 0, -6):
        ring(store, before(days))
    assert len(letters(store, "class_reminder")) == 1
    assert filed_by(me).state.value == "accepted"


def test_whom_no_chat_reaches_is_phoned_on_the_eve(store: Store, intake: int, wang: Clerk) -> None:
    grandmother = applicant(store, intake, channel="web")
    accept(wang, filed_by(grandmother).id)
    ring(store, before(7))
    assert ("class", False) not in calls(store)
    ring(store, before(1))
    assert ("class", False) in calls(store)
    answer(grandmother, "yes")
    assert ("class", True) in calls(store)


def test_a_stranger_answers_for_nobody(store: Store, me: Phone) -> None:
    other = applicant(store, make_course(store, capacity=3, project_id="P009"), "9")
    said = other.finish("class_answer", {"application": filed_by(me).id}, come="no")
    assert (said, filed_by(me).coming) == (NOT_YOURS, None)
