"""Serves the web door until it is told to stop: everything ends within seconds, open streams included."""

import asyncio
import errno
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.logs import Log

if TYPE_CHECKING:
    from bot.settings import Settings

PATIENCE = 3
"""Whole seconds that answers still being written get when we stop."""

PATIENCE_BESIDE = 1.0
"""Seconds that what runs beside the pages gets then."""

QUEUE = 1024
"""Connections the system holds for us while we are busy."""

LAST_PORT = 65535

STOPS = (signal.SIGTERM, signal.SIGINT)

PROBES = frozenset({"/livez", "/healthz"})
"""Pages that watchers ask for every few seconds: written down only when they fail."""

log = Log("bot")


class CannotListen(Exception):
    """We cannot listen where the settings say; the text says why and what to do."""


def take_port(settings: "Settings") -> socket.socket:
    """Listen at the host and port of the settings, before anything slow begins.

    Raises:
        CannotListen: when the port is taken, not allowed, or the host is not ours.

    """
    host, port = settings.host, settings.port
    if not 0 <= port <= LAST_PORT:
        raise CannotListen(f"没有 {port} 这个端口。写 1 到 {LAST_PORT} 当中的一个，如 XUNQIAO_PORT=8000")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, where = found[0]
        listening = socket.socket(family, kind, protocol)
    except (OSError, OverflowError):
        raise CannotListen(
            f"XUNQIAO_HOST 写的 {host}，这台机器不认识。写 127.0.0.1，或者 0.0.0.0。"
        ) from None
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(where)
        listening.listen(QUEUE)
    except OSError as problem:
        listening.close()
        raise CannotListen(_why_not(problem, host, port)) from None
    listening.setblocking(False)
    return listening


def _why_not(problem: OSError, host: str, port: int) -> str:
    number = problem.errno
    if number == errno.EADDRINUSE:
        other = port + 1 if port < LAST_PORT else port - 1
        return f"端口 {port} 有别的程序在用。换一个再启动：XUNQIAO_PORT={other}"
    if number == errno.EACCES:
        return f"端口 {port} 不让用。换一个大于 1024 的：XUNQIAO_PORT=8000"
    if number == errno.EADDRNOTAVAIL:
        return f"XUNQIAO_HOST 写的 {host} 不是这台机器的地址。写 127.0.0.1，或者 0.0.0.0。"
    return f"不能在 {host}:{port} 上等人来：{problem}。"


class Server(uvicorn.Server):
    """uvicorn, which ends by itself: it does not raise the signal again, so that our own clean-up runs."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event, early: "Early") -> None:
        super().__init__(config)
        self._stopping = stopping
        self._early = early

    def stop(self) -> None:
        """Take no more requests, let open streams end, finish the rest; asked again, do not wait for it."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._stopping.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in STOPS:
            loop.add_signal_handler(number, self.stop)
        if self._early.asked:
            self.stop()
        try:
            yield
        finally:
            # From here on another signal changes nothing: what is queued is still written.
            for number in STOPS:
                loop.remove_signal_handler(number)
                signal.signal(number, signal.SIG_IGN)


class Doorkeeper:
    """Writes the access log.

    A line holds the method, the route's own path (never the address asked for: it may hold a secret), the
    status and the milliseconds; no query, no cookie, no body, no network address.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", "") or "(none)"
            took = round((perf_counter() - start) * 1000, 1)
            if route not in PROBES or status != HTTPStatus.OK:
                log.info("request", method=scope["method"], path=route, status=status, ms=took)


class Early:
    """Whether we were told to stop before anybody is served.

    The signal only leaves a mark: raised from its handler, an exception may be lost in a finaliser, or cut
    a clean-up short.
    """

    def __init__(self) -> None:
        self.asked = False

    def check(self) -> None:
        """End the process here, cleanly, when we were told to stop."""
        if self.asked:
            raise SystemExit(0)

    def _mark(self, *_: object) -> None:
        self.asked = True

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take note of signals."""
        former = {number: signal.signal(number, self._mark) for number in STOPS}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def run(
    app: Callable[[asyncio.Event], ASGIApp],
    listening: socket.socket,
    *,
    ready: Callable[[], None],
    beside: Callable[[asyncio.Event], Awaitable[None]],
    early: Early,
) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        app: makes the pages; its event is set when everything is to end, and its open streams end then.
        listening: from `take_port`.
        ready: called once, when a page was really answered.
        beside: runs as long as we serve, and ends when its event is set.
        early: whether we were told to stop before.

    """
    asyncio.run(_run(app, listening, ready, beside, early))


async def _run(
    app: Callable[[asyncio.Event], ASGIApp],
    listening: socket.socket,
    ready: Callable[[], None],
    beside: Callable[[asyncio.Event], Awaitable[None]],
    early: Early,
) -> None:
    stopping = asyncio.Event()
    config = uvicorn.Config(
        Doorkeeper(app(stopping)),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=PATIENCE,
    )
    server = Server(config, stopping, early)
    where = listening.getsockname()
    serving = asyncio.create_task(server.serve([listening]))
    others: asyncio.Task[None] | None = None
    try:
        if await _answers(where, serving):
            ready()
            others = asyncio.create_task(_kept(beside, stopping))
        await serving
    finally:
        stopping.set()
        if others is not None:
            await asyncio.wait((others,), timeout=PATIENCE_BESIDE)
            others.cancel()


async def _kept(beside: Callable[[asyncio.Event], Awaitable[None]], stopping: asyncio.Event) -> None:
    """Pages are served even when what runs beside them breaks; the log says that it did."""
    try:
        await beside(stopping)
    except Exception:
        log.exception("beside_failed")


async def _answers(where: tuple[str, int], serving: asyncio.Task[None]) -> bool:
    """Ask for a page of ours until it is answered; False when we stopped before."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(where[0], where[0])  # noqa: S104 - compared, not bound
    while not serving.done():
        try:
            reader, writer = await asyncio.open_connection(host, where[1])
            writer.write(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            status = await reader.readline()
            writer.close()
        except OSError:
            status = b""
        if b" 200 " in status:
            return True
        await asyncio.sleep(0.02)
    return False
