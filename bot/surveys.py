"""Reads a form from a spreadsheet: what it asks, and every problem by sheet, row and column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dialogs.plain_language import Reading, check
from dialogs.words import Own
from dialogs.xform import Form, Remark, SheetRefused, Trouble, read_form
from storage.catalogue.grid import Sheet
from storage.catalogue.report import FileRefused, Note, Problem
from storage.catalogue.xlsxfile import read

MOST_BYTES = 2 * 1024 * 1024

NAME = re.compile(r"[\w.-]{1,60}")

_ROW = re.compile(r"\[row : ([0-9]+)\]\s*")
_QUOTED = re.compile(r"['“\[`]([\w.-]{1,60})['”\]`]")

ENGLISH: Mapping[str, tuple[str, str]] = {
    "Missing calculation": ("没有写 calculation。", "在 calculation 里写怎么算。"),
    "Question or group with no name": ("没有名字。", "在 name 里写一个名字，用小写字母和 _。"),
    "Unknown question type": ("没有这一种题。", "看一看 type 写对没有，比如 text、select_one。"),
    "not in choices": ("选项的名字没有找到。", "看一看 choices 里的 list_name。"),
    "Survey element named": ("名字重复了，或者不在同一组。", "每个名字只用一次。"),
    "multiple survey elements": ("有两个题叫同一个名字。", "每个名字只用一次。"),
    "There has been a problem trying to replace": ("${ } 里的名字没有找到。", "看一看名字写对没有。"),
    "Unmatched begin": ("begin 和 end 没有成对。", "每个 begin_group 后面要有 end_group。"),
    "Unmatched end": ("begin 和 end 没有成对。", "每个 begin_group 后面要有 end_group。"),
    "no survey worksheet": ("没有 survey 这张表。", "第一张表要叫 survey。"),
}
"""How pyxform begins to say a thing -> what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class ReadSurvey:
    """What came of reading a file: the form, or what keeps it from being one."""

    form: Form | None
    xform: str
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]


def read_survey(data: bytes) -> ReadSurvey:
    """Read a workbook with the sheets survey, choices and settings.

    Raises:
        FileRefused: when it is no workbook that can be read.

    """
    if len(data) > MOST_BYTES:
        raise FileRefused(
            f"这个文件有 {len(data) // 1024} KB，最多 {MOST_BYTES // 1024} KB。图片不要放在表格里。"
        )
    if not data.startswith(b"PK"):
        raise FileRefused("这不是 .xlsx 文件。用表格软件打开，另存为 .xlsx。")
    sheets, _ = read(data)
    places = Places(sheets)
    xform, problem = _convert(data, places)
    if problem is not None:
        return ReadSurvey(None, "", (problem,), ())
    try:
        form, remarks = read_form(xform)
    except SheetRefused as refused:
        return ReadSurvey(None, xform, tuple(map(places.problem, refused.troubles)), ())
    if not NAME.fullmatch(form.name) or not form.version:
        wrong, right = (
            "没有写好 form_id 和 version。",
            "form_id 用小写字母和 _，version 写数字，比如 2026112101。",
        )
        return ReadSurvey(None, xform, (Problem("settings", 2, "form_id", wrong, right),), ())
    notes = [*map(places.note, remarks), *_plain_language(form, places)]
    return ReadSurvey(form, xform, (), tuple(notes))


def _convert(data: bytes, places: "Places") -> tuple[str, Problem | None]:
    from pyxform.xls2xform import convert

    try:
        return str(
            convert(data, file_type=".xlsx", validate=False, form_name="xq_form", warnings=[]).xform
        ), None
    except Exception as problem:  # noqa: BLE001 - it raises what it likes about a sheet somebody wrote
        return "", places.english(str(problem))


class Places:
    """Where in the workbook a question stands."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._headings: dict[str, list[str]] = {}
        self._rows: dict[tuple[str, str], int] = {}
        for sheet in sheets:
            name = sheet.name.strip().lower()
            heads = next(iter(sheet.rows), [])
            self._headings[name] = [str(head or "").strip() for head in heads]
            key = next((n for n, head in enumerate(self._headings[name]) if head == "name"), None)
            for number, row in enumerate(sheet.rows[1:], 2):
                if key is not None and key < len(row) and row[key]:
                    self._rows.setdefault((name, str(row[key]).strip()), number)

    def problem(self, trouble: Trouble) -> Problem:
        """Say a trouble with its place."""
        return Problem(
            *self._at(trouble.sheet, trouble.name, trouble.column),
            trouble.wrong.rstrip("。"),
            trouble.right.rstrip("。"),
        )

    def note(self, remark: Remark) -> Note:
        """Say a remark with its place."""
        return Note(*self._at(remark.sheet, remark.name, remark.column), remark.text)

    def english(self, said: str) -> Problem:
        """Say what pyxform says, in Chinese where it is known."""
        row = int(found[1]) if (found := _ROW.search(said)) else 0
        name = found[1] if (found := _QUOTED.search(said)) else ""
        row = row or self._rows.get(("survey", name), 1)
        known = next((texts for start, texts in ENGLISH.items() if start in said), None)
        wrong, right = known or (
            f"看不懂这一行（{_ROW.sub('', said)[:120]}）。",
            "对着 XLSForm 的写法看一遍。",
        )
        column = "name" if "name" in said else "type"
        return Problem("survey", row, column, wrong.rstrip("。"), right.rstrip("。"))

    def row(self, name: str, sheet: str = "survey") -> int:
        return self._rows.get((sheet, name), 1)

    def _at(self, sheet: str, name: str, column: str) -> tuple[str, int, str]:
        heads = self._headings.get(sheet, [])
        heading = next((head for head in heads if head.partition("::")[0] == column), column)
        return sheet, self.row(name, sheet), heading or "name"

    def heading(self, sheet: str, column: str, reading: Reading) -> str:
        """The heading of a column in the words of one reading."""
        heads = [head for head in self._headings.get(sheet, []) if head.partition("::")[0] == column]
        easy = [head for head in heads if head.partition("::")[2].startswith("易读")]
        rest = [head for head in heads if head not in easy]
        return next(iter(easy if reading == "easy" else rest), column)


def _plain_language(form: Form, places: Places) -> Iterator[Note]:
    """Say where the words of a form leave the rules of plain and easy language."""
    for node in form.asked:
        control = node.control
        if control is None:
            continue
        words = {"label": control.label, "hint": control.hint, "constraint_message": control.wrong}
        for column, wording in words.items():
            if wording:
                yield from _judged(wording.said(), "survey", node.name, column, places)
    for items in form.lists.values():
        for item in items:
            yield from _judged(item.label.said(), "choices", item.value, "label", places)


def _judged(said: Own, sheet: str, name: str, column: str, places: Places) -> Iterator[Note]:
    readings: tuple[tuple[Reading, str], ...] = (("plain", said.plain), ("easy", said.easy))
    for reading, text in readings:
        if not text:
            continue
        for finding in check(text, reading):
            head = places.heading(sheet, column, reading)
            yield Note(sheet, places.row(name, sheet), head, f"“{finding.sentence}”：{finding.why}")
