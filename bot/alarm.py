"""Wakes up every minute and when something is due: promises are made and delivered; at night, what is over goes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlmodel import Session

from bot.classes import offering
from bot.postman import Postman
from bot.ringing import MOST, RINGS, Rings, put_off, ring, rings_of
from bot.settings import Clock
from storage import outbox, reminders
from storage.applications import waiting
from storage.desk import LOST, Desk
from storage.keeping.purge import is_overdue, last_night, purge

__all__ = ["RINGS", "Alarm", "next_due", "ring", "rings_of"]

log = structlog.get_logger("alarm")

LONGEST_TURN = 0.02
"""Seconds one such transaction goes on, and one reminder more: somebody may be waiting for a reply."""

LONGEST_ROUND = 30.0
"""Seconds one tick goes on delivering; leases are counted from its beginning."""

SOONEST = 1.0
"""Seconds to sleep at least while something stays due."""

AFTER_A_FAULT = 5.0
"""Seconds until we look again when looking went wrong."""

FIRST_LOOK = 60.0
"""Seconds after the start that we look whether the last night's purge was missed."""

ONCE_MORE = 600.0
"""Seconds until a night's purge that could not be done is tried again."""

MANY = 1000
"""Wake-ups at once, at most: all but one only ask that one to look again, so none of them may be skipped."""


class Alarm:
    """Finds what is due. `tick` may run on any number of machines at once: each thing is done once.

    Args:
        desk: where turns are kept.
        postman: who delivers.
        clock: what time it is, in the service's zone.
        rings: what happens with each kind of reminder; `RINGS` where not given.

    """

    def __init__(self, desk: Desk, postman: Postman, clock: Clock, rings: Rings | None = None) -> None:
        self._desk = desk
        self._postman = postman
        self._clock = clock
        self._rings = rings or RINGS
        self._ticking = asyncio.Lock()
        self._looking = self._asked = False
        # Our reminders live in our own table: this scheduler only wakes us, and forgets with the process.
        # Without misfire_grace_time=None a wake-up that comes a second late would be dropped.
        zone = clock.now().tzinfo
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": MANY},
            timezone=zone,
        )

    def start(self) -> None:
        """Begin to wake up, now and from now on. Needs a running event loop."""
        self._wake_in(60.0, "minute", self._wake)
        self._wake_once(SOONEST)
        self._wake_in(FIRST_LOOK, "night", self._wake_at_night)
        self._scheduler.start()

    def stop(self) -> None:
        """Wake up no more."""
        self._scheduler.shutdown(wait=False)

    def nudge(self) -> None:
        """Look now: something was promised. Asked for while we look, it is looked at right after."""
        # Under a name of its own: a look that ends now sets the next one, and must not put this one off.
        self._scheduler.add_job(self._wake, id="nudge", replace_existing=True)

    async def tick(self, now: datetime) -> None:
        """Do what is due at a moment of the service's zone, a portion of each kind in turn, for half a minute."""
        async with self._ticking:
            clock = asyncio.get_running_loop().time
            stop = clock() + LONGEST_ROUND
            while clock() < stop:
                rung = await self._ring(now)
                lapsed = await self._desk.do(partial(offering.lapse, now=now))
                delivered = await self._postman.deliver(now)
                if delivered.perhaps_doubled:
                    log.warning("perhaps_sent_twice", outbox=delivered.perhaps_doubled)
                if delivered.failed or delivered.dropped:
                    log.info("not_sent", failed=delivered.failed, dropped=delivered.dropped)
                if not (rung or lapsed or delivered):
                    break

    async def _ring(self, now: datetime) -> int:
        """Handle a portion of the reminders that are due; one that cannot be handled holds up no other."""
        try:
            return await self._desk.do(partial(ring, now=now, rings=self._rings, seconds=LONGEST_TURN))
        except LOST:
            raise
        except Exception:  # noqa: BLE001 - whatever one of them has: it is found below
            return await self._ring_singly(now)

    async def _ring_singly(self, now: datetime) -> int:
        """Handle a portion one by one, and put off whichever raises."""
        for rung in range(MOST):
            try:
                if not await self._desk.do(partial(ring, now=now, rings=self._rings, most=1)):
                    return rung
            except LOST:
                raise
            except Exception:
                log.exception("not_reminded", reminder=await self._desk.do(partial(put_off, now=now)))
        return MOST

    async def clear_out(self, now: datetime) -> None:
        """Delete what is kept no longer, unless that was done since the last 03:30, here or elsewhere."""
        if await self._desk.look(partial(is_overdue, now=now)):
            done = await purge(self._desk, now)
            log.info("purged", **done.counts)
            if done.failed:
                log.error("not_purged", **done.failed)

    async def _wake(self) -> None:
        """Look; while somebody else looks, let them look once more, for they may have seen too little."""
        self._asked = True
        if self._looking:
            return
        self._looking = True
        try:
            while self._asked:
                self._asked = False
                await self._look()
        finally:
            self._looking = False

    async def _look(self) -> None:
        """Do what is due, and set when we look next."""
        try:
            await self.tick(self._clock.now())
            due = await self._desk.look(next_due)
        except Exception:
            self._wake_once(AFTER_A_FAULT)  # the database is away for a moment
            raise
        if due is not None:
            left = (due - self._clock.now()).total_seconds()
            self._wake_once(left if left > 0 else SOONEST)
        elif self._scheduler.get_job("next") is not None:
            self._scheduler.remove_job("next")

    async def _wake_at_night(self) -> None:
        self._wake_in(ONCE_MORE, "night", self._wake_at_night)
        await self.clear_out(self._clock.now())
        now = self._clock.now()
        night = last_night(now) + timedelta(days=1)
        self._wake_in((night - now).total_seconds(), "night", self._wake_at_night)

    def _wake_once(self, seconds: float) -> None:
        """Look at a moment. Not rounded: a moment too early, nothing is due yet."""
        moment = datetime.now(self._scheduler.timezone)  # noqa: TID251 - the scheduler goes by this one
        self._scheduler.add_job(
            self._wake, DateTrigger(moment + timedelta(seconds=seconds)), id="next", replace_existing=True
        )

    def _wake_in(self, seconds: float, name: str, wake: Callable[[], Awaitable[None]]) -> None:
        trigger = IntervalTrigger(seconds=seconds, timezone=self._scheduler.timezone)
        self._scheduler.add_job(wake, trigger, id=name, replace_existing=True)


def next_due(session: Session) -> datetime | None:
    """Give when something is due next, or None."""
    found = (reminders.next_due(session), outbox.next_due(session), waiting.next_lapse(session))
    return min((each for each in found if each is not None), default=None)
