"""Who is told of positions that may suit them, by a letter: after a class, and after a call-back without work."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlmodel import Session, select

from storage.tables import Application, ApplicationState, CallbackKind, Reminder
from storage.tickets.tables import Callback

POSITIONS = "positions"

AT = time(10)
"""The hour after a class: on the day after it was finished, so that a slip of the pen is put right by then."""

WITHOUT_WORK = (CallbackKind.T30, CallbackKind.T90)
"""Call-backs that ask whether somebody works."""


def after_class(session: Session, application: Application, now: datetime) -> None:
    """Have somebody who finished a class told of positions the next morning, once for each class."""
    if application.state is ApplicationState.FINISHED:
        due = datetime.combine(now.date() + timedelta(days=1), AT, now.tzinfo)
        _add(session, f"{POSITIONS}:class:{application.id}", application.person_id, application.id, due, now)


def after_answers(session: Session, callback: Callback, answers: Mapping[str, object], now: datetime) -> None:
    """Have somebody told of positions who says that they have no work and does not say that they want none."""
    looks = answers.get("employed") == "no" and answers.get("want_job") != "no"
    if callback.kind in WITHOUT_WORK and looks:
        _add(
            session,
            f"{POSITIONS}:callback:{callback.id}",
            callback.person_id,
            callback.application_id,
            now,
            now,
        )


def _add(
    session: Session, key: str, person_id: int, application_id: int | None, due: datetime, now: datetime
) -> None:
    if session.exec(select(Reminder.id).where(Reminder.key == key)).first() is None:
        about = {"person": person_id, "application": application_id}
        row = Reminder(kind=POSITIONS, about=about, key=key, due_at=due, created_at=now)
        session.add(row)
        session.flush()
