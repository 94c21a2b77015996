"""What people would like to learn when nothing in the catalogue fits yet."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Wish, WishState


def keep_wish(
    session: Session,
    contact_id: int,
    person_id: int,
    wish: str,
    now: datetime,
    *,
    how_far: str = "",
    free_time: Sequence[str] = (),
) -> Wish:
    """Keep a wish; said again while it is open, it is changed instead of kept twice."""
    known = next((each for each in wishes_of(session, person_id) if each.wish == wish), None)
    kept = known or Wish(contact_id=contact_id, person_id=person_id, wish=wish, created_at=now)
    kept.how_far = how_far
    kept.free_time = list(free_time)
    session.add(kept)
    session.flush()
    return kept


def wishes_of(session: Session, person_id: int) -> list[Wish]:
    """Give the open wishes of a person, oldest first."""
    wanted = select(Wish).where(Wish.person_id == person_id, Wish.state == WishState.OPEN)
    return list(session.exec(wanted.order_by(col(Wish.id))).all())
