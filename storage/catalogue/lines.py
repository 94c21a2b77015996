"""Finds the table inside a sheet: the header row below the title, the data rows, lines that are neither."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from storage.catalogue.cells import Reader, Unfit, is_empty, said
from storage.catalogue.columns import Column, by_heading, plain_heading
from storage.catalogue.grid import Sheet, Value
from storage.catalogue.mistaken import another_kind
from storage.catalogue.report import FileRefused, Note, Problem

_HEADER_WITHIN = 30  # rows from the top
_MOST_NEEDED = 3  # headings by which a header row is known
_TOTAL = re.compile(
    r"合计|总计|小计|共计|制表|填表|审核|复核|审批|填报|编制|单位负责人|负责人|备注|说明|注[:：]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One data row: its raw cells by column name, and where it stands."""

    sheet: str
    row: int
    headings: Mapping[str, str]  # by column name, as written in the file
    cells: Mapping[str, Value]
    formulas: frozenset[str]
    faults: frozenset[str]

    def problem(self, column: Column, wrong: str, right: str) -> Problem:
        return Problem(self.sheet, self.row, self.headings.get(column.name, column.title), wrong, right)

    def note(self, column: Column, text: str) -> Note:
        return Note(self.sheet, self.row, self.headings.get(column.name, column.title), text)


def find_lines(sheets: list[Sheet], columns: tuple[Column, ...]) -> tuple[list[Line], list[Note], list[Note]]:
    """Return the data rows of all sheets, the warnings about headings, and the lines left out.

    Raises FileRefused when no sheet has a header row or all are of another kind, and when a header names one
    column twice, or lacks one that is needed.
    """
    known = by_heading(columns)
    lines: list[Line] = []
    warnings: list[Note] = []
    skipped: list[Note] = []
    found, mistaken = False, ""
    fewest = min(_MOST_NEEDED, len(_needed(columns)))
    for sheet in sheets:
        header = _header_row(sheet, known, columns[0], fewest)
        tops = sheet.rows[:_HEADER_WITHIN] if header is None else [sheet.rows[header]]
        if called := next(filter(None, (another_kind(top, columns) for top in tops)), ""):
            mistaken = called
            skipped.append(Note(sheet.name, 0, "", f"这是{called}的表，没有读"))
            continue
        if header is None:
            skipped.append(Note(sheet.name, 0, "", "没有找到表头，没有读"))
            continue
        found = True
        places, unknown = _places(sheet, header, known)
        warnings += unknown
        _read_below(sheet, header, places, columns[0], lines, skipped)
    if mistaken and not found:
        raise FileRefused(f"这是{mistaken}的表。选“{mistaken}”，再导入一次。")
    if not found:
        raise FileRefused(_no_header(sheets, known, columns))
    return lines, warnings, skipped


def _no_header(sheets: list[Sheet], known: Mapping[str, Column], columns: tuple[Column, ...]) -> str:
    """Say which columns are missing from the row that comes nearest to a header."""
    rows = [row for sheet in sheets for row in sheet.rows[:_HEADER_WITHIN]]
    if not any(not is_empty(cell) for row in rows for cell in row):
        return "表里没有内容。要有表头和数据。"
    needed = _needed(columns)
    there = max(([c.title for c in needed if c.name in _names(row, known)] for row in rows), key=len)
    if not there:
        return f"没有找到表头。要有一行写着{'、'.join(c.title for c in needed)}这些列名。"
    missing = "、".join(column.title for column in needed if column.title not in there)
    if missing:
        return f"没有找到表头。有{'、'.join(there)}，没有{missing}。加上这些列。"
    return f"没有找到表头。表头要在前{_HEADER_WITHIN}行里，{columns[0].title}也要在里面。"


def _needed(columns: tuple[Column, ...]) -> list[Column]:
    return [column for column in columns if column.required or column.needed]


def _names(row: list[Value], known: Mapping[str, Column]) -> set[str]:
    return {known[spelt].name for cell in row if (spelt := plain_heading(said(cell))) in known}


