"""Asks Telegram for updates, one machine at a time; the offset moves only after they are kept."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog

from bot.channels.messenger.talker import NOT_KEPT
from bot.doors import Away, Busy
from storage import leases
from storage.desk import Desk

if TYPE_CHECKING:
    from bot.channels.messenger.talker import Raw, Talker
    from bot.channels.telegram import Telegram
    from bot.settings import Clock

POLL = 8
"""Seconds Telegram keeps a question for updates open."""

LEASE_NAME = "telegram updates"
LEASE = 20.0
"""Seconds the machine that asks may be away before another one does: longer than a question that hangs."""

RENEWED = 4.0
"""Seconds after which the lease is taken for longer."""

STAND_BY = 2.0
"""Seconds between two looks whether the other machine is still there."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 20.0
"""Seconds until Telegram, or the database, is asked again: doubled each time."""

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
        self._held_until = 0.0

    async def run(self) -> None:
        """Ask until it is cancelled; whatever goes wrong is waited out, and at the end another one may ask at once."""
        try:
            await self._run()
        finally:
            with suppress(*NOT_KEPT):  # then the lease runs out by itself
                await self._desk.do(
                    lambda session: leases.let_go(session, LEASE_NAME, self._worker, self._clock.now())
                )

    async def _run(self) -> None:
        wait, ready = FIRST_WAIT, False
        while True:
            try:
                if not await self._is_ours():
                    ready, wait = False, FIRST_WAIT
                    self._tell(None)
                    await asyncio.sleep(STAND_BY)
                    continue
                if not ready:
                    await self._telegram.drop_webhook()  # it may have been switched from webhook
                    ready = True
                    self._tell(None)
                await self.once()
                self._tell(None)
                wait = FIRST_WAIT
            except Exception as problem:  # noqa: BLE001 - Telegram or the database is away: it comes back
                self._tell(problem)
                asked = problem.seconds if isinstance(problem, Busy) and not isinstance(problem, Away) else 0
                log.warning("no_updates", problem=type(problem).__name__, wait=asked or wait)
                ready = False
                await asyncio.sleep(asked or wait)
                wait = min(wait * 2, LONGEST_WAIT)

    async def once(self) -> None:
        """Take one batch: chats beside each other, the updates of one chat in order."""
        found = await self._telegram.updates(self._offset, POLL)
        if not found:
            return
        await self._talker.answer_first(found)
        results = await asyncio.gather(
            *(self._in_order(those) for those in _by_chat(found)), return_exceptions=True
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result  # not acknowledged: all of them come again, and those that are kept count once
        highest = max(_number(each) for each in found)
        if not highest:
            raise ValueError("updates without a number cannot be acknowledged")
        # After a week without updates Telegram may go on from a lower number.
        self._offset = highest + 1

    async def _in_order(self, updates: "Sequence[Raw]") -> None:
        for each in updates:
            await self._talker.hear(each)

    async def _is_ours(self) -> bool:
        clock = asyncio.get_running_loop().time
        if clock() < self._held_until:
            return True
        now, asked = self._clock.now(), clock()
        held = await self._desk.do(lambda session: leases.hold(session, LEASE_NAME, self._worker, now, LEASE))
        self._held_until = asked + RENEWED if held else 0.0
        return held


def _by_chat(updates: "Sequence[Raw]") -> "list[list[Raw]]":
    """Sort updates by where they come from, in the order they came."""
    chats: defaultdict[object, list[Mapping[str, Any]]] = defaultdict(list)
    for each in sorted(updates, key=_number):
        chats[_chat(each)].append(each)
    return list(chats.values())


def _number(raw: "Raw") -> int:
    """The number of an update; it is parked by who cannot read it, so nothing is asked of its shape here."""
    number = raw.get("update_id")
    return number if isinstance(number, int) else 0


def _chat(raw: "Raw") -> object:
    """Where an update comes from, as far as it can be seen."""
    for name, part in raw.items():
        if name != "update_id" and isinstance(part, Mapping):
            message = part.get("message", part)
            chat = message.get("chat") if isinstance(message, Mapping) else None
            number = chat.get("id") if isinstance(chat, Mapping) else None
            return number if isinstance(number, int) else None
    return None
