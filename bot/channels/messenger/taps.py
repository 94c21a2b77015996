"""Taps on buttons: each is answered once, and the second of a double tap is known."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from bot.channels.messenger.recent import Recent
from bot.channels.messenger.updates import Tap, Update
from bot.doors import Busy, Doubtful

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

DOUBLE = timedelta(seconds=3)
"""How long after a tap is kept another one on the same button is the same one; after that somebody wants an answer."""

PAUSES = (0.0, 1.0, 3.0, 6.0)
"""Seconds before the answer to a tap is tried again; the button turns until then."""

WITHIN = 15.0
"""Seconds from a tap until Telegram takes no answer to it any more."""

TapName: TypeAlias = tuple[int, int, str]
"""A button of a message: the chat, the message, what it carries."""


class Taps:
    """What was tapped lately.

    Args:
        telegram: where taps are answered.
        now: what time it is.

    """

    def __init__(self, telegram: "Telegram", now: Callable[[], datetime]) -> None:
        self._telegram = telegram
        self._now = now
        self._tapped: Recent[TapName, tuple[int, datetime | None]] = Recent()
        self._answered: Recent[str, bool] = Recent()

    def is_answered(self, tap: Tap) -> bool:
        """Whether it has its answer, or somebody is about to give it."""
        return bool(self._answered.find(tap.callback))

    async def answer(self, tap: Tap) -> None:
        """Answer a tap, once; again where that went wrong, as long as Telegram takes it.

        Raises what the last try raised. One whose answer got lost may be answered twice: it makes no difference.
        """
        if self.is_answered(tap):
            return  # the update came again
        self._answered.keep(tap.callback, True)
        clock = asyncio.get_running_loop().time
        last = clock() + WITHIN
        for pause in (*PAUSES, None):
            try:
                await self._telegram.answer(tap.callback)
            except (ConnectionError, Busy, Doubtful) as problem:
                if pause is None:
                    raise
                wait = max(pause, problem.seconds) if isinstance(problem, Busy) else pause
                if clock() + wait > last:
                    raise
            else:
                return
            await asyncio.sleep(wait)

    def is_double(self, update: Update) -> bool:
        """Whether this button was tapped just now, by another update; if not, it is from now on.

        An update that comes again is none: only the database knows whether it is kept.
        """
        name = _name(update)
        number, kept_at = self._tapped.find(name) or (update.number, None)
        if number != update.number and (kept_at is None or self._now() - kept_at < DOUBLE):
            return True
        self._tapped.keep(name, (update.number, None))
        return False

    def end(self, update: Update, *, kept: bool) -> None:
        """Take note that the turn of a tap is over; one that was not kept comes again, or is made once more."""
        if kept:
            self._tapped.keep(_name(update), (update.number, self._now()))
        else:
            self._tapped.forget(_name(update))


def _name(update: Update) -> TapName:
    return (update.chat, update.message, update.meant.data if isinstance(update.meant, Tap) else "")
