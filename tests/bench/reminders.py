"""Measures reminders: waking up with 100 due beside a million pending, against APScheduler's own store of jobs.

Both sides do nothing with what is due, so that only the waking up is measured: finding what is due, handing each
to who handles it, and keeping that it was. CPU is this process's, which others on the machine do not change.
"""

import asyncio
import logging
import os
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from apscheduler.executors.debug import DebugExecutor
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import insert, make_url, text
from sqlmodel import Session

from bot.alarm import Alarm, ring
from bot.app import open_service, open_store, whole_book
from bot.commands.telling import say
from bot.postman import Postman
from bot.settings import Clock, Settings
from storage import reminders
from storage.base import Store
from storage.desk import Desk
from storage.reminders import Due
from storage.tables import Contact, ContactRole, Reading, Reminder, ReminderState, Size
from tests.databases import TEST_KEY, Databases
from tests.storage.postgres import running_server

FEW, MANY = 10_000, 1_000_000
DUE = 100
ROUNDS, THEIRS = 40, 8
NOW = datetime(2040, 1, 1, 2, tzinfo=UTC)
"""Later than today: beside what is pending then, some are due in earnest."""
KIND = "bench"

GOAL_RATIO, GOAL_STORE, GOAL_LATE, GOAL_START = 2.0, 150.0, 10.0, 1.0
"""At most twice the cost of few; at least so much less than the job store; milliseconds late; seconds to start."""

_rounds = count(1)


def nothing(_session: Session, _due: Due, _now: datetime) -> None:
    """What is done with a reminder here."""


def settings_of(folder: Path, database: str = "") -> Settings:
    return Settings(home=folder, database_url=database, secret_key=TEST_KEY)  # type: ignore[arg-type]  # pydantic reads it


def row(number: str, due_at: datetime) -> dict[str, object]:
    return {
        "kind": KIND,
        "contact_id": 1,
        "about": {"application": 1, "days": 1},
        "due_at": due_at,
        "version_of": 0,
        "state": ReminderState.DUE,
        "reason": "",
        "key": f"bench:{number}",
        "created_at": NOW,
    }


