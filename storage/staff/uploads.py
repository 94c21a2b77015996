"""Tables that staff bring: kept sealed, judged row by row, and written only as they were shown.

An upload is read by one worker at a time, which holds a short lease on it; a worker that dies lets it lapse,
and whoever looks next lets another one go on. What is written ends the upload in the same transaction, so that
it is written once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, delete, or_, select, update

from storage.catalogue.importing import FAIRS, GATHERERS, POSITIONS, PROJECTS, SESSIONS, Gathered, keep
from storage.catalogue.judging import CheckText, Gatherer, Judgement, Kind, Outcome, Sheet, Watch, judge
from storage.catalogue.ledger import one_at_a_time
from storage.catalogue.projects import Projects
from storage.catalogue.sessions import Sessions
from storage.classes.result_sheet import RESULTS, Results
from storage.staff.own_courses import OwnCourses
from storage.staff.sheet import STAFF, StaffList
from storage.staff.upload_tables import Upload, UploadPage
from storage.staff.uploader import Uploader
from storage.tables import UploadState

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (PROJECTS, SESSIONS, FAIRS, POSITIONS, STAFF, RESULTS)
}
"""What may be brought."""

A_PAGE = 50
"""Rows a page shows."""

MOST_NOTES = 200
"""Warnings kept of one table; the rest are counted."""

LEASE = timedelta(seconds=60)
"""How long a worker may be silent before another one goes on."""

WORKED_ON = (UploadState.READING, UploadState.WRITING)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a table that was confirmed.

    Args:
        version: the number of the catalogue's version; None for staff and results.
        again: whether what is stored changed since it was shown: nothing was written, it is shown anew.

    """

    version: int | None
    again: bool


def bring(
    session: Session, staff_id: int, kind: str, name: str, body: bytes, now: datetime, *, strict: bool
) -> int:
    """Keep a table to be read; give its number."""
    made = Upload(staff_id=staff_id, kind=kind, name=name, body=body, strict=strict, created_at=now)
    session.add(made)
    session.flush()
    return made.id


def find(session: Session, number: int, staff_id: int | None = None) -> Upload | None:
    """Give an upload without its file; with `staff_id`, only what they brought themselves."""
    wanted = select(Upload).where(Upload.id == number).options(defer(Upload.body))  # type: ignore[arg-type]
    if staff_id is not None:
        wanted = wanted.where(Upload.staff_id == staff_id)
    return session.exec(wanted.execution_options(populate_existing=True)).one_or_none()


def body_of(session: Session, number: int) -> bytes:
    """Give the file of an upload; b"" for one that is done with."""
    return session.exec(select(Upload.body).where(Upload.id == number)).one()


def recent(session: Session, staff_id: int, most: int) -> Sequence[Upload]:
    """Give what somebody brought, the newest first."""
    wanted = select(Upload).where(Upload.staff_id == staff_id, col(Upload.settled).is_(False))
    wanted = wanted.options(defer(Upload.body)).order_by(col(Upload.id).desc())  # type: ignore[arg-type]
    return session.exec(wanted.limit(most)).all()


def count_troubled(session: Session, staff_id: int) -> int:
    """Count what somebody brought that could not be read, or has bad rows, until they have settled it."""
    wanted = select(Upload.state, Upload.counts).where(
        Upload.staff_id == staff_id, col(Upload.settled).is_(False), Upload.state != UploadState.DROPPED
    )
    return sum(
        state is UploadState.REFUSED or bool(counts.get(Outcome.BAD))
        for state, counts in session.exec(wanted).all()
    )


def page_of(session: Session, number: int, kind: str, page: int) -> Sequence[Mapping[str, Any]]:
    """Give 50 rows of one kind (bad, added, changed, unchanged), counted from page 1."""
    wanted = select(UploadPage).where(
        UploadPage.upload_id == number, UploadPage.kind == kind, UploadPage.page == page
    )
    found = session.exec(wanted).one_or_none()
    return found.rows if found else ()


def claim(session: Session, number: int, worker: str, now: datetime) -> bool:
    """Take an upload to work on; False when nothing is to be done, or another worker is at it."""
    free = or_(
        col(Upload.claimed_until).is_(None), col(Upload.claimed_until) <= now, Upload.claimed_by == worker
    )
    taking = update(Upload).where(col(Upload.id) == number, col(Upload.state).in_(WORKED_ON), free)
    taking = taking.values(claimed_by=worker, claimed_until=now + LEASE)
    return session.connection().execute(taking).rowcount == 1


def is_left(upload: Upload, now: datetime) -> bool:
    """Whether an upload is to be worked on, and nobody is at it."""
    return upload.state in WORKED_ON and (upload.claimed_until is None or upload.claimed_until <= now)


def go_on(session: Session, number: int, worker: str, done: int, total: int, now: datetime) -> None:
    """Write down how far a worker is, and keep its lease."""
    mine = update(Upload).where(col(Upload.id) == number, col(Upload.claimed_by) == worker)
    session.connection().execute(mine.values(done=done, total=total, claimed_until=now + LEASE))


def refuse(session: Session, number: int, words: str) -> None:
    """Say why a table cannot be read, or be written; its file goes."""
    _end(session, number, UploadState.REFUSED, notes={"why": words})


