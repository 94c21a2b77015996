"""One turn: read what is known, think, and keep everything in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from bot.facts import read_facts
from bot.outcomes import OUTCOMES, Submitted
from bot.settings import Clock, Settings
from dialogs.book import Book
from dialogs.engine import Talk, converse
from dialogs.screen import Place, place, show
from dialogs.state import State
from dialogs.talk import Again, Begin, Effect, Event, FileRef, Line, Screen, Submit, World
from storage import conversations, people, reminders
from storage.catalogue.snapshot import Shelf
from storage.desk import Desk


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached: a channel, and who it is there (a visitor's secret, a chat's number)."""

    channel: str
    key: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a channel shows after a turn, or when it only looks.

    Args:
        screen: the question.
        said: the statements of the last turn, to be read above it.
        size: how large this contact reads: standard, large, huge.
        reading: plain, easy or en.
        history: what was answered so far in what is open, oldest first.
        contact_id: None for a visitor who has not answered anything yet.
        effects: everything the turn did, for channels that speak (empty when only looking).
    """

    screen: Screen
    said: tuple[str, ...]
    size: str
    reading: str
    history: tuple[Line, ...] = ()
    contact_id: int | None = None
    effects: tuple[Effect, ...] = field(default=())


class Runner:
    """Runs conversations for every channel."""

    def __init__(self, desk: Desk, book: Book, shelf: Shelf, settings: Settings, clock: Clock) -> None:
        self.desk = desk
        self.book = book
        self.shelf = shelf
        self.settings = settings
        self.clock = clock

    async def hear(
        self,
        address: Address,
        event: Event,
        *,
        once: str = "",
        files: Mapping[str, tuple[FileRef, bytes]] | None = None,
    ) -> Heard:
        """Take one event; when this returns, it is committed.

        Args:
            address: who it is from; a newcomer is remembered from here on.
            event: what happened.
            once: the update's own name where it has one: told twice, it counts once.
            files: the bytes of files the event sends, by key; kept only when an answer takes them.
        """
        return await self.desk.do(lambda session: self._hear(session, address, event, once, files or {}))

    async def look(self, address: Address) -> Heard:
        """What is on the screen, changing nothing."""
        return await self.desk.look(lambda session: self._look(session, address))
