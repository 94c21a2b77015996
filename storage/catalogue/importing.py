"""Takes a catalogue file in: good rows become one numbered version, bad ones are told cell by cell."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Protocol

from sqlmodel import Session

from storage.catalogue.cells import is_empty, said
from storage.catalogue.columns import PROJECT_COLUMNS, SESSION_COLUMNS, Column
from storage.catalogue.ledger import Row, Touch, one_at_a_time, write
from storage.catalogue.lines import Line, find_lines, read_cells
from storage.catalogue.projects import Projects
from storage.catalogue.report import Note, Problem, Report
from storage.catalogue.sessions import Sessions
from storage.catalogue.sheets import read_sheets
from storage.catalogue.tables import CatalogueImport
from storage.changes import note_moves

CheckText = Callable[[str, str], Iterable[str]]
"""Takes a column's name and its text; yields what to mind about the wording."""


class Gatherer(Protocol):
    """What a kind of sheet brings: its own checks, and the rows it comes to."""

    def judge(self, line: Line, values: Row) -> list[Problem]: ...
    def accept(self, line: Line, values: Row) -> str: ...
    def doubts(self, line: Line, values: Row) -> list[Note]: ...
    def afterwards(self) -> list[str]: ...
    def touches(self) -> list[Touch]: ...


def import_projects(
    session: Session,
    data: bytes,
    name: str,
    *,
    now: datetime,
    who: str,
    strict: bool = False,
    check_text: CheckText | None = None,
) -> Report:
    """Take in a sheet of projects and intakes, one intake a row; known (project_id, 班次) are updated.

    Good rows go in and bad ones are reported; with `strict` one bad row keeps all of them out. Columns the
    sheet does not have keep their values. What `check_text` yields is reported as warnings. Raises
    FileRefused for a file that cannot be read. The caller opens the session for writing and commits.
    """
    return _take_in(
        session,
        data,
        name,
        "projects",
        PROJECT_COLUMNS,
        Projects,
        now,
        who,
        strict=strict,
        check_text=check_text,
    )


def import_sessions(
    session: Session, data: bytes, name: str, *, now: datetime, who: str, strict: bool = False
) -> Report:
    """Take in a sheet of dated sessions; known (project_id, 班次, 课次) are updated.

    Every session lies inside an intake that is already stored. Otherwise as `import_projects`.
    """
    return _take_in(session, data, name, "sessions", SESSION_COLUMNS, Sessions, now, who, strict=strict)


def _take_in(
    session: Session,
    data: bytes,
    name: str,
    kind: str,
    columns: tuple[Column, ...],
    gatherer: Callable[[Session, Sequence[Line]], Gatherer],
    now: datetime,
    who: str,
    *,
    strict: bool,
    check_text: CheckText | None = None,
) -> Report:
    sheets, hidden = read_sheets(data, name)
    lines, warnings, skipped = find_lines(sheets, columns)
    one_at_a_time(session)
    rows = gatherer(session, lines)
    problems: list[Problem] = []
    counts: Counter[str] = Counter()
    for line in lines:
        values, wrong = read_cells(line, columns)
        wrong += rows.judge(line, values)
        if wrong:
            problems += wrong
            continue
        counts[rows.accept(line, values)] += 1
        warnings += rows.doubts(line, values) + _wording(line, columns, check_text)
    number = None
    if strict and problems:
        counts.clear()
    else:
        warnings += [Note(PurePath(name).stem, 0, "", text) for text in rows.afterwards()]
        version = CatalogueImport(
            kind=kind,
            file=PurePath(name).name,
            sha256=hashlib.sha256(data).hexdigest(),
            who=who,
            at=now,
            rows_read=len(lines),
            rows_added=counts["added"],
            rows_changed=counts["changed"],
            rows_unchanged=counts["unchanged"],
            rows_refused=len(lines) - counts.total(),
        )
        session.add(version)
        session.flush()
        number = version.number or 0
        write(session, number, rows.touches())
        note_moves(session, number, now)
    return Report(
        kind,
        PurePath(name).name,
        number,
        counts["added"],
        counts["changed"],
        counts["unchanged"],
        tuple(problems),
        tuple(warnings),
        tuple(hidden + skipped),
    )


def _wording(line: Line, columns: tuple[Column, ...], check_text: CheckText | None) -> list[Note]:
    if check_text is None:
        return []
    return [
        line.note(column, warning)
        for column in columns
        if column.wording and not is_empty(value := line.cells.get(column.name))
        for warning in check_text(column.name, said(value))
    ]
