"""What was written down of somebody's class is told the morning after: a slip of the pen is put right by then."""

from datetime import datetime, time, timedelta

from sqlmodel import Session

from storage import people
from storage.reminders import reminder_at
from storage.tables import Application, Reminder, ReminderState

AT = time(10)
"""The hour people are told."""


def reminder_of(session: Session, kind: str, application_id: int) -> Reminder | None:
    """Give the one reminder of a kind that an application has, told or not."""
    return reminder_at(session, f"{kind}:{application_id}")


def tell(session: Session, application: Application, kind: str, now: datetime, **about: int) -> None:
    """Have the person told the morning after.

    Args:
        session: a writing session.
        application: what it is about.
        kind: of the reminder; an application has one of each.
        now: in the service's zone.
        about: what a new reminder keeps besides.

    """
    own = people.own_contacts(session, application.person_id, now)
    row = reminder_of(session, kind, application.id) or Reminder(
        kind=kind,
        contact_id=own[0] if own else application.contact_id,
        about={"application": application.id, **about},
        due_at=now,
        key=f"{kind}:{application.id}",
        created_at=now,
    )
    row.due_at = datetime.combine(now.date() + timedelta(days=1), AT, now.tzinfo)
    row.state, row.reason = ReminderState.DUE, ""
    session.add(row)


def untell(session: Session, row: Reminder | None, why: str) -> None:
    """Let a word that was not said yet go unsaid."""
    if row is not None and row.state is ReminderState.DUE:
        row.state, row.reason = ReminderState.DROPPED, why
        session.add(row)
