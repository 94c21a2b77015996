"""People who talk to the bot, and groups it is added to: what they do becomes the update Telegram would make of it."""

import time
from collections.abc import Callable

from tests.channels.botapi.chats import Json, Message, find
from tests.channels.botapi.exchange import BOT
from tests.channels.botapi.keyboards import Button
from tests.channels.botapi.media import Sender
from tests.channels.botapi.records import Query
from tests.channels.botapi.refusing import BLOCKED, DEACTIVATED, KICKED
from tests.channels.botapi.rooms import PATIENCE, Room, marks


class Person(Sender):
    """One person in a private chat with the bot."""

    def says(self, text: str, *, to: Message | None = None) -> Message:
        """Write words, perhaps in reply to a message; a command is marked as one."""
        reply = {"reply_to_message": to.as_json()} if to else {}
        return self._sends(self.user, "text", text, marks(text) | reply)

    def commands(self, text: str) -> Message:
        """Give a command, such as "/start abc"."""
        assert text.startswith("/"), f"{text!r} is no command"
        return self.says(text)

    def edits(self, message: Message, text: str) -> None:
        """Write an own message anew."""
        assert not message.mine, "only an own message can be written anew"
        with self.exchange.changed:
            message.text, message.edited = text, self.exchange.now()
            self._acts()
            self.exchange.changed.notify_all()
            self.exchange.updates.add("edited_message", message.as_json(), self.place.id)

    def clears(self) -> None:
        """Delete the whole chat on both sides; the bot is not told."""
        with self.exchange.changed:
            for message in self.place.messages:
                message.deleted = True
            self.exchange.changed.notify_all()

    def blocks(self) -> None:
        """Block the bot."""
        self._member("member", "kicked")

    def deactivates(self) -> None:
        """Delete the whole account; the bot is not told."""
        with self.exchange.changed:
            self.place.shut = DEACTIVATED

    def returns(self, *, start: bool = True) -> None:
        """Unblock the bot and press its start button."""
        self._member("kicked", "member")
        if start:
            self.says("/start")

    def _member(self, old: str, new: str) -> None:
        with self.exchange.changed:
            self.place.shut = BLOCKED if new == "kicked" else None
            self._acts()
            date = int(self.exchange.now() - self.exchange.lag())
            body = membership(self.place.as_json(), self.user, date, old, new)
            self.exchange.updates.add("my_chat_member", body, self.place.id)

    def reacts(self, react: Callable[[Message], object]) -> None:
        """Act by oneself on everything the bot says, without a thread that waits: for many people at once.

        `react` is called in the server's own thread after the bot has got its answer, so it must not wait.
        """
        with self.exchange.changed:
            self.place.react = react

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
                button = find(label, self.place.plain)
                assert button is not None
                self._presses(button)
                return []
            button = message.button(label)
            assert button is not None, f"no button {label!r} under message {message.id}:\n{self}"
            assert button.data is not None, f"{button.text!r} opens {button.url}: nothing is told to the bot"
            return [self._taps(message, button.text, button.data) for _ in range(times)]

    def link(self, label: str, *, timeout: float = PATIENCE) -> str:
        """Give the address a button of the newest keyboard opens."""
        with self.exchange.changed:
            message = self._with(label, timeout)
            button = message.button(label) if message else None
        assert button is not None
        assert button.url is not None, f"{button.text!r} opens nothing"
        return button.url

    def _with(self, label: str, timeout: float) -> Message | None:
        """Wait for a button; give its message, None when it is on the phone's keyboard."""

        def there() -> bool:
            newest = self.place.newest_keyboard
            if newest is not None and find(label, newest.keyboard):
                return True
            return find(label, self.place.plain) is not None

        assert self.exchange.changed.wait_for(there, timeout), f"no button {label!r} in this chat:\n{self}"
        newest = self.place.newest_keyboard
        return newest if newest is not None and find(label, newest.keyboard) else None

    def _presses(self, button: Button) -> None:
        assert not button.asks, f"{button.text!r} sends {button.asks}: say what is sent"
        self.says(button.text)

    def _taps(self, message: Message, label: str, data: str) -> Query:
        exchange = self.exchange
        number = str(4_300_000_000_000 + len(exchange.queries) + 1)
        query = Query(number, self.place, message, label, data, time.monotonic())
        query.expired = exchange.lag() > 0
        exchange.queries[number] = query
        body = {
            "id": number,
            "from": self.user,
            "message": _seen(message),
            "chat_instance": str(self.place.id * 31),
            "data": data,
        }
        self._acts()
        exchange.updates.add("callback_query", body, self.place.id, query)
        return query


def _seen(message: Message) -> Json:
    """Give the message of a press; of one that is deleted only the number is left."""
    if message.deleted:
        return {"chat": message.chat.as_json(), "message_id": message.id, "date": 0}
    return message.as_json()


class Group(Room):
    """A supergroup; as usual the bot is told only of commands, of its name, and of replies to it."""

    def adds_bot(self, by: Person) -> None:
        """Somebody adds the bot."""
        with self.exchange.changed:
            self.place.shut = None
            self.place.known = True
            body = membership(self.place.as_json(), by.user, self.exchange.now(), "left", "member")
            self.exchange.updates.add("my_chat_member", body, self.place.id)
            self._sends(by.user, "service", extra={"new_chat_members": [BOT]})

    def removes_bot(self, by: Person) -> None:
        """Somebody throws the bot out."""
        with self.exchange.changed:
            body = membership(self.place.as_json(), by.user, self.exchange.now(), "member", "left")
            self.exchange.updates.add("my_chat_member", body, self.place.id)
            self.place.shut = KICKED

    def says(self, text: str, by: Person, *, to: Message | None = None) -> Message:
        """Somebody writes in the group."""
        told = text.startswith("/") or f"@{BOT['username']}" in text or (to is not None and to.mine)
        reply = {"reply_to_message": to.as_json()} if to else {}
        return self._sends(by.user, "text", text, marks(text) | reply, told=told)


def membership(chat: Json, user: Json, date: int, old: str, new: str) -> Json:
    """Give the ChatMemberUpdated object about the bot."""

    def member(status: str) -> Json:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": BOT, "status": status, **until}

    return {
        "chat": chat,
        "from": user,
        "date": date,
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }


def newcomer(number: int, name: str, language: str) -> Json:
    """Give the User object of a person."""
    assert number > 0, "people have numbers above zero"
    assert number != BOT["id"], "that is the bot itself"
    return {"id": number, "is_bot": False, "first_name": name, "language_code": language}
