"""When a message may go out: evenly spaced by the pace all workers share, and each chat once in a while (law 4)."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from math import inf
from time import monotonic
from weakref import WeakValueDictionary

from sqlmodel import Session

from bot.doors import Busy
from storage import pace
from storage.desk import Desk

Clock = Callable[[], datetime]

TELEGRAM_PACE = "telegram"
"""The row of Telegram's pace, which every worker shares; whoever meets its 429 stops it for all."""

LEAD = 0.02
"""Seconds ahead that a place is asked for at least, so that it is not over when the database has answered."""

GOOD_FOR = 0.02
"""Seconds after its moment that a place may still be used; then another is asked for."""

PATIENCE = 5.0
"""Seconds somebody waits for a place; for one further off, the message goes back to the outbox."""


class Late(Exception):
    """Its turn came when the lease on it was over, for soon it is another's, or for it is night: it was not sent."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Until when what a worker took may begin to leave us.

    Args:
        steady: by the clock that nobody sets, `time.monotonic`: it goes on while this process stands still.
        shared: by the service's clock, which goes on while this whole machine stands still.

    """

    steady: float
    shared: datetime

    def until(self, end: datetime) -> "Lease":
        """Give the same, but for no longer than to a moment of the service's clock."""
        return replace(self, shared=min(self.shared, end))

    def stands(self, now: datetime) -> bool:
        return monotonic() < self.steady and now < self.shared


@dataclass(frozen=True, slots=True)
class Place:
    """A place taken before, and the lease of what goes out at it."""

    at: datetime
    lease: Lease


class Pacer:
    """Gives turns on one channel.

    In any second no more than `rate` + 1 begin, of all workers together: a place is used at its moment or
    `GOOD_FOR` later at the most, and places lie that much further apart. The pause of a chat is kept by each
    worker for itself.

    Args:
        desk: where the pace is kept.
        name: the row of the channel in the shared pace.
        clock: the service's clock.
        rate: messages a second, of all workers together; inf for no pace, as where only speed is measured.
        per_chat: seconds between two messages to one chat.

    """

    def __init__(self, desk: Desk, name: str, clock: Clock, rate: float, per_chat: float) -> None:
        self._desk = desk
        self._name = name
        self._clock = clock
        self._rate = rate / (1 + GOOD_FOR)
        self._lead = LEAD
        self._stopped_until: datetime | None = None
        self._chats = Chats(per_chat)
        self._spare: deque[datetime] = deque()
        self._waiting = 0
        self._asking = asyncio.Lock()

    @asynccontextmanager
    async def turn(self, chat: object, place: Place | None = None) -> AsyncIterator[None]:
        """Wait for a turn to send to a chat, and have it.

        A place taken before, by `block`, is used if it is not over by then. Raises Busy while the channel is
        stopped, and Late when the turn comes after the lease.
        """
        async with self._chats.lock(chat):
            await self._chats.rest(chat)
            try:
                if place is None or not await self._wait_for(place.at):
                    await self._wait()
                if place is not None and not place.lease.stands(self._clock()):
                    raise Late
                yield
            finally:
                self._chats.pause(chat)

    def block(self, session: Session, now: datetime, places: int) -> list[datetime]:
        """Take several places at once, in a transaction that is committed before any of them is used."""
        if self._rate == inf:
            return [now] * places
        wanted = now + timedelta(seconds=self._lead)
        first = wanted + timedelta(seconds=pace.reserve(session, self._name, wanted, self._rate, places))
        return [first + timedelta(seconds=number / self._rate) for number in range(places)]

    def took(self, seconds: float) -> None:
        """Learn how long the database takes to give places: the next are asked for so much further ahead."""
        self._lead = min(max(LEAD, 2 * seconds), PATIENCE)

    def stopped(self, session: Session, now: datetime) -> float:
        """Give the seconds for which nobody sends."""
        return max(0.0, (pace.stopped_until(session, self._name) - now).total_seconds())

    async def stop(self, seconds: float) -> None:
        """Stop the channel for every worker, and those here that have a place already."""
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        self._stopped_until = max(until, self._stopped_until or until)
        await self._desk.do(partial(pace.stop, name=self._name, now=now, until=until))

    async def _wait(self) -> None:
        """Wait for a place in the shared pace. Those who wait at the same time take theirs in one transaction."""
        self._waiting += 1
        try:
            while not await self._wait_for(await self._next()):
                pass
        finally:
            self._waiting -= 1

    async def _next(self) -> datetime:
        async with self._asking:
            if not self._spare:
                clock = asyncio.get_running_loop().time
                asked, now = clock(), self._clock()
                places = await self._desk.do(partial(self.block, now=now, places=max(1, self._waiting)))
                self.took(clock() - asked)
                wait = (places[0] - self._clock()).total_seconds()
                if wait > PATIENCE:
                    raise Busy(wait)
                self._spare.extend(places)
            return self._spare.popleft()

    async def _wait_for(self, place: datetime) -> bool:
        """Wait until a place has come. Say whether it is not over by then; raises Busy when the channel was stopped."""
        if self._rate == inf:
            return True
        now = self._clock()
        while now < place:
            if place - now > pace.FURTHEST:
                return False  # the clock was set back
            await asyncio.sleep(min((place - now).total_seconds(), PATIENCE))
            now = self._clock()
        if self._stopped_until is not None and now < self._stopped_until:
            raise Busy((self._stopped_until - now).total_seconds())
        return (now - place).total_seconds() < GOOD_FOR


class Chats:
    """Gives each chat its turns, one after the other, with so many seconds between."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._locks: WeakValueDictionary[object, asyncio.Lock] = WeakValueDictionary()
        self._free_at: dict[object, float] = {}

    def lock(self, chat: object) -> asyncio.Lock:
        """Give what who has this chat's turn holds."""
        return self._locks.setdefault(chat, asyncio.Lock())

    async def rest(self, chat: object) -> None:
        """Wait until the pause after this chat's last turn is over."""
        if (free_at := self._free_at.get(chat)) is not None:
            await asyncio.sleep(free_at - monotonic())

    def pause(self, chat: object) -> None:
        """Begin a chat's pause, and forget the chats whose pause is over: they stand in front."""
        now = monotonic()
        while self._free_at and next(iter(self._free_at.values())) <= now:
            del self._free_at[next(iter(self._free_at))]
        self._free_at.pop(chat, None)
        self._free_at[chat] = now + self._seconds
