"""Telegram as it is heard and answered: the one file that imports aiogram.

aiogram's session is extended at its own place: requests go out as JSON, and an answer is read into a model
only when it is an error. What we start ourselves goes through `broadcast`.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import aiohttp
from aiogram import Bot, exceptions, methods, types  # noqa: TID251 - this is its one door
from aiogram.client.session.aiohttp import AiohttpSession  # noqa: TID251
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer  # noqa: TID251

from bot.attached import Attached
from bot.channels.messenger import wire
from bot.channels.messenger.drawing import Button
from bot.channels.messenger.menu import Menu
from bot.channels.messenger.updates import ALLOWED, MOST
from bot.doors import Away, Barred, Busy, Doubtful, Faulty, Unreachable
from storage.tables import FILE_LIMIT

PATIENCE = 10.0
"""Seconds one request may take."""

CONNECT = 5.0
"""Seconds a connection may take to come about."""

DOWNLOAD = 60.0
"""Seconds a file may take."""

MOST_PHOTOS = 1000
"""Pictures we remember Telegram's own names of."""

SEND = methods.SendMessage(chat_id=0, text="")
SEND_PHOTO = methods.SendPhoto(chat_id=0, photo="")
ANSWER = methods.AnswerCallbackQuery(callback_query_id="")
TAKE_BUTTONS = methods.EditMessageReplyMarkup()
DELETE = methods.DeleteMessage(chat_id=0, message_id=0)
"""What is asked with every tap: each time with other fields, handed over as JSON."""


class Taken(Exception):
    """Somebody else asks for our updates: another poller, or a webhook that is set."""


class Session(AiohttpSession):
    """aiogram's session, leaner: JSON by orjson out, and an answer is parsed only where it is needed."""

    async def close(self) -> None:
        """Let go of the connections; only those of https need the moment that aiogram waits for their ends."""
        if self.api.base.startswith("https:"):
            await super().close()
        elif self._session is not None:
            await self._session.close()

    async def make_request(
        self,
        bot: Bot,
        method: methods.TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's own
    ) -> Any:  # noqa: ANN401 - Telegram's JSON, whatever the method
        asked = method.model_dump(mode="json", exclude_none=True, exclude_unset=True)
        return await self.ask(bot, method, asked, timeout)

    async def ask(
        self,
        bot: Bot,
        method: methods.TelegramMethod[Any],
        asked: Mapping[str, object],
        timeout: int | None = None,  # noqa: ASYNC109 - as above
        photo: Attached | None = None,
    ) -> Any:  # noqa: ANN401 - as above
        """Do the same with fields that are JSON already: a model of a keyboard costs more than sending it."""
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        wait = aiohttp.ClientTimeout(total=self.timeout if timeout is None else timeout, sock_connect=CONNECT)
        data, headers = wire.as_json(asked) if photo is None else wire.as_form(asked, photo)
        async with session.post(url, data=data, headers=headers, timeout=wait) as answer:
            body = await answer.read()
            status = answer.status
        told = wire.read(body)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Busy(wire.retry_after(told))
        if isinstance(told, dict) and told.get("ok") is True and "result" in told:
            return told["result"]
        if isinstance(told, dict):
            self.check_response(bot=bot, method=method, status_code=status, content=body.decode())
        # A proxy's page, or half an answer: what was asked may be done.
        raise aiohttp.ClientPayloadError(f"{status} without an answer of the Bot API")


