"""Sends notices: a block is judged, begun and given its places in one transaction, then goes out by many hands.

What became of the block before is written down in the same transaction. So a message costs a share of a few
statements, and when a worker is killed what is in doubt is one block: a tenth of a second's messages.

A worker that is slow, or was cut off from the database, doubles nothing: a message leaves it only while its lease
lasts for the call and for writing down what became of it, and it takes over what others left only when it has been
in touch with the database for a while, for they may have been cut off with it.

What can wait until morning is looked at right before it leaves us: a place that comes after the quiet hours began is
given back. And no more is begun than goes out within about a second, however few go out in one: what was paused or
stopped does not go on for long.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import cache, partial
from time import monotonic
from typing import Protocol

import structlog
from sqlmodel import Session

from bot.attached import Attached
from bot.channels.pacing import Late, Lease, Pacer, Place
from bot.doors import Busy, Doubtful, Faulty, Unreachable
from bot.faulted import faulty
from bot.letters.letter import Post
from bot.notices.judging import Judging, Ready
from bot.notices.posts import attached_to, wording
from bot.touch import Touch
from dialogs.book import Book
from storage import pace, people
from storage.desk import LOST, Desk
from storage.notices import mailing, notices
from storage.notices.halting import halt_if_broken
from storage.notices.mailing import Outcome
from storage.notices.tables import NoticeText
from storage.rules.calendar import is_quiet, quiet_from
from storage.tables import Channel, Fate, Night, Notice

log = structlog.get_logger("mailing")

BLOCK_SECONDS = 0.1
"""How much is begun at once: so many seconds' messages."""

LARGEST = 500
"""Messages in one block, at most."""

ON_PAGE = 500
"""Recipients put on our page in one transaction, at most."""

FEWEST_HANDS, MOST_HANDS = 16, 128
"""Messages on their way at the same time."""

LOOK = 1.0
"""Seconds between two looks for something to send, where nobody here tells us: it may be written elsewhere.

Nothing more is begun while the last place taken lies further ahead.
"""

SETTLING = 0.1
"""Seconds until what is on its way is written down when nothing else is begun."""

SETTLED_WITHIN = 5.0
"""Seconds left of a lease, at least, when a message has gone out: then that is written down."""

LAST_WORDS = 2.0
"""Seconds that messages on their way, and the database, get when we stop."""

AFTER_A_FAULT = 1.0
ONCE_MORE = 0.2
"""Seconds until the database is tried again: as we go on, and as we stop."""


class Door(Protocol):
    """A channel with a shared pace, as notices go through it."""

    rate: float
    longest: float
    pacer: Pacer

    async def send(self, address: str, post: Post, place: Place | None = None) -> None:
        """Send a message at a place taken before. Raises what `bot.doors.Door` says, and Late.

        It takes `longest` seconds at the most, when its turn has come.
        """


@dataclass(slots=True)
class Block:
    """What one transaction gives: messages with their places, and whether there was anything to do."""

    ready: list[Ready] = field(default_factory=list)
    leases: list[Lease] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    settled: int = 0
    ended: bool = False
    stopped: float = 0.0


