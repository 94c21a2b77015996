"""Posts updates to the bot's own address, one at a time in each chat, again and again until it takes them."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import aiohttp

from tests.channels.botapi.arguments import Arguments, read_object, read_parts
from tests.channels.botapi.chats import Json
from tests.channels.botapi.exchange import Exchange
from tests.channels.botapi.refusing import bad
from tests.channels.botapi.updates import Update

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_WAIT, LONGEST_WAIT = 0.01, 0.2  # seconds between tries; Telegram waits longer
PATIENCE = 60  # seconds for one answer

Carry = Callable[[str, Arguments], Awaitable[None]]


class Webhook:
    """The address the bot gave, and what is under way to it."""

    def __init__(self, exchange: Exchange, carry: Carry) -> None:
        self.exchange = exchange
        self.carry = carry
        self.url = ""
        self.secret = ""
        self.most = 40
        self.error: tuple[int, str] | None = None
        self.posted = 0
        self._under_way: dict[int, asyncio.Task[None]] = {}  # by chat
        self._session: aiohttp.ClientSession | None = None

    def set(self, arguments: Arguments) -> None:
        """Take the bot's address.

        Raises:
            Refused: neither https nor loopback, or a secret with strange signs.

        """
        url, secret = arguments.text("url"), arguments.text("secret_token")
        if not url:
            self.remove()
            return
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname == "127.0.0.1"):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad("secret token contains unallowed characters")
        self.url, self.secret = url, secret
        self.most = max(1, min(arguments.number("max_connections") or 40, 100))
        self.error = None

    def remove(self) -> None:
        self.url = self.secret = ""
        self.error = None

    def info(self) -> Json:
        """Give the WebhookInfo object."""
        body: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.exchange.updates.pending),
        }
        if self.url:
            body |= {
                "max_connections": self.most,
                "ip_address": "127.0.0.1",
                "allowed_updates": sorted(self.exchange.updates.allowed),
            }
        if self.error is not None:
            body["last_error_date"], body["last_error_message"] = self.error
        return body

    def pump(self) -> None:
        """Send off whatever is ready and not under way. Only in the server's loop."""
        if not self.url:
            return
        with self.exchange.changed:
            for update in list(self.exchange.updates.ready()):
                if len(self._under_way) >= self.most:
                    return
                if update.chat not in self._under_way:
                    self._under_way[update.chat] = asyncio.create_task(self._deliver(update))

    async def close(self) -> None:
        self.url = ""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _deliver(self, update: Update) -> None:
        wait = FIRST_WAIT
        try:
            while self.url and update in self.exchange.updates.pending:
                if await self._post(update):
                    with self.exchange.changed:
                        if update in self.exchange.updates.pending:
                            self.exchange.updates.done(update)
                        self.exchange.changed.notify_all()
                    break
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
        finally:
            self._under_way.pop(update.chat, None)
        self.pump()

    async def _post(self, update: Update) -> bool:
        """Post it once; say whether it was taken."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        with self.exchange.changed:
            body = self.exchange.updates.hand(update)
            self.posted += 1
        try:
            async with self._session.post(self.url, json=body, headers=headers) as response:
                if response.status // 100 != 2:
                    self._fails(f"Wrong response from the webhook: {response.status} {response.reason}")
                    return False
                arguments = await _read(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._fails(f"Connection failed: {type(error).__name__}")
            return False
        method = arguments.values.pop("method", "")
        if method:
            await self.carry(str(method), arguments)
        return True

    def _fails(self, words: str) -> None:
        with self.exchange.changed:
            self.error = (self.exchange.now(), words)
            self.exchange.changed.notify_all()


async def _read(response: aiohttp.ClientResponse) -> Arguments:
    """Read a method out of the webhook's answer, if there is one in it."""
    found = Arguments()
    if response.content_type == "application/json":
        body = await response.read()
        if body.strip().startswith(b"{"):
            found.values |= read_object(body)
    elif response.content_type == "multipart/form-data":
        await read_parts(aiohttp.MultipartReader.from_response(response).stream, found)
    return found
