"""What a process that sends does: what is due is delivered, notices are planned and go out; any number may do it at once.

On SQLite only one process sends: a lock on a file beside the database says who.
"""

import asyncio
import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.logs import Log

if TYPE_CHECKING:
    from bot.app import Service
    from bot.postman import Postman
    from bot.telegraph import Telegraph

LOCK = "sending.lock"

LAST_WORDS = 1.0
"""Seconds that a letter on its way gets when we stop."""

LOOK = 1.0
"""Seconds between two looks for what another process promised."""

log = Log("sending")


class Sending:
    """One process's share of sending.

    Args:
        service: the open service.
        worker: this process's name among all that send.
        postman: who delivers what is promised.
        telegraph: the way to Telegram; None where it is not switched on.

    """

    def __init__(
        self, service: "Service", worker: str, postman: "Postman", telegraph: "Telegraph | None"
    ) -> None:
        # Slow to import: the caller has done so in a thread.
        from bot.alarm import Alarm, rings_of
        from bot.notices.mailing import Mailing
        from bot.notices.planning import Planning

        self._service = service
        self._postman = postman
        self._alarm: Alarm = Alarm(service.desk, postman, service.clock, rings_of(service.shelf))
        door = telegraph.broadcast if telegraph else None
        zone, clock, home = service.settings.zone, service.clock.now, service.settings.address
        self._mailing: Mailing = Mailing(
            service.desk, service.book, zone, worker, clock, door, home, self._alarm.nudge
        )
        self._planning: Planning = Planning(service.desk, service.shelf, worker, clock, self._alarm.nudge)

    def nudge(self) -> None:
        """Look now: something was promised, or a notice sent, in this process."""
        self._alarm.nudge()
        self._mailing.nudge()
        self._planning.nudge()

    async def run(self, stopping: asyncio.Event) -> None:
        """Send until told to stop."""
        self._alarm.start()
        working = [self._mailing.run(stopping), self._planning.run(stopping)]
        if not self._service.store.is_sqlite:
            working.append(self._watch(stopping))
        try:
            await asyncio.gather(*working)
        finally:
            await self._postman.rest(LAST_WORDS)
            # What stopping cuts off is no error: it is kept already, or taken up again when its lease has run out.
            logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
            self._alarm.stop()

    async def _watch(self, stopping: asyncio.Event) -> None:
        """Look for what other processes promised: nobody here is told of it."""
        from bot.alarm import next_due

        while not stopping.is_set():
            try:
                due = await self._service.desk.look(next_due)
                if due is not None and due <= self._service.clock.now():
                    self._alarm.nudge()
            except Exception as problem:  # noqa: BLE001 - the database is away for a moment
                log.warning("not_looked", problem=type(problem).__name__)
            stop = asyncio.create_task(stopping.wait())
            await asyncio.wait((stop,), timeout=LOOK)
            stop.cancel()


async def prepare() -> None:
    """Import what sending needs, in a thread: pages go on meanwhile."""
    for name in ("bot.alarm", "bot.notices.mailing", "bot.notices.planning", "bot.postman"):
        await asyncio.to_thread(import_module, name)


@contextmanager
def sole_sender(folder: Path | None, *, alone: bool) -> Iterator[bool]:
    """Hold the right to send on a SQLite database; it ends with the process, however that ends.

    Args:
        folder: where the database is; None for PostgreSQL, on which everybody may.
        alone: for a worker, which wants nobody else to send. Servers share it among them.

    Yields:
        whether we have it.

    """
    if folder is None:
        yield True
        return
    with (folder / LOCK).open("a") as file:
        yield _lock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)


def _lock(file: TextIO, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
