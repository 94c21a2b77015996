"""Whose notices are a member of staff's business, and whom they may write to at all; on pages and in chats alike."""

from datetime import datetime
from itertools import islice

from sqlmodel import Session, col, select

from bot.console.permissions import Reach, reach_of
from storage.catalogue.snapshot import Snapshot
from storage.notices import audience
from storage.notices.audience import Choice, Own
from storage.tables import Notice, Person, Staff, StaffRole

TRIED_ON = 3
"""Real people the words are filled in for before they are kept."""


def sees(member: Staff, writer: Staff) -> bool:
    """Say whether a member sees a notice: an admin every one, a clerk those of their own region's colleagues."""
    mine = member.id == writer.id or (bool(member.region) and member.region == writer.region)
    return member.role is StaffRole.ADMIN or mine


def seen_by(session: Session, number: int, member: Staff) -> Notice | None:
    """Give a notice by its number to whose business it is; None looks the same for all else."""
    notice = session.get(Notice, number)
    writer = session.get(Staff, notice.staff_id) if notice else None
    return notice if writer is not None and sees(member, writer) else None


def own_in(member: Staff, reach: Reach) -> Own | None:
    """Give whom a member may choose as recipients at all; None for everybody."""
    return None if reach.intakes is None else Own(member.region, reach.intakes)


def reached_by(member: Staff, catalogue: Snapshot) -> Own | None:
    """The same for a member who is at no page."""
    return own_in(member, reach_of(member, catalogue))


def some_names(session: Session, own: Own | None, now: datetime) -> list[str]:
    """Give the names of a few real recipients, for whom words are filled in before they are kept."""
    found = [each.person_id for each in islice(audience.people(session, Choice(), now, own), TRIED_ON)]
    names = session.exec(select(Person.name).where(col(Person.id).in_(found))).all()
    return [name for name in names if name]