def fill(store: Store, many: int) -> None:
    """Let so many wait, spread over a year from tomorrow on."""
    here = {"created_at": NOW, "seen_at": NOW}
    with store.transaction() as connection:
        who = {"reading": Reading.PLAIN, "size": Size.STANDARD, "role": ContactRole.SELF}
        connection.execute(insert(Contact), [{"id": 1, **who, **here}])
        step = timedelta(days=365) / FEW
        first = NOW + timedelta(days=1)
        connection.execute(insert(Reminder), [row(str(each), first + each * step) for each in range(FEW)])
    columns = "kind, contact_id, about, due_at, version_of, state, reason, created_at"
    copy = text(
        f"INSERT INTO reminder ({columns}, key) SELECT {columns}, key || ':' || CAST(:round AS TEXT)"
        f" FROM reminder WHERE id <= {FEW}"
    )
    for each in range(1, many // FEW):
        with store.transaction() as connection:
            connection.execute(copy, {"round": str(each)})
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE reminder"))


def make_due(store: Store, many: int, at: datetime) -> None:
    number = next(_rounds)
    with store.transaction() as connection:
        connection.execute(insert(Reminder), [row(f"due:{number}:{each}", at) for each in range(many)])


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Give the CPU and the wall time of an act, in milliseconds."""
    began, busy = time.perf_counter(), time.process_time()
    act()
    return 1000 * (time.process_time() - busy), 1000 * (time.perf_counter() - began)


def told(name: str, rounds: list[tuple[float, float]]) -> tuple[float, float]:
    """Print and give the least of the times: what else the machine does only makes them longer."""
    cpu, wall = min(each for each, _ in rounds), min(each for _, each in rounds)
    say(f"  {name:48}{cpu:9.2f} ms CPU{wall:9.2f} ms")
    return cpu, wall


def wake(desk: Desk) -> None:
    """Do what the alarm does of reminders when it wakes: hand over what is due, and see what comes next."""

    def act(session: Session) -> tuple[int, bool]:
        return ring(session, NOW, {KIND: nothing}), reminders.next_due(session) is not None

    assert desk.commit([act]) == [(DUE, True)]


def ours(store: Store, name: str) -> float:
    rounds = []
    with closing(Desk(store)) as desk:
        for _ in range(ROUNDS):
            make_due(store, DUE, NOW)
            rounds.append(timed(lambda: wake(desk)))
    return told(name, rounds[1:])[0]


def do_nothing() -> None:
    """What a job of the job store does."""


def beside_each_other(store: Store, jobs: str, where: str) -> float:
    """Wake up both by turns, so that what else the machine does falls on both; give our least CPU.

    Args:
        store: where so many of our reminders wait.
        jobs: the address of a database for as many jobs.
        where: which kind of database both are.

    """
    mine, others = [], []
    with closing(Desk(store)) as desk, job_store(jobs) as wake_theirs:
        for _ in range(THEIRS):
            for _ in range(ROUNDS // THEIRS):
                make_due(store, DUE, NOW)
                mine.append(timed(lambda: wake(desk)))
            others.append(wake_theirs())
    cpu, wall = told(f"ours, {where}, {MANY} pending", mine)
    their_cpu, their_wall = told(f"APScheduler's job store, {where}, {MANY} pending", others)
    say(
        f"  job store : ours, {where} = {their_cpu / cpu:.0f} in CPU, {their_wall / wall:.0f} in time"
        f" (goal {GOAL_STORE:.0f} or more)"
    )
    return cpu


@contextmanager
def job_store(url: str) -> Iterator[Callable[[], tuple[float, float]]]:
    """Let as many wait in APScheduler's own store of jobs; give what wakes it up with as many due, and times it."""
    store = SQLAlchemyJobStore(url=url)
    scheduler = BackgroundScheduler(
        jobstores={"default": store}, executors={"default": DebugExecutor()}, timezone=UTC
    )
    scheduler.start(paused=True)  # its thread sleeps: it is woken up here, by hand
    later = datetime.now(UTC) + timedelta(days=300)  # noqa: TID251 - the scheduler goes by this one
    scheduler.add_job(do_nothing, DateTrigger(later), id="model", misfire_grace_time=None)
    model: Job = store.lookup_job("model")
    jobs = store.jobs_t

    def state(number: str, at: datetime) -> dict[str, object]:
        known = {**model.__getstate__(), "id": number, "next_run_time": at}
        return {
            "id": number,
            "next_run_time": at.timestamp(),
            "job_state": pickle.dumps(known, pickle.HIGHEST_PROTOCOL),
        }

    pending = state("pending", later)
    with store.engine.begin() as connection:
        for first in range(0, MANY, FEW):
            connection.execute(
                insert(jobs),
                [
                    {**pending, "id": f"p{each}", "next_run_time": later.timestamp() + each}
                    for each in range(first, first + FEW)
                ],
            )
    scheduler.state = STATE_RUNNING

    def wake_it() -> tuple[float, float]:
        each, past = next(_rounds), datetime.now(UTC) - timedelta(seconds=1)  # noqa: TID251 - as above
        with store.engine.begin() as connection:
            connection.execute(insert(jobs), [state(f"due{each}-{number}", past) for number in range(DUE)])
        return timed(scheduler._process_jobs)

    yield wake_it
    scheduler.shutdown(wait=False)


def starting(folder: Path) -> float:
    """Give the CPU seconds from nothing to the first look."""

    def start() -> None:
        with open_service(settings_of(folder)) as service:
            service.desk.commit([partial(ring, now=NOW, rings={KIND: nothing})])
            service.desk.read(reminders.next_due)

    return min(timed(start)[0] for _ in range(3)) / 1000


async def late(store: Store, times: int) -> list[float]:
    """Give how many milliseconds after its time each of some reminders was handled, while nothing else goes on."""
    clock = Clock(Settings())
    handled: list[float] = []
    rung = asyncio.Event()
    loop = asyncio.get_running_loop()
    due_at = clock.now()

    def note(_session: Session, _due: Due, _now: datetime) -> None:
        handled.append(1000 * (clock.now() - due_at).total_seconds())
        loop.call_soon_threadsafe(rung.set)

    with closing(Desk(store)) as desk:
        postman = Postman(desk, whole_book(), clock.now().tzinfo or UTC, "bench", {})
        alarm = Alarm(desk, postman, clock, {KIND: note})
        alarm.start()
        for each in range(times):
            due_at = clock.now() + timedelta(seconds=0.4, milliseconds=37 * each)
            await asyncio.to_thread(make_due, store, 1, due_at)
            alarm.nudge()
            await rung.wait()
            rung.clear()
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # what stopping cuts off is no error
        alarm.stop()
    return handled


def resident() -> float:
    """Give the memory this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def flat(store: Store) -> tuple[float, float]:
    """Handle ten thousand at one moment; give the memory held before and after, in MB."""
    make_due(store, FEW, NOW)
    before = resident()
    with closing(Desk(store)) as desk:
        while desk.commit([partial(ring, now=NOW, rings={KIND: nothing})]) != [0]:
            pass
    return before, resident()


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        few, many, empty = (Path(folder) / name for name in ("few", "many", "empty"))
        with closing(open_store(settings_of(few))) as store:
            fill(store, FEW)
            low = ours(store, f"ours, SQLite, {FEW} pending")
        with closing(open_store(settings_of(many))) as store:
            fill(store, MANY)
            high = beside_each_other(store, f"sqlite:///{Path(folder) / 'jobs.db'}", "SQLite")
            before, after = flat(store)
            lateness = sorted(asyncio.run(late(store, 21)))
        first = starting(many) - starting(empty)
        say(f"  many : few = {high / low:.2f} (goal {GOAL_RATIO} or less)")
        say(f"  late: half {lateness[10]:.1f} ms, most {lateness[-1]:.1f} ms (goal {GOAL_LATE:.0f} or less)")
        say(
            f"  a start with {MANY} pending takes {first:.2f} s more than with none (goal under {GOAL_START:.0f})"
        )
        say(f"  memory while {FEW} are handled: {before:.0f} MB before, {after:.0f} MB after")
        with running_server() as server, closing(Databases(server)) as databases:
            with closing(open_store(settings_of(Path(folder), databases.make()))) as store:
                fill(store, FEW)
                low = ours(store, f"ours, PostgreSQL, {FEW} pending")
            with closing(open_store(settings_of(Path(folder), databases.make()))) as store:
                fill(store, MANY)
                jobs = make_url(databases.make()).set(drivername="postgresql+psycopg")
                high = beside_each_other(store, jobs.render_as_string(hide_password=False), "PostgreSQL")
            say(f"  many : few on PostgreSQL = {high / low:.2f}")


if __name__ == "__main__":
    main()
