"""Measures notices: a bare sender, plain ExtBot, and ours from rows kept before and after; planning; replies meanwhile.

Telegram is a small server in a process of its own on another core: it answers at once. CPU is what this process
used per 1,000 messages, which others on the machine do not change; messages a second are of a quiet machine.
"""

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import datetime
from functools import partial
from math import inf
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
import orjson
from aiohttp import web
from sqlalchemy import insert
from sqlmodel import Session
from telegram.ext import ExtBot  # noqa: TID251 - what it costs as it is shipped

from bot.app import open_store, whole_book
from bot.channels.broadcast import Broadcast
from bot.commands.telling import say
from bot.mailing import Mailing
from bot.settings import Clock, Settings
from storage import notices, pace
from storage.base import Store
from storage.desk import Desk
from storage.notices import Words
from storage.staff import add_staff
from storage.tables import Account, Channel, Contact, ContactRole, Notice, Reading, Size, StaffRole, Topic
from tests.bench.telegram import only_on, two_cores
from tests.databases import TEST_KEY, Databases
from tests.storage.postgres import running_server

MESSAGES, PLAIN = 6000, 1500
MANY = 1_000_000
CLOCK = "2026-11-21T10:00"
TOKEN = "123456789:AAtests-own-token-0000000000000000000"
TEXT = "招聘会\n周六上午九点，有招聘会。"
ANSWER = orjson.dumps(
    {
        "ok": True,
        "result": {
            "message_id": 1,
            "date": 1,
            "chat": {"id": 1, "type": "private"},
            "text": TEXT,
            "id": 1,
            "is_bot": True,
            "first_name": "训桥",
        },
    }
)
"""One answer to everything: a message, and who the bot is."""


