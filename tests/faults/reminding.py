"""Reminders under faults: python -m tests.faults.reminding lets 100,000 be due at one minute (`make faults`)."""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import SQLModel

from bot.alarm import Alarm
from bot.app import whole_book
from bot.commands.telling import say
from bot.letters.letter import Post
from bot.postman import Postman
from bot.settings import Clock, Settings
from storage import outbox, reminders
from storage.base import Store
from storage.crypto import lookup_hash
from storage.desk import Desk
from storage.keeping import every_table
from storage.tables import (
    Account,
    Application,
    ApplicationState,
    Channel,
    Contact,
    Person,
    Relation,
    Reminder,
    Role,
)
from tests.bench.reminders import resident
from tests.bot.conftest import NOW, ZONE
from tests.bot.courses import make_course
from tests.databases import keys_installed
from tests.faults.forking import FORKING
from tests.faults.noticing.grounds import database

CLASS_DAY = date(2026, 12, 7)
EVE = datetime(2026, 12, 6, 10, tzinfo=ZONE)
"""When everybody is to be reminded."""

PATIENCE = 600.0
A_PORTION = 2000


class Ledger:
    """A channel that writes down to whom it took something, as they would see it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def send(self, address: str, post: Post) -> None:
        assert post.text
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{address}\n".encode())
        os.close(handle)
        await asyncio.sleep(0)


def taken(file: Path) -> Counter[int]:
    """Give how often each chat was written to."""
    return Counter(map(int, file.read_text().split())) if file.exists() else Counter()


def fill(store: Store, people: int) -> None:
    """Give so many people a chat each and a seat in one class, reminded of it at one minute."""
    intake = make_course(store, starts=CLASS_DAY, capacity=people)
    for first in range(1, people + 1, A_PORTION):
        rows: dict[type[SQLModel], list[dict[str, object]]] = {}
        for number in range(first, min(first + A_PORTION, people + 1)):
            for each in _of_one(number, intake):
                rows.setdefault(type(each), []).append(each.model_dump())
        with store.transaction() as connection:
            for table, values in rows.items():
                connection.execute(insert(table), values)


def _of_one(number: int, intake: int) -> Iterator[SQLModel]:
    yield Contact(id=number, created_at=NOW, seen_at=NOW)
    yield Account(
        id=number,
        contact_id=number,
        channel=Channel.TELEGRAM,
        address=str(number),
        address_hash=lookup_hash(f"telegram:{number}"),
        created_at=NOW,
        seen_at=NOW,
    )
    yield Person(id=number, created_at=NOW)
    yield Relation(
        id=number,
        contact_id=number,
        person_id=number,
        role=Role.SELF,
        powers=["see", "fill"],
        granted_by="person",
        started_at=NOW,
    )
    yield Application(
        id=number,
        number=f"2026-{number:06d}",
        person_id=number,
        contact_id=number,
        intake_id=intake,
        applicant_role=Role.SELF,
        state=ApplicationState.ACCEPTED,
        flow_revision="apply",
        submitted_at=NOW,
        changed_at=NOW,
        channel=Channel.TELEGRAM,
    )
    yield Reminder(
        id=number,
        kind="class",
        contact_id=number,
        about={"application": number, "days": 1},
        due_at=EVE,
        key=f"class:{number}:1",
        created_at=NOW,
    )


def alarm_of(desk: Desk, file: Path, worker: str) -> Alarm:
    postman = Postman(desk, whole_book(), ZONE, worker, {Channel.TELEGRAM: Ledger(file)})
    return Alarm(desk, postman, Clock(Settings()))


async def until_done(desk: Desk, alarm: Alarm, now: datetime) -> None:
    """Tick until nothing is due any more."""

    def is_due(session: object) -> bool:
        found = (reminders.next_due(session), outbox.next_due(session))  # type: ignore[arg-type]  # it is one
        return any(each is not None and each <= now for each in found)

    while await desk.look(is_due):
        await alarm.tick(now)


def work(url: str, file: Path, now: datetime) -> None:
    """What a worker does until it is killed."""
    with keys_installed(), closing(Store(url)) as store, closing(Desk(store)) as desk:
        asyncio.run(until_done(desk, alarm_of(desk, file, f"worker-{os.getpid()}"), now))


@dataclass(frozen=True)
class Count:
    """What became of the reminders: nobody's was lost, and who had it twice was being written to at a kill."""

    lost: int
    doubled: int


def killed(url: str, file: Path, people: int, kills: Sequence[int]) -> Count:
    """Let workers remind, each killed when so many are reminded; the last one ends by itself."""
    for number, after in enumerate([*kills, inf]):
        # Of a later worker the leases of who was killed have run out.
        worker: ForkServerProcess = FORKING.Process(
            target=work, args=(url, file, EVE + timedelta(minutes=5 * number)), daemon=True
        )
        worker.start()
        end = time.monotonic() + PATIENCE
        while worker.is_alive() and taken(file).total() < after:
            assert time.monotonic() < end, f"not in time: {taken(file).total()}"
            time.sleep(0.01)
        if worker.is_alive():
            worker.kill()
        worker.join(60)
        worker.close()
    heard = taken(file)
    return Count(people - len(heard), sum(times > 1 for times in heard.values()))


async def at_one_minute(store: Store, file: Path, people: int) -> list[float]:
    """Remind everybody; give how many milliseconds somebody who says something meanwhile waits for it to be kept."""
    waits: list[float] = []
    with closing(Desk(store)) as desk:
        reminding = asyncio.create_task(until_done(desk, alarm_of(desk, file, "worker"), EVE))
        while not reminding.done():
            began = time.perf_counter()
            await desk.do(lambda session: session.get(Contact, people))
            waits.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(0.05)
        await reminding
    return waits


def main(words: Sequence[str]) -> None:
    """Print what became of everybody on both databases: at one minute, and with workers killed."""
    people = int(words[0]) if words else 100_000
    chance = random.Random(20261122)
    for kind in ("sqlite", "postgresql"):
        with database(kind) as make, tempfile.TemporaryDirectory() as folder, keys_installed():
            for name, many, kills in (("at one minute", people, 0), ("kill -9, 20 times", people // 50, 20)):
                url = make() or f"sqlite:///{folder}/{kills}.db"
                file = Path(folder) / f"{kills}.txt"
                with closing(Store(url)) as store:
                    every_table.metadata.create_all(store.engine)
                    fill(store, many)
                    before, began, busy = resident(), time.perf_counter(), time.process_time()
                    if kills:
                        told = killed(url, file, many, sorted(chance.sample(range(1, many), kills)))
                        waited = ""
                    else:
                        waits = sorted(asyncio.run(at_one_minute(store, file, many)))
                        heard = taken(file)
                        told = Count(many - len(heard), sum(times > 1 for times in heard.values()))
                        waited = (
                            f"; {resident() - before:+.0f} MB; {1000 * (time.process_time() - busy) / many:.2f}"
                            f" ms CPU each; a turn beside it: half {waits[len(waits) // 2]:.0f} ms,"
                            f" 99 % {waits[int(len(waits) * 0.99)]:.0f} ms"
                        )
                say(
                    f"{kind:12}{name:20}{many:>8} due: lost {told.lost}, doubled {told.doubled},"
                    f" {time.perf_counter() - began:.0f} s{waited}"
                )


if __name__ == "__main__":
    main(sys.argv[1:])
