"""Reminders of a class, a row each: as far ahead as the person wants, moved with the class, dropped with the seat."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo

from sqlmodel import Session, col, select

from storage import people
from storage.catalogue.tables import Intake
from storage.enrolment import log_event
from storage.tables import Application, ApplicationState, Coming, Reminder, ReminderState, ReminderWish

CLASS = "class"

BEFORE = (7, 1)
"""Days before the class on which who said nothing is reminded."""

DAYS = (7, 3, 1, 0)
"""Days before the class on which somebody can be reminded; all of them are four, and no more (access.md R23)."""

EARLIEST, TEN = 8, 10

HOURS = (EARLIEST, TEN, 15, 19)
"""Hours at which somebody can be reminded, outside the quiet ones."""

SAID: Mapping[Coming, str] = {
    Coming.YES: "comes",
    Coming.NO: "comes_not",
    Coming.OTHER: "wants_other_time",
}
"""What somebody says to a reminder, as the events of an application write it."""

NOT_WANTED = "本人不要提醒"
MOVED = "课改了时间，已经另外告诉"
NO_SEAT = "已经没有名额了"


def wish_of(session: Session, person_id: int) -> ReminderWish:
    """Give how somebody wants to be reminded."""
    return session.get(ReminderWish, person_id) or ReminderWish(person_id=person_id, days=list(BEFORE))


def keep_wish(session: Session, wish: ReminderWish, now: datetime) -> None:
    """Keep how somebody wants to be reminded, and plan the reminders of their classes anew."""
    session.merge(wish)
    session.flush()
    wanted = select(Application).where(
        Application.person_id == wish.person_id, Application.state == ApplicationState.ACCEPTED
    )
    for application in session.exec(wanted.order_by(col(Application.id))).all():
        plan(session, application, now)


def plan(session: Session, application: Application, now: datetime) -> None:
    """Keep the reminders of an application true: of a seat, at the class's own date, as the person wants them.

    A reminder whose moment has passed already is not made up for: whoever takes a seat on the eve is told of the
    place then, and who is told that the class moved is told where to.

    Args:
        session: a writing session.
        application: accepted, or not any more.
        now: in the service's zone, in which the mornings are.

    """
    rows = {_days(row): row for row in reminders_of(session, application.id)}
    if any(row.reason == NOT_WANTED for row in rows.values()):
        return
    wanted = _wanted(session, application, now)
    for days, row in rows.items():
        due = wanted.pop(days, None)
        if due is not None and due > now:
            _move(session, row, due)
        elif row.state is ReminderState.DUE:
            _end(session, row, MOVED if due is not None else NO_SEAT)
    contact_id = _heard_by(session, application, now)
    if contact_id is not None:
        for days, due in wanted.items():
            if due > now:
                session.add(_row(application, contact_id, days, due, now))
    session.flush()


def move(session: Session, application: Application, now: datetime) -> None:
    """Let the reminders follow a class that moved; what was said of coming was said of another day."""
    application.coming = None
    session.add(application)
    plan(session, application, now)


def stop(session: Session, application: Application) -> None:
    """Remind nobody of this class any more: they do not want it."""
    for row in reminders_of(session, application.id):
        _end(session, row, NOT_WANTED)
    session.flush()


def reminders_of(session: Session, application_id: int) -> Sequence[Reminder]:
    """Give the reminders of one application's class, sent or not, the earliest first."""
    keys = [_key(application_id, days) for days in DAYS]
    wanted = select(Reminder).where(col(Reminder.key).in_(keys)).order_by(col(Reminder.due_at))
    return session.exec(wanted).all()


def keep_answer(
    session: Session, application: Application, coming: Coming, actor: str, now: datetime
) -> bool:
    """Keep whether somebody says they come; say whether that is new. Their seat stays theirs: staff decide."""
    if application.coming is coming:
        return False
    application.coming = coming
    session.add(application)
    log_event(session, application.id, SAID[coming], actor, now)
    return True


def begins_at(intake: Intake, zone: tzinfo | None) -> datetime:
    """Give when the first hour is, or when the first day begins where nobody wrote the hour."""
    return datetime.combine(intake.start_date, intake.class_start_time or time(EARLIEST), zone)


def is_overtaken(session: Session, row: Reminder, now: datetime) -> bool:
    """Whether a nearer reminder of the same class is due as well, as after an outage."""
    others = reminders_of(session, int(row.about["application"]))
    return any(_days(each) < _days(row) and each.due_at <= now for each in others)


def _wanted(session: Session, application: Application, now: datetime) -> dict[int, datetime]:
    """Give days before -> when it is due."""
    intake = session.get_one(Intake, application.intake_id)
    if application.state is not ApplicationState.ACCEPTED:
        return {}
    wish = wish_of(session, application.person_id)
    at = time(wish.hour if wish.hour in HOURS else TEN)
    return {days: _at(intake, days, at, now.tzinfo) for days in _days_of(wish.days)}


def _days_of(days: Collection[int]) -> list[int]:
    return [each for each in DAYS if each in days]


def _at(intake: Intake, days: int, at: time, zone: tzinfo | None) -> datetime:
    """Give when it is due; on the day itself it is the earliest hour, whatever hour was wished."""
    day = intake.start_date - timedelta(days=days)
    return datetime.combine(day, at if days else time(EARLIEST), zone)


def _heard_by(session: Session, application: Application, now: datetime) -> int | None:
    """Give on whose account the row stands; whom to tell is decided when it is due."""
    own = people.own_contacts(session, application.person_id, now)
    return own[0] if own else application.contact_id


def _row(application: Application, contact_id: int, days: int, due: datetime, now: datetime) -> Reminder:
    return Reminder(
        kind=CLASS,
        contact_id=contact_id,
        about={"application": application.id, "days": days},
        due_at=due,
        key=_key(application.id, days),
        created_at=now,
    )


def _move(session: Session, row: Reminder, due: datetime) -> None:
    if row.due_at != due or row.state is not ReminderState.DUE:
        row.due_at, row.state, row.reason = due, ReminderState.DUE, ""
        row.version_of += 1
        session.add(row)


def _end(session: Session, row: Reminder, reason: str) -> None:
    row.reason = reason
    if row.state is ReminderState.DUE:
        row.state = ReminderState.DROPPED
    session.add(row)


def _days(row: Reminder) -> int:
    return int(row.about["days"])


def _key(application_id: int, days: int) -> str:
    return f"class:{application_id}:{days}"
