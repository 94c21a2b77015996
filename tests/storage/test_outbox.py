from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage import outbox, people
from storage.base import Store
from storage.tables import Lane, Outbox

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LEASE = 60.0


def promise(session: Session, name: str = "小明", **more: object) -> int | None:
    contact = people.meet(session, "web", "visitor-1", NOW)
    return outbox.promise(session, contact.id, "told", {"name": name}, now=NOW, **more)  # type: ignore[arg-type]


def claim(store: Store, worker: str = "a", now: datetime = NOW, most: int = 10) -> list[outbox.Claimed]:
    with store.writing() as session:
        return outbox.claim(session, now, worker, most, LEASE)


def row(store: Store, number: int = 1) -> Outbox:
    with store.reading() as session:
        return session.get_one(Outbox, number)


def test_one_thing_is_promised_once(store: Store) -> None:
    with store.writing() as session:
        assert promise(session, key="told:1")
        assert not promise(session, key="told:1")
        assert promise(session)
        assert promise(session)
    assert len(claim(store)) == 3


def test_a_promise_goes_with_the_transaction_of_its_cause(store: Store) -> None:
    def promise_and_fail() -> None:
        with store.writing() as session:
            promise(session)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        promise_and_fail()
    assert claim(store) == []


def test_two_workers_at_once_get_different_messages(store: Store) -> None:
    if store.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    with store.writing() as session:
        promise(session)
        promise(session)
    with store.writing() as one, store.writing() as other:
        mine = outbox.claim(one, NOW, "a", 1, LEASE)
        theirs = outbox.claim(other, NOW, "b", 10, LEASE)
    assert ([each.id for each in mine], [each.id for each in theirs]) == ([1], [2])


def test_what_is_promised_is_not_readable_in_the_database(store: Store) -> None:
    with store.writing() as session:
        promise(session)
    with store.reading() as session:
        raw = session.execute(text("SELECT payload FROM outbox")).scalar_one()
    assert "小明".encode() not in bytes(raw)


def test_replies_go_before_what_goes_to_many_and_early_before_late(store: Store) -> None:
    with store.writing() as session:
        promise(session, "通知", lane=Lane.BULK, due_at=NOW - timedelta(hours=1))
        promise(session, "晚", due_at=NOW)
        promise(session, "早", due_at=NOW - timedelta(minutes=1))
        promise(session, "明天", due_at=NOW + timedelta(days=1))
    assert [each.payload["name"] for each in claim(store)] == ["早", "晚", "通知"]


def test_what_one_worker_has_no_other_gets_until_its_lease_is_over(store: Store) -> None:
    with store.writing() as session:
        promise(session)
        promise(session)
    assert len(claim(store, "a", most=1)) == 1
    assert [each.id for each in claim(store, "b")] == [2]
    assert claim(store, "c", NOW + timedelta(seconds=59)) == []
    again = claim(store, "c", NOW + timedelta(seconds=60))
    assert [(each.id, each.interrupted) for each in again] == [(1, False), (2, False)]


def test_only_what_was_begun_may_be_out_already(store: Store) -> None:
    with store.writing() as session:
        promise(session)
        promise(session)
    first, _ = claim(store, "a")
    with store.writing() as session:
        assert outbox.begin(session, first, "a")
    again = claim(store, "b", NOW + timedelta(seconds=60))
    assert [(each.id, each.interrupted) for each in again] == [(1, True), (2, False)]


def test_a_worker_whose_lease_was_taken_over_is_told(store: Store) -> None:
    with store.writing() as session:
        promise(session)
    (mine,) = claim(store, "a")
    (theirs,) = claim(store, "b", NOW + timedelta(seconds=60))
    with store.writing() as session:
        assert not outbox.begin(session, mine, "a")
        assert not outbox.mark_sent(session, mine.id, "a", NOW)
        assert outbox.mark_sent(session, theirs.id, "b", NOW)
        assert not outbox.mark_sent(session, theirs.id, "b", NOW)
    assert row(store).sent_at == NOW


def test_what_fails_is_tried_again_later_and_later_and_then_dropped(store: Store) -> None:
    with store.writing() as session:
        promise(session)
    now, waits = NOW, []
    for _ in range(outbox.MOST_ATTEMPTS):
        (claimed,) = claim(store, now=now)
        with store.writing() as session:
            outbox.mark_failed(session, claimed, "a", now, "TimeoutError")
        waits.append((row(store).due_at - now).total_seconds())
        now = max(now, row(store).due_at)
    assert waits[:4] == [30, 60, 120, 240]
    assert waits[6] == 1920
    assert row(store).drop_reason == "试了8次，没有发出去：TimeoutError"
    assert claim(store, now=now + timedelta(days=1)) == []


