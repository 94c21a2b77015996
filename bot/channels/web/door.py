"""What every page of the web door works with: who asks, how much is allowed, and how answers go back."""

import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.web import limits
from bot.channels.web.limits import Buckets, Rate
from bot.channels.web.pages import Pages
from bot.channels.web.posted import Posted, Receiver
from bot.channels.web.visitors import from_our_pages, token_fits, visitor_of
from bot.heard import Address
from bot.runner import Runner

PERSONAL = {"Cache-Control": "no-store"}


class Refused(HTTPException):
    """A request we do not take, with the name of the page that says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(status, why)


class Gate:
    """How much is let in, for each visitor and each network address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rules: dict[Rate, Buckets] = {}

    def pass_page(self, request: Request) -> None:
        """Let a page be looked at."""
        self._pass(request, limits.PAGES_OF_ADDRESS, limits.PAGES)

    def pass_picture(self, request: Request) -> None:
        """Let a picture be looked at: a page has several."""
        self._pass(request, limits.PICTURES_OF_ADDRESS, None)

    def pass_post(self, request: Request) -> None:
        """Let something be posted."""
        self._pass(request, limits.POSTS_OF_ADDRESS, limits.POSTS)
        if request.headers.get("content-type", "").startswith("multipart/"):
            self._pass(request, limits.UPLOADS_OF_ADDRESS, limits.UPLOADS)

    def pass_link(self, request: Request) -> None:
        """Let a one-time link be opened or used: few, for nobody has many."""
        rate = limits.LINKS if request.method == "POST" else limits.LINK_PAGES
        self._pass(request, rate, None)

    def _pass(self, request: Request, of_address: Rate, of_visitor: Rate | None) -> None:
        # The address first: new visitors cost nothing to invent, addresses do.
        self._take(of_address, _network(request))
        visitor = visitor_of(request)
        if visitor and of_visitor:
            self._take(of_visitor, visitor)

    def _take(self, rate: Rate, key: str) -> None:
        wait = self._rules.setdefault(rate, Buckets(rate, self._clock)).take(key)
        if wait:
            raise HTTPException(429, headers={"Retry-After": str(wait)})


@dataclass(frozen=True, slots=True)
class Door:
    """The parts all pages share."""

    runner: Runner
    pages: Pages
    gate: Gate
    receiver: Receiver

    @property
    def secure(self) -> bool:
        """Whether cookies are for https only: where the public address is, so that a LAN works."""
        return self.runner.settings.public_url.startswith("https://")

    async def accept(self, request: Request) -> tuple[str, Posted]:
        """Take a form of ours from a visitor we gave a cookie.

        Raises:
            HTTPException: when it is too much, too large, or does not come from a page of ours.

        """
        visitor = self._let_in(request)
        posted = await self.receiver.read(request)
        _check_token(visitor, posted)
        return visitor, posted

    @asynccontextmanager
    async def accept_file(self, request: Request) -> AsyncIterator[tuple[str, Posted]]:
        """Take a form of ours that may bring a file, which is in memory until the block ends.

        Raises:
            HTTPException: as `accept`, and 503 while files of others, or of this visitor, take too much memory.

        """
        visitor = self._let_in(request)
        async with self.receiver.receive(request, _network(request), visitor) as posted:
            _check_token(visitor, posted)
            yield visitor, posted

    def _let_in(self, request: Request) -> str:
        self.gate.pass_post(request)
        self.check_origin(request)
        visitor = visitor_of(request)
        if visitor is None:
            raise Refused(400, "no_cookie")
        return visitor

    def check_origin(self, request: Request) -> None:
        """Refuse what another site posts.

        Raises:
            HTTPException: 403.

        """
        if not from_our_pages(request, self.runner.settings.address):
            raise Refused(403, "elsewhere")


def _check_token(visitor: str, posted: Posted) -> None:
    if not token_fits(visitor, posted.one("csrf")):
        raise Refused(403, "old_page")


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client else "")


def network_of(host: str) -> str:
    """Whom a network address belongs to: an IPv6 customer has a whole /64 of them."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else host


def address_of(visitor: str) -> Address:
    """Where a visitor's conversation is found."""
    return Address("web", visitor)


def page_number() -> str:
    """A number for one page, so that a form sent twice counts once."""
    return secrets.token_urlsafe(16)


def personal(html: str, status: int = 200) -> HTMLResponse:
    """A page for one person, kept by no cache."""
    return HTMLResponse(html, status, headers=PERSONAL)


def see(path: str = "/") -> Response:
    """Send the browser on with a GET, so that reloading asks nothing twice."""
    return RedirectResponse(path, 303, headers=PERSONAL)


def sent_on(mime: str, body: bytes, *, is_shown: bool) -> Response:
    """A file somebody brought, for one person: shown as what it is, or only to be kept; never a page of ours."""
    kind = mime if is_shown else "application/octet-stream"
    shown = "inline" if is_shown else "attachment"
    headers = {**PERSONAL, "Content-Disposition": shown, "Content-Security-Policy": "sandbox"}
    return Response(body, media_type=kind, headers=headers)
