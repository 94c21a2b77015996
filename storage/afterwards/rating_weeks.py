"""When a member of staff is told how classes are rated: every Monday morning, as a reminder of their own."""

from datetime import datetime, time, timedelta

from sqlmodel import Session, select

from storage.tables import Reminder, Staff

WEEKLY = "weekly_ratings"
"""The kind of the reminder."""

AT = time(9)


def next_monday(now: datetime) -> datetime:
    """Give the next Monday at nine, in the zone of `now`."""
    monday = now.date() + timedelta(days=-now.weekday() % 7)
    at = datetime.combine(monday, AT, now.tzinfo)
    return at if at > now else at + timedelta(days=7)


def watch(session: Session, member: Staff, now: datetime) -> None:
    """Keep the reminder of a member whose chat was just linked; the first one stays what it is."""
    key = f"{WEEKLY}:{member.id}"
    if session.exec(select(Reminder.id).where(Reminder.key == key)).first() is None:
        about = {"staff": member.id}
        session.add(Reminder(kind=WEEKLY, about=about, due_at=next_monday(now), key=key, created_at=now))
        session.flush()
