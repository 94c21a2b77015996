"""What members of staff have to do by a day, as reminders: tickets to answer, and needs before a class begins."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from sqlmodel import Session, col, select

from storage.applications.enrolment import SEATED
from storage.catalogue.tables import Intake
from storage.rules.calendar import WorkDays
from storage.tables import Application, Reminder, ReminderState, TicketState
from storage.tickets.tables import Ticket

TICKET, NEEDS = "ticket_due", "needs_due"
"""Kinds of reminders."""

AT = time(9)
"""The hour at which staff are told of a day's deadlines."""

SHORT = timedelta(hours=2)
"""How long before its hour a ticket is told of that has to be answered on the day it came."""

AHEAD = (7, 3, 1)
"""Days before a class on which needs without an answer are told of; where nobody works, on the last day they do."""

WAITING = (TicketState.OPEN, TicketState.TAKEN)
"""States of a ticket whose owner has to do something."""


def watch_ticket(session: Session, ticket: Ticket, now: datetime) -> None:
    """Keep the reminder of a ticket at the last working morning before it is due, or as near as there is time for.

    Args:
        session: a writing session.
        ticket: just made, or opened again with another day.
        now: in the service's zone.

    """
    due = ticket.due_at.astimezone(now.tzinfo)
    moments = (
        _morning(_worked_before(due.date()), now.tzinfo),
        _morning(due.date(), now.tzinfo),
        due - SHORT,
    )
    at = next((each for each in moments if now < each < due), None)
    if at is not None:
        _keep(session, f"ticket:{ticket.id}", TICKET, {"ticket": ticket.id}, at, now)


def watch_class(session: Session, intake: Intake, now: datetime) -> None:
    """Keep the reminder of a class's needs at the next morning on which one is due, before the class begins."""
    at = next_look(intake, now)
    if at is not None:
        _keep(session, f"needs:{intake.id}", NEEDS, {"intake": intake.id}, at, now)


def next_look(intake: Intake, now: datetime) -> datetime | None:
    """Give the next morning on which a class's needs are told of; None when it is too late for one."""
    start = intake.start_date
    moments = (_morning(_worked(start - timedelta(days=ahead)), now.tzinfo) for ahead in AHEAD)
    return next((each for each in moments if each > now), None)


def with_open_needs(session: Session, intake_id: int) -> Sequence[Application]:
    """Give who has a seat in a class and waits for an answer to what they need, in the order they applied."""
    wanted = select(Application).where(
        Application.intake_id == intake_id, col(Application.state).in_(SEATED), Application.open_needs > 0
    )
    return session.exec(wanted.order_by(col(Application.id))).all()


def _keep(
    session: Session, key: str, kind: str, about: dict[str, int | None], at: datetime, now: datetime
) -> None:
    row = session.exec(select(Reminder).where(Reminder.key == key)).one_or_none()
    if row is None:
        session.add(Reminder(kind=kind, about=about, due_at=at, key=key, created_at=now))
    elif row.due_at != at:
        row.due_at, row.state, row.reason = at, ReminderState.DUE, ""
        row.version_of += 1
        session.add(row)
    session.flush()


def _worked(day: date) -> date:
    """Give the day itself, or the last working day before it."""
    days = WorkDays()
    while not days.is_worked(day):
        day -= timedelta(days=1)
    return day


def _worked_before(day: date) -> date:
    return _worked(day - timedelta(days=1))


def _morning(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, AT, zone)
