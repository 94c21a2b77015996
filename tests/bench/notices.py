"""Measures notices: a bare sender, plain aiogram, plain ExtBot, and ours from rows kept before and after; planning;
two workers; replies meanwhile.

Telegram is a small server in a process of its own on another core: it answers at once. CPU is what this process
used per 1,000 messages, which others on the machine do not change; messages a second are of a quiet machine.
"""

import asyncio
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from datetime import datetime
from functools import partial
from math import inf
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

import aiohttp
import orjson
from aiogram import Bot  # noqa: TID251 - what it costs as it is shipped
from aiogram.client.session.aiohttp import AiohttpSession  # noqa: TID251
from aiogram.client.telegram import TelegramAPIServer  # noqa: TID251
from aiohttp import web
from sqlalchemy import insert
from sqlmodel import Session
from telegram.ext import ExtBot  # noqa: TID251 - what it costs as it is shipped

from bot.app import open_store, whole_book
from bot.channels.broadcast import RATE, Broadcast
from bot.commands.telling import say
from bot.notices.mailing import Mailing
from bot.settings import Clock, Settings
from storage import pace
from storage.base import Store
from storage.desk import Desk
from storage.notices import notices
from storage.notices import rows as notice_rows
from storage.notices.notices import Words
from storage.staff.staff import add_staff
from storage.tables import Account, Channel, Contact, ContactRole, Notice, Reading, Size, StaffRole, Topic
from tests.bench.telegram import only_on, two_cores
from tests.databases import TEST_KEY, Databases
from tests.storage.postgres import running_server

MESSAGES, PLAIN = 12_000, 1500
REPLIES = 600
MANY = 1_000_000

FAR = 0.25
"""Seconds that a Telegram far away takes to answer: then it is the hands of a worker that are few, not our processors."""

PACES = (RATE, 800.0)
"""Messages a second: of everybody, and of who pays for a thousand."""

SPAWNED = multiprocessing.get_context("spawn")
BOOK = whole_book()
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


async def _serve(told: Connection, seconds: float) -> None:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        if seconds:
            await asyncio.sleep(seconds)
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


def _telegram(told: Connection, core: int | None, seconds: float) -> None:
    with only_on(core):
        asyncio.run(_serve(told, seconds))


