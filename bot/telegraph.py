"""Telegram in one process: hears, replies, sends what we start, and says how it is doing.

Importing its libraries takes seconds: `connect` does it in a thread, so that pages go on meanwhile.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import structlog

from bot.channels.messenger.fetching import FETCH, Fetches
from bot.channels.messenger.menu import menus
from bot.channels.messenger.polling import Poller
from bot.channels.messenger.replies import Replies
from bot.channels.messenger.talker import Talker
from bot.channels.messenger.webhook import PATH, Webhook
from bot.doors import Busy, Door, Errand
from bot.going_on import REPLY
from storage.tables import Channel

if TYPE_CHECKING:
    from bot.app import Service
    from bot.channels.broadcast import Broadcast
    from bot.channels.telegram import Telegram
    from bot.postman import Postman

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds until we try again to reach Telegram at the start: doubled each time."""

LAST_WORDS = 0.5
"""Seconds that replies being sent get when we stop."""

STARTING = "starting"

log = structlog.get_logger("telegram")


class Telegraph:
    """What this process has to do with Telegram.

    Args:
        service: the open service; a token is set.
        worker: this process's name among all that deliver.
        webhook: where Telegram posts updates to us, in that mode.

    """

    def __init__(self, service: "Service", worker: str, webhook: Webhook) -> None:
        token, api = service.settings.telegram_token, service.settings.telegram_api.rstrip("/")
        if token is None:
            raise ValueError("there is no token")
        telegram = import_module("bot.channels.telegram")
        broadcast = import_module("bot.channels.broadcast")
        self._service = service
        self._worker = worker
        self._webhook = webhook
        self._telegram: Telegram = telegram.Telegram(token.get_secret_value(), api)
        self._broadcast: Broadcast = broadcast.Broadcast(
            token.get_secret_value(), api, service.desk, service.clock.now
        )
        self._replies = Replies(service.runner, self._telegram)
        self._talker: Talker | None = None
        self._status = STARTING

    @property
    def doors(self) -> Mapping[Channel, Door]:
        """For the postman: what we start ourselves."""
        return {Channel.TELEGRAM: self._broadcast}

    @property
    def errands(self) -> Mapping[str, Errand]:
        """For the postman: replies that were cut off, files to be fetched."""
        return {REPLY: self._replies, FETCH: Fetches(self._service.desk, self._telegram)}

    async def status(self) -> str:
        """Say in a word how it is doing: "ok", or what fails."""
        return self._status

    async def run(self, postman: "Postman", stopping: asyncio.Event) -> None:
        """Hear and reply until told to stop. Telegram being down stops nothing: it is waited for."""
        working = asyncio.create_task(self._work(postman, stopping))
        stop = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait((working, stop), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (working, stop):
                task.cancel()
            with suppress(Exception):
                await asyncio.gather(working, stop, return_exceptions=True)

    async def close(self) -> None:
        """Let what is being sent go out, then let go of the connections."""
        if self._talker is not None:
            await self._talker.rest(LAST_WORDS)
        await self._telegram.close()
        await self._broadcast.close()

    async def _work(self, postman: "Postman", stopping: asyncio.Event) -> None:
        settings = self._service.settings
        name = await self._introduce()
        self._service.runner.bot_name = name
        runner = self._service.runner
        self._talker = Talker(runner, self._telegram, postman, self._replies, self._worker, name)
        if settings.telegram_mode == "webhook":
            self._webhook.open(self._talker)
            self._status = "ok"
            await stopping.wait()
            return
        poller = Poller(
            self._service.desk, self._service.clock, self._telegram, self._talker, self._worker, self._tell
        )
        await poller.run(stopping)

    async def _introduce(self) -> str:
        """Learn our name, set the menu, and say how we want to be told; again until it is done."""
        wait = FIRST_WAIT
        while True:
            try:
                name = await self._telegram.name()
                await self._telegram.set_menu(menus(self._service.book))
                await self._choose_mode()
            except Exception as problem:  # noqa: BLE001 - Telegram is away, or does not know our token
                self._tell(problem)
                seconds = problem.seconds if isinstance(problem, Busy) else wait
                log.warning("telegram_away", problem=type(problem).__name__, wait=seconds)
                await asyncio.sleep(seconds)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                log.info("telegram_ready", bot=name, mode=self._service.settings.telegram_mode)
                return name

    async def _choose_mode(self) -> None:
        settings = self._service.settings
        if settings.telegram_mode == "webhook":
            await self._telegram.set_webhook(settings.address + PATH, self._webhook.secret)

    def _tell(self, problem: Exception | None) -> None:
        self._status = "ok" if problem is None else type(problem).__name__


async def connect(service: "Service", worker: str, webhook: Webhook) -> Telegraph:
    """Make the telegraph in a thread of its own: it is slow to import."""
    return await asyncio.to_thread(Telegraph, service, worker, webhook)
