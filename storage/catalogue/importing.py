"""Takes a catalogue file in: good rows become one numbered version, bad ones are told cell by cell."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from storage.catalogue.columns import PROJECT_COLUMNS, SESSION_COLUMNS
from storage.catalogue.fair_columns import FAIR_COLUMNS, POSITION_COLUMNS
from storage.catalogue.fair_sheets import Fairs, Positions
from storage.catalogue.judging import CheckText, Judgement, Kind, Outcome, Sheet, judge, read_file
from storage.catalogue.ledger import one_at_a_time, write
from storage.catalogue.projects import Projects
from storage.catalogue.report import Report
from storage.catalogue.sessions import Sessions
from storage.catalogue.tables import CatalogueImport
from storage.classes.changes import note_moves
from storage.fairs.following import follow_version

PROJECTS = Kind("projects", PROJECT_COLUMNS, ("project_id", "intake_no", "title"), checks_words=True)
"""Projects and intakes, one intake a row; known (project_id, 班次) are updated."""

SESSIONS = Kind("sessions", SESSION_COLUMNS, ("project_id", "intake_no", "session_no", "date"))
"""Dated sessions; known (project_id, 班次, 课次) are updated. Each lies inside an intake that is stored."""

FAIRS = Kind("fairs", FAIR_COLUMNS, ("fair_id", "title"), checks_words=True)
"""Job fairs; a known fair_id is updated."""

POSITIONS = Kind("positions", POSITION_COLUMNS, ("position_id", "position", "employer"))
"""Positions at a fair or without one; a known position_id is updated."""

Gathered = Projects | Sessions | Fairs

GATHERERS: Mapping[str, type[Gathered]] = {
    "projects": Projects,
    "sessions": Sessions,
    "fairs": Fairs,
    "positions": Positions,
}


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
    """Take in a sheet of projects and intakes.

    Good rows go in and bad ones are reported; with `strict` one bad row keeps all of them out. Columns the
    sheet does not have keep their values. What `check_text` yields is reported as warnings. Raises
    FileRefused for a file that cannot be read. The caller opens the session for writing and commits.
    """
    return _take_in(
        session, read_file(data, name, PROJECTS), now=now, who=who, strict=strict, check_text=check_text
    )


def import_sessions(
    session: Session, data: bytes, name: str, *, now: datetime, who: str, strict: bool = False
) -> Report:
    """Take in a sheet of dated sessions. Otherwise as `import_projects`."""
    return _take_in(session, read_file(data, name, SESSIONS), now=now, who=who, strict=strict)


def import_fairs(
    session: Session,
    data: bytes,
    name: str,
    *,
    now: datetime,
    who: str,
    strict: bool = False,
    check_text: CheckText | None = None,
) -> Report:
    """Take in a sheet of job fairs. Otherwise as `import_projects`."""
    return _take_in(
        session, read_file(data, name, FAIRS), now=now, who=who, strict=strict, check_text=check_text
    )


def import_positions(
    session: Session, data: bytes, name: str, *, now: datetime, who: str, strict: bool = False
) -> Report:
    """Take in a sheet of positions. Otherwise as `import_projects`."""
    return _take_in(session, read_file(data, name, POSITIONS), now=now, who=who, strict=strict)


def _take_in(
    session: Session,
    sheet: Sheet,
    *,
    now: datetime,
    who: str,
    strict: bool,
    check_text: CheckText | None = None,
) -> Report:
    rows, judged = gather(session, sheet, check_text=check_text)
    number = None
    if not (strict and judged.problems):
        number = keep(session, sheet, rows, judged, now=now, who=who)
    counts = judged.count() if number is not None else {}
    return Report(
        sheet.kind.name,
        sheet.file,
        number,
        counts.get(Outcome.ADDED, 0),
        counts.get(Outcome.CHANGED, 0),
        counts.get(Outcome.UNCHANGED, 0),
        tuple(judged.problems),
        tuple(judged.warnings),
        tuple(sheet.skipped),
    )


def gather(
    session: Session, sheet: Sheet, *, check_text: CheckText | None = None
) -> tuple[Gathered, Judgement]:
    """Judge a sheet with what it speaks of held: nobody else imports until the transaction ends."""
    one_at_a_time(session)
    rows = GATHERERS[sheet.kind.name](session, [line for line, _, _ in sheet.lines], hold=True)
    return rows, judge(sheet, rows, check_text=check_text)


def keep(
    session: Session,
    sheet: Sheet,
    rows: Gathered,
    judged: Judgement,
    *,
    now: datetime,
    who: str,
) -> int:
    """Write the good rows as a version; give its number.

    Who has a seat in a class that moved is noted; who comes to a fair that moved is told.
    """
    counts = judged.count()
    version = CatalogueImport(
        kind=sheet.kind.name,
        file=sheet.file,
        sha256=sheet.sha256,
        who=who,
        at=now,
        rows_read=len(sheet.lines),
        rows_added=counts[Outcome.ADDED],
        rows_changed=counts[Outcome.CHANGED],
        rows_unchanged=counts[Outcome.UNCHANGED],
        rows_refused=counts[Outcome.BAD],
    )
    session.add(version)
    session.flush()
    number = version.number or 0
    write(session, number, rows.touches())
    note_moves(session, number, now)
    follow_version(session, number, now)
    return number