def test_what_is_postponed_does_not_count_as_tried(store: Store) -> None:
    with store.writing() as session:
        promise(session)
    (claimed,) = claim(store)
    with store.writing() as session:
        outbox.begin(session, claimed, "a")
        outbox.postpone(session, claimed, "a", NOW + timedelta(hours=1))
    assert claim(store) == []
    (again,) = claim(store, now=NOW + timedelta(hours=1))
    assert (again.attempts, again.interrupted) == (0, False)


def test_what_is_born_claimed_is_its_workers_until_the_lease_is_over(store: Store) -> None:
    until = NOW + timedelta(seconds=LEASE)
    with store.writing() as session:
        mine = promise(session, key="reply:1", claimed_by="hearing", claimed_until=until)
        other = promise(session, key="reply:2", claimed_by="hearing", claimed_until=until)
        assert (mine, other) == (1, 2)
        assert promise(session, key="reply:1") is None
    assert claim(store, "postman") == []
    with store.writing() as session:
        assert outbox.mark_sent(session, 1, "hearing", NOW)
    left = claim(store, "postman", until)
    assert [(each.id, each.interrupted) for each in left] == [(2, True)]


def test_what_may_be_out_already_stays_known_as_such(store: Store) -> None:
    with store.writing() as session:
        promise(session)
    (claimed,) = claim(store)
    with store.writing() as session:
        outbox.mark_failed(session, claimed, "a", NOW, "no answer", doubtful=True)
    now = NOW + outbox.FIRST_WAIT
    (second,) = claim(store, "b", now)
    assert second.interrupted
    with store.writing() as session:
        outbox.mark_failed(session, second, "b", now, "500")
    now += 2 * outbox.FIRST_WAIT
    (third,) = claim(store, "a", now)
    assert third.interrupted
    with store.writing() as session:
        outbox.postpone(session, third, "a", now)
    assert [each.interrupted for each in claim(store, "c", now)] == [True]


def test_what_is_dropped_keeps_its_reason_and_is_not_sent(store: Store) -> None:
    with store.writing() as session:
        promise(session)
        outbox.drop(session, [1], NOW, "过了时间")
        outbox.drop(session, [1], NOW, "别的")
    assert (row(store).drop_reason, row(store).dropped_at) == ("过了时间", NOW)
    assert claim(store) == []


def test_what_was_sent_cannot_be_dropped(store: Store) -> None:
    with store.writing() as session:
        promise(session)
    claim(store)
    with store.writing() as session:
        outbox.mark_sent(session, 1, "a", NOW)
        outbox.drop(session, [1], NOW, "过了时间")
    assert (row(store).sent_at, row(store).drop_reason) == (NOW, "")


def test_the_next_thing_due_is_known(store: Store) -> None:
    with store.writing() as session:
        assert outbox.next_due(session) is None
        promise(session, due_at=NOW + timedelta(hours=2))
        promise(session)
        assert outbox.next_due(session) == NOW
    claim(store)
    with store.reading() as session:
        assert outbox.next_due(session) == NOW + timedelta(seconds=LEASE)


@pytest.mark.parametrize("somebody_waits", [True, False])
def test_what_fails_is_tried_for_about_an_hour_and_sooner_where_somebody_waits(
    store: Store, somebody_waits: bool
) -> None:
    with store.writing() as session:
        promise(session)
    now, waits = NOW, []
    while found := claim(store, "a", now):
        with store.writing() as session:
            outbox.mark_failed(session, found[0], "a", now, "500", somebody_waits=somebody_waits)
        if row(store).dropped_at is None:
            waits.append((row(store).due_at - now).total_seconds())
            now = row(store).due_at
    assert len(waits) == outbox.MOST_ATTEMPTS - 1
    assert waits[:3] == ([3, 9, 27] if somebody_waits else [30, 60, 120])
    assert timedelta(minutes=50) < now - NOW < timedelta(minutes=70)


def test_a_worker_that_ends_gives_back_what_it_had_and_nothing_else(store: Store) -> None:
    until = NOW + timedelta(seconds=LEASE)
    with store.writing() as session:
        promise(session, claimed_by="a", claimed_until=until)
        promise(session, claimed_by="b", claimed_until=until)
        promise(session)
        outbox.lay_down(session, "a", NOW)
    assert {(each.id, each.interrupted) for each in claim(store, "c")} == {(1, True), (3, False)}


def test_only_the_same_to_the_same_place_overtakes(store: Store) -> None:
    with store.writing() as session:
        for key in ("visitor-1", "visitor-2"):
            people.meet(session, "web", key, NOW)
        promise(session, account_id=1)
        promise(session, account_id=2)
    first, second = claim(store)
    with store.writing() as session:
        assert not outbox.is_overtaken(session, first), "it went somewhere else"
        newer = promise(session, account_id=1)
        assert newer is not None
        assert outbox.is_overtaken(session, first)
        assert not outbox.is_overtaken(session, second)
        outbox.drop(session, [newer], NOW, "别的")
        session.expire_all()
        assert not outbox.is_overtaken(session, first)
