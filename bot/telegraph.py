"""Telegram in one process: hears, replies, sends what we start, and says how it is doing.

Importing its libraries takes seconds: `connect` does it in a thread, so that pages go on meanwhile.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import structlog

from bot.channels.messenger.deleting import DELETE, Deletes
from bot.channels.messenger.fetching import FETCH, Fetches
from bot.channels.messenger.menu import menus
from bot.channels.messenger.polling import Poller
from bot.channels.messenger.replies import Replies
from bot.channels.messenger.talker import NOT_KEPT, Talker
from bot.channels.messenger.webhook import PATH, Webhook
from bot.doors import Away, Busy, Door, Errand, Faulty
from bot.going_on import REPLY
from storage import outbox
from storage.tables import Channel

if TYPE_CHECKING:
    from bot.app import Service
    from bot.channels.broadcast import Broadcast
    from bot.channels.telegram import Telegram
    from bot.postman import Postman

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds until we try again to reach Telegram at the start: doubled each time."""

WATCH = 60.0
"""Seconds between two looks whether Telegram still knows us, and where to post to, where it posts by itself."""

LAST_WORDS = 0.5
"""Seconds that replies being sent get when we stop."""

OURS = 0.8
"""The part of what Telegram takes that we use for what we start ourselves: replies have room (law 4)."""

STARTING = "starting"

IN_WORDS = {
    "Away": "not reached",
    "Barred": "token refused",
    "Busy": "asks us to wait",
    "Doubtful": "no answer",
    "Taken": "somebody else gets the updates",
}
"""What /healthz says of a problem; of any other, its name."""

log = structlog.get_logger("telegraph")


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
            token.get_secret_value(),
            api,
            service.desk,
            service.clock.now,
            rate=OURS * service.settings.telegram_rate,
            answer_seconds=broadcast.ANSWER_SECONDS,
        )
        self._replies = Replies(service.runner, self._telegram)
        self._talker: Talker | None = None
        self._status = STARTING

    @property
    def doors(self) -> Mapping[Channel, Door]:
        """For the postman: what we start ourselves."""
        return {Channel.TELEGRAM: self._broadcast}

    @property
    def broadcast(self) -> "Broadcast":
        """For notices: the same way, a block of places at a time."""
        return self._broadcast

    @property
    def errands(self) -> Mapping[str, Errand]:
        """For the postman: replies that were cut off, files to be fetched."""
        return {
            REPLY: self._replies,
            FETCH: Fetches(self._service.desk, self._telegram),
            DELETE: Deletes(self._service.desk, self._telegram),
        }

    async def status(self) -> str:
        """Say in a word how it is doing: "ok", or what fails."""
        return self._status

    async def run(self, postman: "Postman", stopping: asyncio.Event) -> None:
        """Hear and reply until told to stop. Telegram being down stops nothing: it is waited for."""
        working = asyncio.create_task(self._work(postman))
        stop = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait((working, stop), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (working, stop):
                task.cancel()
            ended, _ = await asyncio.gather(working, stop, return_exceptions=True)
            if isinstance(ended, Exception):
                self._tell(ended)
                log.error("telegram_ended", exc_info=ended)

    async def close(self) -> None:
        """Let what is being sent go out, give the rest back, then let go of the connections."""
        if self._talker is not None:
            await self._talker.rest(LAST_WORDS)
        now = self._service.clock.now()
        with suppress(*NOT_KEPT):  # then the leases run out by themselves
            await self._service.desk.do(lambda session: outbox.lay_down(session, self._worker, now))
        await self._telegram.close()
        await self._broadcast.close()

    async def _work(self, postman: "Postman") -> None:
        settings = self._service.settings
        name = await self._introduce()
        self._service.runner.bot_name = name
        runner = self._service.runner
        self._talker = Talker(runner, self._telegram, postman, self._replies, self._worker, name)
        if settings.telegram_mode == "webhook":
            self._webhook.open(self._talker)
            await self._watch()
            return
        poller = Poller(
            self._service.desk, self._service.clock, self._telegram, self._talker, self._worker, self._tell
        )
        await poller.run()

    async def _introduce(self) -> str:
        """Learn our name, set the menu, and say how we want to be told; again until it is done."""
        wait = FIRST_WAIT
        while True:
            try:
                name = await self._telegram.name()
                await self._set_menu()
                await self._choose_mode()
            except Exception as problem:  # noqa: BLE001 - Telegram is away, or does not know our token
                self._tell(problem)
                asked = problem.seconds if isinstance(problem, Busy) and not isinstance(problem, Away) else 0
                log.warning("telegram_away", problem=type(problem).__name__, wait=asked or wait)
                await asyncio.sleep(asked or wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                log.info("telegram_ready", bot=name, mode=self._service.settings.telegram_mode)
                return name

    async def _set_menu(self) -> None:
        try:
            await self._telegram.set_menu(menus(self._service.book))
        except Faulty as fault:
            log.error("menu_refused", fault=str(fault))  # noqa: TRY400 - nobody stays unheard for its sake

    async def _watch(self) -> None:
        """Say every minute whether Telegram still knows us, and tell it again where to post to."""
        self._tell(None)
        while True:
            await asyncio.sleep(WATCH)
            try:
                await self._choose_mode()
            except Exception as problem:  # noqa: BLE001 - it is away, or does not know our token: it is asked again
                self._tell(problem)
                log.warning("telegram_away", problem=type(problem).__name__, wait=WATCH)
            else:
                self._tell(None)

    async def _choose_mode(self) -> None:
        settings = self._service.settings
        if settings.telegram_mode == "webhook":
            await self._telegram.set_webhook(settings.address + PATH, self._webhook.secret)

    def _tell(self, problem: Exception | None) -> None:
        name = type(problem).__name__
        before, self._status = self._status, "ok" if problem is None else IN_WORDS.get(name, name)
        if problem is None and before not in (STARTING, self._status):
            log.info("telegram_back", after=before)


async def connect(service: "Service", worker: str, webhook: Webhook) -> Telegraph:
    """Make the telegraph in a thread of its own: it is slow to import."""
    return await asyncio.to_thread(Telegraph, service, worker, webhook)
