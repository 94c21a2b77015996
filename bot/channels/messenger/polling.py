"""Asks Telegram for updates, one machine at a time; the offset moves only after they are kept.

While turns are taken we ask again without moving the offset: Telegram then gives what is not yet confirmed and what
came meanwhile, a hundred at the most. So a button pressed now is answered before the turns of all others are done.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from bot.channels.messenger.talker import NOT_KEPT
from bot.channels.messenger.updates import MOST
from bot.doors import Away, Busy
from storage import leases
from storage.desk import Desk

if TYPE_CHECKING:
    from bot.channels.messenger.talker import Raw, Talker
    from bot.channels.telegram import Telegram
    from bot.settings import Clock

POLL = 8
"""Seconds Telegram keeps a question for updates open."""

LOOK_AGAIN = 0.1
"""Seconds after which we look what came while turns are taken."""

LEASE_NAME = "telegram updates"
LEASE = 20.0
"""Seconds the machine that asks may be away before another one does: longer than a question that hangs."""

RENEWED = 4.0
"""Seconds after which the lease is taken for longer."""

STAND_BY = 2.0
"""Seconds between two looks whether the other machine is still there."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 20.0
"""Seconds until Telegram, or the database, is asked again: doubled each time."""

log = structlog.get_logger("messenger")


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
        self._hand: dict[int, asyncio.Task[None]] = {}
        """Updates that are not confirmed, by their numbers: being heard, or heard after one that still is."""
        self._last: dict[object, asyncio.Task[None]] = {}
        """The newest update of each chat that is in hand."""

    async def run(self) -> None:
        """Ask until it is cancelled; whatever goes wrong is waited out, and at the end another one may ask at once."""
        try:
            await self._run()
        finally:
            for task in self._hand.values():
                task.cancel()
            await asyncio.gather(*self._hand.values(), return_exceptions=True)
            with suppress(*NOT_KEPT):  # then the lease runs out by itself
                await self._desk.do(
                    lambda session: leases.let_go(session, LEASE_NAME, self._worker, self._clock.now())
                )

    async def _run(self) -> None:
        wait, ready = FIRST_WAIT, False
        while True:
            try:
                if not await self._is_ours():
                    await self._drop()
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
                await self._drop()
                await asyncio.sleep(asked or wait)
                wait = min(wait * 2, LONGEST_WAIT)

    async def once(self) -> None:
        """Ask once, take what is new, and confirm what is kept by then.

        Raises:
            Exception: what one of them could not be kept for. It and all that came after it come again, and those
                that are kept count once.

        """
        if len(self._hand) < MOST:  # else Telegram would only give those again
            found = await self._telegram.updates(self._offset, 0 if self._hand else POLL)
            await self._take([each for each in found if _number(each) not in self._hand])
        if self._hand:
            await asyncio.wait(self._hand.values(), timeout=LOOK_AGAIN)
            self._confirm()

    async def _take(self, found: "Sequence[Raw]") -> None:
        """Hear updates: chats beside each other, the updates of one chat in order."""
        await self._talker.answer_first(found)
        for each in sorted(found, key=_number):
            chat = _chat(each)
            task = asyncio.create_task(self._hear(each, self._last.get(chat)))
            if number := _number(each):
                self._hand[number] = self._last[chat] = task
            else:
                await task
        if found and not self._hand:
            raise ValueError("updates without a number cannot be acknowledged")

    async def _hear(self, raw: "Raw", before: asyncio.Task[None] | None) -> None:
        """Hear an update after the one before it of the same chat, unless that one was not kept."""
        if before is not None:
            await asyncio.shield(before)
        await self._talker.hear(raw)

    def _confirm(self) -> None:
        """Move the offset up to the first one that is not yet kept. Raises what that was not kept for."""
        for number in sorted(self._hand):
            task = self._hand[number]
            if not task.done():
                break
            task.result()
            # After a week without updates Telegram may go on from a lower number.
            self._offset = number + 1
            del self._hand[number]
        self._last = {chat: task for chat, task in self._last.items() if not task.done()}

    async def _drop(self) -> None:
        """Wait for what is in hand and forget it: what is not kept comes again."""
        await asyncio.gather(*self._hand.values(), return_exceptions=True)
        with suppress(Exception):  # told already, or told when it comes again
            self._confirm()
        self._hand.clear()
        self._last.clear()

    async def _is_ours(self) -> bool:
        clock = asyncio.get_running_loop().time
        if clock() < self._held_until:
            return True
        now, asked = self._clock.now(), clock()
        held = await self._desk.do(lambda session: leases.hold(session, LEASE_NAME, self._worker, now, LEASE))
        self._held_until = asked + RENEWED if held else 0.0
        return held


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