class Telegram:
    """A bot: hears, replies, tidies up.

    Args:
        token: from @BotFather.
        api: the Bot API server, such as http://127.0.0.1:8081; Telegram's own unless given.

    Every method raises Busy (429), Barred (an unknown token), Away (no connection), Unreachable (403), Faulty
    (400), Doubtful (no answer came), or ConnectionError for a try that certainly failed and may be repeated.

    """

    def __init__(self, token: str, api: str = "") -> None:
        server = TelegramAPIServer.from_base(api) if api else PRODUCTION
        self._session = Session(api=server, timeout=PATIENCE)
        self._bot = Bot(token, session=self._session)
        self._closed = False
        self._photos: dict[str, str] = {}

    @property
    def number(self) -> int:
        """The bot's own number: the part of its token before the colon."""
        return self._bot.id

    async def name(self) -> str:
        """The bot's user name, without @."""
        return str((await self._ask(methods.GetMe()))["username"])

    async def updates(self, offset: int, seconds: int) -> list[Mapping[str, Any]]:
        """Wait for updates; those before `offset` are acknowledged by asking.

        Raises:
            Taken: when another poller or a webhook gets them.

        """
        asked = methods.GetUpdates(offset=offset, timeout=seconds, allowed_updates=list(ALLOWED), limit=MOST)
        found: Any = await self._ask(asked, seconds=seconds + PATIENCE)
        if not (isinstance(found, list) and all(isinstance(each, dict) for each in found)):
            raise Doubtful("the updates are no list of objects")
        return found

    async def send(self, chat: int, text: str, rows: Sequence[Sequence[Button]] = ()) -> int:
        """Send one HTML message; give its number."""
        sent = await self._ask(
            SEND,
            {
                "chat_id": chat,
                "text": text,
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
                **({"reply_markup": wire.keyboard(rows)} if rows else {}),
            },
        )
        return int(sent["message_id"])

    async def send_photo(self, chat: int, photo: Attached, words: str = "") -> None:
        """Send a picture with its words below it; one that Telegram has already is not uploaded again."""
        known = self._photos.get(photo.key)
        fields = {
            "chat_id": chat,
            **({"caption": words} if words else {}),
            **({"photo": known} if known else {}),
        }
        sent = await self._ask(SEND_PHOTO, fields, photo=None if known else photo)
        if len(self._photos) > MOST_PHOTOS:
            self._photos.clear()
        self._photos[photo.key] = str(sent["photo"][-1]["file_id"])

    async def answer(self, callback: str) -> None:
        """Answer a tap, without words: what there is to say is a message (T1)."""
        await self._tidy(ANSWER, {"callback_query_id": callback})

    async def take_buttons(self, chat: int, message: int) -> None:
        """Take the buttons of an old question away."""
        await self._tidy(TAKE_BUTTONS, {"chat_id": chat, "message_id": message})

    async def delete(self, chat: int, message: int) -> None:
        """Delete a message, where that is still possible."""
        await self._tidy(DELETE, {"chat_id": chat, "message_id": message})

    async def download(self, telegram_id: str) -> bytes:
        """Fetch a file. Raises Faulty when it is larger than what we keep, or gone."""
        path = str((await self._ask(methods.GetFile(file_id=telegram_id)))["file_path"])
        url = self._session.api.file_url(self._bot.token, path)
        body = bytearray()
        try:
            async for chunk in self._session.stream_content(url, timeout=int(DOWNLOAD)):
                body += chunk
                if len(body) > FILE_LIMIT:
                    raise Faulty("the file is larger than 20 MB")
        except aiohttp.ClientConnectorError as nobody:
            raise Away(type(nobody).__name__) from None
        return bytes(body)

    async def set_webhook(self, url: str, secret: str) -> None:
        await self._ask(
            methods.SetWebhook(
                url=url, secret_token=secret, allowed_updates=list(ALLOWED), max_connections=MOST
            )
        )

    async def drop_webhook(self) -> None:
        """Let updates be asked for; those that wait are kept."""
        await self._ask(methods.DeleteWebhook(drop_pending_updates=False))

    async def set_menu(self, menus: Iterable[Menu]) -> None:
        """Set commands and descriptions, for each language."""
        for menu in menus:
            commands = [types.BotCommand(command=name, description=text) for name, text in menu.commands]
            scope = types.BotCommandScopeAllPrivateChats()
            language = menu.language or None
            await self._ask(methods.SetMyCommands(commands=commands, scope=scope, language_code=language))
            await self._ask(methods.SetMyDescription(description=menu.description, language_code=language))
            await self._ask(
                methods.SetMyShortDescription(short_description=menu.short, language_code=language)
            )
        await self._ask(methods.SetChatMenuButton(menu_button=types.MenuButtonCommands()))

    async def close(self) -> None:
        """Let go of the connections; what is asked from now on certainly fails."""
        self._closed = True
        await self._session.close()

    async def _tidy(self, method: methods.TelegramMethod[Any], fields: Mapping[str, object]) -> None:
        """Do what makes no difference when it was done already, or when it is too late."""
        try:
            await self._ask(method, fields)
        except Faulty as fault:
            if not wire.is_tidy(str(fault)):
                raise

    async def _ask(
        self,
        method: methods.TelegramMethod[Any],
        fields: Mapping[str, object] | None = None,
        seconds: float | None = None,
        photo: Attached | None = None,
    ) -> Any:  # noqa: ANN401 - JSON
        """Ask for what a method says, or for what these fields say in its place."""
        if self._closed:
            raise ConnectionError("closed")
        timeout = None if seconds is None else int(seconds)
        try:
            if fields is None:
                return await self._session.make_request(self._bot, method, timeout)
            return await self._session.ask(self._bot, method, fields, timeout, photo)
        except exceptions.TelegramUnauthorizedError:
            raise Barred from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as nobody:
            raise Away(type(nobody).__name__) from None
        except exceptions.TelegramServerError as stumble:
            raise ConnectionError(type(stumble).__name__) from None
        except (TimeoutError, aiohttp.ClientError, exceptions.ClientDecodeError) as cut:
            raise Doubtful(type(cut).__name__) from None
        except exceptions.TelegramForbiddenError:
            raise Unreachable from None
        except exceptions.TelegramConflictError:
            raise Taken from None
        except (exceptions.TelegramBadRequest, exceptions.TelegramNotFound) as fault:
            if wire.is_gone(fault.message):
                raise Unreachable from None
            if isinstance(fault, exceptions.TelegramNotFound) and isinstance(method, methods.GetMe):
                raise Barred from None  # a token that never was one
            raise Faulty(fault.message) from None
