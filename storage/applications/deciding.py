"""What staff decide about an application: whole or not at all, and never over what happened meanwhile.

A decision names the last event its page showed. When something happened since, nothing is changed and the
events are given back, so that whoever decides reads them first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from storage.afterwards import callback_plan
from storage.applications import enrolment
from storage.applications.enrolment import log_event
from storage.applications.tables import Offer, StaffQuestion
from storage.catalogue.tables import Intake
from storage.classes import reminders as class_reminders
from storage.staff import deadlines
from storage.tables import (
    Application,
    ApplicationEvent,
    ApplicationState,
    Need,
    NeedAnswer,
    OfferState,
    Staff,
)

OPEN = (ApplicationState.SUBMITTED, ApplicationState.QUESTION, ApplicationState.WAITLISTED)
"""States in which a decision is waited for."""

DECIDABLE = (*OPEN, ApplicationState.OFFERED, ApplicationState.ACCEPTED, ApplicationState.DECLINED)
"""States in which staff may decide, or decide anew."""

OTHERS_ADD = frozenset({"seen", "secret_shown"})
"""Events that change nothing a decision rests on."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it is told to somebody whose transaction is undone."""

    kind: str
    actor: str
    at: datetime
    note: str


class Meanwhile(Exception):
    """Something happened to the application since the page was made."""

    def __init__(self, events: Sequence[Happened]) -> None:
        super().__init__(f"{len(events)} events since")
        self.events = events


class NoSeat(Exception):
    """Every seat of the intake is promised."""


class NotPossible(Exception):
    """The application is in a state in which this cannot be decided: withdrawn, or not yet the person's own wish."""

    def __init__(self, state: ApplicationState) -> None:
        super().__init__(state.value)
        self.state = state


def hold(session: Session, application_id: int, seen: int | None = None) -> Application:
    """Give an application that nobody else changes until this transaction ends.

    Args:
        session: a writing session.
        application_id: which one.
        seen: the number of the last event its reader has seen; None when that does not matter.

    Raises:
        Meanwhile: when something happened since.

    """
    wanted = select(Application).where(Application.id == application_id).with_for_update()
    application = session.exec(wanted.execution_options(populate_existing=True)).one()
    if seen is not None:
        since = [each for each in enrolment.events_of(session, application_id) if each.id > seen]
        if any(each.kind not in OTHERS_ADD for each in since):
            raise Meanwhile([Happened(each.kind, each.actor, each.at, each.note or "") for each in since])
    return application


def last_event(session: Session, application_id: int) -> int:
    """Give the number of the last thing that happened to an application; 0 for nothing."""
    wanted = select(func.max(ApplicationEvent.id)).where(ApplicationEvent.application_id == application_id)
    return session.exec(wanted).one() or 0


def accept(session: Session, application: Application, actor: str, now: datetime, note: str = "") -> None:
    """Give the person a seat.

    Raises:
        NoSeat: when there is none; nothing changes.
        NotPossible: when the application cannot be accepted.

    """
    _check(application)
    if application.state is ApplicationState.ACCEPTED:
        return
    if application.state is not ApplicationState.OFFERED:
        take_seat(session, application.intake_id)
    _close_offer(session, application, OfferState.TAKEN, now)
    _move(session, application, ApplicationState.ACCEPTED, actor, now, note)
    class_reminders.plan(session, application, now)
    deadlines.watch_class(session, session.get_one(Intake, application.intake_id), now)


def put_on_list(
    session: Session, application: Application, actor: str, now: datetime, note: str = ""
) -> None:
    """Put the person on the waiting list; a seat they had is free. Raises NotPossible."""
    _check(application)
    if application.state is ApplicationState.WAITLISTED:
        return
    _close_offer(session, application, OfferState.VOID, now)
    _move(session, application, ApplicationState.WAITLISTED, actor, now, note)


def decline(session: Session, application: Application, actor: str, now: datetime, reason: str) -> None:
    """Decline, with a reason the person is told.

    Raises:
        NotPossible: when the application cannot be declined.
        ValueError: without a reason.

    """
    if not reason.strip():
        raise ValueError("a person is told why")
    _check(application)
    if application.state is ApplicationState.DECLINED and application.state_reason == reason:
        return
    _close_offer(session, application, OfferState.VOID, now)
    _move(session, application, ApplicationState.DECLINED, actor, now, reason)


