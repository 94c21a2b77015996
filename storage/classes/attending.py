"""Who is expected at a session of a class, and who came: what daily subsidies go by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from storage.catalogue.tables import CourseSession, Intake, Project
from storage.classes.in_class import hold, people_in
from storage.classes.tables import Attendance
from storage.tables import Application, ApplicationState

EARLY = timedelta(hours=1)
"""How long before a session, past midnight too, somebody may say that they are there."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody expected at a class.

    Args:
        application: whose seat it is.
        project: what is taught.
        meeting: the session; None for a class whose sessions nobody told.
        day: the day.
        begins: from when; None where nobody told.
        place: where.

    """

    application: Application
    project: Project
    meeting: CourseSession | None
    day: date
    begins: time | None
    place: str


def attendance_at(session: Session, meeting_id: int) -> dict[int, Attendance]:
    """Give who came to a session and who did not, by the number of the application."""
    wanted = select(Attendance).where(Attendance.session_id == meeting_id)
    return {each.application_id: each for each in session.exec(wanted).all()}


def mark(session: Session, meeting_id: int, came: Mapping[int, bool], actor: str, now: datetime) -> int:
    """Write down who came to a session, by application; give how many lines changed.

    Raises:
        LookupError: for an application that is not in this class; nothing changes.

    """
    intake_id = session.get_one(CourseSession, meeting_id).intake_id
    hold(session, intake_id)
    members = {each.id for each in people_in(session, intake_id)}
    if unknown := came.keys() - members:
        raise LookupError(f"not in this class: {sorted(unknown)}")
    known = attendance_at(session, meeting_id)
    changed = 0
    for number, here in came.items():
        row = known.get(number)
        if row is None:
            row = Attendance(session_id=meeting_id, application_id=number, came=here, actor=actor, at=now)
        elif row.came == here:
            continue
        row.came, row.actor, row.at = here, actor, now
        session.add(row)
        changed += 1
    session.flush()
    return changed


def report(
    session: Session, meeting: CourseSession, application: Application, actor: str, now: datetime
) -> bool:
    """Write down that somebody says they are there. Say whether they count as there: what staff wrote stays.

    Said again, the first time stands.
    """
    number = meeting.id or 0
    hold(session, meeting.intake_id)
    known = attendance_at(session, number).get(application.id)
    if known is None:
        mark(session, number, {application.id: True}, actor, now)
    return known is None or known.came


def expected(session: Session, person_ids: Collection[int], now: datetime) -> list[Expected]:
    """Give the sessions these people may say now that they are at: today's that are not over, one for each seat.

    Args:
        session: a session to read with.
        person_ids: who.
        now: in the service's zone.

    """
    soon = now + EARLY
    due: dict[int, Expected] = {}
    for each, starts, ends in _coming(session, person_ids, now):
        if (each.day == now.date() or starts <= soon) and now <= ends:
            due.setdefault(each.application.id, each)
    return list(due.values())


def next_after(session: Session, person_ids: Collection[int], now: datetime) -> Expected | None:
    """Give the next class of these people: a session, or the first day of a class whose sessions nobody told."""
    coming = [(starts, each) for each, starts, _ in _coming(session, person_ids, now) if starts > now]
    wanted = (
        select(Application, Intake, Project)
        .join(Intake, col(Intake.id) == col(Application.intake_id))
        .join(Project, col(Project.project_id) == col(Intake.project_id))
        .where(col(Application.person_id).in_(person_ids), Application.state == ApplicationState.ACCEPTED)
        .where(col(Intake.id).not_in(select(CourseSession.intake_id)), Intake.start_date > now.date())
    )
    for filed, intake, project in session.exec(wanted).all():
        begins = intake.class_start_time
        starts = datetime.combine(intake.start_date, begins or time.min, now.tzinfo)
        coming.append((starts, Expected(filed, project, None, intake.start_date, begins, intake.address)))
    return min(coming, key=lambda each: each[0])[1] if coming else None


def _coming(
    session: Session, person_ids: Collection[int], now: datetime
) -> list[tuple[Expected, datetime, datetime]]:
    """Give every session to come of these people, with when it starts and ends, the earliest first."""
    wanted = (
        select(Application, CourseSession, Intake, Project)
        .join(CourseSession, col(CourseSession.intake_id) == col(Application.intake_id))
        .join(Intake, col(Intake.id) == col(Application.intake_id))
        .join(Project, col(Project.project_id) == col(Intake.project_id))
        .where(col(Application.person_id).in_(person_ids), Application.state == ApplicationState.ACCEPTED)
        .where(CourseSession.day >= now.date(), ~col(CourseSession.cancelled))
        .order_by(col(CourseSession.day), col(CourseSession.start_time), col(Application.id))
    )
    return [
        (
            Expected(
                filed, project, meeting, meeting.day, meeting.start_time, meeting.venue or intake.address
            ),
            datetime.combine(meeting.day, meeting.start_time, now.tzinfo),
            datetime.combine(meeting.day, meeting.end_time, now.tzinfo),
        )
        for filed, meeting, intake, project in session.exec(wanted).all()
    ]
