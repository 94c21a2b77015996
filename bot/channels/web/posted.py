"""Reads what a browser posts: small forms at once, files in memory and never on the disk, both within limits."""

import hashlib
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.channels.web.events import Form
from bot.channels.web.receiving import FORM_LIMIT, UPLOAD_LIMIT, Incoming, Room, Share, TooLarge
from dialogs.talk import FileRef
from storage.tables import FILE_LIMIT

MOST_FIELDS = 300

Kind = Literal["photo", "voice", "document"]

STARTS: tuple[tuple[bytes, Kind, str], ...] = (
    (b"\xff\xd8\xff", "photo", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "photo", "image/png"),
    (b"GIF8", "photo", "image/gif"),
    (b"OggS", "voice", "audio/ogg"),
    (b"ID3", "voice", "audio/mpeg"),
    (b"\xff\xfb", "voice", "audio/mpeg"),
    (b"\xff\xf3", "voice", "audio/mpeg"),
    (b"\xff\xf1", "voice", "audio/aac"),
    (b"\xff\xf9", "voice", "audio/aac"),
    (b"#!AMR", "voice", "audio/amr"),
    (b"\x1aE\xdf\xa3", "voice", "audio/webm"),
    (b"%PDF-", "document", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document", "application/msword"),
    (b"PK\x03\x04", "document", "application/zip"),
)
"""How files begin: a file is what its bytes say, whatever its name or sender says."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One posted form: its fields, and its file where there is one."""

    fields: Form
    file: FileRef | None = None
    body: bytes = field(default=b"", repr=False)

    def one(self, name: str) -> str:
        """Give the first value of a field, or ""."""
        return (*self.fields.get(name, ()), "")[0]

    @property
    def fingerprint(self) -> str:
        """The same for the same file sent again."""
        return hashlib.sha256(self.body).hexdigest()


class Receiver:
    """Receives bodies for one process, and keeps count of how much of files is in memory."""

    def __init__(self) -> None:
        self.room = Room()

    async def read(self, request: Request) -> Posted:
        """Read a posted form without a file.

        Raises:
            HTTPException: 413 when it is too large, 408 when it does not come, 400 when it is no form.

        """
        incoming = Incoming(request, FORM_LIMIT)
        async with _in_time_for_an_answer(incoming):
            body = b"".join([chunk async for chunk in incoming.chunks()])
        if _kind(request) != "application/x-www-form-urlencoded" and body:
            raise HTTPException(400)
        try:
            return Posted(
                parse_qs(body.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
            )
        except ValueError:
            raise HTTPException(400) from None

    @asynccontextmanager
    async def receive(self, request: Request, address: str, visitor: str) -> AsyncIterator[Posted]:
        """Read a posted form that may bring a file; the memory it takes is counted until the block ends.

        Raises:
            HTTPException: as `read`, and 503 when the files of all, or of this sender, take too much memory.

        """
        if _kind(request) != "multipart/form-data":
            yield await self.read(request)
            return
        incoming = Incoming(request, UPLOAD_LIMIT)
        async with _in_time_for_an_answer(incoming):
            with self.room.share(address, visitor) as share:
                yield await _with_file(request, _counted(incoming, share))


@asynccontextmanager
async def _in_time_for_an_answer(incoming: Incoming) -> AsyncIterator[None]:
    """Let a browser that sends too much finish, for before that it shows no answer; nothing is held meanwhile."""
    try:
        yield
    except TooLarge:
        await incoming.drain()
        raise HTTPException(413) from None


async def _counted(incoming: Incoming, share: Share) -> AsyncGenerator[bytes, None]:
    async for chunk in incoming.chunks():
        share.take(len(chunk))
        yield chunk


async def _with_file(request: Request, stream: AsyncGenerator[bytes, None]) -> Posted:
    parser = MultiPartParser(
        request.headers, stream, max_files=6, max_fields=MOST_FIELDS, max_part_size=FORM_LIMIT
    )
    parser.spool_max_size = 0  # never rolls over to the disk: what is sent may be a certificate
    try:
        form = await parser.parse()
    except MultiPartException:
        raise HTTPException(400) from None
    try:
        fields: dict[str, list[str]] = {}
        sent: UploadFile | None = None
        for name, value in form.multi_items():
            if isinstance(value, str):
                fields.setdefault(name, []).append(value)
            elif value.size and sent is None:
                sent = value
        if sent is None:
            return Posted(fields)
        if (sent.size or 0) > FILE_LIMIT:  # the form may be a little longer than its file
            raise HTTPException(413)
        body = await sent.read()
    finally:
        await form.close()
    file_kind, mime = kind_of(body, sent.content_type or "")
    name = _short_name(sent.filename or "")
    return Posted(fields, FileRef(secrets.token_hex(16), file_kind, len(body), mime, name), body)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def kind_of(body: bytes, said: str) -> tuple[Kind, str]:
    """What a file is: by how it begins, else by what the browser says; all else is a document without a type."""
    for start, kind, mime in STARTS:
        if body.startswith(start):
            return kind, mime
    if body[4:8] == b"ftyp":
        return _of_family(body[8:12], said)
    if body.startswith(b"RIFF"):
        return ("photo", "image/webp") if body[8:12] == b"WEBP" else ("voice", "audio/wav")
    return "document", "application/octet-stream"


def _of_family(brand: bytes, said: str) -> tuple[Kind, str]:
    if brand in (b"heic", b"heix", b"mif1", b"msf1", b"avif"):
        return "photo", "image/avif" if brand == b"avif" else "image/heic"
    # A phone's recorder may write an .mp4 or .3gp with sound only; the browser knows which it was.
    if said.startswith("video/") and not said.startswith("video/3gpp"):
        return "document", "video/mp4"
    return "voice", "audio/mp4"


def _short_name(name: str) -> str:
    tail = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in tail if c.isprintable())[-80:]
