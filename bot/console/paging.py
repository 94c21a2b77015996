"""A long list is read page by page: which one an address asks for, and where the ones before and after it are."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request

from bot.console.courses import number_in

A_PAGE = 50
"""People on one page of a form: what is posted has an end, and an old screen draws it at once."""


def page_of(request: Request, count: int) -> tuple[int, int]:
    """Give which page of so many people an address asks for, counted from 1, and how many there are."""
    pages = max(1, -(-count // A_PAGE))
    return min(max(1, number_in(request.query_params.get("page", ""))), pages), pages


def turning(page: int, kept: Mapping[str, object] | None = None, anchor: str = "") -> Mapping[int, str]:
    """Give the addresses of the pages before and after this one, with what else the address asks for."""
    return {each: "?" + urlencode({**(kept or {}), "page": each}) + anchor for each in (page - 1, page + 1)}