async def _serve(told: Connection) -> None:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=ANSWER, content_type="application/json")

    app = web.Application()
    app.router.add_post("/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    told.send(site._server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]  # of asyncio's own server
    await asyncio.Event().wait()


def _telegram(told: Connection, core: int | None) -> None:
    with only_on(core):
        asyncio.run(_serve(told))


async def by_hands(count: int, hands: int, send: Callable[[int], Awaitable[object]]) -> None:
    """Send so many messages, so many at a time."""
    numbers = iter(range(1, count + 1))

    async def hand() -> None:
        for number in numbers:
            await send(number)

    await asyncio.gather(*(hand() for _ in range(hands)))


def told(name: str, count: int, run: Callable[[], Awaitable[object]]) -> float:
    """Run it; print how fast it was, and give the CPU seconds for 1,000."""
    began, busy = time.perf_counter(), time.process_time()
    asyncio.run(run())  # type: ignore[arg-type]  # every one is a coroutine
    took, used = time.perf_counter() - began, time.process_time() - busy
    cpu = 1000 * used / count
    say(f"  {name:34} {count / took:7.0f}/s   {cpu:6.3f} CPU s per 1,000   {1 / cpu * 1000:7.0f}/s per core")
    return cpu


async def bare(url: str) -> None:
    async with aiohttp.ClientSession() as session:

        async def send(number: int) -> None:
            body = orjson.dumps({"chat_id": number, "text": TEXT})
            async with session.post(f"{url}/bot{TOKEN}/sendMessage", data=body) as answer:
                await answer.read()

        await by_hands(MESSAGES, 64, send)


async def plain(url: str) -> None:
    async with ExtBot(TOKEN, base_url=f"{url}/bot") as bot:
        await by_hands(PLAIN, 64, lambda number: bot.send_message(number, TEXT))


def fill(store: Store, people: int, now: datetime) -> None:
    """Make people with a chat each."""
    here = {"created_at": now, "seen_at": now}
    who = {"reading": Reading.PLAIN, "size": Size.STANDARD, "role": ContactRole.SELF, **here}
    where = {"channel": Channel.TELEGRAM, "reachable": True, "shown_prompt": 0, "shown_message": 0, **here}
    for first in range(1, people + 1, 10_000):
        numbers = range(first, min(first + 10_000, people + 1))
        with store.transaction() as connection:
            connection.execute(insert(Contact), [{"id": each, **who} for each in numbers])
            connection.execute(
                insert(Account),
                [
                    {
                        "contact_id": each,
                        "address": str(each),
                        "address_hash": f"h{each}",
                        "on_page": False,
                        **where,
                    }
                    for each in numbers
                ],
            )


def planned(store: Store, people: int, now: datetime) -> int:
    """Write a notice for everybody and let it be sent."""
    with store.writing() as session:
        member = add_staff(session, "王芳", StaffRole.CLERK, now, actor="bench").id
        number = notices.write(
            session, Topic.JOBS, Words("招聘会", "周六上午九点，有招聘会。"), member, now
        ).id
    with closing(Desk(store)) as desk:
        notices.plan(desk, number, range(1, people + 1), now)
    return number


async def ours(store: Store, url: str, number: int, clock: Clock, replies: list[float]) -> None:
    """Send a notice with one worker, from rows kept before and after; now and then somebody says something."""
    desk = Desk(store)
    door = Broadcast(TOKEN, url, desk, clock.now, rate=inf, per_chat=0)
    stopping = asyncio.Event()
    running = asyncio.create_task(
        Mailing(desk, whole_book(), clock.now().tzinfo, "bench", clock.now, door).run(stopping)  # type: ignore[arg-type]  # it has one
    )

    def over(session: Session) -> bool:
        return session.get_one(Notice, number).ended_at is not None

    while not await desk.look(over):
        began = time.perf_counter()
        await desk.do(partial(pace.stop, name="a turn", now=clock.now(), until=clock.now()))
        replies.append(time.perf_counter() - began)
        await asyncio.sleep(0.01)
    stopping.set()
    await running
    await door.close()
    desk.close()


def measure(kind: str, folder: Path, database: str, url: str) -> float:
    settings = Settings(home=folder, database_url=database, secret_key=TEST_KEY, clock=CLOCK)  # type: ignore[arg-type]  # pydantic reads it
    clock = Clock(settings)
    with closing(open_store(settings)) as store:
        fill(store, MESSAGES, clock.now())
        number = planned(store, MESSAGES, clock.now())
        with store.writing() as session:
            notices.send(session, number, 1, clock.now())
        waits: list[float] = []
        cpu = told(f"ours through ExtBot, {kind}", MESSAGES, lambda: ours(store, url, number, clock, waits))
        ordered = sorted(waits)
        half, most = (1000 * ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
        say(f"    a turn beside it: half {half:.1f} ms, 99 % {most:.1f} ms")
        return cpu


def plan_many(kind: str, folder: Path, database: str, people: int) -> None:
    settings = Settings(home=folder, database_url=database, secret_key=TEST_KEY, clock=CLOCK)  # type: ignore[arg-type]  # pydantic reads it
    now = Clock(settings).now()
    with closing(open_store(settings)) as store:
        fill(store, people, now)
        began = time.perf_counter()
        planned(store, people, now)
        say(
            f"  planning {people} recipients, {kind}: {time.perf_counter() - began:.1f} s (goal 60 s for a million)"
        )


def main() -> None:
    """Print the ratios."""
    ours_core, theirs = two_cores()
    mine, other = multiprocessing.Pipe(duplex=False)
    server = multiprocessing.get_context("spawn").Process(target=_telegram, args=(other, theirs), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{mine.recv()}"
    try:
        with only_on(ours_core), tempfile.TemporaryDirectory() as folder:
            floor = told("bare aiohttp", MESSAGES, lambda: bare(url))
            shipped = told("plain ExtBot", PLAIN, lambda: plain(url))
            lite = measure("SQLite", Path(folder) / "one", "", url)
            plan_many("SQLite", Path(folder) / "many", "", MANY)
            with running_server() as postgres, closing(Databases(postgres)) as databases:
                big = measure("PostgreSQL", Path(folder) / "two", databases.make(), url)
                plan_many("PostgreSQL", Path(folder) / "more", databases.make(), MANY)
        say(
            f"  ours against plain ExtBot: {shipped / lite:.1f}x on SQLite, {shipped / big:.1f}x on PostgreSQL"
        )
        say(f"  of the bare ceiling: {floor / lite:.0%} on SQLite, {floor / big:.0%} on PostgreSQL")
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
