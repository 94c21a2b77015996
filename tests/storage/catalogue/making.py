"""Makes the spreadsheets that tests import, and reads the shipped ones."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from importlib.resources import files
from pathlib import Path

import xlsxwriter
from sqlmodel import Session

from storage.catalogue.importing import import_fairs, import_positions, import_projects
from storage.catalogue.report import Report

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)

Cell = str | float | date | time | None


def demo(name: str) -> bytes:
    return files("bot").joinpath("demo", name).read_bytes()


def data(name: str) -> bytes:
    return (Path(__file__).parents[2] / "data" / name).read_bytes()


def demo_rows(name: str = "projects.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(demo(name).decode())))


def row_of(project_id: str, **changed: str) -> dict[str, str]:
    """One row of the demo catalogue, with some cells changed."""
    row = next(row for row in demo_rows() if row["project_id"] == project_id)
    return row | changed


def csv_of(rows: Iterable[Mapping[str, str]]) -> bytes:
    listed = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in listed for name in row)))
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode()


def take(session: Session, content: bytes, name: str = "目录.csv", *, strict: bool = False) -> Report:
    return import_projects(session, content, name, now=NOW, who="王芳", strict=strict)


def put_fairs(session: Session, now: datetime = NOW) -> None:
    """Take in the sample's fairs and positions."""
    import_fairs(session, demo("job_fairs.csv"), "job_fairs.csv", now=now, who="王芳")
    import_positions(session, demo("job_fair_positions.csv"), "positions.csv", now=now, who="王芳")


class Book:
    """An .xlsx file being written; dates and times are real ones."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._clock = self._book.add_format({"num_format": "hh:mm"})
        self.sheets: dict[str, xlsxwriter.worksheet.Worksheet] = {}

    def sheet(self, name: str, rows: Sequence[Sequence[Cell]], *, hidden: bool = False) -> "Book":
        sheet = self._book.add_worksheet(name)
        self.sheets[name] = sheet
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                self._write(sheet, number, place, cell)
        if hidden:
            sheet.hide()
        return self

    def _write(self, sheet: "xlsxwriter.worksheet.Worksheet", row: int, place: int, cell: Cell) -> None:
        if isinstance(cell, str):
            sheet.write_string(row, place, cell)
        elif isinstance(cell, time):
            sheet.write_datetime(row, place, cell, self._clock)
        elif isinstance(cell, date):
            sheet.write_datetime(row, place, cell, self._day)
        elif cell is not None:
            sheet.write_number(row, place, cell)

    def done(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


def table_of(*rows: Mapping[str, Cell]) -> list[list[Cell]]:
    """Rows by column name as a header and its lines."""
    names: list[Cell] = [*dict.fromkeys(name for row in rows for name in row)]
    return [names, *([row.get(str(name)) for name in names] for row in rows)]
