"""One session of a class changed by hand: a numbered version of the catalogue, as a sheet of sessions is."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from storage.catalogue.by_hand import EditRefused, Untrue, keep_version, newly_untrue
from storage.catalogue.checks import session_problems
from storage.catalogue.columns import SESSION_COLUMNS
from storage.catalogue.ledger import Row, Touch, one_at_a_time, row_of
from storage.catalogue.tables import CourseSession, Intake


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
    untrue = newly_untrue(SESSION_COLUMNS, session_problems, before, after)
    if problems := [*untrue, *_outside(intake, after)]:
        raise EditRefused(problems)
    key = f"{intake.project_id}/{intake.intake_no}/{meeting.session_no}"
    return keep_version(session, "sessions", Touch("session", key, meeting, after), who=who, now=now)


def _outside(intake: Intake, after: Row) -> list[Untrue]:
    """A session lies in its class, as in a sheet."""
    day = str(after["day"])
    if str(intake.start_date) <= day <= str(intake.end_date):
        return []
    right = f"写{intake.start_date}到{intake.end_date}里的日期，或者先改班的日期"
    return [Untrue("日期", f"{day}不在这个班的日期里", right)]
