"""Tells staff in their chats that somebody has applied: gathered, so that many applications are one message."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from bot.console.permissions import Act, may, reach_of
from storage import outbox
from storage.catalogue.shelf import Shelf
from storage.staff.chats import told_in_chats
from storage.staff.staff import all_staff
from storage.tables import Application, ApplicationState, Outbox, Staff, StaffRole

KIND = "new_applications"

REST = timedelta(hours=2)
"""How long a member is left alone after a message: what comes in meanwhile is told of in the next one."""

MOST = 50
"""Applications of one message whose state is looked at once more when it is sent."""


def tell_staff(session: Session, application: Application, shelf: Shelf, now: datetime) -> None:
    """Promise the members who are responsible a word, each of them one for everything that has come in by then.

    Args:
        session: the session in which it was filed.
        application: nothing is told of one that does not wait for staff.
        shelf: its catalogue says who ordered the class, and so who is responsible; looked at only where somebody is told.
        now: the moment.

    """
    if application.state is ApplicationState.SUBMITTED:
        for member in responsible(session, application.intake_id, shelf):
            if member.id != application.staff_id:  # who wrote it down knows of it
                _gather(session, member, application, now)


def responsible(session: Session, intake_id: int, shelf: Shelf) -> Sequence[Staff]:
    """Give whom to tell of a class: the clerks of the place; where a class is nobody's, the admins."""
    told = [each for each in told_in_chats(session) if may(each, Act.DECIDE)]
    if not told:
        return ()

    def answers_for(member: Staff) -> bool:
        is_clerk = member.role is not StaffRole.ADMIN and may(member, Act.DECIDE)
        return is_clerk and reach_of(member, shelf.current).holds(intake_id)

    clerks = [each for each in told if answers_for(each)]
    if clerks or any(each.revoked_at is None and answers_for(each) for each in all_staff(session)):
        return clerks
    return [each for each in told if each.role is StaffRole.ADMIN]


def _gather(session: Session, member: Staff, application: Application, now: datetime) -> None:
    # One after the other: of two at once, the second finds the first one's message.
    session.exec(select(Staff.id).where(Staff.id == member.id).with_for_update()).one()
    mine = select(Outbox).where(Outbox.kind == KIND, Outbox.contact_id == member.contact_id)
    waits = mine.where(col(Outbox.sent_at).is_(None), col(Outbox.dropped_at).is_(None)).where(
        or_(col(Outbox.claimed_until).is_(None), col(Outbox.claimed_until) <= now)
    )
    row = session.exec(waits.order_by(col(Outbox.id).desc()).limit(1).with_for_update()).first()
    if row is not None:
        known = row.payload["applications"]
        if application.id not in known:
            more = [*known, application.id][:MOST]
            row.payload = {**row.payload, "count": row.payload["count"] + 1, "applications": more}
            session.add(row)
        return
    sent = mine.where(col(Outbox.sent_at).is_not(None)).order_by(col(Outbox.id).desc()).limit(1)
    last = session.exec(sent).first()
    due = now if last is None or last.sent_at is None else max(now, last.sent_at + REST)
    payload = {"staff": member.id, "first": application.id, "count": 1, "applications": [application.id]}
    if member.contact_id is not None:
        key = f"new:{member.id}:{application.id}:{now.isoformat()}"
        outbox.promise(session, member.contact_id, KIND, payload, now=now, key=key, due_at=due)
