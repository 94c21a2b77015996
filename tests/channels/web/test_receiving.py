"""Bodies that stall, crawl, crowd out others, or whose sender goes away."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message
from structlog.testing import capture_logs

from bot.channels.web import receiving
from bot.channels.web.app import create_app
from bot.channels.web.receiving import FORM_LIMIT, HELD_OF_ADDRESS, HELD_OF_ALL, HELD_OF_VISITOR, Room
from bot.runner import Runner
from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset

KINDS = ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded")
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.ogg"\r\n\r\nOggS'


@contextmanager
def begun(service: Service, cookie: str, kind: str) -> Iterator[socket.socket]:
    """A form of which only the beginning was sent."""
    where = urlsplit(service.url)
    head = (
        f"POST /answer HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: xq={cookie}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: 100000\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port), timeout=20) as sending:
        sending.sendall(head.encode() + PART)
        yield sending


def answer_to(sending: socket.socket) -> str:
    """All that comes back until the connection is closed."""
    return b"".join(iter(lambda: sending.recv(65536), b"")).decode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "patience", [{"STALLED": 0.05}, {"GRACE": 0.05, "SLOWEST": 1e9}, {"LONGEST": 0.05}], ids=str
)
def test_what_stands_still_or_crawls_is_given_up_with_a_page(
    service: Service,
    handset: Handset,
    kind: str,
    patience: dict[str, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handset.open()
    for name, seconds in patience.items():
        monkeypatch.setattr(receiving, name, seconds)
    with begun(service, handset.cookie, kind) as sending:
        told = answer_to(sending)
    assert told.startswith("HTTP/1.1 408 ")
    assert "发到一半就断了" in told


def send(runner: Runner, cookie: str, *messages: Message) -> list[Message]:
    """Post to the application itself; give what it answers."""
    coming = iter(messages)
    given: list[Message] = []
    headers = [(b"host", b"here"), (b"cookie", f"xq={cookie}".encode()), (b"content-type", KINDS[0].encode())]
    scope = {"type": "http", "method": "POST", "path": "/answer", "raw_path": b"/answer", "query_string": b"",
             "headers": headers, "client": ("192.0.2.1", 4000), "server": ("here", 80), "scheme": "http",
             "root_path": "", "http_version": "1.1"}  # fmt: skip

    async def receive() -> Message:
        return next(coming)

    async def take(message: Message) -> None:
        given.append(message)

    async def run() -> None:
        await create_app(runner, stopping=asyncio.Event())(scope, receive, take)

    asyncio.run(run())
    return given


def test_who_goes_away_while_sending_is_noted_quietly(runner: Runner) -> None:
    with capture_logs() as lines:
        given = send(
            runner,
            "v" * 43,
            {"type": "http.request", "body": PART, "more_body": True},
            {"type": "http.disconnect"},
        )
    assert given[0]["status"] == 499
    assert lines == [{"event": "hung_up", "log_level": "info", "path": "/answer"}]


def fits(room: Room, address: str, visitor: str, size: int) -> bool:
    """Say whether a body of this size finds room; what it holds is given back."""
    with room.share(address, visitor) as share:
        try:
            share.take(size)
        except HTTPException:
            return False
        return True


def test_a_visitor_or_an_address_cannot_take_what_is_for_all() -> None:
    room = Room()
    with room.share("192.0.2.1", "a") as mine:
        mine.take(HELD_OF_VISITOR)
        assert not fits(room, "192.0.2.9", "a", FORM_LIMIT + 1), "this visitor has had enough"
        with room.share("192.0.2.1", "b") as neighbour:
            neighbour.take(HELD_OF_ADDRESS - HELD_OF_VISITOR)
            assert not fits(room, "192.0.2.1", "c", FORM_LIMIT + 1), "this address has had enough"
            assert fits(room, "192.0.2.2", "d", HELD_OF_VISITOR)
    assert fits(room, "192.0.2.1", "a", HELD_OF_VISITOR), "what was held is free again"


def test_a_form_without_a_file_finds_room_when_files_take_all_of_it() -> None:
    room = Room()
    with room.share("192.0.2.1", "a") as full, room.share("192.0.2.1", "b") as form:
        with pytest.raises(HTTPException):
            full.take(HELD_OF_ALL + 1)
        form.take(FORM_LIMIT)
        assert room.held == HELD_OF_ALL + 1 + FORM_LIMIT
        assert not fits(room, "192.0.2.2", "c", FORM_LIMIT + 1)
    assert room.held == 0
    assert not room.of, "nobody is remembered who holds nothing"
