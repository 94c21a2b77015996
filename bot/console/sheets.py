"""Lists that staff take away: as a spreadsheet or as CSV, in which no formula can run; who took what is kept."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from bot.channels.web.door import PERSONAL
from bot.console.inside import Inside
from bot.runner import Runner
from storage.staff.staff import note_access

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

WIDTH = 18
"""Characters of a column."""

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet program would take for a formula when it opens CSV."""

Cell = str | int


@dataclass(frozen=True, slots=True)
class Table:
    """One list: its name, its headings, its lines as they are read."""

    title: str
    headings: Sequence[str]
    lines: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Made:
    """A list as a file, and how many lines it has."""

    body: bytes
    rows: int


def as_xlsx(table: Table, at: datetime) -> Made:
    """Write a spreadsheet, a row at a time: words stay words, whatever they begin with."""
    import xlsxwriter  # slow to import, and no page needs it

    out = io.BytesIO()
    words_only = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    rows = 0
    with xlsxwriter.Workbook(out, {"constant_memory": True, **words_only}) as book:
        book.set_properties({"created": at.replace(tzinfo=None)})
        sheet = book.add_worksheet(table.title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(table.headings) - 1), WIDTH)
        for column, heading in enumerate(table.headings):
            sheet.write_string(0, column, heading)
        for rows, line in enumerate(table.lines, start=1):
            for column, cell in enumerate(line):
                if isinstance(cell, int):
                    sheet.write_number(rows, column, cell)
                else:
                    sheet.write_string(rows, column, cell)
    return Made(out.getvalue(), rows)


def as_csv(table: Table) -> Made:
    """Write CSV with a mark by which spreadsheet programs know UTF-8; what looks like a formula gets a stroke."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.headings)
    rows = 0
    for line in table.lines:
        rows += 1
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in line])
    return Made(out.getvalue().encode("utf-8-sig"), rows)


def safe(cell: str) -> str:
    """Give a cell of CSV that no program runs."""
    return f"'{cell}" if cell.startswith(STARTS) else cell


async def send(
    runner: Runner,
    inside: Inside,
    name: str,
    read: Callable[[Session], Table],
    *,
    about: tuple[str, int | None] = ("list", None),
    whole: bool,
    detail: str = "",
) -> Response:
    """Send a list as the form asks for it (as=csv, else a spreadsheet), after who took it was kept.

    Args:
        runner: the service.
        inside: who asks.
        name: of the file, without its ending.
        read: gives the list; its lines are read in another thread than the one that answers.
        about: what the audit says it is about.
        whole: whether sealed fields are in it unmasked.
        detail: which part of a list, for the audit.

    """
    is_csv = inside.form.one("as") == "csv"

    def make(session: Session) -> Made:
        table = read(session)
        return as_csv(table) if is_csv else as_xlsx(table, inside.now)

    made = await runner.desk.look(make)
    ending = "csv" if is_csv else "xlsx"
    told = (name, "whole" if whole else "masked", ending, f"rows={made.rows}", detail)
    words = " ".join(each for each in told if each)
    await runner.desk.do(
        lambda session: note_access(session, inside.member, "exported", *about, inside.now, words)
    )
    headers = {**PERSONAL, "Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(made.body, media_type=CSV if is_csv else XLSX, headers=headers)
