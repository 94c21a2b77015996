import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlmodel import Session, col, select

from storage.base import Store
from storage.compiled import execute
from storage.desk import ATTEMPTS, Desk, DeskClosed, TryAgain
from storage.tables import Counter

Turn = Callable[[Session], str]


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    with closing(Desk(store)) as desk:
        yield desk


def keeps(name: str) -> Turn:
    def turn(session: Session) -> str:
        session.add(Counter(name=name, value=1))
        session.flush()
        return name

    return turn


def kept(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(session.exec(select(Counter.name)).all())


class WrongAnswer(Exception):
    pass


def fails_late(session: Session) -> str:
    keeps("never")(session)
    raise WrongAnswer("no")


def test_a_turn_that_raises_is_undone_alone(store: Store, desk: Desk) -> None:
    first, second, third = desk.commit([keeps("a"), fails_late, keeps("c")])
    assert (first, third) == ("a", "c")
    assert isinstance(second, WrongAnswer)
    assert kept(store) == ["a", "c"]


def test_a_turn_the_database_refuses_is_undone_alone(store: Store, desk: Desk) -> None:
    first, second, third = desk.commit([keeps("a"), keeps("a"), keeps("c")])
    assert (first, third) == ("a", "c")
    assert isinstance(second, IntegrityError)
    assert kept(store) == ["a", "c"]


def test_a_turn_that_commits_or_rolls_back_by_itself_harms_only_itself(store: Store, desk: Desk) -> None:
    def commits(session: Session) -> str:
        session.add(Counter(name="b", value=1))
        session.commit()
        raise WrongAnswer("after its own commit")

    def rolls_back(session: Session) -> str:
        session.add(Counter(name="never", value=1))
        session.flush()
        session.rollback()
        return "nothing"

    results = desk.commit([keeps("a"), commits, rolls_back, keeps("d")])
    assert results[0] == "a"
    assert results[2:] == ["nothing", "d"]
    assert set(kept(store)) - {"b"} == {"a", "d"}


def test_what_one_turn_keeps_the_next_one_in_the_same_transaction_sees(desk: Desk) -> None:
    def looks(session: Session) -> str:
        return session.exec(select(Counter)).one().name

    assert desk.commit([keeps("a"), looks]) == ["a", "a"]


def breaks_the_transaction(session: Session) -> str:
    """End the whole transaction for real: the server drops the connection, or the commit is refused."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    else:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(
            text("INSERT INTO conversation VALUES (999, 1, x'00', '2026-11-21')")  # no such contact
        )
    return "never"


def test_when_the_whole_transaction_fails_each_turn_is_run_again_alone(store: Store, desk: Desk) -> None:
    first, second, third = desk.commit([keeps("a"), breaks_the_transaction, keeps("c")])
    assert (first, third) == ("a", "c")
    assert isinstance(second, SQLAlchemyError)
    assert kept(store) == ["a", "c"]


def test_a_turn_alone_whose_connection_is_lost_once_is_run_again(store: Store, desk: Desk) -> None:
    if store.is_sqlite:
        return  # has no connection to lose
    runs: list[int] = []

    def unlucky(session: Session) -> str:
        runs.append(1)
        return breaks_the_transaction(session) if len(runs) == 1 else keeps("a")(session)

    assert desk.do_now(unlucky) == "a"
    assert kept(store) == ["a"]


def test_a_connection_lost_on_the_hot_path_is_replaced(store: Store, desk: Desk) -> None:
    if store.is_sqlite:
        return  # has no connection to lose

    def unlucky(session: Session) -> str:
        connection = session.bind
        assert isinstance(connection, Connection)
        execute(connection, "SELECT pg_terminate_backend(pg_backend_pid())")
        return "never"

    first, second, third = desk.commit([keeps("a"), unlucky, keeps("c")])
    assert (first, third) == ("a", "c")
    assert isinstance(second, OperationalError)
    assert desk.do_now(keeps("d")) == "d"
    assert kept(store) == ["a", "c", "d"]


@pytest.mark.parametrize("beside", [0, 3])
def test_a_turn_that_came_at_the_wrong_moment_is_run_again(store: Store, desk: Desk, beside: int) -> None:
    runs: list[int] = []

    def late(session: Session) -> str:
        keeps("late")(session)
        runs.append(1)
        if len(runs) < ATTEMPTS:
            raise TryAgain
        return "in time"

    others = [keeps(f"other {n}") for n in range(beside)]
    assert desk.commit([late, *others])[0] == "in time"
    assert kept(store) == ["late", *(f"other {n}" for n in range(beside))]


def test_a_turn_that_always_comes_at_the_wrong_moment_is_given_up(store: Store, desk: Desk) -> None:
    def never(session: Session) -> str:
        keeps("never")(session)
        raise TryAgain("still not")

    with pytest.raises(TryAgain, match="still not"):
        desk.do_now(never)
    assert kept(store) == []


def test_a_database_that_cannot_be_reached_is_every_turn_s_answer() -> None:
    with closing(Desk(Store("sqlite:////nowhere/at/all.db"))) as desk:
        results = desk.commit([keeps("a"), keeps("b")])
        assert [type(result) for result in results] == [OperationalError] * 2
        with pytest.raises(OperationalError, match="unable to open"):
            desk.do_now(keeps("c"))


def test_eighty_people_and_fifty_seats_give_fifty_seats(store: Store) -> None:
    """Two desks, as on two machines: on PostgreSQL the row lock keeps them apart, on SQLite the file's."""
    with store.writing() as session:
        session.add(Counter(name="seats", value=50))

    def take(session: Session) -> bool:
        seats = session.exec(select(Counter).where(col(Counter.name) == "seats").with_for_update()).one()
        if not seats.value:
            return False
        seats.value -= 1
        return True

    together = threading.Barrier(80)

    def person(number: int) -> bool:
        together.wait()
        return desks[number % 2].do_now(take)

    with closing(Desk(store)) as one, closing(Desk(store)) as other, ThreadPoolExecutor(80) as people:
        desks = (one, other)
        granted = list(people.map(person, range(80)))
    assert granted.count(True) == 50
    with store.reading() as session:
        assert session.get_one(Counter, "seats").value == 0


def test_what_queues_up_during_a_commit_goes_into_the_next_transaction(desk: Desk) -> None:
    """Seen from the database: the queued turns share one transaction, the blocking one has its own."""
    blocked, go_on = threading.Event(), threading.Event()

    def blocks(session: Session) -> object:
        blocked.set()
        go_on.wait()
        return id(session.connection())

    transactions: list[object] = []

    def notes(session: Session) -> None:
        transactions.append(session.connection())

    async def people() -> None:
        first = asyncio.ensure_future(desk.do(blocks))
        await asyncio.to_thread(blocked.wait)
        rest = [asyncio.ensure_future(desk.do(notes)) for _ in range(30)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, *rest)

    asyncio.run(people())
    assert len(transactions) == 30
    assert len({id(connection) for connection in transactions}) == 1


def test_the_event_loop_gets_results_and_exceptions(store: Store, desk: Desk) -> None:
    async def people() -> None:
        results = await asyncio.gather(
            *(desk.do(keeps(f"{n:02}")) for n in range(20)), desk.do(fails_late), return_exceptions=True
        )
        assert results[:20] == [f"{n:02}" for n in range(20)]
        assert isinstance(results[20], WrongAnswer)
        assert await desk.look(lambda session: len(session.exec(select(Counter)).all())) == 20

    asyncio.run(people())
    assert len(kept(store)) == 20


def test_when_do_returns_another_connection_sees_it(store: Store, desk: Desk) -> None:
    for n in range(20):
        desk.do_now(keeps(f"{n:02}"))
        assert len(kept(store)) == n + 1


def test_nothing_written_while_reading_is_kept(store: Store, desk: Desk) -> None:
    if not store.is_sqlite:
        desk.read(keeps("never"))
        assert kept(store) == []
    assert desk.read(lambda session: session.exec(select(Counter)).all()) == []


def test_a_turn_cannot_wait_for_another_turn(desk: Desk) -> None:
    def waits(_: Session) -> str:
        return desk.do_now(keeps("never"))

    with pytest.raises(RuntimeError, match="cannot wait for another turn"):
        desk.do_now(waits)


def test_even_what_should_end_a_program_leaves_nobody_waiting(store: Store, desk: Desk) -> None:
    def exits(_: Session) -> str:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        desk.do_now(exits)
    assert desk.do_now(keeps("a")) == "a"
    assert kept(store) == ["a"]


def test_closing_finishes_what_was_taken_in_and_refuses_what_comes_after(store: Store) -> None:
    desk = Desk(store)

    async def people() -> list[str]:
        waiting = [asyncio.ensure_future(desk.do(keeps(f"{n:03}"))) for n in range(300)]
        await asyncio.sleep(0)
        assert await asyncio.to_thread(desk.close)
        return await asyncio.gather(*waiting)

    assert len(asyncio.run(people())) == 300
    assert len(kept(store)) == 300
    with pytest.raises(DeskClosed):
        desk.do_now(keeps("late"))
    assert desk.close()


def test_closing_does_not_wait_for_ever(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.desk.DRAIN_SECONDS", 0.05)
    desk = Desk(store)
    started, go_on = threading.Event(), threading.Event()

    def stuck(session: Session) -> str:
        started.set()
        go_on.wait()
        return keeps("stuck")(session)

    with ThreadPoolExecutor(2) as people:
        first = people.submit(desk.do_now, stuck)
        started.wait()
        second = desk._take_in(keeps("refused"), Future[str]())
        assert not desk.close()
        with pytest.raises(DeskClosed):
            second.result()
        go_on.set()
        assert first.result() == "stuck"  # it was committed, so it is acknowledged
    assert kept(store) == ["stuck"]


def test_a_turn_given_up_before_it_ran_is_not_kept(store: Store, desk: Desk) -> None:
    blocked, go_on = threading.Event(), threading.Event()

    def blocks(_: Session) -> None:
        blocked.set()
        go_on.wait()

    async def people() -> None:
        first = asyncio.ensure_future(desk.do(blocks))
        await asyncio.to_thread(blocked.wait)
        impatient = asyncio.ensure_future(desk.do(keeps("never")))
        await asyncio.sleep(0)
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        go_on.set()
        await first

    asyncio.run(people())
    assert kept(store) == []
