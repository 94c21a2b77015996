"""A list of 10,000 names as a spreadsheet: how long it takes, and how much memory; `python -m tests.bench roster`."""

import tempfile
import time
import tracemalloc
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.telling import say
from bot.console.roster import table_of
from bot.console.sheets import as_xlsx
from storage import crypto
from storage.base import Store
from storage.classes import roster
from storage.keeping.every_table import metadata
from storage.tables import Application, ApplicationState, Channel, Need, Person, Role
from tests.bot.courses import make_course
from tests.databases import TEST_KEY

MANY = 10_000
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def main() -> None:
    """Fill a class, write its list twice: once for the time, once for the memory."""
    crypto.use(crypto.KeyRing.parse(TEST_KEY), hash_key=b"a hash key for tests, 32 bytes..")
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Store(f"sqlite:///{Path(folder) / 'x.db'}")) as store,
    ):
        metadata.create_all(store.engine)
        intake = make_course(store, capacity=MANY)
        _fill(store, intake)
        began, burnt = time.perf_counter(), time.process_time()
        size = _write(store, intake)
        took, burnt = time.perf_counter() - began, time.process_time() - burnt
        say(f"{MANY} names: {took:.2f} s ({burnt:.2f} s of processor; at most 2 s), {size / 1024:.0f} KB")
        for many in (MANY // 10, MANY):
            tracemalloc.start()
            _write(store, intake, many)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            say(f"{many} names: at most {peak / 2**20:.1f} MB at a time")


def _fill(store: Store, intake: int) -> None:
    with store.writing() as session:
        for number in range(MANY):
            person = Person(
                name=f"学员{number}",
                cert_no=f"99000119900307{number % 1000:03d}143",
                phone="15400000000",
                created_at=NOW,
            )
            session.add(person)
            session.flush()
            filed = Application(
                number=f"2026-{number:05d}",
                person_id=person.id,
                intake_id=intake,
                applicant_role=Role.SELF,
                state=ApplicationState.ACCEPTED,
                flow_revision="apply",
                changed_at=NOW,
                channel=Channel.WEB,
            )
            session.add(filed)
            session.flush()
            session.add(Need(application_id=filed.id, code="cart"))


def _write(store: Store, intake: int, many: int = MANY) -> int:
    with store.reading() as session:
        found = roster.entries(session, intake, numbers=True, whole=True)
        cut = (entry for entry, _ in zip(found, range(many), strict=False))
        return len(as_xlsx(table_of(cut, numbers=True), NOW).body)
