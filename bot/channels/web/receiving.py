"""Bodies on their way in: no longer than allowed, not endlessly slow, and nobody takes the memory of all."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request

from storage.tables import FILE_LIMIT

FORM_LIMIT = 128 * 1024
"""Bytes of a form without a file: 14,000 characters as browsers write them."""

UPLOAD_LIMIT = FILE_LIMIT + FORM_LIMIT
"""Bytes of a form with a file."""

DRAINED = 3 * FILE_LIMIT
"""Bytes still read (and thrown away) of a body that is too large: a browser shows our answer only after sending."""

HELD_OF_ALL = 8 * FILE_LIMIT
"""Bytes of forms with files in the memory of this process."""

HELD_OF_ADDRESS = 4 * FILE_LIMIT
"""The same of one network address; a school shares one, and half is left for everybody else."""

HELD_OF_VISITOR = 2 * UPLOAD_LIMIT
"""The same of one visitor: a file, and the same file sent again by a second press."""

STALLED = 30.0
"""Seconds without a byte after which a body is given up."""

GRACE = 60.0
"""Seconds in which a body may be as slow as it likes."""

SLOWEST = 2048.0
"""Bytes a second a body has to come at after that: half of what the slowest telephones manage."""

LONGEST = 900.0
"""Seconds after which a body is given up however it comes."""


class TooLarge(Exception):
    """A body is longer than it may be."""


@dataclass(eq=False, slots=True)
class Share:
    """What one body holds of the memory.

    Args:
        room: of which it is a part.
        senders: whose it is, with how much each may hold.

    """

    room: "Room"
    senders: tuple[tuple[str, int], ...]
    held: int = 0

    def take(self, size: int) -> None:
        """Hold so many bytes more; a form as long as every form may be always finds room.

        Raises:
            HTTPException: 503.

        """
        self.held += size
        self.room.held += size
        for sender, _ in self.senders:
            self.room.of[sender] += size
        full = self.room.held > HELD_OF_ALL or any(self.room.of[who] > most for who, most in self.senders)
        if full and self.held > FORM_LIMIT:
            raise HTTPException(503, headers={"Retry-After": "60"})


@dataclass(eq=False, slots=True)
class Room:
    """The memory that forms with files hold in this process: of all, and of each sender."""

    held: int = 0
    of: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def share(self, address: str, visitor: str) -> Iterator[Share]:
        """Give a body its share, which ends with the block."""
        share = Share(
            self, ((f"address {address}", HELD_OF_ADDRESS), (f"visitor {visitor}", HELD_OF_VISITOR))
        )
        try:
            yield share
        finally:
            self.held -= share.held
            for sender, _ in share.senders:
                self.of[sender] -= share.held
                if not self.of[sender]:
                    del self.of[sender]


class Incoming:
    """One body as it comes.

    Args:
        request: whose body it is.
        limit: bytes it may have.

    """

    def __init__(self, request: Request, limit: int) -> None:
        stated = request.headers.get("content-length", "")
        self._stated = int(stated) if stated.isdecimal() else 0
        self._limit = limit
        self._chunks = request.stream()
        self._clock = asyncio.get_running_loop().time
        self._begun = self._clock()
        self._size = 0

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Give what comes. Its stated length is believed only where it is too large.

        Raises:
            TooLarge: when it is.
            HTTPException: 408 when it stands still or is too slow.

        """
        if self._stated > self._limit:
            raise TooLarge
        while (chunk := await self._next()) is not None:
            if self._size > self._limit:
                raise TooLarge
            yield chunk

    async def drain(self) -> None:
        """Read what is left and throw it away, where it is not endless."""
        if self._stated <= DRAINED:
            while self._size <= DRAINED and await self._next() is not None:
                pass

    async def _next(self) -> bytes | None:
        until = self._begun + min(LONGEST, GRACE + self._size / SLOWEST)
        try:
            async with asyncio.timeout_at(min(until, self._clock() + STALLED)):
                chunk = await anext(self._chunks, None)
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        self._size += len(chunk or b"")
        return chunk
