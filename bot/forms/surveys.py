"""Reads a form from a spreadsheet: what it asks, and every problem by sheet, row and column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.forms.pictures import Brought, unpack
from bot.forms.sheet_slips import slips
from dialogs.plain_language import Reading, check
from dialogs.words import Own
from dialogs.xform import Form, Remark, SheetRefused, Trouble, read_form
from storage.catalogue.grid import Sheet
from storage.catalogue.report import FileRefused, Note, Problem
from storage.catalogue.xlsxfile import read

MOST_BYTES = 2 * 1024 * 1024

WITH_PICTURES = frozenset({"survey", "choices"})
IMAGE = re.compile(r"(?:media::?)?image(?:::?.*)?$", re.IGNORECASE)
"""Headings of columns that name pictures, with or without a language."""

LIST = frozenset({"list_name", "list name"})
"""Headings of the column that says which list a choice is of."""

NAME = re.compile(r"[\w.-]{1,60}")

_ROW = re.compile(r"\[row : ([0-9]+)\]\s*")
_CELL = re.compile(r"On the '(\w+)' sheet, the '([^']+)' value(?: '[^']*')? is invalid\.")
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
    """Read a workbook with the sheets survey, choices and settings, or a .zip of it and its pictures.

    Raises:
        FileRefused: when it is no workbook that can be read.

    """
    if not data.startswith(b"PK"):
        raise FileRefused("这不是 .xlsx 文件。用表格软件打开，另存为 .xlsx。")
    brought = unpack(data)
    data = brought.workbook
    if len(data) > MOST_BYTES:
        raise FileRefused(
            f"这个表格有 {len(data) // 1024} KB，最多 {MOST_BYTES // 1024} KB。图片不要贴在表格里，放在旁边。"
        )
    sheets, _ = read(data)
    places = Places(sheets)
    xform, problem = _convert(data, places)
    if problem is not None:
        return ReadSurvey(None, "", tuple(_with_slips(problem, slips(sheets))), ())
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
    notes = [*map(places.note, remarks), *_pictures(brought, places), *_plain_language(form, places)]
    return ReadSurvey(form, xform, (), tuple(notes))


def _convert(data: bytes, places: "Places") -> tuple[str, Problem | None]:
    from pyxform.xls2xform import convert

    try:
        return str(
            convert(data, file_type=".xlsx", validate=False, form_name="xq_form", warnings=[]).xform
        ), None
    except Exception as problem:  # noqa: BLE001 - it raises what it likes about a sheet somebody wrote
        return "", places.english(str(problem))


def _with_slips(problem: Problem, found: Sequence[Problem]) -> Iterator[Problem]:
    """Give what is wrong in the cells, and what pyxform stopped at where that is something else."""
    places = {(each.sheet, each.row) for each in found}
    if not found or (problem.row > 1 and (problem.sheet, problem.row) not in places):
        yield problem
    yield from found


class Places:
    """Where in the workbook a question stands."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._headings: dict[str, list[str]] = {}
        self._rows: dict[tuple[str, str], int] = {}
        self._types: dict[str, int] = {}
        self.pictures: list[tuple[str, int, str, str]] = []
        """Cells that name a picture: sheet, row, heading, name."""
        for sheet in sheets:
            name = sheet.name.strip().lower()
            heads = next(iter(sheet.rows), [])
            self._headings[name] = [str(head or "").strip() for head in heads]
            key = next((n for n, head in enumerate(self._headings[name]) if head == "name"), None)
            kind = next((n for n, head in enumerate(self._headings[name]) if head == "type"), None)
            of = next((n for n, head in enumerate(self._headings[name]) if head in LIST), None)
            for number, row in enumerate(sheet.rows[1:], 2):
                if of is not None and of < len(row) and key is not None and key < len(row):
                    self._rows.setdefault((name, one_of(str(row[of]).strip(), str(row[key]).strip())), number)
                if name == "survey" and kind is not None and kind < len(row) and row[kind]:
                    self._types.setdefault(str(row[kind]).strip(), number)
                if key is not None and key < len(row) and row[key]:
                    self._rows.setdefault((name, str(row[key]).strip()), number)
                self.pictures += [
                    (name, number, head, str(cell).strip())
                    for head, cell in zip(self._headings[name], row, strict=False)
                    if name in WITH_PICTURES and IMAGE.match(head) and cell
                ]

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
        row = row or self._rows.get(("survey", name), 0) or self._types.get(name, 1)
        if cell := _CELL.search(said):
            wrong = f"{cell[2]} 写得不对（{said[cell.end() :].strip()[:120]}）"
            return Problem(cell[1], row, cell[2], wrong, "对着 XLSForm 的写法看一遍")
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
        row = 2 if sheet == "settings" else self.row(name, sheet)
        return sheet, row, heading or "name"

    def heading(self, sheet: str, column: str, reading: Reading) -> str:
        """The heading of a column in the words of one reading."""
        heads = [head for head in self._headings.get(sheet, []) if head.partition("::")[0] == column]
        easy = [head for head in heads if head.partition("::")[2].startswith("易读")]
        rest = [head for head in heads if head not in easy]
        return next(iter(easy if reading == "easy" else rest), column)


def one_of(list_name: str, name: str) -> str:
    """Name a choice among all: what one list calls yes, another may as well."""
    return f"{list_name}/{name}"


def _pictures(brought: Brought, places: Places) -> Iterator[Note]:
    """Say of every picture that is missing, or cannot be shown, in which cell it is wanted."""
    wanted: set[str] = set()
    for sheet, row, heading, name in places.pictures:
        wanted.add(name.casefold())
        if why := brought.useless.get(name.casefold()):
            yield Note(sheet, row, heading, f"图片“{name}”{why}。手机上不会有它。")
        elif brought.find(name) is None:
            yield Note(sheet, row, heading, f"没有图片“{name}”。和表格一起放进一个 .zip 再传。")
    for name in sorted({*brought.pictures, *brought.useless} - wanted):
        yield Note("survey", 1, "media::image", f"表里没有用到图片“{name}”。")


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
    for name, items in form.lists.items():
        for item in items:
            yield from _judged(item.label.said(), "choices", one_of(name, item.value), "label", places)


def _judged(said: Own, sheet: str, name: str, column: str, places: Places) -> Iterator[Note]:
    readings: tuple[tuple[Reading, str], ...] = (("plain", said.plain), ("easy", said.easy))
    for reading, text in readings:
        if not text:
            continue
        for finding in check(text, reading):
            head = places.heading(sheet, column, reading)
            yield Note(sheet, places.row(name, sheet), head, f"“{finding.sentence}”：{finding.why}")
