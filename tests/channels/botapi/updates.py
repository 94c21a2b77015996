"""Updates on their way to the bot: numbered, kept until they are confirmed, and disturbed when a test asks for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.channels.botapi.chats import Json
from tests.channels.botapi.records import Query

KINDS = frozenset(
    {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }
)


@dataclass(slots=True, eq=False)
class Update:
    """One update; copies says how often it is yet to be delivered."""

    id: int
    kind: str
    body: Json
    chat: int
    query: Query | None = None
    copies: int = 1
    handed: bool = False

    def as_json(self) -> Json:
        return {"update_id": self.id, self.kind: self.body}


@dataclass(slots=True)
class Updates:
    """The queue. Everything here happens under the lock of the exchange.

    Args:
        told: called whenever something may be ready to go.

    """

    told: Callable[[], None]
    pending: list[Update] = field(default_factory=list)
    allowed: frozenset[str] = KINDS
    held: bool = False
    last: int = 730_000_000
    doubled: int = 0
    shuffling: int = 0
    aside: list[Update] = field(default_factory=list)

    def add(self, kind: str, body: Json, chat: int, query: Query | None = None) -> None:
        """Queue an update of a kind the bot wants."""
        if kind not in self.allowed:
            return
        update = Update(0, kind, body, chat, query)
        if self.doubled:
            self.doubled -= 1
            update.copies = 2
        if self.shuffling:
            self.aside.append(update)
            if len(self.aside) < self.shuffling:
                return
            ready, self.aside, self.shuffling = self.aside[::-1], [], 0
        else:
            ready = [update]
        for each in ready:  # numbered as they go out, so what came last may go first
            self.last += 1
            each.id = self.last
            self.pending.append(each)
        self.told()

    def ready(self) -> list[Update]:
        return [] if self.held else self.pending

    def confirm(self, offset: int) -> None:
        """Forget what the bot has seen, or a copy of it. A negative offset keeps only the newest ones."""
        if offset < 0:
            del self.pending[:offset]
            return
        for update in [each for each in self.pending if each.id < offset]:
            self.done(update)

    def done(self, update: Update) -> None:
        """One delivery of it came to its end."""
        update.copies -= 1 if update.handed else update.copies
        update.handed = False
        if update.copies <= 0:
            self.pending.remove(update)

    def hand(self, update: Update) -> Json:
        """Give it away: from now on the bot has it."""
        update.handed = True
        if update.query is not None and update.query.handed_at is None:
            update.query.handed_at = time.monotonic()
        return update.as_json()
