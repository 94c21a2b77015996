"""Reminders of a job fair: the day before for who comes, moved with the fair, dropped with it; who comes is told of changes."""

import hashlib
from collections.abc import Collection
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select

from storage.catalogue.tables import Fair
from storage.classes import reminders as class_reminders
from storage.fairs.tables import FairSignup
from storage.reminders import reminder_at
from storage.tables import Reminder, ReminderState, SignupState

FAIR, CHANGED = "fair", "fair_changed"
"""Kinds of reminder: the day before; and, at once, that the fair moved or is called off."""

NOT_WANTED = class_reminders.NOT_WANTED
NOT_COMING = "不去招聘会了"
CALLED_OFF = "招聘会不办了"
BEGUN = "招聘会已经开始了"
TOLD_ALREADY = "报名的时候都告诉了"
"""Why somebody is not reminded."""

DIGITS = 12


def plan(session: Session, signup: FairSignup, now: datetime) -> None:
    """Keep the reminder of a sign-up true: the day before, at the hour the person likes.

    Who signs up later than that is told everything then, so nothing is made up for.

    Args:
        session: a writing session.
        signup: what somebody said.
        now: in the service's zone, in which the hours are.

    """
    fair = session.get_one(Fair, signup.fair_id)
    row = reminder_of(session, signup.id)
    due = due_at(session, fair, signup, now)
    comes = signup.state is SignupState.COMING and not fair.called_off
    if row is None:
        if comes:
            row = Reminder(
                kind=FAIR, contact_id=signup.contact_id, key=_key(signup.id), due_at=due, created_at=now
            )
            row.about = {"signup": signup.id, "as_of": as_of(fair)}
            if due <= now:
                _end(session, row, TOLD_ALREADY)
            session.add(row)
    elif row.reason != NOT_WANTED:
        row.about = {**row.about, "as_of": as_of(fair)}
        if comes and due > now and (row.due_at != due or row.state is not ReminderState.DUE):
            row.due_at, row.state, row.reason = due, ReminderState.DUE, ""
            row.version_of += 1
        elif not comes:
            _end(session, row, CALLED_OFF if fair.called_off else NOT_COMING)
        session.add(row)
    session.flush()


def follow(session: Session, fair_ids: Collection[str], now: datetime) -> None:
    """Let reminders follow fairs that may have changed; who comes is told of another day, hour or place, or of none.

    Nothing is done twice: what each was told of is kept, so it may be called whenever a fair was written.
    """
    wanted = select(FairSignup, Fair).join(Fair, col(Fair.fair_id) == col(FairSignup.fair_id))
    wanted = wanted.where(col(FairSignup.fair_id).in_(fair_ids), FairSignup.state == SignupState.COMING)
    for signup, fair in session.exec(wanted.order_by(col(FairSignup.id))).all():
        row = reminder_of(session, signup.id)
        if row is None or row.about.get("as_of") == as_of(fair) or fair.end_date < now.date():
            continue
        plan(session, signup, now)
        row.about = {**row.about, "times": int(row.about.get("times", 0)) + 1}
        told = Reminder(kind=CHANGED, contact_id=signup.contact_id, due_at=now, created_at=now)
        told.key = f"{CHANGED}:{signup.id}:{row.about['times']}"
        told.about = {"signup": signup.id, "as_of": as_of(fair)}
        session.add_all((row, told))
    session.flush()


def stop(session: Session, signup: FairSignup) -> None:
    """Remind nobody of this fair any more: they do not want it."""
    row = reminder_of(session, signup.id)
    if row is not None:
        _end(session, row, NOT_WANTED)
        session.flush()


def reminder_of(session: Session, signup_id: int) -> Reminder | None:
    """Give the reminder of one sign-up, sent or not."""
    return reminder_at(session, _key(signup_id))


def due_at(session: Session, fair: Fair, signup: FairSignup, now: datetime) -> datetime:
    """Give when somebody is reminded of a fair: the day before it begins."""
    hour = class_reminders.wish_of(session, signup.person_id).hour
    at = time(hour if hour in class_reminders.HOURS else class_reminders.TEN)
    return datetime.combine(fair.start_date - timedelta(days=1), at, now.tzinfo)


def as_of(fair: Fair) -> str:
    """Name what somebody was told of when and where a fair is: another name when it moved or is called off."""
    told = (fair.start_date, fair.end_date, fair.start_time, fair.end_time, fair.address, fair.called_off)
    return hashlib.sha256("|".join(map(str, told)).encode()).hexdigest()[:DIGITS]


def _end(session: Session, row: Reminder, reason: str) -> None:
    row.reason = reason
    if row.state is ReminderState.DUE:
        row.state = ReminderState.DROPPED
    session.add(row)


def _key(signup_id: int) -> str:
    return f"{FAIR}:{signup_id}"
