"""Reminds of a class whoever has a seat in it, each time judged anew; whom no chat reaches is phoned on the eve."""

from datetime import datetime

from sqlmodel import Session

from bot.offering import zone_of
from bot.reaching import CLASS, phone, tell, tell_helpers
from dialogs.model import Json
from storage import class_reminders, reminders
from storage.catalogue.tables import Intake
from storage.rules.calendar import next_allowed
from storage.tables import Application, ApplicationState, Reminder, ReminderState

BEGUN = "课已经开始了"
NEARER = "后面还有一次提醒，一起到时间了"


def ring(session: Session, row: Reminder, now: datetime) -> None:
    """Tell of the class, unless that lost its point; an overdue one waits for the morning (law 5)."""
    application = session.get(Application, int(row.about["application"]))
    if application is None or application.state is not ApplicationState.ACCEPTED:
        reminders.drop(session, row, class_reminders.NO_SEAT)
        return
    intake = session.get_one(Intake, application.intake_id)
    zone = zone_of(now)
    begins = class_reminders.begins_at(intake, zone)
    if now >= begins:
        reminders.drop(session, row, BEGUN)
        return
    if class_reminders.is_overtaken(session, row, now):
        reminders.drop(session, row, NEARER)
        return
    more: dict[str, Json] = {
        "starts": intake.start_date.isoformat(),
        "reminder": row.id,
        "version": row.version_of,
    }
    key, due_at = f"{row.key}:{row.version_of}", next_allowed(now, zone)
    rings = tell(
        session, application, "class_reminder", more, key=key, now=now, due_at=due_at, not_after=begins
    )
    if class_reminders.wish_of(session, application.person_id).helpers_too:
        tell_helpers(
            session, application, "class_of_other", more, key=key, now=now, due_at=due_at, not_after=begins
        )
    if not rings and row.about["days"] == 1:
        phone(session, application, CLASS, now, about=row.id, by=begins)
    row.state = ReminderState.SENT
    session.add(row)
    session.flush()
