"""Ratings over 200,000 answers of 2,000 classes: time, work and queries of each page; `python -m tests.bench ratings`."""

import asyncio
import gc
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert, text
from sqlmodel import Session

from bot.app import whole_book
from bot.channels.web.app import create_app
from bot.commands.telling import say
from bot.forms.taking import take_form
from bot.runner import Runner
from bot.settings import Clock, Settings
from storage import crypto
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.catalogue.tables import Intake
from storage.classes.tables import Tally
from storage.desk import Desk
from storage.keeping import every_table
from storage.staff import staff
from storage.tables import CallbackKind, Disposition, Person, Recheck, StaffRole
from storage.tickets.tables import Callback
from tests.bench.console import counting
from tests.bench.province import make_intake, make_project
from tests.databases import TEST_KEY
from tests.storage.postgres import running_server

CLASSES, OF_A_CLASS, PORTION = 2_000, 100, 200
"""Each of those in a class is asked three times and answers once a week after it: 200,000 sets of answers."""

ORGANISERS, FAMILY = 200, 0.2
GOAL_MS, MOST_QUERIES, ROUNDS = 300.0, 16, 5

FORM = Path(__file__).parents[2] / "bot" / "demo" / "forms" / "survey_t7.xlsx"

SCORED = ("sat_overall", "sat_teacher", "sat_content", "sat_practice", "sat_place", "sat_life", "sat_staff")
SCORES = (("s5", 0.5), ("s4", 0.3), ("s3", 0.1), ("s2", 0.06), ("s1", 0.02), ("s0", 0.02))
OTHERS = {
    "answered_by": ("self", "helper", "family"),
    "support_delivered": ("all", "part", "none", "dk"),
    "learned": ("well", "some", "no"),
    "recommend": ("yes", "maybe", "no"),
    "sat_overall_r": ("none", "some", "many"),
}

PAGES = (
    *(
        "/console/ratings",
        "/console/ratings?by=organiser",
        "/console/ratings?by=region",
        "/console/ratings?by=month",
    ),
    *(
        "/console/ratings?low=yes",
        "/console/ratings/of?by=all",
        "/console/ratings/of?by=organiser&of=示例培训中心7",
    ),
    *("/console/ratings/of?by=class&of=7", "/console/ratings/compare?a=7&b=8", "/console"),
    "/console/ratings/print",
)
PACK, PACK_GOAL_MS = "/console/ratings/pack", 3000.0
"""Every class and every question at once, as a spreadsheet."""


def main() -> None:
    """Print the pages' times on both databases."""
    crypto.use(crypto.KeyRing.parse(TEST_KEY), hash_key=b"a hash key for the bench, 32 by.")
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Store(f"sqlite:///{Path(folder) / 'bench.db'}")) as store,
    ):
        fill(store)
        asyncio.run(walk(store, "SQLite"))
    with running_server() as url, closing(Store(url)) as store:
        fill(store)
        asyncio.run(walk(store, "PostgreSQL"))
    crypto.use(None)


def fill(store: Store) -> None:
    """Put two years of a province into a database: as counts, which is what there is after they were answered."""
    now = Clock(Settings(clock="2026-11-21T10:00")).now()
    every_table.metadata.create_all(store.engine)
    numbers = random.Random(7)
    with store.writing() as session:
        take_form(session, FORM.read_bytes(), now, "bench", live=True)
        session.add_all(
            [make_project(number, f"示例培训中心{number % ORGANISERS}") for number in range(CLASSES)]
        )
        session.add_all([Person(id=number + 1, created_at=now) for number in range(OF_A_CLASS)])
        session.flush()
        session.add_all([_intake(number, now) for number in range(CLASSES)])
    for start in range(0, CLASSES, PORTION):
        with store.writing() as session:
            classes = range(start, start + PORTION)
            session.execute(insert(Tally), [row for number in classes for row in _tallies(number, numbers)])
            session.execute(insert(Callback), [row for number in classes for row in _callbacks(number, now)])
    with store.writing() as session:
        session.execute(text("ANALYZE"))  # as either database does by itself in time


