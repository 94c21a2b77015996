"""The waiting list: a true order, seats held for a while, nobody refused by a clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.applications import deciding, enrolment, waiting
from storage.base import Store
from storage.catalogue.tables import Intake
from storage.tables import Application, OfferState
from storage.tickets.tables import Call
from tests.bot.courses import make_course
from tests.storage.filed import NOW, file_many, state_of

ZONE = ZoneInfo("Asia/Shanghai")


def wait_all(store: Store, numbers: list[int]) -> None:
    with store.writing() as session:
        for number in numbers:
            deciding.put_on_list(session, deciding.hold(session, number), "staff:1", NOW)


def offer(store: Store, intake: int, now: datetime = NOW) -> list[int]:
    """Offer what is free; give whose applications were asked."""
    with store.writing() as session:
        return [each.application_id for each in waiting.offer_seats(session, intake, "staff:1", now, ZONE)]


def answer(store: Store, number: int, what: OfferState, now: datetime = NOW) -> bool:
    with store.writing() as session:
        standing = waiting.open_offer(session, number)
        assert standing is not None
        return waiting.answer_offer(session, standing, what, "contact:1", now)


def test_priority_goes_first_then_who_applied_first(store: Store) -> None:
    intake = make_course(store, capacity=1)
    numbers = file_many(store, intake, 3)
    wait_all(store, numbers)
    with store.writing() as session:
        session.get_one(Application, numbers[2]).rank = -2
    with store.reading() as session:
        places = [waiting.place_of(session, session.get_one(Application, number)) for number in numbers]
    assert places == [2, 3, 1]


def test_three_refusals_and_the_fourth_takes_it(store: Store) -> None:
    intake = make_course(store, capacity=1)
    numbers = file_many(store, intake, 4)
    wait_all(store, numbers)
    for number in numbers[:3]:
        assert offer(store, intake) == [number]
        assert answer(store, number, OfferState.REFUSED)
    assert offer(store, intake) == [numbers[3]]
    assert answer(store, numbers[3], OfferState.TAKEN)
    assert [state_of(store, number) for number in numbers] == ["withdrawn"] * 3 + ["accepted"]
    assert offer(store, intake) == []


def test_an_offer_holds_the_seat_and_is_made_once(store: Store) -> None:
    intake = make_course(store, capacity=1)
    numbers = file_many(store, intake, 3)
    wait_all(store, numbers[:2])
    assert offer(store, intake) == [numbers[0]]
    assert offer(store, intake) == []
    with pytest.raises(deciding.NoSeat), store.writing() as session:
        deciding.accept(session, deciding.hold(session, numbers[2]), "staff:1", NOW)


def test_who_does_not_answer_is_not_refused_but_waits_on_last(store: Store) -> None:
    intake = make_course(store, capacity=1)
    numbers = file_many(store, intake, 2)
    wait_all(store, numbers)
    offer(store, intake)
    late = NOW + timedelta(days=3)
    with store.writing() as session:
        assert [each.id for each in waiting.lapse_due(session, late, 50)] == [numbers[0]]
        assert waiting.lapse_due(session, late, 50) == []
    assert state_of(store, numbers[0]) == "waitlisted"
    assert offer(store, intake, late) == [numbers[1]]
    with store.reading() as session:
        events = [each.kind for each in enrolment.events_of(session, numbers[0])]
    assert events[-1] == "offer_lapsed"


def test_who_cannot_this_time_is_asked_once_more_and_then_by_a_person(store: Store) -> None:
    intake = make_course(store, capacity=1)
    numbers = file_many(store, intake, 1)
    wait_all(store, numbers)
    for _ in range(2):
        assert offer(store, intake) == numbers
        assert answer(store, numbers[0], OfferState.PASSED)
    assert offer(store, intake) == []


def test_an_offer_that_is_over_cannot_be_taken(store: Store) -> None:
    intake = make_course(store, capacity=1)
    [number] = file_many(store, intake, 1)
    wait_all(store, [number])
    offer(store, intake)
    with store.writing() as session:
        standing = waiting.open_offer(session, number)
        assert standing is not None
        waiting.lapse_due(session, NOW + timedelta(days=3), 50)
        assert not waiting.answer_offer(session, standing, OfferState.TAKEN, "contact:1", NOW)
    assert state_of(store, number) == "waitlisted"


def test_who_is_to_be_phoned_keeps_the_seat_until_somebody_tried(store: Store) -> None:
    intake = make_course(store, capacity=1)
    [number] = file_many(store, intake, 1)
    wait_all(store, [number])
    offer(store, intake)
    late = NOW + timedelta(days=3)
    with store.writing() as session:
        standing = waiting.open_offer(session, number)
        assert standing is not None
        call = Call(application_id=number, why="offer", about_id=standing.id, due_at=late, created_at=NOW)
        session.add(call)
    with store.writing() as session:
        assert waiting.lapse_due(session, late, 50) == []
        session.merge(call).tries = 1
        session.flush()
        assert len(waiting.lapse_due(session, late, 50)) == 1


def test_nothing_is_offered_once_the_class_has_begun(store: Store) -> None:
    intake = make_course(store, starts=date(2026, 11, 23), capacity=1)
    numbers = file_many(store, intake, 1)
    wait_all(store, numbers)
    begun = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert offer(store, intake, begun) == []


def test_a_class_that_is_called_off_offers_no_seat(store: Store) -> None:
    intake = make_course(store, capacity=1)
    numbers = file_many(store, intake, 1)
    wait_all(store, numbers)
    with store.writing() as session:
        session.get_one(Intake, intake).status = "withdrawn"
    assert offer(store, intake) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_is_just_withdrawing_is_passed_over_and_nobody_waits_for_them(store: Store) -> None:
    intake = make_course(store, capacity=1)
    first, second = file_many(store, intake, 2)
    wait_all(store, [first, second])
    with store.writing() as session:
        enrolment.withdraw(session, deciding.hold(session, first), "contact:1", NOW)
        assert offer(store, intake) == [second]
    assert [state_of(store, number) for number in (first, second)] == ["withdrawn", "offered"]


@pytest.mark.parametrize(
    ("now", "begins", "until"),
    [
        ("2026-11-20T10:00", "2026-12-20T09:00", "2026-11-22T10:00"),  # 48 hours
        ("2026-11-20T22:30", "2026-12-20T09:00", "2026-11-23T10:00"),  # not at half past ten in the evening
        ("2026-11-20T03:00", "2026-12-20T09:00", "2026-11-22T10:00"),  # nor at three in the morning
        ("2026-11-20T10:00", "2026-11-21T10:00", "2026-11-21T10:00"),  # half of what is left is at night
        ("2026-11-20T10:00", "2026-11-20T18:00", "2026-11-20T14:00"),  # half of what is left
        ("2026-11-20T10:00", "2026-11-20T12:00", "2026-11-20T12:00"),  # never after the beginning
    ],
)
def test_how_long_an_offer_stands(now: str, begins: str, until: str) -> None:
    moments = [datetime.fromisoformat(each).replace(tzinfo=ZONE) for each in (now, begins, until)]
    assert waiting.lapse(moments[0], moments[1], ZONE) == moments[2]