@contextmanager
def telegram(core: int | None, seconds: float = 0.0) -> Iterator[str]:
    """Run a server that takes so long to answer; give its address."""
    mine, other = SPAWNED.Pipe(duplex=False)
    server = SPAWNED.Process(target=_telegram, args=(other, core, seconds), daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{mine.recv()}"
    finally:
        server.terminate()
        server.join()


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


async def aiogram(url: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with Bot(TOKEN, session) as bot:
        await by_hands(PLAIN, 64, lambda number: bot.send_message(number, TEXT))


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
        notice_rows.plan(desk, number, range(1, people + 1), now)
    return number


async def ours(store: Store, url: str, number: int, clock: Clock, *, rate: float = inf) -> None:
    """Send a notice with one worker, from rows kept before and after."""
    desk = Desk(store)
    async with sending(desk, url, clock, rate):

        def over(session: Session) -> bool:
            return session.get_one(Notice, number).ended_at is not None

        while not await desk.look(over):  # noqa: ASYNC110 - it is written by the worker, which tells nobody here
            await asyncio.sleep(0.05)
    desk.close()


@asynccontextmanager
async def sending(desk: Desk, url: str, clock: Clock, rate: float) -> AsyncIterator[None]:
    """Let a worker send what there is."""
    door = Broadcast(TOKEN, url, desk, clock.now, rate=rate, per_chat=0)
    stopping = asyncio.Event()
    worker = f"bench-{os.getpid()}"
    mailing = Mailing(desk, BOOK, clock.now().tzinfo, worker, clock.now, door)  # type: ignore[arg-type]  # it has one
    running = asyncio.create_task(mailing.run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await running
        await door.close()


def opened(folder: Path, database: str) -> tuple[Store, Clock]:
    settings = Settings(home=folder, database_url=database, secret_key=TEST_KEY, clock=CLOCK)  # type: ignore[arg-type]  # pydantic reads it
    return open_store(settings), Clock(settings)


def going_out(store: Store, people: int, now: datetime) -> int:
    """Let a notice to so many people begin."""
    fill(store, people, now)
    number = planned(store, people, now)
    with store.writing() as session:
        notices.send(session, number, 1, now)
    return number


def measure(kind: str, folder: Path, database: str, url: str) -> float:
    store, clock = opened(folder, database)
    with closing(store):
        number = going_out(store, MESSAGES, clock.now())
        return told(f"ours through ExtBot, {kind}", MESSAGES, lambda: ours(store, url, number, clock))


def _work(folder: Path, database: str, url: str, number: int, begin: Barrier) -> None:
    store, clock = opened(folder, database)
    with closing(store):
        begin.wait()
        asyncio.run(ours(store, url, number, clock))


def side_by_side(folder: Path, database: str, url: str, workers: int) -> float:
    """Give the messages a second of so many workers, each a process."""
    store, clock = opened(folder, database)
    with closing(store):
        number = going_out(store, MESSAGES, clock.now())
    begin = SPAWNED.Barrier(workers + 1)
    args = (folder, database, url, number, begin)
    running = [SPAWNED.Process(target=_work, args=args) for _ in range(workers)]
    for each in running:
        each.start()
    begin.wait()
    began = time.perf_counter()
    for each in running:
        each.join()
    return MESSAGES / (time.perf_counter() - began)


async def replies(desk: Desk, url: str, clock: Clock) -> list[float]:
    """Measure replies: a turn that is kept, and the call that follows it. In ms, in order."""
    took = []
    async with aiohttp.ClientSession() as session:
        body = orjson.dumps({"chat_id": 1, "text": TEXT})
        for _ in range(REPLIES):
            began = time.perf_counter()
            await desk.do(partial(pace.stop, name="a turn", now=clock.now(), until=clock.now()))
            async with session.post(f"{url}/bot{TOKEN}/sendMessage", data=body) as answer:
                await answer.read()
            took.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(0.02)
    return sorted(took)


async def replies_beside(store: Store, url: str, clock: Clock, rate: float) -> list[float]:
    desk = Desk(store)
    if not rate:
        took = await replies(desk, url, clock)
    else:
        async with sending(desk, url, clock, rate):
            took = await replies(desk, url, clock)
    desk.close()
    return took


def replies_meanwhile(kind: str, folder: Path, database: str, url: str) -> None:
    """Measure replies of a process that sends a notice as well."""
    store, clock = opened(folder, database)
    with closing(store):
        going_out(store, 40_000, clock.now())
        idle = 0.0
        for rate in (0.0, *PACES):
            took = asyncio.run(replies_beside(store, url, clock, rate))
            half, most = took[len(took) // 2], took[int(len(took) * 0.99)]
            idle = idle or most
            beside = f"beside {rate:g} messages a second" if rate else "idle"
            say(f"    a reply, {kind}, {beside}: half {half:.1f} ms, 99 % {most:.1f} ms ({most / idle:.1f}x)")


def plan_many(kind: str, folder: Path, database: str, people: int) -> None:
    """Let a process of its own make the list of everybody; what filling takes is not counted."""
    store, clock = opened(folder, database)
    with closing(store):
        fill(store, people, clock.now())
    mine, other = SPAWNED.Pipe(duplex=False)
    planner = SPAWNED.Process(target=_plan, args=(folder, database, people, other))
    planner.start()
    other.close()
    took, used, more = mine.recv()
    planner.join()
    say(
        f"  planning {people} recipients, {kind}: {took:.1f} s (goal 60 s for a million), {used:.1f} s CPU here,"
        f" {more:.0f} MB more at the most"
    )


def _plan(folder: Path, database: str, people: int, told: Connection) -> None:
    store, clock = opened(folder, database)
    with closing(store):
        planned(store, 1, clock.now())  # what is compiled once
        before, began, busy = most_memory(), time.perf_counter(), time.process_time()
        planned(store, people, clock.now())
        told.send((time.perf_counter() - began, time.process_time() - busy, most_memory() - before))


def most_memory() -> float:
    """Give the most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the ratios."""
    ours_core, theirs = two_cores()
    with ExitStack() as stack:
        near, far = (stack.enter_context(telegram(theirs, each)) for each in (0.0, FAR))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(running_server())
        databases = stack.enter_context(closing(Databases(postgres)))
        with only_on(ours_core):
            floor = told("bare aiohttp", MESSAGES, lambda: bare(near))
            shipped_aiogram = told("plain aiogram", PLAIN, lambda: aiogram(near))
            shipped = told("plain ExtBot", PLAIN, lambda: plain(near))
            lite = measure("SQLite", folder / "lite", "", near)
            big = measure("PostgreSQL", folder / "big", databases.make(), near)
        for kind, cpu in (("SQLite", lite), ("PostgreSQL", big)):
            say(
                f"  ours, {kind}: {shipped / cpu:.1f}x plain ExtBot, {shipped_aiogram / cpu:.1f}x plain aiogram,"
                f" {floor / cpu:.0%} of the bare ceiling"
            )
        one, two = (side_by_side(folder / f"by {number}", databases.make(), far, number) for number in (1, 2))
        say(
            f"  workers, PostgreSQL, Telegram {1000 * FAR:g} ms away: one {one:.0f}/s, two {two:.0f}/s"
            f" ({two / one:.2f}x, goal 1.7x)"
        )
        replies_meanwhile("SQLite", folder / "replies", "", near)
        replies_meanwhile("PostgreSQL", folder / "other replies", databases.make(), near)
        plan_many("SQLite", folder / "many", "", MANY)
        plan_many("PostgreSQL", folder / "more", databases.make(), MANY)


if __name__ == "__main__":
    main()
