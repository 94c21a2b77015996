"""The server: HTTP on loopback in front of the exchange, in a thread with a loop of its own."""

import asyncio
import threading
import time
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


class Server:
    """Serves one exchange; `start` and `stop` come from any thread."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.revoked = False
        self.exchange = Exchange(self._told)
        self.url = ""
        self.loop: asyncio.AbstractEventLoop | None = None
        self.delivery = Delivery(self.exchange)
        self._thread = threading.Thread(target=self._run, name="botapi")
        self._begun = threading.Event()
        self._ended: asyncio.Event | None = None

    def start(self) -> None:
        self._thread.start()
        assert self._begun.wait(20), "the Bot API server did not start"

    def stop(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self._end)
        self._thread.join(20)
        assert not self._thread.is_alive(), "the Bot API server did not stop"

    def _end(self) -> None:
        self.delivery.closing = True
        self.delivery.wake()
        assert self._ended is not None
        self._ended.set()

    def _told(self) -> None:
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.delivery.wake)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        app = web.Application(client_max_size=BODY_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        # A poll whose bot went away must end there and then, or the next one meets it.
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._begun.set()
        await self._ended.wait()
        await runner.cleanup()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        call = Call(name, {}, time.monotonic())
        with self.exchange.changed:
            self.exchange.calls.append(call)
            fault = self.exchange.faults.take(name)
        if fault is not None:
            call.fault = fault.kind
        try:
            self._check_token(request.match_info["token"], call)
            arguments = await read_call(request)
            call.parameters = arguments.as_json()
            if fault is not None:
                await self._before(fault)
            result = await self._carry_out(name, arguments)
        except Refused as refused:
            return self._answer(call, refused.code, refused)
        if fault is not None and fault.kind == "reset":
            call.result = result
            self._note(call, 0)
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault is not None and fault.kind == "garbage":
            self._note(call, 200)
            return web.Response(text="<html><body>502 Bad Gateway</body></html>", content_type="text/html")
        return self._answer(call, 200, result)

    def _check_token(self, token: str, call: Call) -> None:
        number, _, secret = token.partition(":")
        if not (number.isdigit() and secret):
            raise NOT_FOUND
        if self.revoked:
            call.fault = "revoked"
        if self.revoked or token != self.token:
            raise UNAUTHORIZED

    async def _before(self, fault: Fault) -> None:
        if fault.kind == "fail":
            raise Refused(fault.status, fault.words)
        if fault.kind == "flood":
            raise too_many(int(fault.seconds))
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "hang":
            assert self._ended is not None
            await self._ended.wait()

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

    def _answer(self, call: Call, status: int, result: Any) -> web.Response:
        body: dict[str, Any] = {"ok": True, "result": result}
        if isinstance(result, Refused):
            body = {"ok": False, "error_code": status, "description": result.description}
            call.description = result.description
            if result.retry_after is not None:
                body["parameters"] = {"retry_after": result.retry_after}
        else:
            call.result = result
        self._note(call, status)
        headers = {"Retry-After": str(body["parameters"]["retry_after"])} if "parameters" in body else None
        return web.Response(
            body=orjson.dumps(body), status=status, content_type="application/json", headers=headers
        )

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