def look_at(
    session: Session, sheet: Sheet, uploader: Uploader, *, check_text: CheckText, watch: Watch
) -> Judgement:
    """Judge a table against what is stored; nothing is written and nobody has to wait."""
    rows = _gather(session, sheet, uploader, hold=False)
    checks = check_text if sheet.kind.checks_words else None
    return judge(sheet, _bounded(session, sheet, rows, uploader), check_text=checks, watch=watch)


def show(session: Session, number: int, sheet: Sheet, judged: Judgement, *, again: bool = False) -> None:
    """Keep every row's verdict for the pages, bad ones first."""
    session.execute(delete(UploadPage).where(col(UploadPage.upload_id) == number))
    for outcome in Outcome:
        rows = [verdict.as_json() for verdict in judged.verdicts if verdict.outcome is outcome]
        for page, start in enumerate(range(0, len(rows), A_PAGE), start=1):
            some = rows[start : start + A_PAGE]
            session.add(UploadPage(upload_id=number, kind=outcome.value, page=page, rows=some))
    warnings, skipped = [str(each) for each in judged.warnings], [str(each) for each in sheet.skipped]
    upload = session.get_one(Upload, number, options=[defer(Upload.body)])  # type: ignore[arg-type]
    upload.state, upload.counts, upload.changed = UploadState.SHOWN, dict(judged.count()), again
    upload.total = upload.done = len(sheet.lines)
    upload.seen, upload.claimed_by, upload.claimed_until = judged.fingerprint(), "", None
    upload.notes = {
        "warnings": warnings[:MOST_NOTES],
        "more": max(0, len(warnings) - MOST_NOTES),
        "skipped": skipped[:MOST_NOTES],
    }
    session.add(upload)
    session.flush()


def confirm(session: Session, number: int, staff_id: int, seen: str) -> bool:
    """Let a table be written as it was shown; say whether it will be. Of two presses, one lets it."""
    shown = update(Upload).where(
        col(Upload.id) == number,
        col(Upload.staff_id) == staff_id,
        col(Upload.state) == UploadState.SHOWN,
        col(Upload.seen) == seen,
    )
    confirmed = shown.values(state=UploadState.WRITING, done=0, claimed_by="", claimed_until=None)
    return session.connection().execute(confirmed).rowcount == 1


def write(
    session: Session,
    number: int,
    sheet: Sheet,
    uploader: Uploader,
    *,
    check_text: CheckText,
) -> Written | None:
    """Write a table exactly as it was shown; where that cannot be any more, show it anew.

    None when somebody else has written it meanwhile. The session is a writing one.
    """
    if sheet.kind.name in GATHERERS:
        one_at_a_time(session)
    held = select(Upload.state, Upload.seen, Upload.strict).where(Upload.id == number).with_for_update()
    state, seen, strict = session.exec(held).one()
    if state is not UploadState.WRITING:
        return None
    rows = _gather(session, sheet, uploader, hold=True)
    judged = judge(sheet, _bounded(session, sheet, rows, uploader))
    if judged.fingerprint() != seen or (strict and judged.problems):
        checks = check_text if sheet.kind.checks_words else None
        anew = _gather(session, sheet, uploader, hold=False)
        told = judge(sheet, _bounded(session, sheet, anew, uploader), check_text=checks)
        show(session, number, sheet, told, again=True)
        return Written(None, again=True)
    version = None
    if isinstance(rows, StaffList | Results):
        rows.keep()
    else:
        version = keep(session, sheet, rows, judged, now=uploader.now, who=uploader.actor)
    _end(session, number, UploadState.DONE, version=version)
    return Written(version, again=False)


def drop(session: Session, number: int, staff_id: int) -> bool:
    """Let a table go unwritten, or say that its bad rows are known; say whether there was one."""
    mine = col(Upload.id) == number, col(Upload.staff_id) == staff_id
    resting = col(Upload.state).not_in(WORKED_ON)
    settled = update(Upload).where(*mine, resting).values(settled=True, body=b"")
    found = session.connection().execute(settled).rowcount == 1
    unwritten = update(Upload).where(*mine, col(Upload.state) == UploadState.SHOWN)
    session.connection().execute(unwritten.values(state=UploadState.DROPPED))
    return found


def writable(upload: Upload) -> int:
    """Count the rows that would be written."""
    if upload.strict and upload.counts.get(Outcome.BAD):
        return 0
    return upload.counts.get(Outcome.ADDED, 0) + upload.counts.get(Outcome.CHANGED, 0)


def _gather(
    session: Session, sheet: Sheet, uploader: Uploader, *, hold: bool
) -> Gathered | StaffList | Results:
    lines = [line for line, _, _ in sheet.lines]
    match sheet.kind.name:
        case "staff":
            return StaffList(session, lines, uploader)
        case "results":
            return Results(session, lines, uploader)
        case kind:
            return GATHERERS[kind](session, lines, hold=hold)


def _bounded(
    session: Session, sheet: Sheet, rows: Gathered | StaffList | Results, uploader: Uploader
) -> Gatherer:
    """Judge courses within what is the uploader's; the other kinds see to that themselves."""
    if uploader.intakes is None or not isinstance(rows, Projects | Sessions):
        return rows
    return OwnCourses(rows, session, [line for line, _, _ in sheet.lines], uploader.member.region)


def _end(session: Session, number: int, state: UploadState, **values: object) -> None:
    over = update(Upload).where(col(Upload.id) == number)
    ended = over.values(state=state, body=b"", claimed_by="", claimed_until=None, **values)
    session.connection().execute(ended)
