"""Puts the web door together: one ASGI application."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Route

from bot.channels.web.catalogue import Catalogue
from bot.channels.web.chat import Chat
from bot.channels.web.door import Door, Gate
from bot.channels.web.health import Check, Health, off
from bot.channels.web.later import Later
from bot.channels.web.live import Live, Switchboard
from bot.channels.web.pages import Pages
from bot.channels.web.pictures import Pictures
from bot.channels.web.posted import Receiver
from bot.channels.web.saying import Saying
from bot.channels.web.shield import Shield
from bot.channels.web.static import send_static
from bot.runner import Runner
from storage.desk import DeskClosed


def create_app(
    runner: Runner,
    *,
    stopping: asyncio.Event,
    checks: Mapping[str, Check] | None = None,
    more: Sequence[BaseRoute] = (),
    gate: Gate | None = None,
) -> Starlette:
    """Make the application.

    Args:
        runner: takes what is said; its settings, clock, desk, book and shelf are used too.
        stopping: set by who runs the server as soon as it is to stop, so that open streams end at once.
        checks: what /healthz asks besides the database, by name.
        more: routes of others on the same server (a webhook); they guard themselves.
        gate: how much is let in; a new one unless given.

    """
    settings = runner.settings
    pages = Pages(runner.book.voices, settings.office, settings.address)
    door = Door(runner, pages, gate or Gate(), Receiver())
    switchboard = Switchboard(runner.desk, settings.zone, stopping)
    chat, catalogue, live = Chat(door), Catalogue(door), Live(door, switchboard)
    health = Health(runner.desk, {"telegram": off, **(checks or {})})
    saying = Saying(pages)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(switchboard.run())
        try:
            yield
        finally:
            stopping.set()
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    return Starlette(
        routes=[
            Route("/", chat.show),
            Route("/answer", chat.answer, methods=["POST"]),
            Route("/begin", chat.begin, methods=["POST"]),
            Route("/size", chat.resize, methods=["POST"]),
            Route("/seen", chat.seen, methods=["POST"]),
            Route("/open", chat.open, methods=["POST"]),
            Route("/news/{number}/file", chat.send_file),
            Later("/forget", lambda: _leaving(door)),
            Route("/events", live.stream),
            Later("/go", lambda: _links(door)),
            Route("/catalogue", catalogue.find),
            Route("/catalogue.xlsx", catalogue.sheet),
            Route("/catalogue/{project_id}", catalogue.project),
            Later("/fairs", lambda: _fairs(door)),
            Route("/organisers", catalogue.organisers),
            Route("/organisers/{name:path}", catalogue.organiser),
            Route("/static/{name}", send_static),
            Route("/pictures/{key}", Pictures(door).send),
            Route("/healthz", health.whole),
            Route("/livez", health.alive),
            Later("/console", lambda: _console(door)),
            *more,
        ],
        middleware=[Middleware(Shield, https=door.secure)],
        exception_handlers={
            HTTPException: saying.refuse,
            ClientDisconnect: saying.hang_up,
            DeskClosed: saying.close,
            Exception: saying.fail,
        },
        lifespan=lifespan,
    )


def _leaving(door: Door) -> Sequence[BaseRoute]:
    """Import the pages of a device that is left."""
    from bot.channels.web.leaving import Leaving

    leaving = Leaving(door)
    return [Route("/forget", leaving.show), Route("/forget", leaving.leave, methods=["POST"])]


def _links(door: Door) -> Sequence[BaseRoute]:
    """Import the pages of one-time links."""
    from bot.channels.web.elsewhere import Elsewhere

    elsewhere = Elsewhere(door)
    return [Route("/go/{token}", elsewhere.show), Route("/go/{token}", elsewhere.use, methods=["POST"])]


def _fairs(door: Door) -> Sequence[BaseRoute]:
    """Import the pages of job fairs."""
    from bot.channels.web.fairs import Fairs

    fairs = Fairs(door)
    return [Route("/fairs", fairs.show_all), Route("/fairs/{fair}", fairs.show)]


def _console(door: Door) -> Sequence[BaseRoute]:
    """Import the staff's pages."""
    from bot.console.app import console_routes

    return console_routes(door)
