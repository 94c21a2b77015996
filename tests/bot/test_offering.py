"""Seats of the waiting list: offered, reminded of, phoned about, and given to the next by themselves."""

import asyncio
from contextlib import closing
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.alarm import Alarm, next_due
from bot.applications import deciding
from bot.postman import Postman
from bot.settings import Clock, Settings
from dialogs.talk import Begin
from storage.applications import waiting
from storage.applications.tables import Offer
from storage.base import Store
from storage.desk import Desk
from storage.tickets.tables import Call
from tests.bot.conftest import NOW, ZONE
from tests.bot.courses import make_course
from tests.bot.decided import (
    Clerk,
    accept,
    applicant,
    applicants,
    audited,
    calls,
    decline,
    filed_by,
    hour,
    letters,
    offered,
    put_on_list,
    state,
    told,
    useless,
)
from tests.bot.test_postman import BOOK
from tests.databases import on_both

pytestmark = on_both


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store, capacity=2)


@pytest.fixture
def wang(store: Store) -> Clerk:
    return Clerk(store)


def offer(clerk: Clerk, intake: int) -> list[Offer]:
    return clerk.do(lambda s, m: deciding.offer_seats(s, intake, m, now=NOW, zone=ZONE))


def log(clerk: Clerk, call: Call, *, reached: bool) -> None:
    clerk.do(lambda s, m: deciding.log_call(s, call.id, m, reached=reached, words="说再想想", now=NOW))


def test_an_offer_is_told_and_reminded_of_half_way(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)
    put_on_list(wang, filed_by(phone).id)
    (made,) = offer(wang, intake)
    assert offer(wang, intake) == []
    first, reminder = letters(store, "offer", "offer_reminder")
    assert first.payload["until"] == "2026-11-23T10:00:00+08:00"
    assert (first.not_after, reminder.not_after) == (made.lapses_at, made.lapses_at)
    assert reminder.due_at == hour(22, 10), "half of the 48 hours"
    assert calls(store) == []
    assert audited(store)[-1] == (f"staff:{wang.id}", "offered", f"offer {made.id}")


def test_nobody_is_reminded_at_night(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)
    put_on_list(wang, filed_by(phone).id)
    wang.do(lambda s, m: deciding.offer_seats(s, intake, m, now=hour(21, 22), zone=ZONE))
    (reminder,) = letters(store, "offer_reminder")
    assert reminder.due_at == hour(23, 8), "half of it is over at night"


def test_an_offer_to_who_has_no_chat_is_phoned_and_the_call_is_logged(
    store: Store, intake: int, wang: Clerk
) -> None:
    phone = applicant(store, intake, channel="web")
    put_on_list(wang, filed_by(phone).id)
    (made,) = offer(wang, intake)
    with store.reading() as session:
        due = deciding.calls_due(session, [intake], NOW)
        assert deciding.calls_due(session, [intake + 1], NOW) == []
        assert deciding.calls_due(session, None, NOW + timedelta(days=60)) == [], "the course is over"
    about_offer = next(call for call in due if call.why == "offer")
    assert (about_offer.about_id, about_offer.due_at) == (made.id, hour(22, 10))
    for reached in (False, True, True):
        log(wang, about_offer, reached=reached)
    with store.reading() as session:
        call = session.get_one(Call, about_offer.id)
        assert (call.tries, call.done_by, call.outcome) == (2, f"staff:{wang.id}", "说再想想")
    assert [action for _, action, _ in audited(store)][-2:] == ["not_reached", "called"]
    accept(wang, filed_by(phone).id)
    assert state(phone) == "accepted", "what was agreed on the phone is decided as ever"


def test_a_seat_that_falls_free_goes_to_the_next_by_itself(store: Store, wang: Clerk) -> None:
    full = make_course(store, capacity=1)
    one, second, third = applicants(store, full, 3)
    accept(wang, filed_by(one).id)
    for each in (second, third):
        put_on_list(wang, filed_by(each).id)
    one.finish("withdraw", {"application": filed_by(one).id}, sure="yes")
    assert [state(each) for each in (one, second, third)] == ["withdrawn", "offered", "waitlisted"]
    assert told(store, "offer") == [("offer", second.contact_id)]
    decline(wang, filed_by(second).id)
    assert state(third) == "offered"
    with store.reading() as session:
        assert {each.made_by for each in session.exec(select(Offer))} == {"system"}


