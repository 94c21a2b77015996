"""The server: HTTP on loopback in front of the exchange, in a thread with a loop of its own."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web

from tests.channels.botapi.arguments import Arguments, read_call
from tests.channels.botapi.delivery import Delivery
from tests.channels.botapi.exchange import Exchange
from tests.channels.botapi.faults import Fault
from tests.channels.botapi.methods import DELIVERY, METHODS, check_names
from tests.channels.botapi.records import Call
from tests.channels.botapi.refusing import UNAUTHORIZED, Refused, too_many

BODY_BYTES = 51 * 1024 * 1024
NO_METHOD = Refused(404, "Not Found: method not found")
NOT_FOUND = Refused(404, "Not Found")
GARBAGE = "<html><body><h1>Bad Gateway</h1></body></html>"
LETTING_IN = 10
"""Rounds of the loop in which an accepted connection is certainly made."""

CUT_AT_ONCE = struct.pack("ii", 1, 0)


class Server:
    """Serves one exchange; `start`, `stop` and `listen` are for any other thread."""

    def __init__(self, token: str, clock: Callable[[], float]) -> None:
        self.token = token
        self.revoked = False
        self.exchange = Exchange(self._told, self._later, clock)
        self.delivery = Delivery(self.exchange, self._from_webhook)
        self.url = ""
        self.loop: asyncio.AbstractEventLoop | None = None
        self._port = 0
        self._listening: socket.socket | None = None
        self._runner: web.AppRunner | None = None
        self._hung: set[asyncio.Event] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="botapi")
        self._begun = threading.Event()
        self._ended = asyncio.Event()

    def start(self) -> None:
        self._thread.start()
        assert self._begun.wait(20), "the Bot API server did not start"

    def stop(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the Bot API server did not stop"

    def listen(self, on: bool) -> None:
        """Take connections at the address, or cut and refuse them."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._open() if on else self._shut(), self.loop).result(20)

    def _later(self, act: Callable[[], None]) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(act)

    def _told(self) -> None:
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.delivery.wake)

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        app = web.Application(client_max_size=BODY_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        # A poll whose bot went away must end there and then, or the next one meets it.
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1, access_log=None)
        await self._runner.setup()
        await self._open()
        self.url = f"http://127.0.0.1:{self._port}"
        self._begun.set()
        await self._ended.wait()
        await self.delivery.close()
        await self._shut()
        await self._runner.cleanup()

    async def _open(self) -> None:
        assert self._runner is not None
        self._listening = listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        await web.SockSite(self._runner, listening).start()

    async def _shut(self) -> None:
        assert self._runner is not None
        if self._listening is not None and self._listening.fileno() >= 0:
            # Who was let in just now gets a connection first: a server that closes meanwhile would forget it open.
            asyncio.get_running_loop().remove_reader(self._listening.fileno())
            for _ in range(LETTING_IN):
                await asyncio.sleep(0)
        for site in list(self._runner.sites):
            await site.stop()
        for gate in self._hung:
            gate.set()
        if self._runner.server is not None:
            for connection in self._runner.server.connections:
                cut(connection.transport)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        call, fault = self._begin(name)
        try:
            self._check_token(request.match_info["token"], call)
            arguments = await read_call(request)
            call.parameters = arguments.as_json()
            if fault is not None:
                await self._before(fault, request)
            call.result = await self._carry_out(name, arguments)
        except Refused as refused:
            self._refuse(call, refused)
            body = {"ok": False, "error_code": refused.code, "description": refused.description}
            if refused.retry_after is not None:
                body["parameters"] = {"retry_after": refused.retry_after}
            return web.Response(body=orjson.dumps(body), status=refused.code, content_type="application/json")
        if fault is not None and fault.kind == "reset":
            self._note(call, 0)
            cut(request.transport)
            return web.Response()
        self._note(call, 200)
        if fault is not None and fault.kind == "garbage":
            return web.Response(text=GARBAGE, content_type="text/html")
        return web.Response(
            body=orjson.dumps({"ok": True, "result": call.result}), content_type="application/json"
        )

    def _begin(self, name: str) -> tuple[Call, Fault | None]:
        call = Call(name, {}, time.monotonic())
        with self.exchange.changed:
            self.exchange.calls.append(call)
            fault = self.exchange.faults.take(name)
            if fault is not None:
                call.fault = fault.kind
            self.exchange.changed.notify_all()
        return call, fault

    def _check_token(self, token: str, call: Call) -> None:
        number, _, secret = token.partition(":")
        if not (number.isdigit() and secret):
            raise NOT_FOUND
        if self.revoked:
            call.fault = "revoked"
        if self.revoked or token != self.token:
            raise UNAUTHORIZED

    async def _before(self, fault: Fault, request: web.Request) -> None:
        if fault.kind == "fail":
            raise Refused(fault.status, fault.words)
        if fault.kind == "flood":
            raise too_many(int(fault.seconds))
        if fault.kind == "cut":
            cut(request.transport)
            raise Refused(500, "cut")
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "hang":
            self._hung.add(fault.gate)
            await fault.gate.wait()
            if self._ended.is_set():
                raise Refused(500, "Internal Server Error")

    async def _carry_out(self, name: str, arguments: Arguments) -> Any:
        for network, known in DELIVERY.items():
            if network.lower() == name.lower():
                check_names(arguments, known)
                return await self.delivery.carry_out(network, arguments)
        method = METHODS.get(name.lower())
        if method is None:
            raise NO_METHOD
        check_names(arguments, method.parameters)
        with self.exchange.changed:
            return method.run(self.exchange, arguments)

    async def _from_webhook(self, name: str, arguments: Arguments) -> None:
        """Carry out what the webhook answered; nobody is told what comes of it."""
        call = Call(name, arguments.as_json(), time.monotonic())
        with self.exchange.changed:
            self.exchange.calls.append(call)
        try:
            call.result = await self._carry_out(name, arguments)
        except Refused as refused:
            self._refuse(call, refused)
        else:
            self._note(call, 200)

    def _refuse(self, call: Call, refused: Refused) -> None:
        call.description = refused.description
        call.fault = call.fault or refused.fault
        self._note(call, refused.code)

    def _note(self, call: Call, status: int) -> None:
        with self.exchange.changed:
            call.status, call.answered_at = status, time.monotonic()
            self.exchange.changed.notify_all()

    async def _download(self, request: web.Request) -> web.Response:
        if self.revoked or request.match_info["token"] != self.token:
            return web.json_response(
                {"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401
            )
        with self.exchange.changed:
            kept = [each for each in self.exchange.files.values() if each.path == request.match_info["path"]]
        if not kept:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=kept[0].content, content_type="application/octet-stream")


def cut(transport: asyncio.Transport | None) -> None:
    """Cut a connection so that the other side sees it reset."""
    if transport is None:
        return
    end = transport.get_extra_info("socket")
    if end is not None and end.fileno() >= 0:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CUT_AT_ONCE)
    transport.abort()
