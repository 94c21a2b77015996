"""Tells members of staff in their chats what has to be done by a day: a ticket, or needs before a class begins."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerting import responsible
from bot.classes.offering import zone_of
from dialogs.model import Json
from storage import outbox, reminders
from storage.catalogue.shelf import Shelf
from storage.catalogue.tables import Intake
from storage.rules.calendar import next_allowed
from storage.staff import deadlines
from storage.staff.chats import told_in_chats
from storage.tables import Lane, Reminder, ReminderState, Staff, StaffRole
from storage.tickets.tables import Ticket

ANSWERED = "已经回过话了"
NO_NEEDS = "需要都答了"
BEGUN = "课已经开始了"
NOBODY = "没有连上聊天的人"


def tell_of_ticket(session: Session, row: Reminder, now: datetime) -> None:
    """Tell who sees to a ticket that it is due soon; one that nobody has taken, the admins."""
    ticket = session.get(Ticket, int(row.about["ticket"]))
    if ticket is None or ticket.state not in deadlines.WAITING:
        reminders.drop(session, row, ANSWERED)
        return
    chats = told_in_chats(session)
    owner = [each for each in chats if each.id == ticket.staff_id]
    told = owner if ticket.staff_id is not None else [each for each in chats if each.role is StaffRole.ADMIN]
    due = ticket.due_at.astimezone(zone_of(now))
    payload: dict[str, Json] = {"ticket": ticket.id, "number": ticket.number, "until": due.isoformat()}
    _promise(session, row, told, "ticket_due", payload, now)


def tell_of_needs(session: Session, row: Reminder, now: datetime, shelf: Shelf) -> None:
    """Tell who is responsible for a class how many in it wait for an answer to their needs; then look again."""
    intake = session.get(Intake, int(row.about["intake"]))
    waiting = [] if intake is None else deadlines.with_open_needs(session, intake.id or 0)
    again = None if intake is None else deadlines.next_look(intake, now)
    if intake is not None and waiting and now.date() < intake.start_date:
        payload: dict[str, Json] = {
            "intake": intake.id,
            "first": waiting[0].id,
            "count": len(waiting),
            "starts": intake.start_date.isoformat(),
        }
        _promise(session, row, responsible(session, intake.id or 0, shelf), "needs_due", payload, now)
    else:
        reminders.drop(session, row, BEGUN if waiting else NO_NEEDS)
    if again is not None:
        reminders.look_again(session, row, again)


def _promise(
    session: Session,
    row: Reminder,
    told: Sequence[Staff],
    kind: str,
    payload: Mapping[str, Json],
    now: datetime,
) -> None:
    if not told:
        reminders.drop(session, row, NOBODY)
        return
    due_at = next_allowed(now, zone_of(now))
    for member in told:
        if member.contact_id is not None:
            outbox.promise(
                session,
                member.contact_id,
                kind,
                {**payload, "staff": member.id},
                now=now,
                due_at=due_at,
                key=f"{row.key}:{row.due_at.isoformat()}:{member.id}",
                lane=Lane.BULK,
            )
    row.state = ReminderState.SENT
    session.add(row)
    session.flush()