def ask(
    session: Session, application: Application, member: Staff, words: str, now: datetime
) -> StaffQuestion:
    """Ask the person something; the application waits for the answer, in its place where it stands in a line.

    Raises NotPossible.
    """
    if application.state not in OPEN:
        raise NotPossible(application.state)
    asked = StaffQuestion(application_id=application.id, staff_id=member.id, words=words, asked_at=now)
    session.add(asked)
    if application.state is ApplicationState.WAITLISTED:
        session.flush()
        log_event(session, application.id, ApplicationState.QUESTION.value, f"staff:{member.id}", now, words)
    else:
        _move(session, application, ApplicationState.QUESTION, f"staff:{member.id}", now, words)
    return asked


def open_questions(session: Session, application_id: int) -> list[StaffQuestion]:
    """Give what an application was asked and has not answered, oldest first."""
    wanted = select(StaffQuestion).where(
        StaffQuestion.application_id == application_id, col(StaffQuestion.answered_at).is_(None)
    )
    return list(session.exec(wanted.order_by(col(StaffQuestion.id))).all())


def questions_of(session: Session, application_id: int) -> list[StaffQuestion]:
    """Give everything an application was asked, oldest first."""
    wanted = select(StaffQuestion).where(StaffQuestion.application_id == application_id)
    return list(session.exec(wanted.order_by(col(StaffQuestion.id))).all())


def take_answer(session: Session, asked: StaffQuestion, words: str, actor: str, now: datetime) -> None:
    """Keep the answer to a question; when it was the last one open, staff look at the application again."""
    application = hold(session, asked.application_id)
    asked.answer, asked.answered_at = words, now
    session.add(asked)
    session.flush()
    log_event(session, application.id, "answered", actor, now, words)
    if application.state is ApplicationState.QUESTION and not open_questions(session, application.id):
        application.state, application.changed_at = ApplicationState.SUBMITTED, now
        session.add(application)
        session.flush()


def answer_need(
    session: Session, need: Need, answer: NeedAnswer, note: str, member: Staff, now: datetime
) -> bool:
    """Promise a support, decline it, or say that it is to be talked over. Say whether anything changed."""
    if (need.answer, need.answer_note or "") == (answer, note):
        return False
    need.answer, need.answer_note = answer, note or None
    need.answered_at, need.answered_by = now, f"staff:{member.id}"
    session.add(need)
    enrolment.count_open_needs(session, session.get_one(Application, need.application_id))
    log_event(
        session,
        need.application_id,
        "need_answered",
        f"staff:{member.id}",
        now,
        f"{need.code} {answer.value}",
    )
    return True


def take_seat(session: Session, intake_id: int) -> None:
    """Make sure that there is a seat, and that nobody else is given it before this transaction ends.

    Raises:
        NoSeat: when every seat is promised.

    """
    if free_seats(session, intake_id) < 1:
        raise NoSeat


def free_seats(session: Session, intake_id: int) -> int:
    """Give how many seats are promised to nobody, and hold the intake until this transaction ends."""
    session.exec(select(Intake.id).where(Intake.id == intake_id).with_for_update()).one()
    return enrolment.seats_left(session, [intake_id]).get(intake_id, 0)


def _check(application: Application) -> None:
    if application.state not in DECIDABLE:
        raise NotPossible(application.state)


def _move(
    session: Session, application: Application, state: ApplicationState, actor: str, now: datetime, note: str
) -> None:
    had_seat = application.state is ApplicationState.ACCEPTED
    application.state, application.changed_at = state, now
    if state is not ApplicationState.QUESTION:
        application.state_reason = note or None
    session.add(application)
    session.flush()
    log_event(session, application.id, state.value, actor, now, note)
    callback_plan.plan(session, application, now)
    if had_seat:
        class_reminders.plan(session, application, now)  # who has no seat any more waits for none


def _close_offer(session: Session, application: Application, state: OfferState, now: datetime) -> None:
    wanted = select(Offer).where(Offer.application_id == application.id, Offer.state == OfferState.OPEN)
    for offer in session.exec(wanted).all():
        offer.state, offer.ended_at = state, now
        session.add(offer)
    session.flush()
