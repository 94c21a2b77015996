"""The list of names of a class: to print, and as a spreadsheet in which no formula can run."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

import xlsxwriter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import PERSONAL, personal
from bot.console.courses import intake_of
from bot.console.inside import Inside
from bot.console.pages import ConsolePages
from bot.console.permissions import TEACHING, Act
from bot.runner import Runner
from storage import roster
from storage.roster import Entry
from storage.staff import note_access

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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
                _note(session, inside, run.id, "roster_shown")
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

        def make(session: Session) -> bytes:
            _note(session, inside, run.id, "roster_exported", "whole" if whole else "masked")
            return write(_entries(session, run.id, inside, whole=whole), numbers=numbers, at=inside.now)

        body = await self._runner.desk.do(make)
        name = f"roster-{run.project_id}-{run.intake_no}.xlsx"
        headers = {**PERSONAL, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type=XLSX, headers=headers)


def write(entries: Iterable[Entry], *, numbers: bool, at: datetime) -> bytes:
    """Write a spreadsheet, a row at a time: words stay words, whatever they begin with."""
    out = io.BytesIO()
    words_only = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"constant_memory": True, **words_only}) as book:
        book.set_properties({"created": at.replace(tzinfo=None)})
        sheet = book.add_worksheet("花名册")
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, len(_headings(numbers=numbers)) - 1, 18)
        for row, line in enumerate(chain([_headings(numbers=numbers)], _lines(entries, numbers=numbers))):
            for column, cell in enumerate(line):
                if isinstance(cell, int):
                    sheet.write_number(row, column, cell)
                else:
                    sheet.write_string(row, column, cell)
    return out.getvalue()


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


def _note(session: Session, inside: Inside, intake_id: int, action: str, detail: str = "") -> None:
    note_access(session, inside.member, action, "intake", intake_id, inside.now, detail)
