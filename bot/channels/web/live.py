"""Tells open pages about messages that come by themselves: one look at the database for all of them."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.channels.web.door import Door, address_of
from bot.channels.web.pages import News
from bot.channels.web.visitors import visitor_of
from bot.logs import Log
from dialogs.words import Voice
from storage.desk import Desk

LOOK_EVERY = 2.0
"""Seconds between two looks while somebody listens."""

STILL_HERE = 20.0
"""Seconds after which a silent stream says that it lives, so that proxies keep it."""

COME_BACK = 5000
"""Milliseconds after which a browser opens a closed stream again."""

MOST_OF_ONE = 4
"""Streams one contact may keep open."""

MOST = 4000
"""Streams this process keeps open."""

TOGETHER = 500
"""Contacts in one query."""

log = Log("pages")


@dataclass(eq=False, slots=True)
class Listener:
    """One open page: what it is to be told, and what it was told."""

    contact_id: int
    waiting: asyncio.Queue[News | None] = field(default_factory=asyncio.Queue)
    told: set[int] = field(default_factory=set)


class Switchboard:
    """Knows every open page of this process and brings it what is unread.

    Args:
        desk: where messages are read.
        zone: of the times that are said.
        stopping: set when the process is to end; every stream then ends at once.

    """

    def __init__(self, desk: Desk, zone: ZoneInfo, stopping: asyncio.Event) -> None:
        self._desk = desk
        self._zone = zone
        self._stopping = stopping
        self._listeners: dict[int, set[Listener]] = {}

    @property
    def size(self) -> int:
        return sum(map(len, self._listeners.values()))

    def has_room(self, contact_id: int) -> bool:
        """Whether one more page of this contact may listen."""
        mine = len(self._listeners.get(contact_id, ()))
        return not self._stopping.is_set() and mine < MOST_OF_ONE and self.size < MOST

    @contextmanager
    def listening(self, contact_id: int) -> Iterator[Listener]:
        """Count a page as open."""
        listener = Listener(contact_id)
        mine = self._listeners.setdefault(contact_id, set())
        mine.add(listener)
        try:
            yield listener
        finally:
            mine.discard(listener)
            if not mine:
                self._listeners.pop(contact_id, None)

    async def run(self) -> None:
        """Look again and again, until the process ends; then let every stream end."""
        while not self._stopping.is_set():
            try:
                await asyncio.wait_for(self._stopping.wait(), LOOK_EVERY)
            except TimeoutError:
                await self.look()
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.waiting.put_nowait(None)

    async def look(self) -> None:
        """Bring every open page what is unread and was not brought before."""
        everyone = tuple(self._listeners)
        for start in range(0, len(everyone), TOGETHER):
            some = everyone[start : start + TOGETHER]
            try:
                found = await self._desk.look(partial(_unread, contact_ids=some, zone=self._zone))
            except (SQLAlchemyError, RuntimeError) as problem:
                log.warning("messages_not_read", problem=type(problem).__name__)
                return
            for contact_id, message in found:
                for listener in self._listeners.get(contact_id, ()):
                    if message.number not in listener.told:
                        listener.told.add(message.number)
                        listener.waiting.put_nowait(message)


class Live:
    """The stream an open page listens to."""

    def __init__(self, door: Door, switchboard: Switchboard) -> None:
        self._door = door
        self._switchboard = switchboard

    async def stream(self, request: Request) -> Response:
        """Tell a page about messages as they come; 204 tells a browser not to ask again."""
        self._door.gate.pass_page(request)
        visitor = visitor_of(request)
        heard = None if visitor is None else await self._door.runner.look(address_of(visitor))
        if heard is None or heard.contact_id is None or not self._switchboard.has_room(heard.contact_id):
            return Response(status_code=204)
        voice = self._door.pages.voices[heard.reading]
        return StreamingResponse(
            self._events(heard.contact_id, voice),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _events(self, contact_id: int, voice: Voice) -> AsyncIterator[str]:
        with self._switchboard.listening(contact_id) as listener:
            yield f"retry: {COME_BACK}\n\n"
            while True:
                try:
                    message = await asyncio.wait_for(listener.waiting.get(), STILL_HERE)
                except TimeoutError:
                    yield ": \n\n"
                    continue
                if message is None:
                    return
                yield f"data: {json.dumps(_as_sent(message, voice), ensure_ascii=False)}\n\n"


def _unread(session: Session, contact_ids: Collection[int], zone: ZoneInfo) -> list[tuple[int, News]]:
    from bot.channels.web.news import unread  # with all letters: the first page does not wait for them

    return unread(session, contact_ids, zone)


def _as_sent(message: News, voice: Voice) -> Mapping[str, object]:
    when = voice.say("{{ at | moment }}", {"at": message.at})
    button = voice.say(message.button)
    return {
        "number": message.number,
        "text": message.text,
        "when": when,
        "letter": message.letter,
        "button": button,
        "more": [voice.say(each) for each in message.more],
        "file": message.file,
        "fileWords": message.file_words,
    }
