"""Who sits at the console: let in by a cookie, checked against the table of permissions, forms proven ours."""

import hmac
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.web.door import Door, Refused, network_of, personal, see
from bot.channels.web.posted import Posted
from bot.console.pages import ConsolePages
from bot.console.permissions import Act, Reach, may, reach_of
from bot.console.refusals import why_not
from bot.runner import Runner
from storage.crypto import lookup_hash
from storage.staff import staff
from storage.tables import Staff

COOKIE = "xq_staff"
KEY = re.compile(r"^[A-Za-z0-9_-]{43}$")


@dataclass(frozen=True, slots=True)
class Inside:
    """One request of a member of staff.

    Args:
        member: who asks, with the role they have now.
        reach: whose applications and intakes are theirs.
        key: the browser's own key.
        now: the moment, in the service's zone.
        form: what was posted; empty when only looking.

    """

    member: Staff
    reach: Reach
    key: str
    now: datetime
    form: Posted

    @property
    def actor(self) -> str:
        """Who it was, as events and the audit write it."""
        return f"staff:{self.member.id}"

    @property
    def token(self) -> str:
        """What every form of this browser carries."""
        return form_token(self.key)

    @property
    def acts(self) -> frozenset[str]:
        """The names of everything this member may do, for pages that leave out what they may not."""
        return frozenset(act.name for act in Act if may(self.member, act))

    def may(self, act: Act) -> bool:
        return may(self.member, act)


Handler = Callable[[Request, Inside], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page or act of the console.

    Args:
        path: its address, below /console.
        act: what a member has to be allowed.
        answer: makes the answer.
        method: GET to look, POST to do.
        file: whether what is posted may bring a file.

    """

    path: str
    act: Act
    answer: Handler
    method: str = "GET"
    file: bool = False


class Guard:
    """Stands before every page of the console.

    Args:
        door: the web door, for its limits and its checks of where a form comes from.
        pages: draws what is said to who may not come in.

    """

    def __init__(self, door: Door, pages: ConsolePages) -> None:
        self._door = door
        self._pages = pages

    @property
    def runner(self) -> Runner:
        return self._door.runner

    def route(self, page: Page) -> Route:
        """Give the route of a page, guarded."""

        async def guarded(request: Request) -> Response:
            return await self._answer(request, page)

        return Route(f"/console{page.path}", guarded, methods=[page.method])

    async def _answer(self, request: Request, page: Page) -> Response:
        if request.method == "POST":
            self._door.gate.pass_post(request)
            self._door.check_origin(request)
        else:
            self._door.gate.pass_page(request)
        key = request.cookies.get(COOKIE, "")
        now = self.runner.clock.now()
        found = await self._who(key, now)
        if found is None:
            return personal(self._pages.render("out.html", {}), 401)
        member, visit_id, stale = found
        here = Inside(member, reach_of(member, self.runner.shelf.current), key, now, Posted({}))
        try:
            if not may(member, page.act):
                await self._refuse(member, page.act.name.lower(), request, now)
            async with self._posted(request, page, key) as form:
                if stale:
                    await self.runner.desk.do(lambda session: staff.touch(session, visit_id, now))
                try:
                    return await page.answer(request, replace(here, form=form))
                except NotYours as hidden:
                    await self._refuse(member, hidden.what, request, now)
                    raise
        except HTTPException as problem:
            if "application/json" in request.headers.get("accept", ""):
                raise
            return self._say_why_not(request, page, here, problem)

    def _say_why_not(self, request: Request, page: Page, inside: Inside, problem: HTTPException) -> Response:
        """Say on a page of the console that something was not taken, with a way back to where it was tried."""
        heading, words = why_not(problem.status_code, problem.detail)
        # Who brought a file did so from the page of the same address; of others, only the first is sure to be there.
        back = request.url.path if page.file else "/console"
        values = {"inside": inside, "heading": heading, "words": words, "back": back}
        answer = personal(self._pages.render("refused.html", values), problem.status_code)
        answer.headers.update(problem.headers or {})
        return answer

    @asynccontextmanager
    async def _posted(self, request: Request, page: Page, key: str) -> AsyncIterator[Posted]:
        """Read the form, where there is one; a file it brings is in memory until the block ends."""
        if request.method != "POST":
            yield Posted({})
        elif page.file:
            network = network_of(request.client.host if request.client else "")
            async with self._door.receiver.receive(request, network, key) as form:
                _check_token(key, form)
                yield form
        else:
            form = await self._door.receiver.read(request)
            _check_token(key, form)
            yield form

    async def _who(self, key: str, now: datetime) -> tuple[Staff, int, bool] | None:
        if not KEY.match(key):
            return None

        def look(session: Session) -> tuple[Staff, int, bool] | None:
            found = staff.who_is_in(session, key, now)
            return (found[0], found[1].id, staff.is_stale(found[1], now)) if found else None

        return await self.runner.desk.look(look)

    async def _refuse(self, member: Staff, what: str, request: Request, now: datetime) -> None:
        """Say that there is no such page, and keep who asked: what exists elsewhere is nobody's business."""
        number = next((str(value) for value in request.path_params.values()), "")
        await self.runner.desk.do(
            lambda session: staff.note_access(
                session, member, "refused", "console", None, now, f"{what} {number[:40]}".strip()
            )
        )
        raise HTTPException(404)


def _check_token(key: str, form: Posted) -> None:
    if not hmac.compare_digest(form_token(key).encode(), form.one("csrf").encode()):
        raise Refused(403, "old_page")


class NotYours(Exception):
    """What was asked for is somebody else's business, or does not exist: both look the same."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def form_token(key: str) -> str:
    """What a form of ours carries for this browser: the same after a restart and on every machine."""
    return lookup_hash(f"console form:{key}")[:32]


def remember(answer: Response, key: str, *, secure: bool) -> None:
    """Give a browser its key.

    Lax: a link to an application in a message opens it, a form on another site does nothing.
    """
    answer.set_cookie(COOKIE, key, httponly=True, samesite="lax", secure=secure, path="/console")


def told(path: str, what: str = "", **values: object) -> Response:
    """Send the browser on, to a page that says first what was done."""
    known: Mapping[str, object] = {"told": what, **values} if what else values
    query = urlencode(known)
    return see(f"/console{path}?{query}" if query else f"/console{path}")
