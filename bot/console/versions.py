"""Versions of the catalogue in the browser: what each import changed, and taking one back."""

from collections.abc import Mapping
from http import HTTPStatus

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import number_in
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.console.paging import turning
from bot.runner import Runner
from storage.catalogue import versions
from storage.catalogue.showing import KINDS, shown, title
from storage.catalogue.tables import CatalogueImport
from storage.catalogue.taking_back import CannotTakeBack, take_back
from storage.catalogue.versions import Change
from storage.staff import staff

A_PAGE = 50


class Versions:
    """The list of versions, and the page of one."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show every version, the newest first, a page at a time."""
        page = max(1, number_in(request.query_params.get("page", "")))

        def look(session: Session) -> tuple[list[CatalogueImport], dict[str, str]]:
            found = versions.imports(session)
            return found, _names(session)

        found, names = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "versions": found[(page - 1) * A_PAGE : page * A_PAGE],
            "kinds": KINDS,
            "names": names,
            "who": _who,
            "page": page,
            "pages": max(1, -(-len(found) // A_PAGE)),
            "turn": turning(page),
        }
        html = self._pages.render("versions.html", values, request.query_params.get("told", ""))
        return personal(html)

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show what one changed."""
        return await self._page(request, inside, request.query_params.get("told", ""))

    async def take_back(self, request: Request, inside: Inside) -> Response:
        """Undo one, and keep who did; one that cannot be undone says why."""
        number = number_in(request.path_params["version"])

        def act(session: Session) -> None:
            _known(session, number)
            undone = take_back(session, number, now=inside.now, who=inside.actor)
            detail = f"{len(undone)} changes"
            staff.note_access(session, inside.member, "taken_back", "version", number, inside.now, detail)

        try:
            await self._runner.desk.do(act)
        except CannotTakeBack as problem:
            return await self._page(request, inside, warning=str(problem))
        return told(f"/imports/versions/{number}", "taken_back")

    async def _page(
        self, request: Request, inside: Inside, told_: str = "", *, warning: str = ""
    ) -> Response:
        number = number_in(request.path_params["version"])
        page = max(1, number_in(request.query_params.get("page", "")))

        def look(session: Session) -> tuple[CatalogueImport, list[Change], int, dict[str, str]]:
            version = _known(session, number)
            some = versions.some_changes(session, number, (page - 1) * A_PAGE, A_PAGE)
            return version, some, versions.count_changes(session, number), _names(session)

        version, changes, total, names = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "it": version,
            "changes": [
                (
                    f"{KINDS[each.kind]} {each.key}",
                    title(each.kind, each.column) if each.column else "",
                    shown(each.kind, each.column, each.before),
                    shown(each.kind, each.column, each.after) if each.column else "",
                )
                for each in changes
            ],
            "total": total,
            "kinds": KINDS,
            "who": _who(version.who, names),
            "back": _who(version.taken_back_by, names) if version.taken_back_at else "",
            "warning": warning,
            "page": page,
            "pages": max(1, -(-total // A_PAGE)),
            "turn": turning(page),
        }
        html = self._pages.render("version.html", values, told_)
        return personal(html, HTTPStatus.CONFLICT if warning else HTTPStatus.OK)


def _known(session: Session, number: int) -> CatalogueImport:
    found = session.get(CatalogueImport, number)
    if found is None:
        raise NotYours("version")
    return found


def _names(session: Session) -> dict[str, str]:
    return {f"staff:{each.id}": each.name for each in staff.all_staff(session)}


def _who(who: str, names: Mapping[str, str]) -> str:
    """Say who made a version: a member of staff, or whoever sat at the machine itself."""
    return names.get(who) or ("工作人员" if who.startswith("staff:") else "命令行")
