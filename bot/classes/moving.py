"""A class, or one session of it, moves: everybody with a seat is told once, and says whether they still come."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.reaching import CHANGED, phone, tell
from storage.catalogue.editing import edit_intake
from storage.catalogue.meeting import edit_meeting
from storage.classes import changes
from storage.classes.tables import Change
from storage.staff.staff import note_access
from storage.tables import Staff


def move_class(
    session: Session,
    intake_id: int,
    member: Staff,
    values: Mapping[str, object],
    *,
    note: str,
    now: datetime,
) -> int | None:
    """Give a class other days, hours or another place, and tell everybody with a seat.

    Give how many are asked whether they still come, None when nothing changed. Raises EditRefused.
    """
    number = edit_intake(session, intake_id, values, who=f"staff:{member.id}", now=now)
    if number is None:
        return None
    note_access(session, member, "moved", "intake", intake_id, now, f"version {number}")
    made = changes.note_moves(session, number, now, staff_id=member.id, note=note)
    return sum(_tell(session, change, now) for change in made)


def move_meeting(
    session: Session,
    meeting_id: int,
    member: Staff,
    values: Mapping[str, object],
    *,
    note: str,
    now: datetime,
) -> int | None:
    """Give one session another day, hours or place, or cancel it, and tell everybody with a seat in its class.

    Give how many are asked whether they come, None when nothing changed. Raises EditRefused.
    """
    number = edit_meeting(session, meeting_id, values, who=f"staff:{member.id}", now=now)
    if number is None:
        return None
    note_access(session, member, "moved", "session", meeting_id, now, f"version {number}")
    made = changes.note_moves(session, number, now, staff_id=member.id, note=note)
    return sum(_tell(session, change, now) for change in made)


def tell_moves(session: Session, now: datetime) -> int:
    """Tell of every move that came by a file and nobody was told of yet; give how many people."""
    return sum(_tell(session, change, now) for change in changes.untold(session))


def _tell(session: Session, change: Change, now: datetime) -> int:
    """Promise the letter; who has no chat is phoned."""
    change.told_at = now
    session.add(change)
    asked = changes.answers_to(session, change.id)
    for application, _, _ in asked:
        rings = tell(
            session, application, "changed", {"change": change.id}, key=f"changed:{change.id}", now=now
        )
        if not rings:
            phone(session, application, CHANGED, now, about=change.id)
    session.flush()
    return len(asked)
