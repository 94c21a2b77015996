"""Asks Telegram for updates, one machine at a time; the offset moves only after they are kept."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from bot.doors import Busy
from storage import leases
from storage.desk import Desk

if TYPE_CHECKING:
    from bot.channels.messenger.talker import Raw, Talker
    from bot.channels.telegram import Telegram
    from bot.settings import Clock

POLL = 25
"""Seconds Telegram keeps a question for updates open."""

LEASE_NAME = "telegram updates"
LEASE = 60.0
"""Seconds the machine that asks may be away before another one does."""

STAND_BY = 5.0
"""Seconds between two looks whether the other machine is still there."""

LONGEST_WAIT = 30.0

log = structlog.get_logger("telegram")


class Poller:
    """Gets updates as long as nothing tells it to stop.

    Args:
        desk: where the lease is.
        clock: what time it is.
        telegram: who is asked.
        talker: who takes them.
        worker: this process's name.
        tell: told of every problem, and with None that there is none.

    """

    def __init__(
        self,
        desk: Desk,
        clock: "Clock",
        telegram: "Telegram",
        talker: "Talker",
        worker: str,
        tell: Callable[[Exception | None], None],
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._telegram = telegram
        self._talker = talker
        self._worker = worker
        self._tell = tell
        self._offset = 0

    async def run(self, stopping: asyncio.Event) -> None:
        """Ask until told to stop; whatever goes wrong is waited out."""
        asking = asyncio.create_task(self._run())
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait((asking, stop), return_when=asyncio.FIRST_COMPLETED)
        asking.cancel()
        stop.cancel()
        await asyncio.gather(asking, stop, return_exceptions=True)
        await self._desk.do(
            lambda session: leases.let_go(session, LEASE_NAME, self._worker, self._clock.now())
        )

    async def _run(self) -> None:
        wait, ready = 1.0, False
        while True:
            try:
                if not await self._is_ours():
                    ready = False
                    self._tell(None)
                    await asyncio.sleep(STAND_BY)
                    continue
                if not ready:
                    await self._telegram.drop_webhook()  # it may have been switched from webhook
                    ready = True
                self._tell(None)
                await self.once()
                wait = 1.0
            except Exception as problem:  # noqa: BLE001 - Telegram or the database is away: it comes back
                self._tell(problem)
                seconds = problem.seconds if isinstance(problem, Busy) else wait
                log.warning("no_updates", problem=type(problem).__name__, wait=seconds)
                ready = False
                await asyncio.sleep(seconds)
                wait = min(wait * 2, LONGEST_WAIT)

    async def once(self) -> None:
        """Take one batch: chats beside each other, the updates of one chat in order."""
        found = await self._telegram.updates(self._offset, POLL)
        if not found:
            return
        results = await asyncio.gather(
            *(self._in_order(those) for those in _by_chat(found)), return_exceptions=True
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result  # not acknowledged: all of them come again, and those that are kept count once
        self._offset = max(int(each["update_id"]) for each in found) + 1

    async def _in_order(self, updates: "Sequence[Raw]") -> None:
        for each in updates:
            await self._talker.hear(each)

    async def _is_ours(self) -> bool:
        now = self._clock.now()
        return await self._desk.do(lambda session: leases.hold(session, LEASE_NAME, self._worker, now, LEASE))


def _by_chat(updates: "Sequence[Raw]") -> "list[list[Raw]]":
    """Sort updates by where they come from, in the order they came."""
    chats: defaultdict[object, list[Mapping[str, Any]]] = defaultdict(list)
    for each in sorted(updates, key=lambda update: int(update["update_id"])):
        chats[_chat(each)].append(each)
    return list(chats.values())


def _chat(raw: "Raw") -> object:
    for name, part in raw.items():
        if name != "update_id" and isinstance(part, Mapping):
            message = part.get("message", part)
            return (message.get("chat") or {}).get("id") if isinstance(message, Mapping) else None
    return None
