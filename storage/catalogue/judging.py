"""Reads a sheet and judges it row by row: what is new, what changes what, what is wrong; nothing is written here.

Reading looks at the file alone and takes most of the time, so that it needs no transaction. Judging holds what
was read against what is stored.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Protocol

from storage.catalogue.cells import is_empty, said
from storage.catalogue.columns import Column
from storage.catalogue.grid import Value
from storage.catalogue.ledger import Row
from storage.catalogue.lines import Line, find_lines, read_cells
from storage.catalogue.report import Note, Problem
from storage.catalogue.sheets import read_sheets

CheckText = Callable[[str, str], Iterable[str]]
"""Takes a column's name and its text; yields what to mind about the wording."""

MOST_ALIKE = 5000
"""Texts whose wording is remembered: thousands of rows say the same."""

Watch = Callable[[int, int], None]
"""Is told how many rows are done, and of how many; what it raises ends the work."""


class Outcome(StrEnum):
    """What becomes of a row."""

    BAD = "bad"
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


Changes = tuple[tuple[str, str, str], ...]
"""Heading, former words, new words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row: where it stands, what it is about, what is to become of it and why."""

    sheet: str
    row: int
    key: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    changes: Changes = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Gatherer(Protocol):
    """What a kind of sheet brings: its own checks, and the rows it comes to."""

    def judge(self, line: Line, values: Row) -> list[Problem]: ...
    def accept(self, line: Line, values: Row) -> tuple[Outcome, Changes]: ...
    def doubts(self, line: Line, values: Row) -> list[Note]: ...
    def afterwards(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet.

    Args:
        name: projects, sessions, fairs, positions, staff or results.
        columns: what it may have.
        names: the columns that say what a row is about.
        checks_words: whether some of it is shown to people as it is written.

    """

    name: str
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    checks_words: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read: its rows with what their cells mean, and what was left out."""

    kind: Kind
    file: str
    sha256: str
    lines: Sequence[tuple[Line, Row, list[Problem]]]
    warnings: Sequence[Note]
    skipped: Sequence[Note]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every row's verdict, and what to mind."""

    verdicts: Sequence[Verdict]
    warnings: Sequence[Note]
    problems: Sequence[Problem]

    def count(self) -> Counter[str]:
        return Counter(verdict.outcome.value for verdict in self.verdicts)

    def fingerprint(self) -> str:
        """Give what two judgements share only when they say the same of every row: 64 hex digits."""
        told = json.dumps([verdict.as_json() for verdict in self.verdicts], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


def read_file(data: bytes, name: str, kind: Kind, watch: Watch = lambda _done, _total: None) -> Sheet:
    """Read a file. Raises FileRefused for one that cannot be read; which columns are missing is said then."""
    sheets, hidden = read_sheets(data, name)
    lines, warnings, skipped = find_lines(sheets, kind.columns)
    read = []
    for done, line in enumerate(lines):
        watch(done, len(lines))
        values, wrong = read_cells(line, kind.columns)
        read.append((line, values, wrong))
    file = PurePath(name.replace("\\", "/")).name
    return Sheet(kind, file, hashlib.sha256(data).hexdigest(), read, warnings, [*hidden, *skipped])


def judge(
    sheet: Sheet,
    rows: Gatherer,
    *,
    check_text: CheckText | None = None,
    watch: Watch = lambda _done, _total: None,
) -> Judgement:
    """Judge every row; good ones are taken into `rows`, which may be written afterwards."""
    verdicts: list[Verdict] = []
    warnings = [*sheet.warnings]
    problems: list[Problem] = []
    check = check_text and lru_cache(MOST_ALIKE)(lambda column, text: tuple(check_text(column, text)))
    for done, (line, read, unread) in enumerate(sheet.lines):
        watch(done, len(sheet.lines))
        values = dict(read)
        key = " ".join(_key(line, sheet.kind.names))
        wrong = [*unread, *rows.judge(line, values)]
        if wrong:
            problems += wrong
            verdicts.append(Verdict(line.sheet, line.row, key, Outcome.BAD, tuple(wrong)))
            continue
        outcome, changes = rows.accept(line, values)
        verdicts.append(Verdict(line.sheet, line.row, key, outcome, (), changes))
        warnings += rows.doubts(line, values) + _wording(line, sheet.kind.columns, check)
    warnings += [Note(PurePath(sheet.file).stem, 0, "", text) for text in rows.afterwards()]
    return Judgement(verdicts, warnings, problems)


def _key(line: Line, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        value: Value = line.cells.get(name)
        if not is_empty(value):
            yield said(value)[:40]


def _wording(line: Line, columns: tuple[Column, ...], check_text: CheckText | None) -> list[Note]:
    if check_text is None:
        return []
    return [
        line.note(column, warning)
        for column in columns
        if column.wording and not is_empty(value := line.cells.get(column.name))
        for warning in check_text(column.name, said(value))
    ]
