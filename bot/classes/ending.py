"""Tells who finished a class without passing, so that nobody has to find it out by looking."""

from datetime import datetime

from sqlmodel import Session

from bot.classes.collecting import GONE
from bot.classes.offering import zone_of
from bot.reaching import DECIDED, phone, tell
from storage import reminders
from storage.classes import reminders as class_reminders
from storage.classes.endings import NOT_PASSED, PASSED
from storage.finding import get, get_one
from storage.rules.calendar import next_allowed
from storage.tables import Application, ApplicationState, Lane, Person, Reminder


def ring(session: Session, row: Reminder, now: datetime) -> None:
    """Tell somebody how it ended, unless that was put right; whom no chat reaches is phoned."""
    application = get(session, Application, int(row.about["application"]))
    if application is None or application.state is not ApplicationState.NOT_PASSED:
        reminders.drop(session, row, PASSED)
        return
    if get_one(session, Person, application.person_id).erased_at is not None:
        reminders.drop(session, row, GONE)
        return
    rings = tell(
        session,
        application,
        NOT_PASSED,
        {},
        key=row.key,
        now=now,
        due_at=next_allowed(now, zone_of(now)),
        where=class_reminders.wish_of(session, application.person_id).channel,
        lane=Lane.BULK,
    )
    if not rings:
        phone(session, application, DECIDED, now)
