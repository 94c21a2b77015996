"""Who finished a class without passing: told of it, once, on the morning after it was written down."""

from datetime import datetime

from sqlmodel import Session

from storage.classes import next_morning
from storage.tables import Application, ApplicationState

NOT_PASSED = "not_passed"
"""The kind of reminder, and of its letter."""

PASSED = "后来通过了"


def watch(session: Session, application: Application, now: datetime) -> None:
    """Keep the one reminder true of an application in a class that is over.

    Args:
        session: a writing session.
        application: finished or not passed.
        now: in the service's zone.

    """
    row = next_morning.reminder_of(session, NOT_PASSED, application.id)
    if application.state is not ApplicationState.NOT_PASSED:
        next_morning.untell(session, row, PASSED)
    elif row is None or row.reason == PASSED:
        next_morning.tell(session, application, NOT_PASSED, now)
