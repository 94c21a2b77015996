"""How updates reach the bot: it asks for them (long polling), or they are posted to its webhook."""

import asyncio
from typing import Any

from tests.channels.botapi.arguments import Arguments
from tests.channels.botapi.chats import Json
from tests.channels.botapi.exchange import Exchange
from tests.channels.botapi.refusing import Refused, bad
from tests.channels.botapi.updates import KINDS
from tests.channels.botapi.webhook import Carry, Webhook

OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
HOOKED = "terminated by setWebhook request"
POLL_SECONDS = 50


def conflict(words: str) -> Refused:
    return Refused(409, f"Conflict: {words}")


class _Poll:
    """One getUpdates that waits."""

    def __init__(self) -> None:
        self.bell = asyncio.Event()
        self.ended: Refused | None = None


class Delivery:
    """Hands updates out; lives in the server's loop.

    Args:
        carry: carries out a method the webhook gave as its answer.

    """

    def __init__(self, exchange: Exchange, carry: Carry) -> None:
        self.exchange = exchange
        self.webhook = Webhook(exchange, carry)
        self.closing = False
        self._poll: _Poll | None = None

    @property
    def polling(self) -> bool:
        return self._poll is not None

    def wake(self) -> None:
        """Look again whether something is ready."""
        if self._poll is not None:
            self._poll.bell.set()
        self.webhook.pump()

    async def close(self) -> None:
        self.closing = True
        self.wake()
        await self.webhook.close()

    async def carry_out(self, name: str, arguments: Arguments) -> Any:
        """Carry out one of the methods of delivery.

        Raises:
            Refused: 409, while a webhook is set or when another one polls too; 400, a webhook nobody can call.

        """
        if name == "getUpdates":
            return await self._get_updates(arguments)
        with self.exchange.changed:
            if name == "getWebhookInfo":
                return self.webhook.info()
            if name == "setWebhook":
                self.webhook.set(arguments)
                self._allow(arguments)
                if self.webhook.url:
                    self._end_poll(HOOKED)
            else:
                self.webhook.remove()
            if arguments.flag("drop_pending_updates"):
                self.exchange.updates.pending.clear()
            self.webhook.pump()
        return True

    def _allow(self, arguments: Arguments) -> None:
        """Keep which kinds of update the bot wants; an empty list means the usual ones."""
        wanted = arguments.structure("allowed_updates")
        if wanted is None:
            return
        if not isinstance(wanted, list):
            raise bad("can't parse allowed updates list JSON object")
        self.exchange.updates.allowed = frozenset(map(str, wanted)) or KINDS

    async def _get_updates(self, arguments: Arguments) -> list[Json]:
        """Answer at once when something is there, else when something comes or time is up."""
        exchange = self.exchange
        limit = max(1, min(arguments.number("limit") or 100, 100))
        patience = min(max(arguments.number("timeout") or 0, 0), POLL_SECONDS)
        with exchange.changed:
            if self.webhook.url:
                raise conflict(WEBHOOK_SET)
            self._allow(arguments)
            self._end_poll(OTHER_POLL)
            exchange.updates.confirm(arguments.number("offset") or 0)
            exchange.changed.notify_all()
            batch = self._batch(limit)
        if batch or not patience:
            return batch
        poll = _Poll()
        self._waits(poll)
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
                self._waits(None)
        return batch

    def _waits(self, poll: _Poll | None) -> None:
        with self.exchange.changed:
            self._poll = poll
            self.exchange.changed.notify_all()

    def _end_poll(self, words: str) -> None:
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
