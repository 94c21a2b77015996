"""Delivers what was promised: each message is judged when it is due, and marked only after it is out.

What is for our own page is judged and put there many in one transaction. What leaves us goes one by one, and what
became of it is written down in the transaction that begins the next: a worker that is killed leaves one in doubt.
One that is slow, or cut off from the database, leaves none: it sends only while its lease surely stands, and writes
down what is out when the database is back.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import partial
from math import inf
from time import monotonic

import structlog
from sqlmodel import Session

from bot.channels.pacing import Late
from bot.doors import Busy, Door, Doubtful, Errand, Faulty, Ran, Unreachable
from bot.faulted import faulty
from bot.letters.letter import Post
from bot.sorting import NOWHERE, Judged, Sorter
from dialogs.book import Book
from storage import outbox, people
from storage.desk import LOST, Desk
from storage.outbox import Claimed
from storage.tables import Account, Channel

log = structlog.get_logger("postman")

MOST = 50
"""Messages claimed at once."""

LEASE_SECONDS = 120.0
"""How long a worker may take over them before another one may."""

SAFE_PART = 0.4
"""The part of the lease in which a worker still begins to send."""

LONGEST_TURN = 0.02
"""Seconds messages are judged in one transaction, and one message more: somebody may be waiting for a reply."""


@dataclass
class Delivered:
    """What became of the messages of one round, by their numbers in the outbox.

    Args:
        sent: on the page, or accepted by the channel.
        postponed: not now: quiet hours, or a busy channel.
        failed: to be tried again.
        dropped: not sent, with a reason staff can see.
        perhaps_doubled: sent now, and perhaps before by a worker that was cut off.

    """

    sent: list[int] = field(default_factory=list)
    postponed: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    perhaps_doubled: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.sent, self.postponed, self.failed, self.dropped))

    def note(self, claimed: Claimed, outcome: str, *, in_time: bool = True) -> None:
        """Count a message where it belongs."""
        getattr(self, outcome).append(claimed.id)
        if outcome == "sent" and (claimed.interrupted or not in_time):
            self.perhaps_doubled.append(claimed.id)


@dataclass(frozen=True, slots=True)
class Out:
    """A message that left us, or will not, as it is to be written down."""

    claimed: Claimed
    ran: Ran


class Postman:
    """One worker that delivers.

    Every worker on a database has the same doors and errands: what one does not know it drops.

    Args:
        desk: where turns are kept.
        book: the voices.
        zone: whose night it is that nobody is disturbed in.
        worker: this worker's name, its own among all machines.
        doors: the channels that are open, beside our own page.
        errands: kind of message -> who does it.
        home: the address of our page, for links in chats.

    """

    def __init__(
        self,
        desk: Desk,
        book: Book,
        zone: tzinfo,
        worker: str,
        doors: Mapping[Channel, Door],
        errands: Mapping[str, Errand] | None = None,
        home: str = "",
    ) -> None:
        self._desk = desk
        self._worker = worker
        self._doors = doors
        self._errands = errands or {}
        self._sorter = Sorter(book, zone, worker, doors.keys(), self._errands, home)
        self._busy: dict[Channel, datetime] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._resting = False
        self._out: Out | None = None
        """What is out and was not written down yet."""

    async def rest(self, seconds: float) -> None:
        """Begin nothing any more; wait a moment for what is on its way, and until that is written down."""
        self._resting = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), seconds)

    async def deliver(self, now: datetime) -> Delivered:
        """Deliver what is due, as long as the lease lasts; what is not reached is given back."""
        if self._resting:
            return Delivered()
        self._idle.clear()
        try:
            return await self._deliver(now)
        finally:
            self._idle.set()

    async def _deliver(self, now: datetime) -> Delivered:
        claiming = partial(outbox.claim, now=now, worker=self._worker, most=MOST, lease_seconds=LEASE_SECONDS)
        done = Delivered()
        await self._end((), now, done)  # it stayed when the database went away
        stop = monotonic() + LEASE_SECONDS * SAFE_PART
        waiting = deque(await self._desk.do(claiming))
        while waiting and monotonic() <= stop and not self._resting:
            for each in await self._go_on(waiting, now, done):
                claimed = waiting.popleft()
                if each.settled:
                    done.note(claimed, each.settled)
                else:
                    self._out = await self._carry(claimed, each, now, done, stop)
        await self._end(waiting, now, done)
        return done

    async def send_now(self, claimed: Claimed, now: datetime, *, begun: bool) -> bool:
        """Send what was promised as this worker's own, right after its turn: an errand of ours.

        Args:
            claimed: what was promised.
            now: the moment.
            begun: whether it is still ours for certain: then its promise itself says that it was begun.

        Returns:
            whether it is settled; what is not is tried again when it is due.

        """
        done = Delivered()
        if begun:
            judged = Judged(errand=self._errands[claimed.kind])
        elif (found := await self._judge_one(claimed, now, done)) is None:
            return False
        else:
            judged = found
        if judged.settled:
            return judged.settled in ("sent", "dropped")
        out = await self._carry(claimed, judged, now, done)
        if out is not None:
            in_time = await self._desk.do(partial(self._settle, out=out, now=now))
            await self._note(out, done, in_time=in_time)
        return bool(done.sent or done.dropped)

    async def _go_on(self, waiting: deque[Claimed], now: datetime, done: Delivered) -> list[Judged]:
        """Write down what is out and judge what comes next, in one transaction; one that fails, by itself."""
        out = self._out
        try:
            in_time, judged = await self._desk.do(
                partial(self._next, out=out, waiting=tuple(waiting), now=now)
            )
        except LOST:
            raise
        except Exception:  # noqa: BLE001 - whatever one of them has: it is found below
            await self._end((), now, done)
            found = await self._judge_one(waiting[0], now, done)
            if found is not None:
                return [found]
            waiting.popleft()
            return []
        self._out = None
        await self._note(out, done, in_time=in_time)
        return judged

    def _next(
        self, session: Session, out: Out | None, waiting: Sequence[Claimed], now: datetime
    ) -> tuple[bool, list[Judged]]:
        """Judge messages until one has to leave us; say as well whether what is out was ours when it was."""
        in_time = out is None or self._settle(session, out, now)
        return in_time, self._sorter.judge_some(session, waiting, now, LONGEST_TURN)

    async def _judge_one(self, claimed: Claimed, now: datetime, done: Delivered) -> Judged | None:
        """Judge one message in a transaction of its own; None when that fails."""
        try:
            return await self._desk.do(partial(self._sorter.judge, claimed=claimed, now=now))
        except Exception as problem:  # noqa: BLE001 - one message must not hold up the others
            await self._give_back(claimed, now, problem)
            done.note(claimed, "failed")
            return None

    async def _carry(
        self, claimed: Claimed, judged: Judged, now: datetime, done: Delivered, stop: float = inf
    ) -> Out | None:
        """Send a message or run an errand, unless it is too late by the steady clock; None when it is given back."""
        try:
            if judged.errand is not None:
                _check(stop)
                return Out(claimed, await self._run(judged.errand, claimed, now))
            return Out(claimed, Ran(await self._hand_over(judged, now, stop)))
        except Late:
            await self._desk.do(lambda session: outbox.postpone(session, claimed, self._worker, now))
            done.note(claimed, "postponed")
        except Busy as busy:
            until = now + timedelta(seconds=busy.seconds)
            await self._desk.do(lambda session: outbox.postpone(session, claimed, self._worker, until))
            done.note(claimed, "postponed")
        except Exception as problem:  # noqa: BLE001 - one message must not hold up the others
            await self._give_back(claimed, now, problem)
            done.note(claimed, "failed")
        return None

    async def _end(self, waiting: Collection[Claimed], now: datetime, done: Delivered) -> None:
        """Write down the last one that is out, and give back what was not reached."""
        out = self._out

        def write(session: Session) -> bool:
            for each in waiting:
                outbox.postpone(session, each, self._worker, now)
            return out is None or self._settle(session, out, now)

        if out is not None or waiting:
            in_time, self._out = await self._desk.do(write), None
            await self._note(out, done, in_time=in_time)
            for each in waiting:
                done.note(each, "postponed")

    async def _note(self, out: Out | None, done: Delivered, *, in_time: bool) -> None:
        """Remember what became of what is out and written down, and let an errand tidy up."""
        if out is not None:
            done.note(out.claimed, "dropped" if out.ran.why_not else "sent", in_time=in_time)
            if out.ran.after is not None:
                await out.ran.after()

    def _settle(self, session: Session, out: Out, now: datetime) -> bool:
        """Write down that a message is out, or why it never will be. Say whether it was ours when it was out."""
        claimed, ran, in_time = out.claimed, out.ran, True
        if ran.why_not:
            outbox.drop(session, [claimed.id], now, ran.why_not)
        else:
            in_time = outbox.mark_sent(session, claimed.id, self._worker, now)
        if ran.note is not None:
            ran.note(session)
        if claimed.kind in self._errands:
            outbox.empty(session, claimed.id)  # a reply repeats what was said, perhaps without a name
        return in_time

    async def _give_back(self, claimed: Claimed, now: datetime, problem: Exception) -> None:
        why, doubtful = type(problem).__name__, isinstance(problem, Doubtful)
        errand = self._errands.get(claimed.kind)
        if doubtful and str(problem):
            why = str(problem)
        await self._desk.do(
            lambda session: outbox.mark_failed(
                session,
                claimed,
                self._worker,
                now,
                why,
                doubtful=doubtful,
                somebody_waits=errand is not None and errand.somebody_waits,
            )
        )

    async def _run(self, errand: Errand, claimed: Claimed, now: datetime) -> Ran:
        """Run an errand; one that nobody can be reached for is dropped."""
        try:
            return await errand.run(claimed, now)
        except Unreachable:
            if claimed.account_id is not None:
                await self._lose(claimed.account_id)
            return Ran(NOWHERE)
        except Faulty as fault:
            return Ran(faulty(str(fault)))

    async def _hand_over(self, judged: Judged, now: datetime, stop: float) -> str:
        """Send to the first account that can be reached; give why it is dropped, or ""."""
        for account in judged.accounts:
            _check(stop)
            try:
                if await self._send(account, judged.post, now):
                    return ""
            except Faulty as fault:
                if not judged.on_page:
                    return faulty(str(fault))
                log.warning("not_sent_but_on_page", outbox=judged.post.outbox_id, fault=str(fault))
                return ""
        return "" if judged.on_page else NOWHERE

    async def _send(self, account: Account, post: Post, now: datetime) -> bool:
        """Send to one account. Raises Busy while its channel asks everybody to wait."""
        busy_until = self._busy.get(account.channel, now)
        if busy_until > now:
            raise Busy((busy_until - now).total_seconds())
        try:
            await self._doors[account.channel].send(account.address, post)
        except Unreachable:
            await self._lose(account.id)
            return False
        except Busy as busy:
            self._busy[account.channel] = now + timedelta(seconds=busy.seconds)
            raise
        return True

    async def _lose(self, account_id: int) -> None:
        await self._desk.do(lambda session: people.set_unreachable(session, account_id))


def _check(stop: float) -> None:
    """Raise Late when nothing of ours may begin to leave us any more."""
    if monotonic() > stop:
        raise Late
