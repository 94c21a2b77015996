"""What people say themselves to an application somebody else filled in for them."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from storage.consents import wording_version
from storage.enrolment import log_event
from storage.tables import Application, ApplicationState, Assent, AssentAnswer, AssentHow, Channel

UNDECIDED = (ApplicationState.SUBMITTED, ApplicationState.QUESTION, ApplicationState.WAITLISTED)
"""States from which a person's no leads back to waiting for them; later ones are for staff to untangle."""

EVENTS = {AssentAnswer.YES: "assented", AssentAnswer.NO: "not_wanted", AssentAnswer.UNSURE: "unsure"}


def record_assent(
    session: Session,
    application: Application,
    answer: AssentAnswer,
    *,
    wording: str,
    channel: str,
    actor: str,
    now: datetime,
    note: str = "",
) -> bool:
    """Keep the person's own answer, and let the application go on or stop. Say whether it is a new answer.

    The same answer given twice is kept once.
    """
    last = latest_assent(session, application.id)
    if last is not None and last.answer is answer and last.how is AssentHow.SELF:
        return False
    session.add(
        Assent(
            application_id=application.id,
            person_id=application.person_id,
            answer=answer,
            how=AssentHow.SELF,
            wording_version=wording_version(wording),
            channel=Channel(channel),
            at=now,
        )
    )
    log_event(session, application.id, EVENTS[answer], actor, now, note)
    if answer is AssentAnswer.YES and application.state is ApplicationState.AWAITING_ASSENT:
        application.state = ApplicationState.SUBMITTED
    elif answer is AssentAnswer.NO and application.state in UNDECIDED:
        application.state = ApplicationState.AWAITING_ASSENT
    application.changed_at = now
    session.add(application)
    session.flush()
    return True


def latest_assent(session: Session, application_id: int) -> Assent | None:
    """Give the last word on an application."""
    wanted = select(Assent).where(Assent.application_id == application_id)
    return session.exec(wanted.order_by(col(Assent.id).desc()).limit(1)).one_or_none()


def awaiting(session: Session, person_ids: Collection[int]) -> list[Application]:
    """Give the applications that wait for the word of these people."""
    wanted = select(Application).where(
        col(Application.person_id).in_(person_ids), Application.state == ApplicationState.AWAITING_ASSENT
    )
    return list(session.exec(wanted.order_by(col(Application.id))).all())
