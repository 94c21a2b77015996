"""One worker that sends notices to the tests' Telegram, as long as a test wants it to."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta

from bot.channels.broadcast import Broadcast
from bot.notices.mailing import Mailing
from storage.base import Store
from storage.desk import Desk
from storage.notices import notices
from storage.notices import report as notice_report
from storage.notices import rows as notice_rows
from storage.notices.notices import Words
from storage.notices.report import Recipient
from storage.tables import Fate, Notice
from tests.bot.test_postman import BOOK
from tests.channels.botapi import BotApi
from tests.storage import noticed
from tests.storage.noticed import WORDS

PATIENCE = 120.0
"""Seconds for a few seconds of work, on a machine that does much else."""


class Moved:
    """A clock that runs, and can be set to another time."""

    def __init__(self, at: datetime = noticed.NOW) -> None:
        self._at, self._begun = at, time.monotonic()

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._begun)

    def move(self, **ahead: float) -> None:
        self._at += timedelta(**ahead)


def planned(store: Store, contact_ids: Sequence[int], words: Words = WORDS, *, send: bool = True) -> int:
    """Write a notice for these people, and say that it is to be sent."""
    number = noticed.notice(store, words)
    with closing(Desk(store)) as desk:
        assert notice_rows.plan(desk, number, contact_ids, noticed.NOW) == len(contact_ids)
    if send:
        with store.writing() as session:
            assert notices.send(session, number, 1, noticed.NOW)
    return number


def known(api: BotApi, contact_ids: Sequence[int]) -> None:
    """Let these people of `noticed.crowd` have written to the bot before."""
    for number in range(len(contact_ids)):
        api.person(1000 + number, known=True)


async def mail(
    store: Store,
    api: BotApi | None,
    until: Callable[[], bool],
    *,
    clock: Moved | None = None,
    clocks: Sequence[Moved] = (),
    stores: Sequence[Store] = (),
    workers: int = 1,
    rate: float = 1000.0,
    per_chat: float = 0.0,
    answer_seconds: float = 20.0,
    meanwhile: Callable[[], None] | None = None,
) -> None:
    """Let workers send until something is so; `meanwhile` is called again and again, beside them.

    They have one clock and one store, or one each where `clocks` or `stores` are given.
    """
    now = clocks or [clock or Moved()] * workers
    stopping = asyncio.Event()
    desks = [Desk(each) for each in stores or [store] * workers]
    doors = [
        None
        if api is None
        else Broadcast(
            api.token, api.url, desk, its, rate=rate, per_chat=per_chat, answer_seconds=answer_seconds
        )
        for desk, its in zip(desks, now, strict=True)
    ]
    sending = [
        Mailing(desk, BOOK, noticed.ZONE, f"worker-{number}", its, door)
        for number, (desk, its, door) in enumerate(zip(desks, now, doors, strict=True))
    ]
    running = [asyncio.create_task(each.run(stopping)) for each in sending]
    end = time.monotonic() + PATIENCE
    try:
        while not await asyncio.to_thread(until):
            if meanwhile is not None:
                await asyncio.to_thread(meanwhile)
            for each in sending:
                each.nudge()
            assert time.monotonic() < end, "it does not come to an end"
            await asyncio.sleep(0.02)
    finally:
        stopping.set()
        await asyncio.gather(*running)
        for door in doors:
            if door is not None:
                await door.close()
        for desk in desks:
            desk.close()


def is_over(store: Store, *numbers: int) -> Callable[[], bool]:
    def look() -> bool:
        with store.reading() as session:
            return all(session.get_one(Notice, number).ended_at is not None for number in numbers)

    return look


def report(store: Store, number: int) -> list[Recipient]:
    with store.reading() as session:
        return notice_report.recipients(session, number, most=10_000)


def fates(store: Store, number: int) -> dict[Fate, int]:
    with store.reading() as session:
        return dict(notice_report.progress(session, number, noticed.NOW).fates)
