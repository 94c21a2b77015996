"""Who is on the other end of a request: a cookie nobody can guess, and proof that a form is ours."""

import hmac
import re
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from storage.crypto import lookup_hash

COOKIE = "xq"
SIZE_COOKIE = "xq_size"
SIZES = ("standard", "large", "huge")

LASTING = 400 * 24 * 3600
"""Seconds a visitor is remembered; browsers allow no more than 400 days."""

SECRET_BYTES = 32
SECRET = re.compile(r"^[A-Za-z0-9_-]{43}$")


def visitor_of(request: Request) -> str | None:
    """The visitor's secret, or None; a forged one is simply a visitor we have not met."""
    secret = request.cookies.get(COOKIE, "")
    return secret if SECRET.match(secret) else None


def new_visitor() -> str:
    """Make a secret for a visitor: nothing is kept of it until something is answered."""
    return secrets.token_urlsafe(SECRET_BYTES)


def remember(response: Response, visitor: str, *, secure: bool) -> None:
    """Set the visitor's cookie; `secure` only where the public address is https, so that a LAN works."""
    response.set_cookie(COOKIE, visitor, max_age=LASTING, httponly=True, samesite="lax", secure=secure)


def forget(response: Response, *, secure: bool) -> None:
    """Take the visitor's cookie away, and how large letters were: the next one is somebody else."""
    for name in (COOKIE, SIZE_COOKIE):
        response.delete_cookie(name, httponly=True, samesite="lax", secure=secure)


def remember_size(response: Response, size: str, *, secure: bool) -> None:
    """Set how large letters are on this device; it says nothing about anybody."""
    response.set_cookie(SIZE_COOKIE, size, max_age=LASTING, httponly=True, samesite="lax", secure=secure)


def size_of(request: Request) -> str:
    """How large letters are on this device."""
    size = request.cookies.get(SIZE_COOKIE, "")
    return size if size in SIZES else SIZES[0]


def form_token(visitor: str) -> str:
    """What a form of ours carries for this visitor: the same after a restart and on every machine."""
    return lookup_hash(f"form:{visitor}")[:32]


def token_fits(visitor: str, given: str) -> bool:
    """Whether the form was made by us for this visitor."""
    return hmac.compare_digest(form_token(visitor).encode(), given.encode())


def from_our_pages(request: Request, address: str) -> bool:
    """Whether a post comes from a page of ours, as far as the browser says; old browsers say nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    try:
        where = urlsplit(origin).netloc
    except ValueError:  # such as http://[bad
        return False
    return where in (request.headers.get("host", ""), urlsplit(address).netloc)