class Mailing:
    """One worker that sends notices; any number may do so on one PostgreSQL.

    Args:
        desk: where everything is kept.
        book: the voices.
        zone: whose night it is that nobody is disturbed in.
        worker: this worker's name, its own among all machines.
        clock: what time it is.
        door: the way to Telegram; None where it is not switched on.
        home: the address of our page, for links in chats.
        tell: called when a notice is over: who wrote it may be promised a letter.

    """

    def __init__(
        self,
        desk: Desk,
        book: Book,
        zone: tzinfo,
        worker: str,
        clock: Callable[[], datetime],
        door: Door | None,
        home: str = "",
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._book = book
        self._zone = zone
        self._worker = worker
        self._clock = clock
        self._door = door
        self._home = home
        self._tell = tell
        rate = door.rate if door else 0.0
        self._most = max(1, int(min(LARGEST, rate * BLOCK_SECONDS)))
        self._hands = int(min(MOST_HANDS, max(FEWEST_HANDS, rate / 4)))
        self._queue: asyncio.Queue[tuple[Ready, Place]] = asyncio.Queue()
        self._held: set[int] = set()
        self._done: list[Outcome] = []
        self._lost: set[int] = set()
        self._last: datetime | None = None
        self._attached: Attached | None = None
        self._touch = Touch()
        self._stir, self._low = asyncio.Event(), asyncio.Event()

    def nudge(self) -> None:
        """Look now: a notice was sent, resumed or corrected here."""
        self._stir.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Send until told to stop; then let what is on its way arrive, and give the rest back."""
        hands = [asyncio.create_task(self._hand()) for _ in range(self._hands)]
        stop = asyncio.create_task(self._stop(stopping))
        try:
            while not stopping.is_set():
                await _until(self._stir, await self._round())
                if self._queue.qsize() * 2 > self._most:
                    await _until(self._low, SETTLING)
        finally:
            stop.cancel()
            await self._end(hands)

    async def _stop(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._stir.set()
        self._low.set()

    async def _round(self) -> float:
        """Write down what is over and begin what comes next; give the seconds until there is reason to look again."""
        try:
            block = await self._next()
        except Exception as problem:  # noqa: BLE001 - the database is away for a moment: nothing was begun
            log.warning("mailing_waits", problem=type(problem).__name__)
            return AFTER_A_FAULT
        if block.ended:
            self._tell()
        for each in zip(block.ready, block.places, strict=True):
            self._queue.put_nowait(each)
        if block.places:
            self._last = block.places[-1].at
        if block.places or self._ahead() > BLOCK_SECONDS:
            return min(LOOK, self._ahead() - BLOCK_SECONDS / 2)
        if block.settled or self._held:
            return SETTLING
        return min(LOOK, block.stopped) if block.stopped else LOOK

    def _ahead(self) -> float:
        """Give the seconds to the last place taken: nothing for one that was taken before a clock was set back."""
        left = (self._last - self._clock()).total_seconds() if self._last else 0.0
        return left if left < pace.FURTHEST.total_seconds() else 0.0

    async def _next(self) -> Block:
        """Settle and begin, in one transaction; what it could not write down is kept for the next one."""
        done, self._done = self._done, []
        lost, self._lost = self._lost, set()
        room = self._most - self._queue.qsize() if self._ahead() < LOOK else 0
        over = {each.taken.id for each in done}
        asked, now = monotonic(), self._clock()
        self._touch.look(now)
        try:
            block = await self._desk.do(
                partial(
                    self._begin,
                    done=done,
                    lost=lost,
                    room=max(0, room),
                    held=frozenset(self._held - over),
                    now=now,
                    lease=self._lease(asked, now),
                )
            )
        except BaseException:
            self._done[:0] = done
            self._lost |= lost
            self._touch.lost()
            raise
        self._touch.felt()
        if self._door is not None:
            self._door.pacer.took(monotonic() - asked)
        self._held -= over
        self._held |= {each.taken.id for each in block.ready}
        return block

    def _lease(self, asked: float, now: datetime) -> Lease:
        """Say until when what is taken now may begin to leave us."""
        longest = self._door.longest if self._door else 0.0
        within = mailing.LEASE_SECONDS - longest - SETTLED_WITHIN
        return Lease(asked + within, now + timedelta(seconds=within))

    async def _hand(self) -> None:
        while True:
            ready, place = await self._queue.get()
            if self._queue.qsize() * 2 <= self._most:
                self._low.set()
            outcome = await self._send(ready, place)
            self._done.append(outcome)  # not in one line: the list is another one by then
            if len(self._done) == len(self._held):
                self._stir.set()

    async def _send(self, ready: Ready, place: Place) -> Outcome:
        assert self._door is not None
        outcome = partial(Outcome, ready.taken, on_page=ready.on_page)
        try:
            await self._door.send(ready.address, ready.post, place)
        except Unreachable:
            self._lost.add(ready.account_id)
            return outcome(Fate.WAITING)  # judged anew: there may be another place
        except Late:
            return outcome(Fate.WAITING)
        except LOST:  # no place was to be had: the database is away for a moment
            return outcome(Fate.WAITING, after=timedelta(seconds=AFTER_A_FAULT))
        except Busy as busy:
            return outcome(Fate.WAITING, after=timedelta(seconds=busy.seconds))
        except Faulty as fault:
            return outcome(Fate.FAILED, faulty(str(fault)))
        except Doubtful as doubt:
            return outcome(Fate.WAITING, str(doubt), tried=True, doubtful=True)
        except Exception as problem:  # noqa: BLE001 - one message must not hold up the others
            return outcome(Fate.WAITING, type(problem).__name__, tried=True)
        return outcome(Fate.SENT)

    async def _end(self, hands: Sequence[asyncio.Task[None]]) -> None:
        """Give back what was not begun to be sent, wait a moment for the rest; write down at once what is known."""
        while not self._queue.empty():
            ready, _ = self._queue.get_nowait()
            self._done.append(Outcome(ready.taken, Fate.WAITING))
        end = monotonic() + LAST_WORDS
        try:
            await self._write_down()
            while self._held and (left := end - monotonic()) > 0:
                self._stir.clear()
                if len(self._done) < len(self._held):
                    await _until(self._stir, left)
                await self._write_down()
        finally:  # nobody waits for us any longer
            for hand in hands:
                hand.cancel()
            await asyncio.gather(*hands, return_exceptions=True)
            await self._write_down(last=True)  # else the leases run out by themselves

    async def _write_down(self, *, last: bool = False) -> None:
        """Write down what is over; at the very last, leave the rest to others."""
        done, self._done = self._done, []
        over, now = {each.taken.id for each in done}, self._clock()

        def write(session: Session) -> None:
            mailing.settle(session, done, self._worker, now)
            if last:
                mailing.lay_down(session, self._held - over, self._worker)

        try:
            await self._desk.do(write)
        except Exception:  # noqa: BLE001 - the database is away for a moment
            self._done[:0] = done
            await asyncio.sleep(ONCE_MORE)
        else:
            self._held -= over

    def _begin(
        self,
        session: Session,
        done: Sequence[Outcome],
        lost: Collection[int],
        room: int,
        held: frozenset[int],
        now: datetime,
        lease: Lease,
    ) -> Block:
        for account_id in lost:
            people.set_unreachable(session, account_id)
        session.flush()
        mailing.settle(session, done, self._worker, now)
        mailing.start_due(session, now)
        closed = mailing.close_stopped(session, now, inherits=self._touch.is_steady)
        block = Block(settled=len(done) + closed, ended=closed > 0)
        by_day = lease.until(quiet_from(now, self._zone))
        if self._door is not None:
            block.stopped = self._door.pacer.stopped(session, now)
        for notice in mailing.running(session, quiet=is_quiet(now, self._zone)):
            if halt_if_broken(session, notice):
                continue
            left = 0 if block.stopped else room - len(block.ready)
            self._begin_notice(session, notice, block, left, held, now)
            stands = lease if notice.night is Night.RINGS else by_day
            block.leases += [stands] * (len(block.ready) - len(block.leases))
        if block.ready and self._door is not None:
            places = self._door.pacer.block(session, now, len(block.ready))
            block.places = [Place(*each) for each in zip(places, block.leases, strict=True)]
        return block

    def _begin_notice(
        self, session: Session, notice: Notice, block: Block, room: int, held: frozenset[int], now: datetime
    ) -> None:
        """Take recipients of one notice: those of our page at once, others as far as there is room."""
        take = partial(
            mailing.take,
            session,
            notice.id,
            now=now,
            worker=self._worker,
            but=held,
            inherits=self._touch.is_steady,
        )
        taken = take(Channel.WEB, most=ON_PAGE)
        if room > 0 or self._door is None:
            taken += take(Channel.TELEGRAM, most=room if self._door else ON_PAGE)
        if not taken:
            if not held:
                block.ended |= mailing.finish(session, notice, now)
            return
        block.settled += len(taken)
        text = notices.text_of(session, notice.id, notice.version)
        attached = self._attached_to(session, text)
        say = cache(lambda reading: wording(text, self._book.voice(reading.value), attached))
        judging = Judging(
            session, notice, say, self._worker, now, home=self._home, chats=self._door is not None
        )
        block.ready += judging.judge(taken)

    def _attached_to(self, session: Session, text: NoticeText) -> Attached | None:
        """Give what goes with a notice; it is read once, not for each block."""
        if text.file_id is None or self._door is None:
            return None
        if self._attached is None or self._attached.key != str(text.file_id):
            self._attached = attached_to(session, text)
        return self._attached


async def _until(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but not for long."""
    if seconds > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)
    event.clear()