def _intake(number: int, now: datetime) -> Intake:
    ends = now.date() - timedelta(days=10 + number % 700)
    return make_intake(
        number,
        status="finished",
        starts=ends - timedelta(days=20),
        closes=ends - timedelta(days=30),
        capacity=OF_A_CLASS,
    )


def _tallies(number: int, numbers: random.Random) -> Iterator[dict[str, object]]:
    for by_family in (False, True):
        many = round(OF_A_CLASS * (FAMILY if by_family else 1 - FAMILY))
        place = {
            "intake_id": number + 1,
            "form": "survey_t7",
            "wave": "",
            "by_family": by_family,
            "month": f"{2025 + number % 24 // 12}-{number % 12 + 1:02}",
        }
        for item in SCORED:
            for value, share in SCORES:
                count = max(0, round(many * share + numbers.uniform(-2, 2)))
                if count:
                    yield {**place, "item": item, "value": value, "count": count}
        for item, values in OTHERS.items():
            for value in values:
                yield {**place, "item": item, "value": value, "count": many // len(values)}


def _callbacks(number: int, now: datetime) -> Iterator[dict[str, object]]:
    for person in range(OF_A_CLASS):
        yield {
            "key": f"t7:{number}:{person}",
            "kind": CallbackKind.T7,
            "form": "survey_t7",
            "person_id": person + 1,
            "intake_id": number + 1,
            "state": Disposition.COMPLETE if person % 10 else Disposition.UNREACHED,
            **dict.fromkeys(("due_at", "next_at", "closes_at", "created_at"), now),
            "asked": 1,
            "tries": 0,
            "recheck": Recheck.NOT_DRAWN,
            "late": False,
            "reason": "",
        }


async def walk(store: Store, name: str) -> None:
    """Open every page some times, as an admin, a clerk of the city, and an evaluator."""
    settings = Settings(clock="2026-11-21T10:00")
    clock, shelf = Clock(settings), Shelf()
    with closing(Desk(store)) as desk:
        desk.read(lambda session: shelf.rebuild(session, clock.now().date()))
        runner = Runner(desk, whole_book(), shelf, settings, clock)
        app = create_app(runner, stopping=asyncio.Event())
        for role in (StaffRole.ADMIN, StaffRole.CLERK, StaffRole.EVALUATOR):
            region = "" if role is StaffRole.ADMIN else "郑州市"

            def hire(session: Session, role: StaffRole = role, region: str = region) -> str:
                member = staff.add_staff(session, role.value, role, clock.now(), region=region, actor="bench")
                return (
                    staff.come_in(session, staff.make_link(session, member, clock.now()), clock.now()) or ""
                )

            key = await desk.do(hire)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1:8000", cookies={"xq_staff": key}
            ) as browser:
                gc.collect()
                gc.freeze()  # as the service does once it has started
                for path in PAGES:
                    await measure(browser, store, f"{name} {role.value}", path)
                if role is StaffRole.EVALUATOR:
                    await measure(browser, store, f"{name} {role.value}", PACK)
                gc.unfreeze()


async def measure(browser: httpx.AsyncClient, store: Store, who: str, path: str) -> None:
    """Print the median of one page, what this process worked for it at best, and its queries."""

    async def once() -> tuple[float, float]:
        start, worked = time.perf_counter(), time.process_time()
        (await (browser.post(path, data=sent) if sent else browser.get(path))).raise_for_status()
        return (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000

    sent, goal, rounds = {}, GOAL_MS, ROUNDS
    if path == PACK:
        page = (await browser.get(PAGES[0])).text
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        sent, goal, rounds = {"csrf": found[1] if found else ""}, PACK_GOAL_MS, 1
    await once()
    times = [await once() for _ in range(rounds)]
    with counting(store) as ran:
        await once()
    queries = sum(each.startswith(("SELECT", "WITH")) for each in ran)
    half, worked = statistics.median([each[0] for each in times]), min([each[1] for each in times])
    is_over = half > goal or (path != PACK and queries > MOST_QUERIES)
    say(
        f"{who:20} {path:48} {half:6.1f} ms, {worked:.1f} of its own work"
        f" (goal {goal:.0f}, {goal / half:.1f} of it fit), {queries} queries{'   <-- over' if is_over else ''}"
    )


if __name__ == "__main__":
    main()
