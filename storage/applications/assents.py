"""What people say themselves to an application somebody else filled in, and the parents of minors to theirs."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from storage.applications.enrolment import applications_of, log_event
from storage.consents import wording_version
from storage.rules.eligibility import Applicant, years_old
from storage.tables import Application, ApplicationState, Assent, AssentAnswer, AssentHow, Channel, Role

UNDECIDED = (ApplicationState.SUBMITTED, ApplicationState.QUESTION, ApplicationState.WAITLISTED)
"""States from which a no leads back to waiting; later ones are for staff to untangle."""

ADULT = 18
"""From this age on, nobody else has to agree (access.md F12)."""


class Whose(StrEnum):
    """Whose word an application can wait for."""

    PERSON = "person"
    PARENT = "parent"


EVENTS = {
    (Whose.PERSON, AssentAnswer.YES): "assented",
    (Whose.PERSON, AssentAnswer.NO): "not_wanted",
    (Whose.PERSON, AssentAnswer.UNSURE): "unsure",
    (Whose.PARENT, AssentAnswer.YES): "parent_agreed",
    (Whose.PARENT, AssentAnswer.NO): "parent_refused",
    (Whose.PARENT, AssentAnswer.UNSURE): "parent_unsure",
}

WAITS_FOR_PARENT = "waits_for_parent"
"""The event that tells staff that a minor's parent has not agreed yet."""


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
    whose: Whose = Whose.PERSON,
    shown: str = "",
) -> bool:
    """Keep what the person or their parent says, and let the application go on or stop.

    Say whether it is a new answer: the same one given twice is kept once. `shown` is for a person who answered to
    staff: in words, by pictures, with a gesture, where and when, as staff saw it (access.md F4).
    """
    how = AssentHow.PARENT if whose is Whose.PARENT else AssentHow.SELF
    how = AssentHow.STAFF_RECORDED if shown else how
    last = latest_assent(session, application.id, whose)
    if last is not None and last.answer is answer and last.how is how:
        return False
    session.add(
        Assent(
            application_id=application.id,
            person_id=application.person_id,
            answer=answer,
            how=how,
            words=shown or None,
            wording_version=wording_version(wording),
            channel=Channel(channel),
            at=now,
        )
    )
    log_event(session, application.id, EVENTS[whose, answer], actor, now, note)
    application.changed_at = now
    if answer is AssentAnswer.NO and application.state in UNDECIDED:
        application.state = ApplicationState.AWAITING_ASSENT
    session.add(application)
    session.flush()
    settle(session, application, now)
    return True


def settle(session: Session, application: Application, now: datetime) -> None:
    """Let an application go on when every word is there, and wait again for a parent who has not agreed."""
    if application.state is ApplicationState.AWAITING_ASSENT and not missing(session, application, now):
        application.state = ApplicationState.SUBMITTED
    elif application.state in UNDECIDED and _lacks_parent(session, application, now):
        application.state = ApplicationState.AWAITING_ASSENT
    session.add(application)
    session.flush()


def missing(session: Session, application: Application, now: datetime) -> tuple[Whose, ...]:
    """Give whose word an application waits for; nobody's when it is not waiting for one."""
    if application.state is not ApplicationState.AWAITING_ASSENT:
        return ()
    lacks_own = () if _agreed(session, application, Whose.PERSON) else (Whose.PERSON,)
    return (*lacks_own, *((Whose.PARENT,) if _lacks_parent(session, application, now) else ()))


def needs_parent(application: Application, now: datetime) -> bool:
    """Say whether a parent has to agree: the person was under 18 on the day of applying, in the zone of `now`."""
    day = (application.submitted_at or now).astimezone(now.tzinfo).date()
    return is_minor(application.answers, day)


def is_minor(answers: Mapping[str, Any], today: date) -> bool:
    """Say whether answers tell, by the certificate or the age, that the one who would learn is under 18."""
    number, age = answers.get("cert_no"), answers.get("age")
    birth = Applicant(certificate=number).birth if isinstance(number, str) else None
    if birth is not None:
        return years_old(birth, today) < ADULT
    return isinstance(age, int) and age < ADULT


def latest_assent(session: Session, application_id: int, whose: Whose = Whose.PERSON) -> Assent | None:
    """Give the last word of the person, or of their parent, on an application."""
    is_parents = col(Assent.how) == AssentHow.PARENT
    wanted = select(Assent).where(
        Assent.application_id == application_id, is_parents if whose is Whose.PARENT else ~is_parents
    )
    return session.exec(wanted.order_by(col(Assent.id).desc()).limit(1)).one_or_none()


def awaiting(session: Session, person_ids: Collection[int], now: datetime) -> list[Application]:
    """Give the applications that wait for the word of these people themselves."""
    filed = reversed(applications_of(session, person_ids))
    waiting = [each for each in filed if each.state is ApplicationState.AWAITING_ASSENT]
    return [each for each in waiting if Whose.PERSON in missing(session, each, now)]


def _lacks_parent(session: Session, application: Application, now: datetime) -> bool:
    return needs_parent(application, now) and not _agreed(session, application, Whose.PARENT)


def _agreed(session: Session, application: Application, whose: Whose) -> bool:
    last = latest_assent(session, application.id, whose)
    if last is None:  # who applied for themselves has said what they want by that
        return whose is Whose.PERSON and application.applicant_role is Role.SELF
    return last.answer is AssentAnswer.YES
