"""Serves an application on a free port, in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager

import uvicorn
from starlette.types import ASGIApp

from bot.serving import PATIENCE, Early, Server, take_port
from bot.settings import Settings


class Served(Server):
    """The real server, but signals are for the main thread and this one has none; and where nobody is left, it stops
    at once, for a fifth of a second with each test is a minute."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.sleep(0)  # who has just hung up is taken note of
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for server in (*self.servers, *(sockets or ())):
            server.close()
        await self.lifespan.shutdown()


async def nothing(stopping: asyncio.Event) -> None:
    """Beside most pages nothing runs in tests."""


@contextmanager
def serving(
    make: Callable[[asyncio.Event], ASGIApp],
    *,
    listening: socket.socket | None = None,
    beside: Callable[[asyncio.Event], Awaitable[None]] = nothing,
) -> Iterator[str]:
    """Serve what `make` makes of the event that is set at the end; give its address.

    Args:
        make: makes the application.
        listening: where; a free port unless given.
        beside: what runs in the same loop until the event is set.

    """
    with ExitStack() as stack:
        # From here on connections wait, so nobody has to be told when it is ready.
        listening = listening or stack.enter_context(take_port(Settings(port=0)))
        loops: list[tuple[asyncio.AbstractEventLoop, Served]] = []
        begun = threading.Event()

        async def serve() -> None:
            stopping = asyncio.Event()
            config = uvicorn.Config(
                make(stopping),
                log_config=None,  # its own would stay behind for the tests that come after
                log_level="warning",
                access_log=False,
                ws="none",
                timeout_graceful_shutdown=PATIENCE,
            )
            server = Served(config, stopping, Early())
            loops.append((asyncio.get_running_loop(), server))
            begun.set()
            await asyncio.gather(server.serve([listening]), beside(stopping))

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        assert begun.wait(20), "the server did not start"
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            loop, server = loops[0]
            loop.call_soon_threadsafe(server.stop)
            thread.join(20)
            assert not thread.is_alive(), "the server did not stop"
