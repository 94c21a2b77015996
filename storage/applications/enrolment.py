"""Applications: filed, changed, asked about, withdrawn, and everything that happened to them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_
from sqlalchemy import select as columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, func, select

from storage.catalogue.cards import Status, status_on
from storage.catalogue.tables import Intake, Project
from storage.compiled import Compiled
from storage.counting import next_number
from storage.desk import TryAgain
from storage.finding import Finds
from storage.tables import (
    OVER,
    Application,
    ApplicationEvent,
    ApplicationState,
    Channel,
    Need,
    NeedAnswer,
    Role,
)

SEATED = (ApplicationState.ACCEPTED, ApplicationState.OFFERED)
"""States that hold a seat: an offer is a hold until it is answered."""

TAKING = (Status.OPEN, Status.FULL)
"""States of an intake in which applications are taken; a full one has a waiting list, and staff decide."""

LIVE_AGAIN = (ApplicationState.WITHDRAWN, ApplicationState.DECLINED)
"""After these the same person may apply for the same intake anew."""


_APPLICATION, _INTAKE = (SQLModel.metadata.tables[name].columns for name in ("application", "intake"))

_OF_PERSON: Finds[tuple[Application]] = Finds(
    Application,
    build=lambda wanted: wanted.where(_APPLICATION["person_id"] == bindparam("person_id")).order_by(
        _APPLICATION["id"].desc()
    ),
)

_HELD = (
    columns(func.count())
    .where(_APPLICATION["intake_id"] == _INTAKE["id"])
    .where(or_(*(_APPLICATION["state"] == state for state in SEATED)))
    .scalar_subquery()
)
_SEATS = Compiled(
    lambda _: columns(_INTAKE["capacity"], _HELD).where(_INTAKE["id"] == bindparam("intake_id"))
)


class TooLate(Exception):
    """The intake takes no applications: its deadline has passed, it is closed, or it was called off."""


@dataclass(frozen=True, slots=True)
class Filing:
    """An application as it was filled in.

    Args:
        person_id: who wants to learn.
        contact_id: who filled it in.
        intake_id: for which run of a course.
        role: what the contact is to the person.
        by_person: whether the person filled it in themselves, so that nobody has to ask them.
        answers: all answers, by question name.
        needs: codes of the support asked for -> how it is done best, "" when nothing was said.
        revision: which form was filled in.
        channel: web, telegram, terminal, phone or desk.
        staff_id: who of staff wrote it down for the person; None for what people fill in themselves.

    """

    person_id: int
    contact_id: int
    intake_id: int
    role: Role
    by_person: bool
    answers: Mapping[str, Any]
    needs: Mapping[str, str]
    revision: str
    channel: str
    staff_id: int | None = None

    @property
    def actor(self) -> str:
        """Who did it, as events write it."""
        return f"contact:{self.contact_id}" if self.staff_id is None else f"staff:{self.staff_id}"


def file_application(session: Session, filing: Filing, now: datetime) -> Application:
    """File an application, or change the one this person has for this intake.

    A new one waits for the person's own word unless the person filled it in; a changed one stays where it is,
    and goes on when the person has now filled it in themselves.

    Args:
        session: a writing session.
        filing: what was filled in.
        now: in the service's zone: its date decides about the deadline.

    Raises:
        TooLate: nothing was filed.
        TryAgain: somebody else filed it at the same moment.

    """
    from storage.applications import ordering

    application = live_application(session, filing.person_id, filing.intake_id)
    actor = filing.actor
    if application is None:
        if not is_taking(session.get(Intake, filing.intake_id), now.date()):
            raise TooLate
        number = next_number(session, f"application:{now.year}")
        application = Application(
            number=f"{now.year}-{number:04d}",
            person_id=filing.person_id,
            contact_id=filing.contact_id,
            intake_id=filing.intake_id,
            applicant_role=filing.role,
            state=ApplicationState.AWAITING_ASSENT,
            flow_revision=filing.revision,
            submitted_at=now,
            changed_at=now,
            channel=Channel(filing.channel),
            staff_id=filing.staff_id,
        )
        session.add(application)
        try:
            session.flush()
        except IntegrityError as filed_meanwhile:
            raise TryAgain from filed_meanwhile
        log_event(session, application.id, "filed", actor, now)
    elif dict(filing.answers) != application.answers:
        log_event(session, application.id, "changed", actor, now)
    application.answers = dict(filing.answers)
    ordering.rank(session, application)
    application.flow_revision = filing.revision
    application.changed_at = now
    if filing.by_person and application.state is ApplicationState.AWAITING_ASSENT:
        application.state = ApplicationState.SUBMITTED
        log_event(session, application.id, "submitted", actor, now)
    session.add(application)
    set_needs(session, application, filing.needs)
    session.flush()
    return application


def is_taking(intake: Intake | None, today: date) -> bool:
    """Say whether an intake takes applications today; its last day counts, a full one has a waiting list."""
    if intake is None:
        return False
    deadline = intake.registration_deadline
    status = status_on(
        today, intake.status, start=intake.start_date, end=intake.end_date, deadline=deadline, seats_left=1
    )
    return status in TAKING


def live_application(session: Session, person_id: int, intake_id: int) -> Application | None:
    """Give the application a person has for an intake and that was neither withdrawn nor declined."""
    wanted = select(Application).where(
        Application.person_id == person_id,
        Application.intake_id == intake_id,
        col(Application.state).not_in(LIVE_AGAIN),
    )
    return session.exec(wanted).one_or_none()


def set_needs(session: Session, application: Application, needs: Mapping[str, str]) -> bool:
    """Make these the needs: what staff have answered stays, the rest is replaced. Say if anything changed."""
    known = {need.code: need for need in needs_of(session, application.id)}
    before = {code: need.note or "" for code, need in known.items()}
    for code, need in known.items():
        if code not in needs and need.answer is NeedAnswer.OPEN:
            session.delete(need)
    for code, note in needs.items():
        need = known.get(code) or Need(application_id=application.id, code=code)
        need.note = note or None
        session.add(need)
    after = count_open_needs(session, application)
    return before != {need.code: need.note or "" for need in after}


def count_open_needs(session: Session, application: Application) -> list[Need]:
    """Write down how many needs have no answer, so that lists need not count; give all needs."""
    session.flush()
    needs = needs_of(session, application.id)
    application.open_needs = sum(need.answer is NeedAnswer.OPEN for need in needs)
    session.add(application)
    session.flush()
    return needs


def needs_of(session: Session, application_id: int) -> list[Need]:
    """Give the support an application asks for, in the order it was asked."""
    wanted = select(Need).where(Need.application_id == application_id).order_by(col(Need.id))
    return list(session.exec(wanted).all())


def withdraw(session: Session, application: Application, actor: str, now: datetime) -> None:
    """Take an application back; one that is over stays as it is."""
    from storage.afterwards import callback_plan

    if application.state in OVER:
        return
    application.state = ApplicationState.WITHDRAWN
    application.withdrawn_at = application.changed_at = now
    session.add(application)
    log_event(session, application.id, "withdrawn", actor, now)
    callback_plan.plan(session, application, now)


def correct_answers(
    session: Session, person_id: int, corrected: Mapping[str, Any], kind: str, actor: str, now: datetime
) -> None:
    """Write what the person corrected into their open applications too, and tell staff by an event."""
    for application in applications_of(session, [person_id]):
        if application.state not in OVER:
            application.answers = {**application.answers, **corrected}
            application.changed_at = now
            session.add(application)
            log_event(session, application.id, kind, actor, now, "、".join(corrected))


def flag_open(session: Session, person_id: int, kind: str, actor: str, now: datetime) -> None:
    """Leave an event for staff on every open application of a person."""
    for application in applications_of(session, [person_id]):
        if application.state not in OVER:
            log_event(session, application.id, kind, actor, now)


def log_event(
    session: Session, application_id: int, kind: str, actor: str, now: datetime, note: str | None = None
) -> None:
    """Keep what happened to an application, and who did it."""
    session.add(
        ApplicationEvent(application_id=application_id, kind=kind, actor=actor, at=now, note=note or None)
    )
    session.flush()


def events_of(session: Session, application_id: int) -> list[ApplicationEvent]:
    """Give what happened to an application, oldest first."""
    wanted = select(ApplicationEvent).where(ApplicationEvent.application_id == application_id)
    return list(session.exec(wanted.order_by(col(ApplicationEvent.id))).all())


def applications_of(session: Session, person_ids: Collection[int]) -> list[Application]:
    """Give all applications of some people, newest first."""
    filed = [each for number in set(person_ids) for (each,) in _OF_PERSON.all(session, person_id=number)]
    return sorted(filed, key=lambda each: each.id, reverse=True)


def course_of(session: Session, intake_id: int) -> tuple[Intake, Project]:
    """Give the intake and its project. Raises NoResultFound when there is none of that number."""
    wanted = select(Intake, Project).join(Project).where(Intake.id == intake_id)
    return session.exec(wanted).one()


def seats_taken(session: Session) -> dict[int, int]:
    """Give how many seats are promised, by intake."""
    wanted = select(Application.intake_id, func.count()).where(col(Application.state).in_(SEATED))
    return dict(session.exec(wanted.group_by(col(Application.intake_id))).all())


def seats_left(session: Session, intake_ids: Collection[int]) -> dict[int, int]:
    """Give, for each of these intakes, how many seats are not promised to anybody."""
    return {
        number: max(0, seats - taken)
        for number in intake_ids
        for seats, taken in _SEATS.run(session, intake_id=number)
    }


def clashing(session: Session, person_id: int, intake_id: int) -> list[tuple[Application, Intake, Project]]:
    """Give the person's other open applications whose dates overlap those of an intake."""
    filed = applications_of(session, [person_id])
    if not any(each.intake_id != intake_id and each.state not in OVER for each in filed):
        return []
    this = session.get_one(Intake, intake_id)
    wanted = (
        select(Application, Intake, Project)
        .join(Intake, col(Intake.id) == col(Application.intake_id))
        .join(Project, col(Project.project_id) == col(Intake.project_id))
        .where(Application.person_id == person_id, Application.intake_id != intake_id)
        .where(col(Application.state).not_in(OVER))
        .where(Intake.start_date <= this.end_date, Intake.end_date >= this.start_date)
    )
    return list(session.exec(wanted.order_by(col(Intake.start_date))).all())
