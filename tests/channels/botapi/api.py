"""BotApi: what a test holds in its hand."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.channels.botapi.chats import Chat, Json
from tests.channels.botapi.disturbing import Disturbing
from tests.channels.botapi.exchange import BOT
from tests.channels.botapi.people import Group, Person, newcomer
from tests.channels.botapi.records import Call, Query, busiest
from tests.channels.botapi.rooms import PATIENCE
from tests.channels.botapi.server import Server


class BotApi(Disturbing):
    """A Telegram of the tests' own on a free port of loopback.

    Use it as a context: `with BotApi() as api:` serves at `api.url` for the bot with `api.token`.

    Args:
        clock: seconds since 1970, by which Telegram dates messages.

    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.token = f"{BOT['id']}:AAtests-own-token-0000000000000000000"
        super().__init__(Server(self.token, clock))

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()
        if error is None and self.exchange.failures:
            raise ExceptionGroup("while people answered", self.exchange.failures)

    @property
    def url(self) -> str:
        """Where it serves, without a slash at the end."""
        return self.server.url

    @property
    def me(self) -> Json:
        """The bot as its own User object."""
        return BOT

    def person(
        self, chat_id: int, *, language: str = "zh-hans", name: str = "小明", known: bool = False
    ) -> Person:
        """Give the person with this number, as they were when they were here before.

        Args:
            chat_id: number of the person and of the private chat.
            language: the phone's language.
            known: they have written to the bot before, so it may begin.

        """
        with self.exchange.changed:
            chat = self.exchange.chats.get(chat_id)
            if chat is None:
                chat = Chat(chat_id, "private", name, self.exchange.changed, known)
                self.exchange.chats[chat_id] = chat
        return Person(self.exchange, chat, newcomer(chat_id, name, language))

    def group(self, chat_id: int, *, name: str = "面点班") -> Group:
        """Give the group with this number."""
        assert chat_id < 0, "groups have numbers below zero"
        with self.exchange.changed:
            chat = self.exchange.chats.get(chat_id)
            if chat is None:
                chat = Chat(chat_id, "supergroup", name, self.exchange.changed)
                self.exchange.chats[chat_id] = chat
        return Group(self.exchange, chat)

    @property
    def calls(self) -> list[Call]:
        """Every call so far, in the order they arrived."""
        with self.exchange.changed:
            return list(self.exchange.calls)

    def called(self, method: str) -> list[Call]:
        """Give the calls of one method."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    @property
    def refusals(self) -> list[Call]:
        """Everything Telegram refused that was not an injected fault."""
        return [call for call in self.calls if call.refused]

    @property
    def queries(self) -> list[Query]:
        """Every press of a button."""
        with self.exchange.changed:
            return list(self.exchange.queries.values())

    @property
    def unanswered(self) -> list[Query]:
        """Presses the bot was told of and has not answered."""
        return [each for each in self.queries if each.handed_at is not None and each.answered_at is None]

    @property
    def updates(self) -> list[Json]:
        """Updates the bot has not confirmed yet, oldest first."""
        with self.exchange.changed:
            return [update.as_json() for update in self.exchange.updates.pending]

    @property
    def polling(self) -> bool:
        """A getUpdates is waiting for something to come."""
        return self.server.delivery.polling

    @property
    def posted(self) -> int:
        """How often an update was posted to the webhook."""
        return self.server.delivery.webhook.posted

    def rate(self) -> int:
        """Count the most sendMessage that were taken in any one second."""
        return busiest(call.at for call in self.called("sendMessage") if call.taken)

    def waits_until(self, true: Callable[[], object], *, timeout: float = PATIENCE) -> None:
        """Wait until something is true, looked at whenever something happens here; seconds.

        Raises:
            AssertionError: it did not come true.

        """
        with self.exchange.changed:
            assert self.exchange.changed.wait_for(lambda: bool(true()), timeout), (
                f"not in time; the last calls: {self.exchange.calls[-8:]}"
            )
