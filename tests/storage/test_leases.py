import threading
from datetime import UTC, datetime, timedelta

from storage import leases
from storage.base import Store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def hold(store: Store, holder: str, now: datetime = NOW) -> bool:
    with store.writing() as session:
        return leases.hold(session, "telegram", holder, now, 30)


def test_one_holds_it_and_the_others_stand_by(store: Store) -> None:
    assert hold(store, "a")
    assert not hold(store, "b")
    assert hold(store, "a", NOW + timedelta(seconds=20)), "its holder keeps it"
    assert not hold(store, "b", NOW + timedelta(seconds=40)), "and then it lasts longer"


def test_who_is_gone_loses_it(store: Store) -> None:
    assert hold(store, "a")
    assert hold(store, "b", NOW + timedelta(seconds=30))
    assert not hold(store, "a", NOW + timedelta(seconds=31))


def test_what_is_given_back_is_free_at_once(store: Store) -> None:
    assert hold(store, "a")
    with store.writing() as session:
        leases.let_go(session, "telegram", "b", NOW)
    assert not hold(store, "b"), "nobody gives back what somebody else holds"
    with store.writing() as session:
        leases.let_go(session, "telegram", "a", NOW)
    assert hold(store, "b")


def test_of_many_at_once_one_gets_it(store: Store) -> None:
    got: list[str] = []

    def take(name: str) -> None:
        if hold(store, name):
            got.append(name)

    threads = [threading.Thread(target=take, args=(f"worker-{n}",)) for n in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(got) == 1
