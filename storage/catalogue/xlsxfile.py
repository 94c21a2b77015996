"""Reads .xlsx workbooks, after looking into the zip: bombs, far-off cells and formulas are found first."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from storage.catalogue.grid import CELLS, ROWS, Sheet, Value
from storage.catalogue.report import FileRefused, Note

UNPACKED_BYTES = 100 * 1024 * 1024
"""Most bytes a workbook may unfold to."""

PARTS = 2_000
"""Most files inside a workbook."""

_CHUNK = 1 << 16
_BROKEN = "这个 .xlsx 文件打不开，可能坏了。用表格软件打开，另存为 .xlsx 再传。"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

# Attribute values may hold ">", so they are matched with their quotes. The last group is a formula inside.
_CELL = re.compile(
    rb"<(?:\w+:)?(row|c)((?:\s+[\w:]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>"
    rb"(?:\s*(<(?:\w+:)?f[\s/>]))?"
)
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{0,3})(\d{1,7})[\"']")
_FAULT = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def read(data: bytes) -> tuple[list[Sheet], list[Note]]:
    """Return the visible sheets and a note for each hidden one. Raises FileRefused, kindly worded."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    parts = _unpack(data)
    places = _sheet_parts(parts)
    sheets: list[Sheet] = []
    notes: list[Note] = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                if meta.visible != SheetVisibleEnum.Visible:
                    notes.append(Note(meta.name, 0, "", "这张表是隐藏的，没有读"))
                    continue
                formulas, faults = _inspect(meta.name, parts.get(places.get(meta.name, ""), b""))
                sheet = book.get_sheet_by_name(meta.name)
                rows: list[list[Value]] = [[*row] for row in sheet.to_python(skip_empty_area=False)]
                _fill_merged(rows, sheet.merged_cell_ranges or [])
                sheets.append(Sheet(meta.name, rows, formulas, faults))
    except CalamineError:
        raise FileRefused(_BROKEN) from None
    return sheets, notes


def _unpack(data: bytes) -> Mapping[str, bytes]:
    """Unfold every part under one cap. A part that lies about its size fails its checksum here."""
    parts: dict[str, bytes] = {}
    room = UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            infos = file.infolist()
            if len(infos) > PARTS or sum(info.file_size for info in infos) > UNPACKED_BYTES:
                raise FileRefused("这个文件解开以后太大，最多100兆。去掉图片，分成几个小文件再传。")
            for info in infos:
                keep = io.BytesIO()
                with file.open(info) as part:
                    while chunk := part.read(_CHUNK):
                        room -= len(chunk)
                        if room < 0:
                            raise FileRefused("这个文件解开以后太大，最多100兆。分成几个小文件再传。")
                        keep.write(chunk)
                if info.filename.endswith((".xml", ".rels")):
                    parts[info.filename.lower()] = keep.getvalue()
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        raise FileRefused(_BROKEN) from None
    twice = len({info.filename.lower() for info in infos}) < len(infos)  # which one counts is anyone's guess
    if twice or any(b"<!DOCTYPE" in part or b"\0" in part for part in parts.values()):
        raise FileRefused(_BROKEN)
    if "xl/workbook.xml" not in parts:
        raise FileRefused("这不是 .xlsx 表格。用表格软件打开，另存为 .xlsx 再传。")
    return parts


def _sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the part each sheet stands in, by the sheet's name."""
    targets = {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lower()
        for relation in _elements(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    }
    return {
        element.get("name", ""): targets.get(element.get(_RELATION, ""), "").lstrip("/")
        for element in _elements(parts["xl/workbook.xml"])
        if element.tag.endswith("}sheet")
    }


def _elements(part: bytes) -> Iterator[ET.Element]:
    try:
        return ET.fromstring(part).iter()  # noqa: S314 (capped in size, and a DOCTYPE was refused before)
    except ET.ParseError:
        raise FileRefused(_BROKEN) from None


def _inspect(name: str, part: bytes) -> tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]]:
    """Return the cells with a formula and those with an error value; refuse a sheet too large to lay out."""
    if not part:
        raise FileRefused(_BROKEN)
    formulas: set[tuple[int, int]] = set()
    faults: set[tuple[int, int]] = set()
    row, column, lowest, widest = -1, -1, -1, -1
    for token in _CELL.finditer(part):
        kind, attributes, closed, formula = token.groups()
        place = _PLACE.search(attributes)
        if kind == b"row":
            row, column = (int(place[2]) - 1 if place else row + 1), -1
            continue
        row, column = (int(place[2]) - 1, _number(place[1]) - 1) if place else (row, column + 1)
        if closed:
            continue  # styled, but empty
        lowest, widest = max(lowest, row), max(widest, column)
        if formula:
            formulas.add((row, column))
        if _FAULT.search(attributes):
            faults.add((row, column))
    if lowest >= ROWS or (lowest + 1) * (widest + 1) > CELLS:
        raise FileRefused(f"“{name}”有{lowest + 1}行、{widest + 1}列，最多{ROWS}行。分成几个小文件再传。")
    if len(_FORMULA.findall(part)) > len(formulas):
        raise FileRefused(f"“{name}”里有公式。把公式变成数值，再传一次。")
    return frozenset(formulas), frozenset(faults)


def _number(letters: bytes) -> int:
    """Column letters as a number from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _fill_merged(rows: list[list[Value]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell merged downwards means its value on every row; merged sideways it is only a wide cell."""
    for (top, left), (bottom, _) in merged:
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and row[left] == "":
                row[left] = rows[top][left]
