"""Certificates waiting to be collected: who is told, once and once more, until they say that they have it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, select

from storage.applications.enrolment import course_of, log_event
from storage.classes import next_morning
from storage.classes.parts import NO_CERTIFICATE
from storage.classes.tables import Result
from storage.tables import Application, Reminder, ReminderState

CERTIFICATE = "certificate"

ONCE_MORE = timedelta(days=14)
"""How long after the first word somebody who has not said that they have it is told once more."""

SAID: Mapping[str, str] = {
    "got": "certificate_got",
    "later": "certificate_later",
    "no": "certificate_cannot",
    "stop": "certificate_stop",
}
"""What somebody says to it, as the events of an application write it."""

NONE = "没有证书可以拿"
SETTLED: Mapping[str, str] = {
    "got": "本人说拿到了",
    "no": "本人说去不了，改打电话",
    "stop": "本人不要提醒",
}
"""An answer after which nobody is told once more -> why not."""


def watch(session: Session, application: Application, result: Result, now: datetime) -> None:
    """Keep the one reminder of a certificate true: of who passed and whose certificate has its number.

    Args:
        session: a writing session.
        application: whose result it is.
        result: as it was just written down.
        now: in the service's zone.

    """
    row = reminder_of(session, application.id)
    if not (result.passed and result.certificate_no):
        next_morning.untell(session, row, NONE)
        return
    _, project = course_of(session, application.intake_id)
    if (row is not None and row.reason != NONE) or project.certificate_type in NO_CERTIFICATE:
        return
    next_morning.tell(session, application, CERTIFICATE, now, times=0)


def reminder_of(session: Session, application_id: int) -> Reminder | None:
    """Give the reminder of a certificate, told or not."""
    return next_morning.reminder_of(session, CERTIFICATE, application_id)


def is_ready(session: Session, application_id: int) -> bool:
    """Whether there is a certificate to collect."""
    result = session.exec(select(Result).where(Result.application_id == application_id)).one_or_none()
    return result is not None and result.passed and bool(result.certificate_no)


def tell_again(session: Session, row: Reminder, now: datetime) -> None:
    """After the first time, tell of it once more; then no more."""
    if row.about["times"]:
        row.state = ReminderState.SENT
    else:
        row.due_at, row.state = max(row.due_at, now) + ONCE_MORE, ReminderState.DUE
    row.about = {**row.about, "times": row.about["times"] + 1}
    session.add(row)
    session.flush()


def keep_answer(session: Session, application: Application, said: str, actor: str, now: datetime) -> bool:
    """Keep what somebody says of their certificate; say whether that is new."""
    row = reminder_of(session, application.id)
    if row is None or row.about.get("said") == said:
        return False
    row.about = {**row.about, "said": said}
    if said in SETTLED and row.state is ReminderState.DUE:
        row.state, row.reason = ReminderState.DROPPED, SETTLED[said]
    session.add(row)
    log_event(session, application.id, SAID[said], actor, now)
    return True


def said_of(session: Session, application_id: int) -> str:
    """Give what somebody said of their certificate last; "" for nothing."""
    row = reminder_of(session, application_id)
    return "" if row is None else str(row.about.get("said", ""))
