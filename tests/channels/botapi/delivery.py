"""How updates reach the bot: it asks for them (long polling), or they are posted to its webhook."""

import asyncio
from typing import Any

from tests.channels.botapi.arguments import Arguments
from tests.channels.botapi.chats import Json
from tests.channels.botapi.exchange import Exchange
from tests.channels.botapi.refusing import Refused, bad
from tests.channels.botapi.updates import KINDS

OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
POLL_SECONDS = 50


def conflict(words: str) -> Refused:
    return Refused(409, f"Conflict: {words}")


class _Poll:
    """One getUpdates that waits."""

    def __init__(self) -> None:
        self.bell = asyncio.Event()
        self.ended: Refused | None = None


class Delivery:
    """Hands updates out; lives in the server's loop."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.url = ""
        self.closing = False
        self._poll: _Poll | None = None

    def wake(self) -> None:
        """Look again whether something is ready."""
        if self._poll is not None:
            self._poll.bell.set()

    def allow(self, arguments: Arguments) -> None:
        """Keep which kinds of update the bot wants; an empty list means the usual ones."""
        wanted = arguments.structure("allowed_updates")
        if wanted is None:
            return
        if not isinstance(wanted, list):
            raise bad("can't parse allowed updates list JSON object")
        self.exchange.updates.allowed = frozenset(map(str, wanted)) or KINDS

    async def get_updates(self, arguments: Arguments) -> list[Json]:
        """Answer getUpdates: at once when something is there, else when something comes or time is up.

        Raises:
            Refused: 409, while a webhook is set or when another one asks too.

        """
        exchange = self.exchange
        limit = max(1, min(arguments.number("limit") or 100, 100))
        patience = min(max(arguments.number("timeout") or 0, 0), POLL_SECONDS)
        with exchange.changed:
            if self.url:
                raise conflict(WEBHOOK_SET)
            self.allow(arguments)
            if self._poll is not None:
                self.end_poll(OTHER_POLL)
            exchange.updates.confirm(arguments.number("offset") or 0)
            batch = self._batch(limit)
        if batch or not patience:
            return batch
        poll = self._poll = _Poll()
        try:
            async with asyncio.timeout(patience):
                while not batch and not self.closing:
                    await poll.bell.wait()
                    if poll.ended is not None:
                        raise poll.ended
                    poll.bell.clear()
                    with exchange.changed:
                        batch = self._batch(limit)
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        return batch

    def end_poll(self, words: str) -> None:
        """Tell the one who waits that somebody else has taken over."""
        if self._poll is not None:
            self._poll.ended = conflict(words)
            self._poll.bell.set()
            self._poll = None

    def _batch(self, limit: int) -> list[Json]:
        updates = self.exchange.updates
        found = [updates.hand(update) for update in updates.ready()[:limit]]
        if found:
            self.exchange.changed.notify_all()
        return found

    async def carry_out(self, name: str, arguments: Arguments) -> Any:
        """Carry out one of the methods of delivery."""
        del name
        return await self.get_updates(arguments)
