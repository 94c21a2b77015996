"""The list of names of a class: to print, and as a spreadsheet in which no formula can run."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import intake_of
from bot.console.inside import Inside
from bot.console.pages import ConsolePages
from bot.console.permissions import TEACHING, Act
from bot.console.sheets import Table, send
from bot.runner import Runner
from storage.classes import roster
from storage.classes.roster import Entry
from storage.staff.staff import note_access

HEADINGS = ("序号", "姓名", "要准备的", "实到次数", "考核")
PRIVATE = ("报名号", "证号", "电话", "证书编号")
"""Columns for who may read an application; a teacher has none of them."""


class Rosters:
    """The list of one class."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the list, numbers masked."""
        return await self._page(request, inside, whole=False)

    async def show_whole(self, request: Request, inside: Inside) -> Response:
        """Show it with whole numbers, and keep who looked."""
        return await self._page(request, inside, whole=True)

    async def send(self, request: Request, inside: Inside) -> Response:
        """Send the list as a spreadsheet, numbers masked."""
        return await self._file(request, inside, whole=False)

    async def send_whole(self, request: Request, inside: Inside) -> Response:
        """Send it with whole numbers, and keep who took it."""
        return await self._file(request, inside, whole=True)

    async def _page(self, request: Request, inside: Inside, *, whole: bool) -> Response:
        card, run = intake_of(self._runner, request, inside)

        def look(session: Session) -> list[Sequence[str | int]]:
            if whole:
                note_access(session, inside.member, "roster_shown", "intake", run.id, inside.now)
            return list(_lines(_entries(session, run.id, inside, whole=whole), numbers=inside.may(Act.READ)))

        lines = await (self._runner.desk.do(look) if whole else self._runner.desk.look(look))
        values = {
            "inside": inside,
            "card": card,
            "run": run,
            "headings": _headings(numbers=inside.may(Act.READ)),
            "lines": lines,
            "whole": whole,
            "now": inside.now,
        }
        return personal(self._pages.render("roster.html", values))

    async def _file(self, request: Request, inside: Inside, *, whole: bool) -> Response:
        _, run = intake_of(self._runner, request, inside)
        numbers = inside.may(Act.READ)
        return await send(
            self._runner,
            inside,
            f"roster-{run.project_id}-{run.intake_no}",
            lambda session: table_of(_entries(session, run.id, inside, whole=whole), numbers=numbers),
            about=("intake", run.id),
            whole=whole,
        )


def table_of(entries: Iterable[Entry], *, numbers: bool) -> Table:
    """Give the list as a table."""
    return Table("花名册", _headings(numbers=numbers), _lines(entries, numbers=numbers))


def _entries(session: Session, intake_id: int, inside: Inside, *, whole: bool) -> Iterable[Entry]:
    may_read = inside.may(Act.READ)
    functions = None if may_read else TEACHING
    return roster.entries(session, intake_id, numbers=may_read, whole=whole, functions=functions)


def _headings(*, numbers: bool) -> Sequence[str]:
    return (*HEADINGS, *PRIVATE) if numbers else HEADINGS


def _lines(entries: Iterable[Entry], *, numbers: bool) -> Iterable[Sequence[str | int]]:
    for place, each in enumerate(entries, start=1):
        passed = "" if each.passed is None else "通过" if each.passed else "没有通过"
        line = (place, each.name or "（已删除）", each.supports, each.came, passed)
        private = (each.number, each.certificate, each.phone, each.certificate_no)
        yield (*line, *private) if numbers else line
