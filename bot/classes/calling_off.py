"""A class is called off by a member of staff: everybody who applied is told why, and shown other courses of its kind."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.reaching import DECIDED, phone, settle_calls, tell
from storage.applications import deciding, enrolment
from storage.catalogue import codes
from storage.catalogue.ledger import one_at_a_time
from storage.classes import classes
from storage.staff.staff import note_access
from storage.tables import OVER, Application, ApplicationState, ClassStep, Person, Staff

REASON = codes.label("decline_reason", "course_off")
"""What a person reads first as the reason; the words of whoever called it off follow."""


def call_off(session: Session, intake_id: int, member: Staff, words: str, now: datetime) -> int:
    """Call a class off: every application is declined in the member's name, seats that are held are let go.

    Give how many people are told; 0 for a second click.

    Raises:
        StepRefused: for a class that is finished; nothing changes.

    """
    one_at_a_time(session)  # then applications, then the intake: in the order of everybody who holds both
    live = select(Application).where(Application.intake_id == intake_id, col(Application.state).not_in(OVER))
    live = live.order_by(col(Application.id)).with_for_update().execution_options(populate_existing=True)
    filed = session.exec(live).all()
    if not classes.take_step(session, intake_id, ClassStep.CALLED_OFF, member, now, words):
        return 0
    _, project = enrolment.course_of(session, intake_id)
    reason = "。".join(part for part in (REASON, words) if part)
    for application in filed:
        _decline(session, application, member, now, reason)
        note_access(session, member, "declined", "application", application.id, now, "class called off")
        settle_calls(session, application, now, decided=True)
        key = f"called_off:{application.id}"
        if not tell(session, application, "called_off", {"category": project.category}, key=key, now=now):
            phone(session, application, DECIDED, now)
    note_access(session, member, "called_off", "intake", intake_id, now, f"{len(filed)} people")
    return len(filed)


def affected(session: Session, intake_id: int) -> Sequence[tuple[Application, Person]]:
    """Give who would be told if the class were called off."""
    wanted = select(Application, Person).join(Person).where(Application.intake_id == intake_id)
    live = wanted.where(col(Application.state).not_in(OVER))
    return session.exec(live.order_by(col(Application.id))).all()


def _decline(session: Session, application: Application, member: Staff, now: datetime, reason: str) -> None:
    if application.state in deciding.DECIDABLE:
        deciding.decline(session, application, f"staff:{member.id}", now, reason)
        return
    # Nobody has to be asked any more whether they want to go to a class there is not.
    application.state, application.changed_at = ApplicationState.DECLINED, now
    application.state_reason = reason
    session.add(application)
    session.flush()
    enrolment.log_event(session, application.id, "declined", f"staff:{member.id}", now, reason)
