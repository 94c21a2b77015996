import asyncio
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from bot.postman import LEASE_SECONDS, Postman
from storage import outbox
from storage.base import Store
from storage.desk import Desk
from storage.tables import Channel, Outbox
from tests.bot.conftest import NOW, ZONE
from tests.bot.delivering import Ledger, work
from tests.bot.test_postman import BOOK, on_telegram
from tests.databases import on_both
from tests.faults.forking import FORKING

pytestmark = on_both

MESSAGES = 120
BEFORE_THE_KILL = 25
PATIENCE_SECONDS = 60


def lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_one_at_most(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "received"
    phone = on_telegram(store)
    with store.writing() as session:
        for number in range(MESSAGES):
            payload = {"name": f"学员{number}", "person": phone.current, "act": "phone"}
            outbox.promise(session, phone.contact_id, "told", payload, now=NOW)
    url = store.url.render_as_string(hide_password=False)
    worker = FORKING.Process(target=work, args=(url, file), daemon=True)
    worker.start()
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(lines(file)) < BEFORE_THE_KILL:
            assert worker.is_alive(), "the worker ended by itself"
            assert time.monotonic() < deadline, "the worker sends nothing"
            time.sleep(0.005)
    finally:
        worker.kill()  # SIGKILL: no chance to tidy up
        worker.join()
    assert len(lines(file)) < MESSAGES

    desk = Desk(store)
    second = Postman(desk, BOOK, ZONE, "worker-2", {Channel.TELEGRAM: Ledger(file)})
    suspected: list[int] = []

    async def finish() -> None:
        while done := await second.deliver(NOW + timedelta(seconds=LEASE_SECONDS)):
            suspected.extend(done.perhaps_doubled)

    asyncio.run(finish())
    desk.close()

    received = Counter(line.split("您好")[0].removeprefix("77 ") for line in lines(file))
    assert set(received) == {f"学员{number}" for number in range(MESSAGES)}
    with store.reading() as session:
        rows = session.exec(select(Outbox)).all()
        assert all(row.sent_at is not None for row in rows)
        named = {row.id: row.payload["name"] for row in rows}
    doubled = {name for name, times in received.items() if times > 1}
    assert len(suspected) <= 1
    assert doubled <= {named[number] for number in suspected}
