"""Measures the console with 100,000 applications of 2,000 intakes: server time and queries of each page."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import event, insert, text
from sqlmodel import Session

from bot.app import whole_book
from bot.channels.web.app import create_app
from bot.commands.telling import say
from bot.runner import Runner
from bot.settings import Clock, Settings
from storage import crypto
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from storage.keeping import every_table
from storage.people import name_hash
from storage.staff import staff
from storage.tables import (
    Application,
    ApplicationState,
    Channel,
    Need,
    NeedAnswer,
    Person,
    Role,
    StaffRole,
    TicketState,
)
from storage.tickets.tables import Ticket
from tests.bench.province import make_intake, make_project
from tests.databases import TEST_KEY
from tests.storage.postgres import running_server

INTAKES, APPLICATIONS, PORTION = 2_000, 100_000, 5_000
A_TICKET = 20
"""Of so many applications there is one ticket."""

ROUNDS, PATIENCE = 9, 3.0
"""How often a page is asked for; a slow one only until so many seconds went by, so that a mistake shows soon."""

GOAL, SEARCH_GOAL, MOST_QUERIES = 0.150, 0.100, 12
DAY = date(2026, 12, 7)

STATES = (
    *(ApplicationState.SUBMITTED, ApplicationState.ACCEPTED, ApplicationState.ACCEPTED),
    *(ApplicationState.WAITLISTED, ApplicationState.DECLINED),
)


def fill(store: Store, now: datetime) -> None:
    """Put a province's year into a database."""
    every_table.metadata.create_all(store.engine)
    with store.writing() as session:
        for number in range(INTAKES):
            session.add(make_project(number))
        session.flush()
        for number in range(INTAKES):
            session.add(
                make_intake(number, status="open", starts=DAY, closes=DAY - timedelta(days=7), capacity=60)
            )
    for start in range(0, APPLICATIONS, PORTION):
        with store.writing() as session:
            _fill_people(session, range(start, start + PORTION), now)
    with store.writing() as session:
        session.execute(text("ANALYZE"))  # as either database does by itself in time


def _fill_people(session: Session, numbers: range, now: datetime) -> None:
    people = [
        {
            "id": n + 1,
            "name": f"学员{n}",
            "name_hash": name_hash(f"学员{n}"),
            "phone_hash": crypto.lookup_hash(f"phone:154{n:08}"),
            "profile": {},
            "created_at": now,
        }
        for n in numbers
    ]
    session.execute(insert(Person), people)
    filed = [
        {
            "id": n + 1,
            "number": f"2026-{n + 1:06d}",
            "person_id": n + 1,
            "intake_id": n % INTAKES + 1,
            "applicant_role": Role.SELF,
            "state": STATES[n // INTAKES % len(STATES)],
            "answers": {"name": f"学员{n}", "priority_claim": ["dibao", "women"][: n % 3]},
            "flow_revision": "apply",
            "submitted_at": now - timedelta(minutes=n),
            "changed_at": now,
            "channel": Channel.WEB,
            "rank": -min(n % 3, 2),
            "open_needs": n % 2,
        }
        for n in numbers
    ]
    session.execute(insert(Application), filed)
    needs = [
        {
            "application_id": n + 1,
            "code": "cart",
            "answer": NeedAnswer.OPEN if n % 2 else NeedAnswer.CAN,
            "answered_by": "",
        }
        for n in numbers
    ]
    session.execute(insert(Need), needs)
    raised = [
        {
            "id": n + 1,
            "number": f"T2026-{n + 1:06d}",
            "kind": "complaint",
            "about_application_id": n + 1,
            "words": "门口有台阶",
            "state": TicketState.OPEN if n % 3 else TicketState.CLOSED,
            "created_at": now - timedelta(minutes=n),
            "due_at": now + timedelta(minutes=n - APPLICATIONS // 2),
        }
        for n in numbers
        if n % A_TICKET == 0
    ]
    session.execute(insert(Ticket), raised)


@contextmanager
def counting(store: Store) -> Iterator[list[str]]:
    """Collect the statements that run."""
    ran: list[str] = []

    def note(*args: object) -> None:
        ran.append(str(args[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


async def walk(store: Store, name: str) -> None:
    """Open every page some times, as a clerk and as an admin."""
    settings = Settings(clock="2026-11-21T10:00")
    clock, shelf = Clock(settings), Shelf()
    with closing(Desk(store)) as desk:
        desk.read(lambda session: shelf.rebuild(session, clock.now().date()))
        runner = Runner(desk, whole_book(), shelf, settings, clock)
        app = create_app(runner, stopping=asyncio.Event())
        for role, region in ((StaffRole.ADMIN, ""), (StaffRole.CLERK, "郑州市")):
            now = clock.now()

            def hire(
                session: Session, role: StaffRole = role, region: str = region, now: datetime = now
            ) -> str:
                member = staff.add_staff(session, role.value, role, now, region=region, actor="bench")
                return staff.come_in(session, staff.make_link(session, member, now), now) or ""

            key = await desk.do(hire)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1:8000", cookies={"xq_staff": key}
            ) as browser:
                for path in PAGES:
                    await measure(browser, store, f"{name} {role.value}", path)


PAGES = (
    *("/console", "/console/applications", "/console/applications?list=all&page=400"),
    *("/console/applications?list=needs", "/console/applications?words=学员77777"),
    *("/console/applications/2026-000001", "/console/intakes", "/console/intakes/1", "/console/calls"),
    *("/console/intakes/1/file", "/console/intakes/1/roster", "/console/intakes/1/move"),
    *("/console/applications/write?pick=2026-000001", "/console/imports", "/console/entries"),
    *(
        "/console/entries?words=学员77777",
        "/console/lists",
        "/console/tickets",
        "/console/tickets?list=closed",
    ),
    *("/console/tickets/T2026-000001",),
)


async def measure(browser: httpx.AsyncClient, store: Store, who: str, path: str) -> None:
    """Print the median of one page, and its queries."""
    (await browser.get(path)).raise_for_status()
    times: list[float] = []
    while len(times) < ROUNDS and sum(times) < PATIENCE:
        start = time.perf_counter()
        (await browser.get(path)).raise_for_status()
        times.append(time.perf_counter() - start)
    with counting(store) as ran:
        await browser.get(path)
    queries = sum(each.startswith("SELECT") for each in ran)
    half, goal = statistics.median(times), SEARCH_GOAL if "words" in path else GOAL
    mark = "" if half <= goal and queries <= MOST_QUERIES else "   <-- over"
    say(
        f"{who:20} {path:48} {half * 1000:6.1f} ms (goal {goal * 1000:.0f}), {queries} queries (goal {MOST_QUERIES}){mark}"
    )


def main() -> None:
    """Print the pages' times on both databases."""
    crypto.use(crypto.KeyRing.parse(TEST_KEY), hash_key=b"a hash key for the bench, 32 by.")
    now = Clock(Settings(clock="2026-11-21T10:00")).now()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Store(f"sqlite:///{Path(folder) / 'bench.db'}")) as store,
    ):
        fill(store, now)
        asyncio.run(walk(store, "SQLite"))
    with running_server() as url, closing(Store(url)) as store:
        fill(store, now)
        asyncio.run(walk(store, "PostgreSQL"))
    crypto.use(None)
