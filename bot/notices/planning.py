"""Makes the lists of notices beside the pages: whoever was chosen is found once, in portions, by one process at a time."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from time import monotonic

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlmodel import Session

from bot.console.permissions import Act, may
from bot.notices.rights import reached_by
from storage import leases
from storage.catalogue.shelf import Shelf
from storage.desk import Desk, DeskClosed
from storage.notices import audience
from storage.notices import plan as notice_plan
from storage.notices import rows as notice_rows
from storage.notices.audience import Own, choice_of
from storage.notices.plan import LEASE, Going, Wanted
from storage.tables import Staff

log = structlog.get_logger("planning")

LOOK = 1.0
"""Seconds between two looks for a list to make, where nobody here tells us: it may be asked for elsewhere."""

TELL_EVERY = 2.0
"""Seconds between two notes that a list is still being made, while nobody is found."""


class Planning:
    """One process's share of making lists.

    Args:
        desk: where everything is kept.
        shelf: its catalogue says whose people are whose.
        worker: this process's name among all.
        clock: what time it is.
        tell: called when a list is ready: a letter may wait.

    """

    def __init__(
        self,
        desk: Desk,
        shelf: Shelf,
        worker: str,
        clock: Callable[[], datetime],
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._shelf = shelf
        self._worker = worker
        self._clock = clock
        self._tell = tell
        self._stir = asyncio.Event()
        self._stopping = False

    def nudge(self) -> None:
        """Look now: somebody chose here."""
        self._stir.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Make lists until told to stop; one that is half made is left for whoever runs next."""
        stop = asyncio.create_task(self._stop(stopping))
        try:
            while not stopping.is_set():
                if await asyncio.to_thread(self.make_one):
                    self._tell()
                    continue
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stir.wait(), LOOK)
                self._stir.clear()
        finally:
            self._stopping = True
            stop.cancel()

    async def _stop(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._stopping = True
        self._stir.set()

    def make_one(self) -> bool:
        """Make the list that has waited longest, from a thread without an event loop. Say whether one was made."""
        try:
            wanted = self._take()
            return wanted is not None and self._make(wanted)
        except DeskClosed:
            return False
        except _Left:
            return not self._stopping
        except Exception as problem:  # noqa: BLE001 - the database is away for a moment: it is begun again
            log.warning("list_waits", problem=type(problem).__name__)
            return False

    def _take(self) -> Wanted | None:
        if not self._desk.read(notice_plan.waits):
            return None
        return self._desk.do_now(lambda session: notice_plan.take(session, self._worker, self._clock()))

    def _make(self, wanted: Wanted) -> bool:
        going = Going(wanted, self._worker, self._clock)
        why = ""
        try:
            why = self._plan(wanted, going)
        except (OperationalError, InterfaceError, DeskClosed, _Left):
            raise
        except Exception as problem:  # noqa: BLE001 - whatever it is, nobody may wait for ever
            log.warning("list_failed", notice=wanted.notice_id, problem=type(problem).__name__)
            why = notice_plan.BROKEN
        finally:
            self._let_go()
        if why:
            self._desk.do_now(lambda session: notice_plan.fail(session, wanted, why))
        return True

    def _plan(self, wanted: Wanted, going: Going) -> str:
        """Make the list; give why it cannot be made, or ""."""
        with self._desk.store.reading() as session:
            member = session.get(Staff, wanted.asked_by)
            if member is None or member.revoked_at is not None or not may(member, Act.NOTICES):
                return notice_plan.NOBODY_ASKS
            own, now = reached_by(member, self._shelf.current), self._clock()
            meant = self._meant(session, wanted, going, own, now)
            notice_rows.plan(
                self._desk, wanted.notice_id, meant, now, goes_on=going.goes_on, listed=going.listed
            )
        return ""

    def _meant(
        self, session: Session, wanted: Wanted, going: Going, own: Own | None, now: datetime
    ) -> Iterator[int]:
        """Stream the contacts of everybody meant, and count who has none on the way."""
        told = monotonic()

        def watch(looked: int) -> None:
            nonlocal told
            going.looked = looked
            if self._stopping:
                raise _Left
            if monotonic() - told > TELL_EVERY:
                told = monotonic()
                if not self._desk.do_now(going.beat):
                    raise _Left

        for each in audience.people(session, choice_of(wanted.choice), now, own, watch=watch):
            if each.contact_id is None:
                going.alone += 1
            else:
                yield each.contact_id

    def _let_go(self) -> None:
        """Let others make the next list at once; when the database is away, the lease runs out by itself."""
        with suppress(DBAPIError, DeskClosed):
            self._desk.do_now(lambda session: leases.let_go(session, LEASE, self._worker, self._clock()))


class _Left(Exception):
    """The list is not ours to make any more: a newer choice was made, or this process stops."""
