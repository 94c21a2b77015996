"""People who talk to the bot, and groups it is added to: what they do becomes the update Telegram would make of it."""

import time
from collections.abc import Callable

from tests.channels.botapi.chats import Chat, Json, Message, find
from tests.channels.botapi.exchange import BOT, Exchange
from tests.channels.botapi.keyboards import Button
from tests.channels.botapi.records import Query

PATIENCE = 10.0  # seconds to wait for what should come at once


class Person:
    """One person in a private chat with the bot.

    Args:
        exchange: where they are.
        chat: theirs.
        user: the User object of the Bot API.

    """

    def __init__(self, exchange: Exchange, chat: Chat, user: Json) -> None:
        self.exchange = exchange
        self.room = chat
        self.user = user

    @property
    def chat(self) -> list[Message]:
        """Every message of the chat, both sides, in order."""
        with self.exchange.changed:
            return list(self.room.messages)

    @property
    def heard(self) -> list[Message]:
        """What the bot said here and did not delete, in order."""
        return [message for message in self.chat if message.mine and not message.deleted]

    @property
    def keyboard(self) -> list[str]:
        """Labels of the newest keyboard in the chat."""
        with self.exchange.changed:
            newest = self.room.newest_keyboard
            return newest.labels if newest else []

    def __str__(self) -> str:
        return self.room.transcript()

    def says(self, text: str) -> Message:
        """Write words; a command is marked as one."""
        entities: list[Json] = []
        if text.startswith("/"):
            entities.append({"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])})
        return self._sends("text", text, {"entities": entities} if entities else {})

    def commands(self, text: str) -> Message:
        """Give a command, such as "/start abc"."""
        assert text.startswith("/"), f"{text!r} is no command"
        return self.says(text)

    def taps(
        self, label: str, *, times: int = 1, on: Message | None = None, timeout: float = PATIENCE
    ) -> list[Query]:
        """Press a button so many times at once.

        Args:
            label: its label, the beginning of it, or its words without the number.
            on: the message it is under, even when the keyboard was taken away since; the newest one with a
                keyboard otherwise.
            timeout: seconds to wait for the button to be there.

        Returns:
            the presses; none when a button of the phone's keyboard was pressed, which sends words.

        """
        with self.exchange.changed:
            message = on or self._with(label, timeout)
            if message is None:
                button = find(label, self.room.plain)
                assert button is not None
                self._presses(button)
                return []
            button = message.button(label)
            assert button is not None, f"no button {label!r} under:\n{self}"
            assert button.data is not None, f"{button.text!r} opens {button.url}: nothing is told to the bot"
            return [self._taps(message, button.text, button.data) for _ in range(times)]

    def _with(self, label: str, timeout: float) -> Message | None:
        def there() -> bool:
            newest = self.room.newest_keyboard
            if newest is not None and find(label, newest.keyboard):
                return True
            return find(label, self.room.plain) is not None

        assert self.exchange.changed.wait_for(there, timeout), f"no button {label!r} in:\n{self}"
        newest = self.room.newest_keyboard
        return newest if newest is not None and find(label, newest.keyboard) else None

    def _presses(self, button: Button) -> None:
        assert not button.asks, f"{button.text!r} sends {button.asks}: say what is sent"
        self.says(button.text)

    def _taps(self, message: Message, label: str, data: str) -> Query:
        exchange = self.exchange
        number = str(4_300_000_000_000 + len(exchange.queries) + 1)
        query = Query(number, self.room, message, label, data, time.monotonic())
        exchange.queries[number] = query
        body = {
            "id": number,
            "from": self.user,
            "message": message.as_json(),
            "chat_instance": str(self.room.id * 31),
            "data": data,
        }
        self._acts()
        exchange.updates.add("callback_query", body, self.room.id, query)
        return query

    def _acts(self) -> None:
        self.room.acted = len(self.room.messages)

    def _sends(self, kind: str, text: str, extra: Json) -> Message:
        with self.exchange.changed:
            assert not self.room.blocked, f"{self.room.name} has blocked the bot"
            self.room.known = True
            message = self.exchange.post(self.room, kind, text, self.user, extra=extra)
            self._acts()
            self.exchange.updates.add("message", message.as_json(), self.room.id)
            return message

    def waits_for(
        self, wanted: str | Callable[[Message], object], *, timeout: float = PATIENCE, anywhere: bool = False
    ) -> Message:
        """Wait until the bot has said something since this person last did something.

        Args:
            wanted: words in it, or what must be true of it.
            timeout: seconds.
            anywhere: older messages count too.

        Raises:
            AssertionError: it did not come; shows the chat.

        """

        def found() -> Message | None:
            start = 0 if anywhere else self.room.acted
            for message in self.room.messages[start:]:
                if not message.mine or message.deleted:
                    continue
                if wanted in message.text if isinstance(wanted, str) else wanted(message):
                    return message
            return None

        return self.room.wait(found, repr(wanted) if isinstance(wanted, str) else "that", timeout)

    def waits_until(self, true: Callable[[], object], *, timeout: float = PATIENCE) -> None:
        """Wait until something is true of the chat as a whole.

        Raises:
            AssertionError: it did not come true; shows the chat.

        """
        with self.exchange.changed:
            assert self.exchange.changed.wait_for(lambda: bool(true()), timeout), f"not in time:\n{self}"


def newcomer(number: int, name: str, language: str) -> Json:
    """Give the User object of a person."""
    assert number > 0, "people have numbers above zero"
    assert number != BOT["id"]
    return {"id": number, "is_bot": False, "first_name": name, "language_code": language}
