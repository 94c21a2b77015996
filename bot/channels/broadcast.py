"""What we start ourselves on Telegram: python-telegram-bot sends it, at a pace all workers share (law 4).

Importing this module imports python-telegram-bot: do so only where a token is set, and in a thread.
"""

import logging
import os
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
import orjson
import structlog

from bot.channels.pacing import TELEGRAM_PACE, Clock, Pacer, Place
from bot.doors import Busy, Doubtful, Faulty, Unreachable
from bot.letters.letter import Post
from storage.desk import Desk

os.environ["PTB_TIMEDELTA"] = "1"  # read at import: without it every retry_after prints a deprecation

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile  # noqa: TID251 - this is its one door
from telegram.error import (  # noqa: TID251 - as above
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import BaseRateLimiter, ExtBot  # noqa: TID251
from telegram.request import BaseRequest, RequestData  # noqa: TID251

# At the level of debugging it writes every text, and the address with the token.
logging.getLogger("telegram").setLevel(logging.WARNING)
log = structlog.get_logger("broadcast")

Answer = TypeVar("Answer")
TELEGRAM = "https://api.telegram.org"

RATE = 24.0
"""Messages a second of ours: what we start leaves room for replies in the 30 that Telegram takes (law 4)."""

PER_CHAT = 1.0
"""Seconds between two messages to one chat."""

CONNECTIONS = 128
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
"""How long one call may take in all: well within a postman's lease."""

AGAIN = 60.0
"""Seconds until we try again to reach Telegram, or to be let in with our token."""

UNKNOWN_STOP = 5
"""Seconds we stop for a 429 that does not say how long."""

NOBODY_THERE = ("chat not found", "peer_id_invalid", "user not found")
"""What Telegram says, with the code of a fault, about a chat that is gone."""

AS_JSON = {"Content-Type": "application/json"}

UNREAD = "/sendMessage"
"""The call whose result nobody here looks at: python-telegram-bot would make a Message of it, for half of all the work."""

SAYS_YES = b'{"ok":true,'
YES = b'{"ok":true,"result":true}'

GATEWAY = (502, 504)
"""Codes of somebody between us and Telegram who does not know what became of it."""


class NotReached(NetworkError):
    """No connection came about, so nothing was sent."""


class Unanswered(NetworkError):
    """What became of the call is not known: a reset, a hang, or an answer nobody can read."""


class Wire(BaseRequest):
    """python-telegram-bot's calls over one aiohttp session."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._seconds

    async def initialize(self) -> None:
        self._opened()

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Post the parameters, as JSON where no file goes with them; give the HTTP status and the body.

        One time limit holds for all calls. No error here quotes aiohttp's: those name the address, and with it
        the token.
        """
        try:
            async with self._opened().request(method, url, **_parts(request_data)) as answer:
                status, said = answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as problem:
            raise NotReached(type(problem).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as problem:
            raise Unanswered(type(problem).__name__) from None
        if status == 429:
            raise RetryAfter(_retry_after(said))
        if status in GATEWAY:
            raise Unanswered(f"HTTP {status}")
        if said.startswith(SAYS_YES) and url.endswith(UNREAD):
            return status, YES
        return status, said

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. Raises Unanswered for one that is none, as of a proxy."""
        try:
            answer = orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise Unanswered("the answer is no JSON") from None
        if not isinstance(answer, dict):
            raise Unanswered("the answer is no object")
        return answer

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._seconds, sock_connect=CONNECT_SECONDS),
            )
        return self._session


def _parts(data: RequestData | None) -> dict[str, Any]:
    """Give what a call posts: JSON, or a form where a file goes with it."""
    if data is None or not data.contains_files:
        return {"data": orjson.dumps(data.parameters if data else {}), "headers": AS_JSON}
    form = aiohttp.FormData(quote_fields=False)  # Telegram shows the name of a file as it comes
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file, body, mime) in data.multipart_data.items():
        form.add_field(name, body, filename=file, content_type=mime)
    return {"data": form}


def _retry_after(said: bytes) -> timedelta:
    try:
        seconds = float(orjson.loads(said)["parameters"]["retry_after"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        seconds = UNKNOWN_STOP
    return timedelta(seconds=max(seconds, 1))


class Limiter(BaseRateLimiter[Place]):
    """Lets python-telegram-bot make a call when its turn has come."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,  # noqa: ANN401 - handed through
        kwargs: dict[str, Any],
        endpoint: str,  # noqa: ARG002 - what we start has one pace, whatever it is
        data: dict[str, Any],
        rate_limit_args: Place | None,
    ) -> Answer:
        """Make a call, at the place it has or at the next one.

        Raises what `Pacer.turn` does, and stops the channel for everybody at a 429.
        """
        async with self._pacer.turn(data["chat_id"], rate_limit_args):
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as stop:
                seconds = _seconds(stop)
                await self._pacer.stop(seconds)
                raise Busy(seconds) from None


class Broadcast:
    """The postman's door to Telegram.

    Args:
        token: of the bot.
        api: where the Bot API is, without a slash at the end; Telegram's own when "".
        desk: where the pace is kept.
        clock: the service's clock.
        rate: messages a second, of all workers together.
        per_chat: seconds between two messages to one chat.
        answer_seconds: how long one call may take in all.

    """

    longest: float
    """How long one call may take in all."""

    def __init__(
        self,
        token: str,
        api: str,
        desk: Desk,
        clock: Clock,
        *,
        rate: float = RATE,
        per_chat: float = PER_CHAT,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._wire = Wire(answer_seconds)
        self._sent_files: dict[str, str] = {}
        self.rate, self.longest = rate, answer_seconds
        self.pacer = Pacer(desk, TELEGRAM_PACE, clock, rate, per_chat)
        # Not initialised: that would ask Telegram who we are, and we must start while it is down.
        self._bot = ExtBot(
            token,
            base_url=f"{api or TELEGRAM}/bot",
            request=self._wire,
            get_updates_request=self._wire,
            rate_limiter=Limiter(self.pacer),
        )

    async def send(self, address: str, post: Post, place: Place | None = None) -> None:
        """Send a message to a chat, at a place taken before or at the next one.

        Raises what `bot.doors.Door` says, Late where its place came too late, and NetworkError for another try.
        """
        try:
            chat = int(address)
        except ValueError:  # none of Telegram's: the demonstration's people have no real chats
            raise Unreachable from None
        try:
            await self._send(chat, post, place)
        except InvalidToken:
            log.error("telegram_token_refused")  # noqa: TRY400 - PTB's error may quote the token
            raise Busy(AGAIN) from None
        except NotReached as problem:
            log.warning("telegram_not_reached", why=str(problem))
            raise Busy(AGAIN) from None
        except Forbidden:
            raise Unreachable from None
        except BadRequest as fault:
            if any(words in fault.message.lower() for words in NOBODY_THERE):
                raise Unreachable from None
            raise Faulty(fault.message) from None
        except (TimedOut, Unanswered) as problem:
            raise Doubtful(f"{type(problem).__name__}: {problem}") from None

    async def _send(self, chat: int, post: Post, place: Place | None) -> None:
        """Send the text, under its picture or paper where it has one."""
        keyboard, attached = _keyboard(post), post.attached
        if attached is None:
            await self._bot.send_message(chat, post.text, reply_markup=keyboard, rate_limit_args=place)
            return
        send = self._bot.send_photo if attached.is_photo else self._bot.send_document
        file = self._sent_files.get(attached.key) or InputFile(attached.body, attached.name)
        sent = await send(chat, file, caption=post.text, reply_markup=keyboard, rate_limit_args=place)
        there = sent.photo[-1] if sent.photo else sent.document
        if there is not None:
            self._sent_files[attached.key] = there.file_id

    async def close(self) -> None:
        """Let go of the connections."""
        await self._wire.shutdown()


def _keyboard(post: Post) -> InlineKeyboardMarkup | None:
    if not post.button:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=datum)] for label, datum in post.buttons]
    )


def _seconds(stop: RetryAfter) -> float:
    after = stop.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