def _header_row(sheet: Sheet, known: Mapping[str, Column], key: Column, fewest: int) -> int | None:
    """The row among the first ones that has most known headings, the key's among them."""
    best, most = None, fewest - 1
    for number, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        names = _names(row, known)
        if len(names) > most and key.name in names:
            best, most = number, len(names)
    return best


def _places(sheet: Sheet, header: int, known: Mapping[str, Column]) -> tuple[dict[int, Column], list[Note]]:
    places: dict[int, Column] = {}
    unknown: list[Note] = []
    for number, cell in enumerate(sheet.rows[header]):
        column = known.get(plain_heading(said(cell)))
        if column is not None and column in places.values():
            raise FileRefused(f"“{sheet.name}”里有两列都是“{column.title}”。留一列，再传一次。")
        if column is not None:
            places[number] = column
        elif not is_empty(cell):
            unknown.append(Note(sheet.name, header + 1, said(cell), "不认识这一列，没有读"))
    columns = dict.fromkeys(known.values())
    if missing := [each.title for each in columns if each.needed and each not in places.values()]:
        raise FileRefused(f"“{sheet.name}”的表头里没有{'、'.join(missing)}。加上这些列，再传一次。")
    return places, unknown


def _read_below(
    sheet: Sheet,
    header: int,
    places: Mapping[int, Column],
    key: Column,
    lines: list[Line],
    skipped: list[Note],
) -> None:
    headings = {column.name: said(sheet.rows[header][number]) for number, column in places.items()}
    formulas, faults = _by_row(sheet.formulas), _by_row(sheet.faults)
    for number, row in enumerate(sheet.rows[header + 1 :], header + 1):
        cells = {column.name: row[place] for place, column in places.items() if place < len(row)}
        filled = [cell for cell in row if not is_empty(cell)]
        if not filled and number not in formulas:
            continue
        why = _why_not_data(filled, is_empty(cells.get(key.name)), sheet.rows[header], row)
        if why:
            skipped.append(Note(sheet.name, number + 1, "", f"{why}，没有读：{said(filled[0])[:20]}"))
            continue
        calculated, faulty = (
            frozenset(places[place].name for place in marked.get(number, ()) if place in places)
            for marked in (formulas, faults)
        )
        lines.append(Line(sheet.name, number + 1, headings, cells, calculated, faulty))


def _by_row(cells: frozenset[tuple[int, int]]) -> dict[int, set[int]]:
    rows: dict[int, set[int]] = {}
    for row, place in cells:
        rows.setdefault(row, set()).add(place)
    return rows


def _why_not_data(filled: list[Value], no_key: bool, header: list[Value], row: list[Value]) -> str:
    if filled and _TOTAL.match(re.sub(r"\s", "", said(filled[0]))):
        return "这是合计或说明"
    if row == header:
        return "这是又一次表头"
    return "这一行只有一格" if no_key and len(filled) == 1 else ""


def read_cells(line: Line, columns: tuple[Column, ...]) -> tuple[dict[str, object], list[Problem]]:
    """Return what each filled or emptied cell of a line means, by column name, and its bad cells."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for column in columns:
        if column.name not in line.cells:
            continue
        try:
            if column.name in line.formulas:
                raise Unfit("这一格是公式", "写成普通的文字或数")
            if column.name in line.faults:
                raise Unfit("这一格是算错的值", "写上对的内容")
            values[column.name] = _read(line.cells[column.name], column.read, column)
        except Unfit as unfit:
            problems.append(line.problem(column, unfit.wrong, unfit.right))
    return values, problems


def missing(line: Line, columns: tuple[Column, ...], known: AbstractSet[str]) -> list[Problem]:
    """Say which required columns a line does not have, of those not told about already."""
    return [
        line.problem(column, f"没有写{column.title}", f"写上{column.title}")
        for column in columns
        if column.required and column.name not in known
    ]


def _read(value: Value, read: Reader, column: Column) -> object:
    if not is_empty(value):
        return read(value)
    if column.required:
        raise Unfit(f"没有写{column.title}", f"写上{column.title}")
    return list(column.empty) if isinstance(column.empty, tuple) else column.empty
