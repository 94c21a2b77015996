"""Takes updates that Telegram posts to us: acknowledged only after they are kept."""

import hmac
from typing import TYPE_CHECKING, Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.messenger.talker import NOT_KEPT

if TYPE_CHECKING:
    from bot.channels.messenger.talker import Talker

PATH = "/telegram/webhook"

MOST_BYTES = 1024 * 1024
"""An update is some kilobytes; nobody else posts here."""


class Webhook:
    """The door Telegram knocks at; closed until somebody stands behind it.

    Args:
        secret: what Telegram sends along, so that nobody else is believed.

    """

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._talker: Talker | None = None

    @property
    def route(self) -> Route:
        return Route(PATH, self.take, methods=["POST"])

    def open(self, talker: "Talker") -> None:
        """Take updates from now on."""
        self._talker = talker

    async def take(self, request: Request) -> Response:
        """Take one update; 200 says that it is kept, everything else lets it come again."""
        told = request.headers.get("x-telegram-bot-api-secret-token", "").encode()
        if not hmac.compare_digest(told, self.secret.encode()):
            return Response(status_code=401)
        if self._talker is None:
            return Response(status_code=503, headers={"Retry-After": "5"})
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                break
        try:
            await self._talker.hear(_update(body))
        except NOT_KEPT:
            return Response(status_code=503, headers={"Retry-After": "1"})
        return Response(status_code=200)


def _update(body: bytearray) -> dict[str, Any]:
    """Read an update. What is none, although it knows the secret, is an empty one: parked, and not sent again."""
    try:
        update = orjson.loads(bytes(body)) if len(body) <= MOST_BYTES else None
    except orjson.JSONDecodeError:
        update = None
    return update if isinstance(update, dict) else {}
