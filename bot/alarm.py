"""Wakes up every minute and when something is due: promises are made and delivered; at night, what is over goes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlmodel import Session

from bot import minding, offering
from bot.acts import helping
from bot.forgetting import change_conversation, without_draft
from bot.postman import Postman
from bot.settings import Clock
from storage import class_reminders, outbox, reminders, waiting
from storage.desk import Desk
from storage.purge import is_overdue, last_night, purge
from storage.rules.calendar import next_allowed
from storage.tables import Reminder

log = structlog.get_logger("alarm")

MOST = 50
"""Reminders handled in one transaction."""

LONGEST_ROUND = 30.0
"""Seconds one tick goes on delivering; leases are counted from its beginning."""

SOONEST = 1.0
"""Seconds to sleep at least, whatever is due."""

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

    """

    def __init__(self, desk: Desk, postman: Postman, clock: Clock) -> None:
        self._desk = desk
        self._postman = postman
        self._clock = clock
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
        self._wake_in(SOONEST, "next", self._wake)
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
        """Do everything that is due at a moment of the service's zone."""
        async with self._ticking:
            while await self._desk.do(partial(ring, now=now)) == MOST:
                pass
            while await self._desk.do(partial(offering.lapse, now=now)) == offering.MOST:
                pass
            clock = asyncio.get_running_loop().time
            stop = clock() + LONGEST_ROUND
            while clock() < stop and (delivered := await self._postman.deliver(now)):
                if delivered.perhaps_doubled:
                    log.warning("perhaps_sent_twice", outbox=delivered.perhaps_doubled)
                if delivered.failed or delivered.dropped:
                    log.info("not_sent", failed=delivered.failed, dropped=delivered.dropped)

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
            self._wake_in(AFTER_A_FAULT, "next", self._wake)  # the database is away for a moment
            raise
        if due is not None:
            self._wake_in((due - self._clock.now()).total_seconds(), "next", self._wake)
        elif self._scheduler.get_job("next") is not None:
            self._scheduler.remove_job("next")

    async def _wake_at_night(self) -> None:
        self._wake_in(ONCE_MORE, "night", self._wake_at_night)
        await self.clear_out(self._clock.now())
        now = self._clock.now()
        night = last_night(now) + timedelta(days=1)
        self._wake_in((night - now).total_seconds(), "night", self._wake_at_night)

    def _wake_in(self, seconds: float, name: str, wake: Callable[[], Awaitable[None]]) -> None:
        soon = max(SOONEST, seconds)  # not rounded: a moment too early, nothing is due yet
        trigger = IntervalTrigger(seconds=soon, timezone=self._scheduler.timezone)
        self._scheduler.add_job(wake, trigger, id=name, replace_existing=True)


def ring(session: Session, now: datetime) -> int:
    """Handle the reminders that are due, in one transaction; give how many there were."""
    due = reminders.take_due(session, now, MOST)
    for row in due:
        RINGS.get(row.kind, _unknown)(session, row, now)
    return len(due)


def next_due(session: Session) -> datetime | None:
    """Give when something is due next, or None."""
    found = (reminders.next_due(session), outbox.next_due(session), waiting.next_lapse(session))
    return min((each for each in found if each is not None), default=None)


def _warn(session: Session, row: Reminder, now: datetime) -> None:
    """Promise the warning; the draft goes a week after it, not sooner."""
    reminders.expire_next(session, row, now)
    until = row.due_at.astimezone(now.tzinfo).date()
    outbox.promise(
        session,
        row.contact_id,
        "draft_warning",
        {"draft": row.id, "version": row.version_of, "until": until.isoformat()},
        now=now,
        key=f"{row.key}:{row.version_of}",
        not_after=row.due_at,
    )


def _nudge(session: Session, row: Reminder, now: datetime) -> None:
    """Promise a word about what was left half way, once the next day and once more; at night it waits."""
    flow, about = str(row.about["flow"]), dict(row.about["about"])
    draft = reminders.find_draft(session, row.contact_id, flow, about)
    if draft is None:
        reminders.drop(session, row, "已经写完，或者不写了")
        return
    due_at = next_allowed(now, offering.zone_of(now))
    outbox.promise(
        session,
        row.contact_id,
        "draft_nudge",
        {"draft": draft.id, "nudge": row.id, "version": row.version_of},
        now=now,
        due_at=due_at,
        key=f"{row.key}:{row.about['times']}",
        not_after=due_at + timedelta(days=1),
    )
    reminders.nudge_again(session, row)


def _let_go(session: Session, row: Reminder, now: datetime) -> None:
    flow, about = str(row.about["flow"]), dict(row.about["about"])
    change_conversation(session, row.contact_id, partial(without_draft, flow=flow, about=about), now)
    session.delete(row)
    session.flush()


def _unknown(session: Session, row: Reminder, now: datetime) -> None:  # noqa: ARG001 - as the others
    reminders.drop(session, row, "不认识的提醒")


RINGS: Mapping[str, Callable[[Session, Reminder, datetime], None]] = {
    reminders.DRAFT_WARNING: _warn,
    reminders.DRAFT_EXPIRY: _let_go,
    reminders.DRAFT_NUDGE: _nudge,
    reminders.HELPER_TIME: helping.watch,
    class_reminders.CLASS: minding.ring,
}
"""Kind of reminder -> what happens when it is due, in one transaction with others."""
