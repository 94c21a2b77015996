from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from storage import pace
from storage.base import Store
from storage.tables import Pace

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def reserve(store: Store, now: datetime = NOW, *, name: str = "telegram", rate: float = 10) -> float:
    with store.writing() as session:
        return pace.reserve(session, name, now, rate)


def stop(store: Store, seconds: float) -> None:
    with store.writing() as session:
        pace.stop(session, "telegram", NOW, NOW + timedelta(seconds=seconds))


def places(store: Store, count: int) -> Sequence[float]:
    return [round(reserve(store), 6) for _ in range(count)]


def test_places_are_evenly_spaced_and_the_first_is_at_once(store: Store) -> None:
    assert places(store, 4) == [0, 0.1, 0.2, 0.3]


def test_what_was_not_used_is_not_saved_up(store: Store) -> None:
    reserve(store)
    later = NOW + timedelta(hours=1)
    assert [round(reserve(store, later), 6) for _ in range(3)] == [0, 0.1, 0.2]


def test_each_channel_has_a_pace_of_its_own(store: Store) -> None:
    reserve(store)
    assert reserve(store, name="other") == 0


def test_workers_share_one_pace(store: Store) -> None:
    with ThreadPoolExecutor(4) as workers:
        taken = sorted(round(wait, 6) for wait in workers.map(lambda _: reserve(store), range(40)))
    assert taken == [round(number / 10, 6) for number in range(40)]
    with store.reading() as session:
        assert len(session.exec(select(Pace)).all()) == 1


def test_a_stop_holds_for_everybody_and_then_the_spacing_goes_on(store: Store) -> None:
    reserve(store)
    stop(store, 30)
    assert places(store, 2) == [30, 30.1]


def test_a_shorter_stop_does_not_end_a_longer_one(store: Store) -> None:
    stop(store, 30)
    stop(store, 5)
    assert places(store, 1) == [30]


def test_a_channel_may_be_stopped_before_anything_was_sent(store: Store) -> None:
    stop(store, 0)
    assert places(store, 1) == [0]


def test_a_clock_set_back_stops_nobody_for_long(store: Store) -> None:
    reserve(store, NOW + timedelta(hours=2))
    assert places(store, 2) == [0, 0.1]


def test_who_only_looks_sees_until_when_nobody_sends(store: Store) -> None:
    until = NOW + timedelta(seconds=9)
    with store.writing() as session:
        assert pace.stopped_until(session, "telegram") < NOW
        pace.stop(session, "telegram", NOW, until)
        assert pace.stopped_until(session, "telegram") == until
        assert pace.stopped_until(session, "letters") < NOW
