"""The public catalogue: every course and who holds it, for anybody, without a conversation or a cookie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.web.door import Door
from bot.channels.web.listing import listing
from bot.channels.web.visitors import size_of
from storage.catalogue import codes
from storage.catalogue.cards import ProjectCard, Status
from storage.catalogue.snapshot import Snapshot

A_PAGE = 20
"""Courses on one page."""

MOST_WORDS = 60
"""Characters of free words that are looked for."""

FILTERS: Mapping[str, tuple[str, str]] = {
    "city": ("在哪里上课", "都可以"),
    "category": ("学哪一种", "都可以"),
    "mode": ("怎么上课", "都可以"),
    "time_slot": ("什么时候上课", "都可以"),
    "supports": ("要什么帮忙", "不要"),
}
"""Filter of the snapshot -> its label on the page, and the label of leaving it open."""

LISTS = {"category": "category", "mode": "mode", "time_slot": "time_slot", "supports": "service"}

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CACHED = {"Cache-Control": "public, max-age=60", "Vary": "Cookie"}


@dataclass(frozen=True, slots=True)
class Filter:
    """One field of the search form: what may be chosen, with how many courses each has."""

    key: str
    label: str
    any_label: str
    options: Sequence[tuple[str, str, int]]
    chosen: str


class Catalogue:
    """The catalogue's pages."""

    def __init__(self, door: Door) -> None:
        self._door = door

    @property
    def _current(self) -> Snapshot:
        return self._door.runner.shelf.current

    async def find(self, request: Request) -> Response:
        """List courses, narrowed by a plain form."""
        self._door.gate.pass_page(request)
        shelf = self._current
        words = request.query_params.get("words", "").strip()[:MOST_WORDS]
        filters = [self._filter(shelf, key, request.query_params.get(key, "")) for key in FILTERS]
        where = {each.key: frozenset({each.chosen}) for each in filters if each.chosen}
        page = _page_number(request)
        found = shelf.find(words=words, where=where, offset=(page - 1) * A_PAGE, limit=A_PAGE)
        pages = max(1, -(-found.total // A_PAGE))
        asked = {"words": words, **{each.key: each.chosen for each in filters}}
        kept = {key: value for key, value in asked.items() if value}
        return self._show(
            request,
            "catalogue.html",
            cards=found.cards,
            total=found.total,
            words_asked=words,
            filters=filters,
            narrowed=bool(kept),
            page=page,
            pages=pages,
            turn={number: "?" + urlencode({**kept, "page": number}) for number in (page - 1, page + 1)},
            today=shelf.today,
        )

    async def project(self, request: Request) -> Response:
        """Show all of one course; its address lasts, also when the course is over."""
        self._door.gate.pass_page(request)
        card = self._current.project(request.path_params["project_id"])
        if card is None or all(intake.status is Status.DRAFT for intake in card.intakes):
            raise HTTPException(404, "gone")
        return self._show(request, "project.html", card=card, address=self._door.pages.address)

    async def organisers(self, request: Request) -> Response:
        """List who holds courses, with what they are and what they hold."""
        if "name" in request.query_params:
            return await self.organiser(request)
        self._door.gate.pass_page(request)
        return self._show(request, "organisers.html", organisers=self._current.projects_by_organiser())

    async def organiser(self, request: Request) -> Response:
        """Show one organiser: what it is, its courses, trades, dates, supports and the number to complain to."""
        self._door.gate.pass_page(request)
        name = request.path_params.get("name") or request.query_params.get("name", "")
        cards = self._current.projects_by_organiser().get(name)
        if not cards:
            raise HTTPException(404)
        numbers = {
            run.supervision_phone: None for card in cards for run in card.listed if run.supervision_phone
        }
        return self._show(
            request,
            "organiser.html",
            name=name,
            cards=cards,
            trades=list(dict.fromkeys(card.occupation for card in cards if card.occupation)),
            supports=supports_of(cards),
            numbers=list(numbers),
        )

    async def sheet(self, request: Request) -> Response:
        """Give the whole list as a spreadsheet, to be published."""
        self._door.gate.pass_page(request)
        shelf = self._current
        body = await run_in_threadpool(listing, shelf)
        name = f"catalogue-{shelf.today.isoformat()}.xlsx"
        return Response(
            body, media_type=XLSX, headers={**CACHED, "Content-Disposition": f'attachment; filename="{name}"'}
        )

    def _filter(self, shelf: Snapshot, key: str, chosen: str) -> Filter:
        label, any_label = FILTERS[key]
        options = [
            (value, codes.label(LISTS[key], value) if key in LISTS else value, count)
            for value, count in shelf.facets(key)
        ]
        known = chosen if any(value == chosen for value, _, _ in options) else ""
        return Filter(key, label, any_label, options, known)

    def _show(self, request: Request, template: str, **values: object) -> Response:
        html = self._door.pages.render(template, {"label": codes.label, **values}, size=size_of(request))
        return HTMLResponse(html, headers=CACHED)


def supports_of(cards: Sequence[ProjectCard]) -> list[str]:
    """Every support that some listed run of these courses offers, in the order of the vocabulary."""
    offered = {code for card in cards for intake in card.listed for code in intake.services}
    return [code.label for code in codes.services() if code.code in offered]


def _page_number(request: Request) -> int:
    given = request.query_params.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 6 else 1
