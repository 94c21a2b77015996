"""Notices written in a chat: who wrote one is told there that its list is ready, and how it went out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from storage import outbox
from storage.tables import Fate, Notice, NoticeState, Outbox, Staff

LISTED, OVER = "notice_listed", "notice_over"
"""Kinds of letters."""

MOVING = (NoticeState.SENDING, NoticeState.PAUSED, NoticeState.PLANNED, NoticeState.PLANNING)


def newest_of(session: Session, staff_id: int) -> Notice | None:
    """Give a member's own notice that there is most to do about: one that moves, else the last they wrote."""
    moving_first = case(
        {state: number for number, state in enumerate(MOVING)}, value=col(Notice.state), else_=9
    )
    mine = select(Notice).where(Notice.staff_id == staff_id)
    return session.exec(mine.order_by(moving_first, col(Notice.id).desc()).limit(1)).first()


def tell_listed(session: Session, notice: Notice, now: datetime) -> None:
    """Promise who chose in a chat a word that the list is ready: to how many it goes, and whom to phone."""
    waiting = _count(session, notice, (Fate.WAITING,))
    nowhere = _count(session, notice, (Fate.UNREACHABLE,)) + notice.alone
    payload = {"asking": notice.asking, "count": waiting, "phone": nowhere}
    _tell(session, notice, LISTED, payload, f"{notice.asking}", now)


def tell_over(session: Session, notice: Notice, reached: int, missed: int, now: datetime) -> None:
    """Promise who wrote it in a chat a word that nothing more goes out: how many it reached, and whom to phone."""
    stopped = "yes" if notice.state is NoticeState.STOPPED else "no"
    payload: dict[str, int | str] = {"reached": reached, "missed": missed + notice.alone, "stopped": stopped}
    _tell(session, notice, OVER, payload, now.isoformat(), now)


def _count(session: Session, notice: Notice, fates: Sequence[Fate]) -> int:
    wanted = select(func.count()).select_from(Outbox).where(Outbox.notice_id == notice.id)
    return session.exec(wanted.where(col(Outbox.fate).in_(fates))).one()


def _tell(
    session: Session, notice: Notice, kind: str, payload: Mapping[str, int | str], which: str, now: datetime
) -> None:
    member = session.get(Staff, notice.asked_by) if notice.in_chat else None
    if member is None or member.contact_id is None or member.revoked_at is not None:
        return
    whole = {"notice": notice.id, "staff": member.id, **payload}
    outbox.promise(session, member.contact_id, kind, whole, now=now, key=f"{kind}:{notice.id}:{which}")
