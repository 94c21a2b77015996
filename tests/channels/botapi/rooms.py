"""Being in a chat: reading it, waiting for the bot, sending something."""

from collections.abc import Callable

from tests.channels.botapi.chats import Chat, Json, Message
from tests.channels.botapi.exchange import Exchange

PATIENCE = 10.0  # seconds to wait for what should come at once


class Room:
    """A chat from the side of the people in it.

    Args:
        exchange: where it is kept.
        place: the chat.

    """

    def __init__(self, exchange: Exchange, place: Chat) -> None:
        self.exchange = exchange
        self.place = place

    @property
    def chat(self) -> list[Message]:
        """Every message of the chat, both sides, in order."""
        with self.exchange.changed:
            return list(self.place.messages)

    @property
    def heard(self) -> list[Message]:
        """What the bot said here and did not delete, in order."""
        return [message for message in self.chat if message.mine and not message.deleted]

    @property
    def keyboard(self) -> list[str]:
        """Labels of the newest inline keyboard in the chat."""
        with self.exchange.changed:
            newest = self.place.newest_keyboard
            return newest.labels if newest else []

    def __str__(self) -> str:
        return self.place.transcript()

    def waits_for(
        self, wanted: str | Callable[[Message], object], *, timeout: float = PATIENCE, anywhere: bool = False
    ) -> Message:
        """Wait until the bot has said something since somebody here last did something.

        Args:
            wanted: words in it, or what must be true of it.
            timeout: seconds.
            anywhere: older messages count too.

        Raises:
            AssertionError: it did not come; shows the chat.

        """

        def found() -> Message | None:
            start = 0 if anywhere else self.place.acted
            for message in self.place.messages[start:]:
                if not message.mine or message.deleted:
                    continue
                if wanted in message.text if isinstance(wanted, str) else wanted(message):
                    return message
            return None

        return self.place.wait(found, repr(wanted) if isinstance(wanted, str) else "that", timeout)

    def waits_until(self, true: Callable[[list[Message]], object], *, timeout: float = PATIENCE) -> None:
        """Wait until something is true of the messages of the chat; seconds.

        Raises:
            AssertionError: it did not come true; shows the chat.

        """
        with self.exchange.changed:
            came = self.exchange.changed.wait_for(lambda: bool(true(self.place.messages)), timeout)
            assert came, f"waited {timeout:g} s in vain in this chat:\n{self}"

    def _acts(self) -> None:
        self.place.acted = len(self.place.messages)

    def _sends(
        self, user: Json, kind: str, text: str = "", extra: Json | None = None, *, told: bool = True
    ) -> Message:
        """Put a message into the chat and tell the bot of it."""
        with self.exchange.changed:
            assert self.place.shut is None, f"nobody reaches the bot from here: {self.place.shut}"
            self.place.known = True
            message = self.exchange.post(self.place, kind, text, user, extra=extra, lag=self.exchange.lag())
            self._acts()
            if told:
                self.exchange.updates.add("message", message.as_json(), self.place.id)
            return message


def marks(text: str) -> Json:
    """Give the entities Telegram finds by itself in what a person writes: a command at the beginning."""
    if not text.startswith("/"):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]}
