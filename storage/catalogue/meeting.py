"""One session of a class changed by hand: a numbered version of the catalogue, as a sheet of sessions is."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from storage.catalogue.checks import session_problems
from storage.catalogue.columns import SESSION_COLUMNS
from storage.catalogue.editing import BY_HAND, EditRefused, Untrue
from storage.catalogue.ledger import Row, Touch, one_at_a_time, row_of, write
from storage.catalogue.tables import CatalogueImport, CourseSession, Intake


def edit_meeting(
    session: Session, meeting_id: int, values: Mapping[str, object], *, who: str, now: datetime
) -> int | None:
    """Give columns of a session other values; give the number of the version, None when nothing changed.

    Args:
        session: a writing session.
        meeting_id: which session; nobody else changes it until the transaction ends.
        values: column -> new value.
        who: who changes it, as the list of imports names them.
        now: the moment.

    Raises:
        EditRefused: when the row would not be taken from a sheet either.
        NoResultFound: when there is no such session.

    """
    one_at_a_time(session)
    held = select(CourseSession).where(CourseSession.id == meeting_id).with_for_update()
    meeting = session.exec(held.execution_options(populate_existing=True)).one()
    intake = session.get_one(Intake, meeting.intake_id)
    before = row_of(meeting)
    after = {**before, **values}
    if after == before:
        return None
    if problems := [*_untrue(after, before), *_outside(intake, after)]:
        raise EditRefused(problems)
    version = CatalogueImport(
        kind="sessions", file=BY_HAND, sha256="", who=who, at=now, rows_read=1, rows_changed=1
    )
    session.add(version)
    session.flush()
    key = f"{intake.project_id}/{intake.intake_no}/{meeting.session_no}"
    write(session, version.number or 0, [Touch("session", key, meeting, after)])
    return version.number


def _untrue(after: Row, before: Row) -> list[Untrue]:
    """What is untrue of the session in itself, and was not before."""
    headings = {column.name: column.title for column in SESSION_COLUMNS}
    known = set(session_problems(before))
    return [
        Untrue(headings.get(name, name), wrong, right)
        for name, wrong, right in session_problems(after)
        if (name, wrong, right) not in known
    ]


def _outside(intake: Intake, after: Row) -> list[Untrue]:
    """A session lies in its class, as in a sheet."""
    day = str(after["day"])
    if str(intake.start_date) <= day <= str(intake.end_date):
        return []
    right = f"写{intake.start_date}到{intake.end_date}里的日期，或者先改班的日期"
    return [Untrue("日期", f"{day}不在这个班的日期里", right)]
