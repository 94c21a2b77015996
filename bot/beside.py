"""What runs beside the pages, as long as they are served: sending, the catalogue's watch, Telegram."""

import asyncio
import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from bot.channels.web.health import Check
from bot.logs import begin
from storage.crypto import lookup_hash

if TYPE_CHECKING:
    from bot.app import Service
    from bot.channels.messenger.webhook import Webhook
    from bot.settings import Settings
    from bot.telegraph import Telegraph

AFTERWARDS = (
    *("bot.further_facts", "bot.outcomes", "bot.letters.opening"),
    *("bot.channels.web.news", "bot.channels.web.elsewhere", "bot.channels.web.fairs"),
)
"""What the first page does without and pages after it need: imported before anybody asks for one of them."""

AFTER_FIRST_PAGE = 1.0
"""Seconds after which what is due is looked at: whoever waits for the first page has it by then."""


class Beside:
    """One process's work that is no page.

    Args:
        service: the open service.
        sends: whether it sends what is due, too; else workers do.

    """

    def __init__(self, service: "Service", *, sends: bool = True) -> None:
        self._service = service
        self._sends = sends
        self._worker = worker_name()
        self._telegraph: Telegraph | None = None
        self._webhook = webhook_of(service.settings)

    @property
    def checks(self) -> Mapping[str, Check]:
        """What /healthz asks, beside the database."""
        return {} if self._webhook is None else {"telegram": self._telegram}

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Where others post to us."""
        by_webhook = self._service.settings.telegram_mode == "webhook"
        return () if self._webhook is None or not by_webhook else (self._webhook.route,)

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), AFTER_FIRST_PAGE)
            return
        begin()
        for name in AFTERWARDS:  # in a thread: pages go on meanwhile
            await asyncio.to_thread(import_module, name)
        from bot.sending import Sending, prepare

        await prepare()
        from bot.postman import Postman
        from bot.restocking import keep_stocked

        service = self._service
        if self._webhook is not None:
            from bot.telegraph import connect

            self._telegraph = await connect(service, self._worker, self._webhook)
        doors = self._telegraph.doors if self._telegraph else {}
        errands = self._telegraph.errands if self._telegraph else {}
        settings = service.settings
        postman = Postman(
            service.desk, service.book, settings.zone, self._worker, doors, errands, settings.address
        )
        working = [keep_stocked(service, stopping)]
        if self._sends:
            sending = Sending(service, self._worker, postman, self._telegraph)
            service.runner.nudge = sending.nudge
            working.append(sending.run(stopping))
        if self._telegraph is not None:
            working.append(self._telegraph.run(postman, stopping))
        try:
            await asyncio.gather(*working)
        finally:
            if self._telegraph is not None:
                await self._telegraph.close()

    async def _telegram(self) -> str:
        return "starting" if self._telegraph is None else await self._telegraph.status()


def worker_name() -> str:
    """Give a name that no other process has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def webhook_of(settings: "Settings") -> "Webhook | None":
    """The door for Telegram's updates, where a token is set; closed until somebody stands behind it."""
    if settings.telegram_token is None:
        return None
    from bot.channels.messenger.webhook import Webhook

    given = settings.telegram_secret
    return Webhook(given.get_secret_value() if given else lookup_hash("telegram webhook"))
