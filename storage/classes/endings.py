"""Who finished a class without passing: told of it, once, on the morning after it was written down."""

from datetime import datetime, timedelta

from sqlmodel import Session

from storage import people
from storage.classes.certificates import AT
from storage.reminders import reminder_at
from storage.tables import Application, ApplicationState, Reminder, ReminderState

NOT_PASSED = "not_passed"
"""The kind of reminder, and of its letter."""

PASSED = "后来通过了"


def watch(session: Session, application: Application, now: datetime) -> None:
    """Keep the one reminder true of an application in a class that is over.

    The morning after, so that a slip of the pen is put right by then.

    Args:
        session: a writing session.
        application: finished or not passed.
        now: in the service's zone.

    """
    key = f"{NOT_PASSED}:{application.id}"
    row = reminder_at(session, key)
    if application.state is not ApplicationState.NOT_PASSED:
        if row is not None and row.state is ReminderState.DUE:
            row.state, row.reason = ReminderState.DROPPED, PASSED
            session.add(row)
        return
    if row is not None and row.reason != PASSED:
        return
    own = people.own_contacts(session, application.person_id, now)
    row = row or Reminder(
        kind=NOT_PASSED,
        contact_id=own[0] if own else application.contact_id,
        about={"application": application.id},
        due_at=now,
        key=key,
        created_at=now,
    )
    row.due_at = datetime.combine(now.date() + timedelta(days=1), AT, now.tzinfo)
    row.state, row.reason = ReminderState.DUE, ""
    session.add(row)
