"""Where turns are kept: many at once in one transaction, each with a savepoint of its own (group commit).

A *turn* is a function of a session. It reads and writes through that session and does nothing else, for it
is run again when the transaction it shared fails; a turn that is to be undone raises. Against being run
again after a commit whose answer was lost it guards itself by `conversations.remember_update`.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlmodel import Session

from storage.base import Store
from storage.compiled import execute

T = TypeVar("T")
Turn = Callable[[Session], T]

Waiting: TypeAlias = Future[Any] | asyncio.Future[Any]
"""Who waits for a turn: a thread, or a task of an event loop."""

Promised = TypeVar("Promised", Future[Any], asyncio.Future[Any])

TOGETHER = 200
"""Turns in one transaction, at most: what a slow disk makes wait stays short."""

DRAIN_SECONDS = 5.0
"""How long `close` waits for turns already taken in."""

READERS = 4
"""Threads that read at the same time."""

ATTEMPTS = 5
"""How often a turn that only came at the wrong moment is run, alone."""

LOST = (OperationalError, InterfaceError, InternalError)
"""Errors after which a transaction cannot be trusted: connection gone, disk full, deadlock."""


class TryAgain(Exception):
    """Raised by a turn that found the world changed under it: the desk runs it again, alone."""


class DeskClosed(Exception):
    """The desk takes no more turns; this one was not kept, so do not acknowledge it."""


class Desk:
    """One writer for this process. A turn's result is given out only after it is committed (law 1)."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._queue: deque[tuple[Turn[Any], Waiting]] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="desk-reader")
        self._writer = threading.Thread(target=self._write, name="desk-writer", daemon=True)
        self._writer.start()

    def commit(self, turns: Sequence[Turn[T]]) -> list[T | Exception]:
        """Keep these turns in one transaction, now and in this thread; give each one's result or exception.

        A turn that raises is undone alone. When the transaction as a whole fails, each turn is run again in
        a transaction of its own. When the database cannot be reached at all, every result is its error.
        """
        if len(turns) == 1:
            return [self._alone(turns[0])]
        try:
            results = self._together(turns)
        except SQLAlchemyError:
            return [self._alone(turn) for turn in turns]
        return [
            self._alone(turn) if isinstance(result, TryAgain) else result
            for turn, result in zip(turns, results, strict=True)
        ]

    async def do(self, turn: Turn[T]) -> T:
        """Keep a turn, together with whatever else is waiting; give its result or raise its exception."""
        kept: T = await self._take_in(turn, asyncio.get_running_loop().create_future())
        return kept

    def do_now(self, turn: Turn[T]) -> T:
        """Do the same from a thread without an event loop. A turn that did it would wait for itself."""
        if threading.current_thread() is self._writer:
            raise RuntimeError("a turn cannot wait for another turn; use its own session")
        kept: T = self._take_in(turn, Future[Any]()).result()
        return kept

    def read(self, look: Callable[[Session], T]) -> T:
        """Read in this thread. Nothing written in it is kept."""
        with self.store.reading() as session:
            return look(session)

    async def look(self, look: Callable[[Session], T]) -> T:
        """Read in another thread, so that the event loop goes on."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read, look)

    def close(self) -> bool:
        """Take no more turns and finish those waiting; after 5 s refuse the rest. Give whether all ended."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._writer.join(DRAIN_SECONDS)
        with self._changed:
            left = list(self._queue)
            self._queue.clear()
        refused = DeskClosed("the desk closed before this turn was kept")
        _give_out([(future, refused) for _, future in left])
        self._readers.shutdown(wait=False, cancel_futures=True)
        return not self._writer.is_alive()

    def _take_in(self, turn: Turn[T], future: Promised) -> Promised:
        with self._changed:
            if self._closing:
                raise DeskClosed("the desk is closed")
            self._queue.append((turn, future))
            self._changed.notify()
        return future

    def _write(self) -> None:
        """Take everything that queued up while the last commit ran into the next transaction."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._closing)
                if not self._queue:
                    return
                waiting = [self._queue.popleft() for _ in range(min(TOGETHER, len(self._queue)))]
            wanted = [(turn, future) for turn, future in waiting if not future.cancelled()]
            try:
                results: Sequence[Any] = self.commit([turn for turn, _ in wanted]) if wanted else ()
            except BaseException as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever
                results = [error] * len(wanted)
            _give_out([(future, result) for (_, future), result in zip(wanted, results, strict=True)])

    def _together(self, turns: Sequence[Turn[T]]) -> list[T | Exception]:
        with ExitStack() as transaction:
            try:
                connection = transaction.enter_context(self.store.transaction())
            except SQLAlchemyError as unreachable:
                return [unreachable] * len(turns)
            return [_with_savepoint(connection, turn) for turn in turns]

    def _alone(self, turn: Turn[T]) -> T | Exception:
        tries = 0
        while True:
            tries += 1
            try:
                with self.store.transaction() as connection:
                    result = _run(connection, turn)
            except Exception as error:  # noqa: BLE001 - it is the turn's result
                if tries < _worth_trying(error):
                    continue
                return error
            else:
                return result


def _run(connection: Connection, turn: Turn[T]) -> T:
    """Give the turn a session of its own; its ORM part is a savepoint, made only when it is used."""
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        result = turn(session)
        if session.in_transaction():
            session.commit()
        return result


def _with_savepoint(connection: Connection, turn: Turn[T]) -> T | Exception:
    """Run one of many; what it raises undoes only itself, unless the transaction itself is lost."""
    execute(connection, "SAVEPOINT turn")
    try:
        result = _run(connection, turn)
    except LOST:
        raise
    except Exception as error:  # noqa: BLE001 - it is the turn's result
        execute(connection, "ROLLBACK TO SAVEPOINT turn")
        execute(connection, "RELEASE SAVEPOINT turn")
        return error
    execute(connection, "RELEASE SAVEPOINT turn")
    return result


def _worth_trying(error: Exception) -> int:
    """How often in all a turn is run that ended so."""
    if isinstance(error, TryAgain):
        return ATTEMPTS
    if isinstance(error, LOST):
        deadlock = getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}
        return ATTEMPTS if deadlock else 2
    return 1


def _give_out(results: Sequence[tuple[Waiting, Any]]) -> None:
    """Give everybody their result; an event loop is woken once for all who wait in it."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Waiting, Any]]] = {}
    for future, result in results:
        if isinstance(future, Future):
            _settle(future, result)
        else:
            by_loop.setdefault(future.get_loop(), []).append((future, result))
    for loop, theirs in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits in it any more
            loop.call_soon_threadsafe(_settle_all, theirs)


def _settle_all(results: Sequence[tuple[Waiting, Any]]) -> None:
    for future, result in results:
        _settle(future, result)


def _settle(future: Waiting, result: object) -> None:
    if future.done():
        return  # its waiter was cancelled, or `close` refused it
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)
