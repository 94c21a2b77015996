"""Who is in a class, who came to which session, and how each finished: what daily subsidies go by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, func, select

from storage.catalogue.tables import CourseSession, Intake, Project
from storage.tables import (
    Application,
    ApplicationEvent,
    ApplicationState,
    Attendance,
    Person,
    Result,
    Staff,
)

IN = (ApplicationState.ACCEPTED, ApplicationState.FINISHED)
"""States of who is, or was, in the class."""

TOGETHER = 500
"""People whose results are written at once."""

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


def hold(session: Session, intake_id: int) -> Intake:
    """Give an intake nobody else changes until this transaction ends. Raises NoResultFound."""
    wanted = select(Intake).where(Intake.id == intake_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def meetings_of(session: Session, intake_id: int) -> list[CourseSession]:
    """Give the sessions of a class, earliest first."""
    wanted = select(CourseSession).where(CourseSession.intake_id == intake_id)
    order = (col(CourseSession.day), col(CourseSession.start_time), col(CourseSession.session_no))
    return list(session.exec(wanted.order_by(*order)).all())


def people_in(session: Session, intake_id: int) -> list[Application]:
    """Give who is in the class, in the order they applied."""
    wanted = select(Application).where(Application.intake_id == intake_id, col(Application.state).in_(IN))
    return list(session.exec(wanted.order_by(col(Application.id))).all())


def count_in(session: Session, intake_id: int) -> int:
    """Count who is in the class."""
    wanted = select(func.count()).select_from(Application)
    return session.exec(
        wanted.where(Application.intake_id == intake_id, col(Application.state).in_(IN))
    ).one()


def named_in(
    session: Session, intake_id: int, page: int = 1, most: int | None = None
) -> list[tuple[Application, Person]]:
    """Give who is in the class, with who they are, in the order they applied: all, or one page of `most`."""
    wanted = select(Application, Person).join(Person).where(Application.intake_id == intake_id)
    wanted = wanted.where(col(Application.state).in_(IN)).order_by(col(Application.id))
    if most is not None:
        wanted = wanted.offset((page - 1) * most).limit(most)
    return list(session.exec(wanted).all())


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


def results_of(session: Session, intake_id: int) -> dict[int, Result]:
    """Give how who is in the class finished, by the number of the application."""
    wanted = select(Result).join(Application).where(Application.intake_id == intake_id)
    return {each.application_id: each for each in session.exec(wanted).all()}


def write_result(
    session: Session,
    application: Application,
    *,
    passed: bool,
    certificate: str,
    member: Staff,
    now: datetime,
) -> bool:
    """Write down how somebody finished and the number of their certificate; say whether anything changed.

    In a class that is finished already, who passes now is finished too.

    Raises:
        LookupError: for somebody who is not in the class.

    """
    if application.state not in IN:
        raise LookupError(f"application {application.id} is not in the class")
    return write_results(session, {application.id: (passed, certificate)}, member, now) == 1


def write_results(
    session: Session, given: Mapping[int, tuple[bool, str]], member: Staff, now: datetime
) -> int:
    """Write down how many people finished: application -> passed, number of the certificate.

    Otherwise as `write_result`. Returns how many are new or changed.

    Raises:
        LookupError: when one of them is not in a class; nothing changes.

    """
    changed = 0
    numbers = sorted(given)
    for start in range(0, len(numbers), TOGETHER):
        changed += _write_some(
            session, {each: given[each] for each in numbers[start : start + TOGETHER]}, member, now
        )
    return changed


def _write_some(session: Session, given: Mapping[int, tuple[bool, str]], member: Staff, now: datetime) -> int:
    theirs = select(Application.intake_id).where(col(Application.id).in_(given))
    held = select(Intake).where(col(Intake.id).in_(theirs)).order_by(col(Intake.id)).with_for_update()
    over = {
        intake.id
        for intake in session.exec(held.execution_options(populate_existing=True))
        if intake.status == "finished"
    }
    wanted = select(Application).where(col(Application.id).in_(given)).order_by(col(Application.id))
    wanted = wanted.with_for_update().execution_options(populate_existing=True)
    filed = {each.id: each for each in session.exec(wanted) if each.state in IN}
    if missing := given.keys() - filed.keys():
        raise LookupError(f"not in a class: {sorted(missing)}")
    known = select(Result).where(col(Result.application_id).in_(given))
    results = {each.application_id: each for each in session.exec(known)}
    changed = 0
    for number, (passed, certificate) in given.items():
        row = results.get(number)
        if row is not None and (row.passed, row.certificate_no or "") == (passed, certificate):
            continue
        row = row or Result(application_id=number, passed=passed, staff_id=member.id, at=now)
        row.passed, row.certificate_no, row.staff_id, row.at = passed, certificate or None, member.id, now
        application = filed[number]
        finished = passed and application.intake_id in over
        application.state = ApplicationState.FINISHED if finished else ApplicationState.ACCEPTED
        application.changed_at = now
        kind = "passed" if passed else "not_passed"
        actor = f"staff:{member.id}"
        session.add_all(
            (row, application, ApplicationEvent(application_id=number, kind=kind, actor=actor, at=now))
        )
        changed += 1
    session.flush()
    return changed