def test_where_seats_were_free_all_the_time_the_list_is_staffs(
    store: Store, intake: int, wang: Clerk
) -> None:
    one, second = applicants(store, intake, 2)
    accept(wang, filed_by(one).id)
    put_on_list(wang, filed_by(second).id)
    decline(wang, filed_by(one).id)
    assert state(second) == "waitlisted"
    assert told(store, "offer") == []


def test_who_is_put_on_the_list_is_not_offered_the_same_seat(store: Store, wang: Clerk) -> None:
    one, second = applicants(store, make_course(store, capacity=1), 2)
    accept(wang, filed_by(one).id)
    put_on_list(wang, filed_by(one).id)
    assert state(one) == "waitlisted"
    accept(wang, filed_by(second).id)
    assert state(second) == "accepted"


def test_who_erases_everything_leaves_the_seat_to_the_next(store: Store, wang: Clerk) -> None:
    one, second = applicants(store, make_course(store, capacity=1), 2)
    accept(wang, filed_by(one).id)
    put_on_list(wang, filed_by(second).id)
    one.finish("erase", {"person": one.current}, sure="yes")
    assert state(second) == "offered"


def test_three_refusals_in_a_row_give_the_seat_to_the_fourth(store: Store, wang: Clerk) -> None:
    full = make_course(store, capacity=1)
    phones = applicants(store, full, 4)
    for phone in phones:
        put_on_list(wang, filed_by(phone).id)
    offer(wang, full)
    for phone in phones[:3]:
        assert state(phone) == "offered"
        phone.finish("offer_answer", {"application": filed_by(phone).id}, come="no")
    phones[3].finish("offer_answer", {"application": filed_by(phones[3]).id}, come="yes")
    assert [state(phone) for phone in phones] == ["withdrawn"] * 3 + ["accepted"]
    assert told(store, "offer") == [("offer", phone.contact_id) for phone in phones], "each once"
    assert len(letters(store, "offer_reminder")) == 4
    reminders = [row.id for row in letters(store, "offer_reminder")]
    assert all(useless(store, row) for row in reminders), "answered: nobody is reminded"
    assert told(store, "decided") == [("decided", phone.contact_id) for phone in phones]


def tick(store: Store, now_hours: float) -> None:
    async def ticking(desk: Desk) -> None:
        alarm = Alarm(
            desk, Postman(desk, BOOK, ZONE, "worker-1", {}), Clock(Settings(clock="2026-11-21T10:00"))
        )
        await alarm.tick(NOW + timedelta(hours=now_hours))

    with closing(Desk(store)) as desk:
        asyncio.run(ticking(desk))


def test_an_offer_nobody_answers_goes_to_the_next_and_they_are_told_that_they_wait_on(
    store: Store, wang: Clerk
) -> None:
    one, second = applicants(store, make_course(store, capacity=1), 2)
    put_on_list(wang, filed_by(second).id)
    about = offered(wang, one)
    with store.reading() as session:
        standing = waiting.open_offer(session, int(about["application"]))
        assert standing is not None
        assert waiting.next_lapse(session) == standing.lapses_at
        due = next_due(session)
        assert due is not None
        assert due <= standing.lapses_at
    tick(store, 49)
    assert [state(one), state(second)] == ["waitlisted", "offered"]
    assert told(store, "offer_lapsed") == [("offer_lapsed", one.contact_id)]
    late = one.later(hours=50).finish("offer_answer", about, come="yes")
    assert late == Begin("offer", tuple(about.items()))
    assert [state(one), state(second)] == ["waitlisted", "offered"], "too late: the seat is somebody else's"
    tick(store, 49)
    assert len(letters(store, "offer_lapsed")) == 1


def test_a_seat_waits_for_the_call_and_wakes_nobody_meanwhile(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake, channel="web")
    offered(wang, phone)
    tick(store, 49)
    assert state(phone) == "offered"
    with store.reading() as session:
        assert waiting.next_lapse(session) is None
        (call,) = [each for each in deciding.calls_due(session, None, NOW) if each.why == "offer"]
    log(wang, call, reached=False)
    tick(store, 49)
    assert state(phone) == "waitlisted"
    assert calls(store)[-1] == ("offer", True)
