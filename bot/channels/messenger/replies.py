"""Replies: an open question sent as a message, right after its turn, or by the postman when that was cut off."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import structlog

from bot.attached import Attached
from bot.channels.messenger.drawing import Card, Rows
from bot.channels.messenger.promising import LEASE, MOVED_ON, draw_anew
from bot.channels.messenger.underway import Drawn, Line, Promised, hand_on, note_shown, with_unsaid
from bot.channels.pacing import TELEGRAM_PACE
from bot.doors import Away, Barred, Busy, Doubtful, Faulty, Ran, Unreachable
from bot.runner import Runner
from storage import pace
from storage.outbox import Claimed

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

IN_TIME = 15.0
"""Seconds in which it is out, or given back: well within its lease, so that nobody else sends it meanwhile."""

FOR_A_PICTURE = 4.0
"""Seconds a picture may take: the next reply in its chat waits for it."""

STUMBLES = (0.2, 1.0, 2.0)
"""Seconds before a reply that certainly did not arrive is tried again; after that the postman has it."""

log = structlog.get_logger("messenger")


class Replies:
    """Sends replies, one after the other in each chat.

    Args:
        runner: knows what is on the screen.
        telegram: where it is sent.

    """

    somebody_waits = True

    def __init__(self, runner: Runner, telegram: "Telegram") -> None:
        self._runner = runner
        self._telegram = telegram
        self._fresh: dict[int, tuple[Drawn, Line]] = {}
        self._lines: WeakValueDictionary[int, Line] = WeakValueDictionary()
        self._stopped_until: datetime | None = None

    def take_up(self, promised: Promised) -> Claimed:
        """Have a reply ready to be sent, now that its turn is committed; after that, `forget` it."""
        claimed, drawn = promised.claimed, promised.drawn
        line = self._lines.setdefault(drawn.chat, Line())
        line.newest = max(line.newest, claimed.id)
        self._fresh[claimed.id] = (drawn, line)
        return claimed

    def forget(self, claimed: Claimed) -> None:
        """Let go of a reply: sent or not, from now on it is the postman's."""
        self._fresh.pop(claimed.id, None)

    def is_ours(self, claimed: Claimed) -> bool:
        """Whether a reply promised as ours is out before its lease ends, if it is begun now."""
        return self._runner.clock.now() - claimed.due_at < LEASE - timedelta(seconds=IN_TIME)

    async def run(self, claimed: Claimed, now: datetime) -> Ran:
        """Send a reply, as an errand of the postman.

        Raises what a Door raises; Busy without trying as long as Telegram is known to be away, or wants us to wait.
        """
        overtaken = partial(hand_on, claimed=claimed)
        fresh = self._fresh.get(claimed.id)
        if fresh is None:
            found = await self._runner.desk.do(lambda session: draw_anew(session, self._runner, claimed, now))
            if isinstance(found, str):
                return Ran(found, note=overtaken)
            fresh = (found, self._lines.setdefault(found.chat, Line()))
            stumbles: tuple[float, ...] = ()
        else:
            stumbles = STUMBLES
        drawn, line = fresh
        try:
            async with asyncio.timeout(IN_TIME), line.lock:
                if claimed.id < line.newest:
                    line.unsaid += drawn.said
                    return Ran(MOVED_ON, note=overtaken)
                self._wait_for_telegram(drawn)
                card = with_unsaid(drawn.card, line.unsaid)
                message = await self._send(drawn.chat, card, stumbles, lambda: claimed.id < line.newest)
                if message is None:
                    line.unsaid += drawn.said
                    return Ran(MOVED_ON, note=overtaken)
                line.unsaid = ()
                # What stands in the chat is written down a moment later: the next reply already knows it from here.
                old, line.shown = line.shown or drawn.before, message
        except TimeoutError:
            raise Doubtful("no answer in time") from None
        except Busy as busy:
            await self._stop(busy)
            raise
        return Ran(
            note=partial(note_shown, account_id=claimed.account_id, drawn=drawn, message=message),
            after=partial(self._tidy_up, line, claimed, drawn, old),
        )

    def _wait_for_telegram(self, drawn: Drawn) -> None:
        """Raise Busy while nobody is to be written to."""
        now = self._runner.clock.now()
        until = max(drawn.not_before, self._stopped_until or drawn.not_before)
        if until > now:
            raise Busy((until - now).total_seconds())

    async def _stop(self, busy: Busy) -> None:
        """Write to nobody for a while; what Telegram itself asks for holds for all workers."""
        now = self._runner.clock.now()
        until = now + timedelta(seconds=busy.seconds)
        is_known = self._stopped_until is not None and until <= self._stopped_until
        self._stopped_until = max(until, self._stopped_until or until)
        if not is_known and not isinstance(busy, Away | Barred):
            await self._runner.desk.do(lambda session: pace.stop(session, TELEGRAM_PACE, now, until))

    async def _send(
        self, chat: int, card: Card, stumbles: Sequence[float], is_overtaken: Callable[[], bool]
    ) -> int | None:
        """Send its messages, the buttons with the last one; give the number of that.

        Where Telegram only stumbles, somebody waits for it: it is tried again at once, unless it was overtaken
        by then; that gives None.
        """
        *before, last = card.texts
        waits = iter(stumbles)
        for text in before:
            if await self._patiently(chat, text, (), waits, is_overtaken) is None:
                return None
        return await self._patiently(chat, last, card.rows, waits, is_overtaken)

    async def _tidy_up(self, line: Line, claimed: Claimed, drawn: Drawn, old: int) -> None:
        """Do what comes after a reply that is out and written down, so that it is never sent again for it."""
        for photo, words in drawn.card.photos:
            async with line.lock:
                if claimed.id < line.newest:  # the conversation went on: it would stand below another one
                    break
                if not await self._show(drawn.chat, photo, words):
                    break
        for message in {old, drawn.tapped} - {0}:
            await self._take_buttons(line, drawn.chat, message)

    async def _show(self, chat: int, photo: Attached, words: str) -> bool:
        """Send a picture below the question's words (T9), which say the same and never wait for it; say whether it went."""
        try:
            async with asyncio.timeout(FOR_A_PICTURE):
                await self._telegram.send_photo(chat, photo, words)
        except (Busy, Unreachable, Faulty, Doubtful, ConnectionError, TimeoutError) as problem:
            log.info("picture_left_out", problem=type(problem).__name__)
            return False
        return True

    async def _patiently(
        self, chat: int, text: str, rows: Rows, waits: Iterator[float], is_overtaken: Callable[[], bool]
    ) -> int | None:
        while True:
            try:
                return await self._telegram.send(chat, text, rows)
            except (ConnectionError, Away):
                wait = next(waits, None)
                if wait is None:
                    raise
            await asyncio.sleep(wait)
            if is_overtaken():
                return None

    async def _take_buttons(self, _line: Line, chat: int, message: int) -> None:
        """Take the buttons of an old question away; its line is kept for whoever comes after it meanwhile.

        The reply is out: whatever goes wrong here, it must not be sent again.
        """
        try:
            await self._telegram.take_buttons(chat, message)
        except Exception as problem:  # noqa: BLE001 - an old button does nothing but say that it is old
            log.info("buttons_left", problem=type(problem).__name__)
