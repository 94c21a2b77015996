"""Certificates to be collected: people are told that theirs is there, and those no chat reaches are phoned."""

from datetime import datetime

from sqlmodel import Session

from bot.classes.offering import zone_of
from bot.reaching import CERTIFICATE, phone, tell
from storage import reminders
from storage.classes import certificates
from storage.classes import reminders as class_reminders
from storage.classes.in_class import IN
from storage.finding import get, get_one
from storage.rules.calendar import next_allowed
from storage.tables import Application, Lane, Person, Reminder

GONE = "本人已删除信息"


def ring(session: Session, row: Reminder, now: datetime) -> None:
    """Tell somebody that their certificate is there, unless there is none any more; then once more."""
    application = get(session, Application, int(row.about["application"]))
    if (
        application is None
        or application.state not in IN
        or not certificates.is_ready(session, application.id)
    ):
        reminders.drop(session, row, certificates.NONE)
        return
    if get_one(session, Person, application.person_id).erased_at is not None:
        reminders.drop(session, row, GONE)
        return
    rings = tell(
        session,
        application,
        "certificate",
        {},
        key=f"{row.key}:{row.about['times']}",
        now=now,
        due_at=next_allowed(now, zone_of(now)),
        where=class_reminders.wish_of(session, application.person_id).channel,
        lane=Lane.BULK,
    )
    if not rings:
        phone(session, application, CERTIFICATE, now)
    certificates.tell_again(session, row, now)
