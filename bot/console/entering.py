"""Getting in by a one-time link, and out again."""

import re

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import Door, personal, see
from bot.console.inside import COOKIE, Inside, remember
from bot.console.pages import ConsolePages
from storage.staff import staff

SECRET = re.compile(r"^[A-Za-z0-9_-]{43}$")
NUMBER = re.compile(r"^\d{4}-\d{4,9}\Z")
"""An application a link leads to; its own page says whether the member may see it."""


class Entering:
    """The door of the console. Opening a link shows whom it lets in; pressing the button uses it up."""

    def __init__(self, door: Door, pages: ConsolePages) -> None:
        self._door = door
        self._pages = pages

    async def show(self, request: Request) -> Response:
        """Say whom a link lets in; a program that looks at links uses none up."""
        self._door.gate.pass_link(request)
        secret = _secret(request)
        now = self._door.runner.clock.now()

        def look(session: Session) -> str | None:
            member = staff.link_owner(session, secret, now)
            return member.name if member else None

        name = await self._door.runner.desk.look(look)
        if name is None:
            return personal(self._pages.render("out.html", {"used": True}), 404)
        return personal(self._pages.render("enter.html", {"name": name}))

    async def use(self, request: Request) -> Response:
        """Use a link up; this browser is in from now on, with a key nobody had before."""
        self._door.gate.pass_link(request)
        self._door.check_origin(request)
        secret = _secret(request)
        now = self._door.runner.clock.now()
        key = await self._door.runner.desk.do(lambda session: staff.come_in(session, secret, now))
        if key is None:
            return personal(self._pages.render("out.html", {"used": True}), 404)
        at = request.query_params.get("at", "")
        answer = see(f"/console/applications/{at}" if NUMBER.match(at) else "/console")
        remember(answer, key, secure=self._door.secure)
        return answer

    async def go_out(self, _: Request, inside: Inside) -> Response:
        """Close the console in this browser."""
        await self._door.runner.desk.do(lambda session: staff.go_out(session, inside.key))
        answer = see("/console")
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=self._door.secure, path="/console")
        return answer


def _secret(request: Request) -> str:
    secret: str = request.path_params["token"]
    if not SECRET.match(secret):
        raise HTTPException(404)
    return secret
