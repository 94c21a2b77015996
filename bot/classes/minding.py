"""Reminds of class whoever has a seat in it, each time judged anew; whom no chat reaches is phoned on the eve."""

from datetime import datetime

from sqlmodel import Session

from bot.classes.offering import zone_of
from bot.reaching import CLASS as CALL
from bot.reaching import phone, tell, tell_helpers
from dialogs.model import Json
from storage import reminders
from storage.classes import reminders as class_reminders
from storage.classes.parts import Part
from storage.classes.reminders import BLOCK, CLASS, EXAM
from storage.finding import get
from storage.rules.calendar import next_allowed
from storage.tables import Application, ApplicationState, Coming, Lane, Reminder

BEGUN = "课已经开始了"
NEARER = "后面还有一次提醒，一起到时间了"

LETTER = {CLASS: "class_reminder", BLOCK: "block_reminder", EXAM: "exam_reminder"}
"""Kind of reminder -> which letter the person gets."""

OF_OTHER = {CLASS: "class_of_other", BLOCK: "part_of_other", EXAM: "part_of_other"}
"""The same for who helps them."""


def ring(session: Session, row: Reminder, now: datetime) -> None:
    """Tell of the class, unless that lost its point; an overdue one waits for the morning (law 5)."""
    application = get(session, Application, int(row.about["application"]))
    if application is None or application.state is not ApplicationState.ACCEPTED:
        reminders.drop(session, row, class_reminders.NO_SEAT)
        return
    part = class_reminders.part_of(session, row, application)
    if part is None:
        reminders.drop(session, row, class_reminders.NO_PART)
    elif now >= part.begins_at(zone_of(now)):
        reminders.drop(session, row, BEGUN)
    elif class_reminders.is_overtaken(session, row, now):
        reminders.drop(session, row, NEARER)
    else:
        _tell(session, row, application, part, now)


def _tell(session: Session, row: Reminder, application: Application, part: Part, now: datetime) -> None:
    zone = zone_of(now)
    begins = part.begins_at(zone)
    more: dict[str, Json] = {
        "starts": part.starts.isoformat(),
        "mode": part.mode,
        "reminder": row.id,
        "version": row.version_of,
    }
    key, due_at = f"{row.key}:{row.version_of}", next_allowed(now, zone)
    wish = class_reminders.wish_of(session, application.person_id)
    if row.kind != CLASS and application.coming is Coming.YES:
        application.coming = None  # that was said of the part before
        session.add(application)
    rings = tell(
        session,
        application,
        LETTER[row.kind],
        more,
        key=key,
        now=now,
        due_at=due_at,
        not_after=begins,
        where=wish.channel,
        lane=Lane.BULK,
    )
    if wish.helpers_too:
        tell_helpers(
            session,
            application,
            OF_OTHER[row.kind],
            more,
            key=key,
            now=now,
            due_at=due_at,
            not_after=begins,
            lane=Lane.BULK,
        )
    if not rings and row.about.get("days", 1) == 1:
        phone(session, application, CALL, now, about=row.id, by=begins)
