"""Chats as both sides see them: every message in order, with the keyboard that is on it now."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from tests.channels.botapi.keyboards import Button, Rows
from tests.channels.botapi.markup import Entity
from tests.channels.botapi.refusing import Refused

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class Message:
    """One message.

    Args:
        id: its number in the chat.
        kind: text, photo, voice, document, contact, location, sticker, poll, video_note or service.
        text: words or caption, marks taken out.
        mine: it came from the bot.
        at: `time.monotonic()` when it came to be, seconds.
        extra: what its kind adds to the Message object.
        source: the words as the bot sent them, marks and all.
        keyboards: every inline keyboard it ever had, the one on it now last.

    """

    id: int
    chat: "Chat"
    kind: str
    text: str
    mine: bool
    author: Json
    date: int
    at: float
    entities: tuple[Entity, ...] = ()
    extra: Json = field(default_factory=dict)
    source: str = ""
    keyboards: list[Rows] = field(default_factory=lambda: [()])
    plain: Rows | None = None
    deleted: bool = False
    edited: int | None = None

    @property
    def keyboard(self) -> Rows:
        """The inline keyboard on it now, rows of buttons."""
        return self.keyboards[-1]

    @property
    def labels(self) -> list[str]:
        return [button.text for row in self.keyboard for button in row]

    def button(self, label: str) -> Button | None:
        """Find a button by its label, the beginning of it, or its words without the number.

        Looks at the keyboard it has now; when it was taken away, at the last one it had.
        """
        rows = next((rows for rows in reversed(self.keyboards) if rows), ())
        return find(label, rows)

    def as_json(self) -> Json:
        """Give the Message object of the Bot API."""
        body: Json = {
            "message_id": self.id,
            "from": self.author,
            "chat": self.chat.as_json(),
            "date": self.date,
            **self.extra,
        }
        words, marks = ("text", "entities") if self.kind == "text" else ("caption", "caption_entities")
        if self.text:
            body[words] = self.text
        if self.entities:
            body[marks] = [entity.as_json() for entity in self.entities]
        if self.edited is not None:
            body["edit_date"] = self.edited
        if self.keyboard:
            rows = [[button.as_json() for button in row] for row in self.keyboard]
            body["reply_markup"] = {"inline_keyboard": rows}
        return body


def find(label: str, rows: Rows) -> Button | None:
    """Find the button a person means: the whole label first, then its beginning, then its words."""
    buttons = [button for row in rows for button in row]
    whole = (button for button in buttons if button.text == label)
    begun = (button for button in buttons if button.text.startswith(label))
    words = (button for button in buttons if button.text.partition(" ")[2].startswith(label))
    return next(chain(whole, begun, words), None)


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat or a group.

    Args:
        id: its number, below zero for a group.
        type: private or supergroup.
        changed: told of whatever happens here; its lock guards everything.
        known: the bot has been written to here, so it may write too.

    """

    id: int
    type: str
    name: str
    changed: threading.Condition
    known: bool = False
    shut: Refused | None = None  # why the bot may not write here any more
    messages: list[Message] = field(default_factory=list)
    plain: Rows = ()  # in place of the phone's keyboard
    react: Callable[["Message"], object] | None = None  # to whatever the bot says here
    acted: int = 0  # how many messages there were when the person last did something

    def as_json(self) -> Json:
        title = "first_name" if self.type == "private" else "title"
        return {"id": self.id, "type": self.type, title: self.name}

    def message(self, number: int) -> Message | None:
        """Give a message that is still there."""
        return next((each for each in self.messages if each.id == number and not each.deleted), None)

    @property
    def newest_keyboard(self) -> Message | None:
        """The newest message with an inline keyboard."""
        return next((each for each in reversed(self.messages) if each.keyboard and not each.deleted), None)

    def wait(self, ready: Callable[[], Message | None], wanted: str, timeout: float) -> Message:
        """Wait until `ready` gives a message; seconds.

        Raises:
            AssertionError: it did not happen in time; shows the chat.

        """
        with self.changed:
            if self.changed.wait_for(lambda: ready() is not None, timeout):
                found = ready()
                assert found is not None
                return found
            raise AssertionError(f"waited {timeout:g} s for {wanted} in this chat:\n{self.transcript()}")

    def transcript(self) -> str:
        """Write the chat down for a person to read."""
        with self.changed:
            lines = [line for message in self.messages for line in self._lines(message)]
        return "\n".join(lines) or "  (nothing was said)"

    def _lines(self, message: Message) -> list[str]:
        who = "bot" if message.mine else message.author.get("first_name", "?")
        kind = "" if message.kind == "text" else f" [{message.kind}]"
        state = " (deleted)" if message.deleted else " (edited)" if message.edited is not None else ""
        words = message.text.replace("\n", "\n      ")
        head = f"  {message.id} {who}{kind}{state}: {words}"
        return [
            head,
            *("      [ " + " | ".join(each.text for each in row) + " ]" for row in message.keyboard),
        ]
