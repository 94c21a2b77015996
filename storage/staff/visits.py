"""Where a member of staff is in, and ending it from elsewhere: a computer left open, a cookie that was taken."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, func, select

from storage.staff.staff import IDLE, KEY_BYTES, hash_of, note_act
from storage.tables import Staff, StaffLink, StaffVisit


@dataclass(frozen=True, slots=True)
class Visit:
    """One browser in which the console is open.

    Args:
        began_at: when it came in.
        seen_at: when it was used last, to within five minutes.
        here: whether it is the browser that asks.

    """

    began_at: datetime
    seen_at: datetime
    here: bool


def visits_of(session: Session, member_id: int, key: str, now: datetime) -> Sequence[Visit]:
    """Give the browsers a member is in with, the one with this key first, then the last used."""
    wanted = select(StaffVisit).where(StaffVisit.staff_id == member_id, StaffVisit.seen_at > now - IDLE)
    mine = hash_of("visit", key)
    found = [
        Visit(each.began_at, each.seen_at, here=each.key_hash == mine) for each in session.exec(wanted).all()
    ]
    return sorted(found, key=lambda each: (each.here, each.seen_at), reverse=True)


def count_visits(session: Session, now: datetime) -> dict[int, int]:
    """Give in how many browsers each member is in; who is in nowhere is left out."""
    wanted = (
        select(StaffVisit.staff_id, func.count())
        .where(col(StaffVisit.seen_at) > now - IDLE)
        .group_by(col(StaffVisit.staff_id))
    )
    return dict(session.exec(wanted).all())


def end_elsewhere(session: Session, member: Staff, key: str, now: datetime) -> str:
    """Put a member out everywhere but in the browser that asks; give it a new key, since a copy has the old one."""
    mine = select(StaffVisit).where(StaffVisit.key_hash == hash_of("visit", key))
    visit = session.exec(mine).one()
    new = secrets.token_urlsafe(KEY_BYTES)
    visit.key_hash = hash_of("visit", new)
    session.add(visit)
    session.flush()
    end_visits(session, member, now, actor=f"staff:{member.id}", but=new)
    return new


def end_visits(session: Session, member: Staff, now: datetime, *, actor: str, but: str = "") -> int:
    """Put a member out in every browser, but the one with a key; links not yet used open nothing. Say how many."""
    open_ = select(StaffVisit).where(StaffVisit.staff_id == member.id)
    kept = hash_of("visit", but) if but else ""
    ended = [each for each in session.exec(open_).all() if each.key_hash != kept]
    for each in ended:
        session.delete(each)
    session.execute(delete(StaffLink).where(col(StaffLink.staff_id) == member.id))
    note_act(session, actor, "staff_put_out", member.id, now, f"{len(ended)} browsers")
    return len(ended)
