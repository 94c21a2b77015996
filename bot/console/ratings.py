"""Ratings: how many answered, what they think of classes, where it got better; two classes side by side."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import get_args
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import course_words, number_in
from bot.console.inside import Inside, NotYours, Page
from bot.console.pages import ConsolePages
from bot.console.paging import turning
from bot.console.permissions import Act
from bot.console.rating_detail import WAVES, Detail, detail_of
from bot.console.rating_figures import LOW, OVERALL, Line, Scope, find, lines_of, means_of, places_in
from bot.console.rating_pack import RatingPack
from bot.console.rating_words import RatingWords
from bot.runner import Runner
from storage.afterwards import rating_report
from storage.rules.few import FEWEST, Level

A_PAGE = 50

LEVELS: Mapping[str, str] = {
    "class": "班",
    "project": "项目",
    "organiser": "培训单位",
    "region": "地区",
    "month": "月份",
}
"""What the overview is told by."""


class Ratings:
    """The overview, the page of one class or of several, and two classes side by side."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show every class, organiser, …; the lowest first where that is asked for."""
        asked = request.query_params
        level = level_in(asked.get("by", ""), "class")
        low = asked.get("low", "") == "yes"
        lines = await self._look(inside, lambda scope: lines_of(find(scope), level))
        if low:
            lines = [each for each in lines if each.own is not None and each.own.points < LOW]
        name = self.namer(level)
        lines = sorted(lines, key=lambda each: _order(each, name, level, low=low))
        pages = max(1, -(-len(lines) // A_PAGE))
        page = min(max(1, number_in(asked.get("page", ""))), pages)
        values = {
            "inside": inside,
            "levels": LEVELS,
            "level": level,
            "low": low,
            "below": LOW,
            "few": FEWEST,
            "lines": [
                (each, name(each.key), "" if level == "month" else where(level, each.key))
                for each in lines[(page - 1) * A_PAGE : page * A_PAGE]
            ],
            "page": page,
            "pages": pages,
            "turn": turning(page, {"by": level, **({"low": "yes"} if low else {})}),
        }
        return personal(self._pages.render("ratings.html", values))

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one class, organiser, project or region, or everything."""
        level, key, intakes = self.chosen(request, inside)
        wave = WAVES.get(request.query_params.get("wave", ""), WAVES["t7"])

        def look(session: Session) -> tuple[Detail, Sequence[Line]]:
            scope = self._scope(session, inside, intakes)
            detail = detail_of(scope, wave, level=level, key=key, item=request.query_params.get("item", ""))
            return detail, lines_of(find(scope), "class") if level not in ("class", "all") else ()

        detail, lines = await self._runner.desk.look(look)
        name = self.namer("class")
        values = {
            "inside": inside,
            "name": self.namer(level)(key),
            "level": level,
            "levels": LEVELS,
            "key": key,
            "address": where(level, key),
            "wave": wave,
            "waves": WAVES,
            "it": detail,
            "few": FEWEST,
            "lines": [(each, name(each.key), where("class", each.key)) for each in lines[:A_PAGE]],
            "more": max(0, len(lines) - A_PAGE),
            "words": inside.may(Act.OPINIONS),
        }
        return personal(self._pages.render("rating.html", values))

    async def compare(self, request: Request, inside: Inside) -> Response:
        """Show two classes side by side; without two, what there is to choose from."""
        picked = [number_in(request.query_params.get(each, "")) for each in ("a", "b")]
        wave = WAVES.get(request.query_params.get("wave", ""), WAVES["t7"])
        if any(each and not inside.reach.holds(each) for each in picked):
            raise NotYours("rating")

        def look(session: Session) -> tuple[list[Hashable], list[Detail]]:
            scope = self._scope(session, inside, inside.reach.intakes)
            own = rating_report.sums_of(session, OVERALL, scope.places, scope.intakes)[False]
            told = list(means_of(own, "class"))
            return told, [
                detail_of(self._scope(session, inside, frozenset({each})), wave, level="class", key=each)
                for each in picked
                if each
            ]

        told, details = await self._runner.desk.look(look)
        name = self.namer("class")
        values = {
            "inside": inside,
            "choices": sorted({(name(each), each) for each in (*told, *filter(None, picked))}),
            "picked": picked,
            "names": [name(each) for each in picked if each],
            "wave": wave,
            "waves": WAVES,
            "both": len(details) == len(picked),
            "details": details,
            "rows": side_by_side(details) if len(details) == len(picked) else [],
            "few": FEWEST,
        }
        return personal(self._pages.render("rating_two.html", values))

    def chosen(self, request: Request, inside: Inside) -> tuple[Level, Hashable, frozenset[int] | None]:
        """Give what an address names, and its classes as far as they are this member's. Raises NotYours."""
        level = level_in(request.query_params.get("by", ""), "all")
        said = request.query_params.get("of", "")
        if level == "all":
            return level, "", inside.reach.intakes
        key: Hashable = number_in(said) if level == "class" else said
        found = frozenset(
            place.intake
            for place in places_in(self._runner.shelf.current).values()
            if inside.reach.holds(place.intake) and key == _of(level)(place)
        )
        if not found:
            raise NotYours("rating")
        return level, key, found

    def namer(self, level: Level) -> Callable[[Hashable], str]:
        """Give what places of a level are called."""
        catalogue = self._runner.shelf.current

        def name(key: Hashable) -> str:
            if level == "class":
                return course_words(catalogue, int(str(key))) or f"第 {key} 号班"
            if level == "project" and (card := catalogue.project(str(key))) is not None:
                return card.title
            return "所有的班" if level == "all" else str(key)

        return name

    async def _look(self, inside: Inside, read: Callable[[Scope], list[Line]]) -> list[Line]:
        return await self._runner.desk.look(
            lambda session: read(self._scope(session, inside, inside.reach.intakes))
        )

    def _scope(self, session: Session, inside: Inside, intakes: frozenset[int] | None) -> Scope:
        return Scope(session, self._runner.shelf.current, intakes, strict=not inside.may(Act.OPINIONS))


def side_by_side(details: Sequence[Detail]) -> list[tuple[str, list[tuple[float, int] | None]]]:
    """Give every question with points: points and number of answers in each of two classes."""
    found: dict[str, list[tuple[float, int] | None]] = {}
    for place, detail in enumerate(details):
        for figure in detail.figures:
            if figure.own is not None and figure.own.mean is not None:
                row = found.setdefault(figure.words, [None] * len(details))
                row[place] = (figure.own.mean.points, figure.own.mean.n)
    return list(found.items())


def level_in(said: str, default: Level) -> Level:
    """Read a level from an address."""
    known: Mapping[str, Level] = {each: each for each in get_args(Level)}
    return known.get(said, default)


def where(level: Level, key: Hashable) -> str:
    """Give the address of the page of a place."""
    return f"/console/ratings/of?{urlencode({'by': level, 'of': str(key)})}"


def _of(level: Level) -> Callable[[object], object]:
    name = "intake" if level == "class" else level
    return lambda place: getattr(place, name, None)


def _order(line: Line, name: Callable[[Hashable], str], level: Level, *, low: bool) -> tuple[float, str]:
    """The lowest first, or by name; months the newest first; classes of which nothing may be told last."""
    if low and line.own is not None:
        return line.own.points, ""
    if level == "month":
        year, _, month = str(line.key).partition("-")
        return -(12.0 * int(year or 0) + int(month or 0)), ""
    is_told = line.own is not None or line.asked is not None
    return (0.0 if is_told else 1.0), name(line.key)


def rating_pages(runner: Runner, pages: ConsolePages) -> Sequence[Page]:
    """Every page of ratings."""
    ratings, words = Ratings(runner, pages), RatingWords(runner, pages)
    pack = RatingPack(runner, pages)
    return (
        Page("/ratings", Act.RATINGS, ratings.show_all),
        Page("/ratings/of", Act.RATINGS, ratings.show),
        Page("/ratings/compare", Act.RATINGS, ratings.compare),
        Page("/ratings/print", Act.RATINGS, pack.show_print),
        Page("/ratings/pack", Act.RATINGS, pack.send_pack, "POST"),
        Page("/ratings/words", Act.OPINIONS, words.show),
        Page("/ratings/words/{answers}/files/{file}", Act.OPINIONS, words.send_file),
    )
