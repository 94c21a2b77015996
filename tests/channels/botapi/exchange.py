"""The exchange: all that Telegram remembers of one bot and of the people who talk to it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.channels.botapi.arguments import Arguments
from tests.channels.botapi.chats import Chat, Json, Message
from tests.channels.botapi.faults import Faults
from tests.channels.botapi.keyboards import Markup
from tests.channels.botapi.markup import Entity
from tests.channels.botapi.records import Call, Limit, Query
from tests.channels.botapi.refusing import CHAT_NOT_FOUND, bad, too_many
from tests.channels.botapi.updates import Updates

BOT: Json = {"id": 7000000001, "is_bot": True, "first_name": "训桥", "username": "xunqiao_test_bot"}


@dataclass(slots=True)
class File:
    """A file Telegram keeps; size may be more than the content, to play a big one cheaply."""

    id: str
    path: str
    content: bytes
    size: int


class Exchange:
    """Telegram's memory. Whoever touches it holds `changed`, and tells it afterwards."""

    def __init__(
        self,
        told: Callable[[], None],
        later: Callable[[Callable[[], None]], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.later = later
        self.clock = clock
        self.changed = threading.Condition()
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.calls: list[Call] = []
        self.faults = Faults()
        self.limit = Limit()
        self.updates = Updates(told)
        self.profile: dict[tuple[str, str, str], Any] = {}  # what, scope, language
        self.behind = 0.0  # how late the updates are, seconds
        self.late = 0  # how many more of them
        self.failures: list[Exception] = []
        self._numbers: dict[int, int] = {}

    def now(self) -> int:
        """Seconds since 1970, as Telegram dates things."""
        return int(self.clock())

    def lag(self) -> float:
        """Count one update that is late, and give how many seconds; 0 for one in time."""
        if not self.late:
            return 0
        self.late -= 1
        return self.behind

    def chat(self, arguments: Arguments) -> Chat:
        """Give the chat of a call.

        Raises:
            Refused: no such chat, nobody there has written to the bot yet, or blocked.

        """
        if not arguments.text("chat_id"):
            raise bad("chat_id is empty")
        number = arguments.number("chat_id")
        chat = self.chats.get(number) if number is not None else None
        if chat is None or not chat.known:
            raise CHAT_NOT_FOUND
        if chat.shut is not None:
            raise chat.shut
        return chat

    def admit(self, chat: Chat) -> None:
        """Count a message in.

        Raises:
            Refused: too many for this chat or in all.

        """
        if not self.limit.takes(chat.id, time.monotonic()):
            raise too_many(1)

    def post(
        self,
        chat: Chat,
        kind: str,
        text: str,
        author: Json,
        *,
        entities: tuple[Entity, ...] = (),
        extra: Json | None = None,
        source: str = "",
        markup: Markup | None = None,
        lag: float = 0,
    ) -> Message:
        """Put a message into a chat; lag says how many seconds ago it was written."""
        mine = author["id"] == BOT["id"]
        space = 0 if chat.type == "private" else chat.id  # private messages of all chats share their numbers
        self._numbers[space] = self._numbers.get(space, 0) + 1
        message = Message(
            id=self._numbers[space],
            chat=chat,
            kind=kind,
            text=text,
            mine=mine,
            author=author,
            date=self.now() - int(lag),
            at=time.monotonic(),
            entities=entities,
            extra=extra or {},
            source=source,
        )
        if markup is not None:
            message.keyboards = [markup.inline]
            message.plain = markup.plain
            if markup.plain is not None:
                chat.plain = markup.plain
        chat.messages.append(message)
        self.changed.notify_all()
        if mine and chat.react is not None:
            self.later(partial(self._react, chat.react, message))
        return message

    def _react(self, react: Callable[[Message], object], message: Message) -> None:
        """Let a person act on a message; what goes wrong there is raised when the test ends."""
        try:
            react(message)
        except Exception as error:  # noqa: BLE001 - it is raised again, in the test's own thread
            with self.changed:
                self.failures.append(error)
                self.changed.notify_all()

    def keep(self, content: bytes, folder: str, name: str, size: int | None = None) -> File:
        """Keep a file."""
        number = len(self.files) + 1
        key = f"FILE{number:04d}-{folder}"
        file = File(key, f"{folder}/file_{number}{name}", content, len(content) if size is None else size)
        self.files[key] = file
        return file
