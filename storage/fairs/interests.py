"""Who would like a position, fair or no fair; the employer gets nothing before a consent of its own (access.md F5)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from storage.among import among
from storage.compiled import add_once
from storage.notices.audience import Own, lives_in
from storage.tables import Application, Person
from storage.tickets.tables import Interest, Ticket


def keep_interest(
    session: Session, person_id: int, position_id: str, ticket_id: int | None, now: datetime
) -> Interest:
    """Note that somebody would like a position; said again, the first time and its ticket stand."""
    session.flush()
    add_once(session, Interest, person_id=person_id, position_id=position_id, ticket_id=ticket_id, at=now)
    wanted = select(Interest).where(Interest.person_id == person_id, Interest.position_id == position_id)
    return session.exec(wanted).one()


def interests_of(session: Session, person_ids: Collection[int]) -> list[Interest]:
    """Give what these people would like, the newest first."""
    wanted = select(Interest).where(col(Interest.person_id).in_(person_ids))
    return list(session.exec(wanted.order_by(col(Interest.id).desc())).all())


def agree_to_employer(session: Session, interest: Interest, now: datetime, *, agreed: bool = True) -> None:
    """Note whether the employer of this one position may be told who wants it; taken back, it is as never given."""
    interest.to_employer_at = now if agreed else None
    session.add(interest)
    session.flush()


def wanting(
    session: Session, own: Own | None, position_ids: Collection[str] | None = None
) -> list[tuple[Interest, Person, Ticket | None]]:
    """Give who would like positions, with the ticket somebody works on, in the order they said so.

    Args:
        session: a session to read with.
        own: whom who asks may see at all; None for everybody.
        position_ids: which positions; None for all.

    """
    applied: ColumnElement[bool] = false()
    if own is not None:
        mine = among(col(Application.intake_id), own.intakes)
        applied = exists().where(col(Application.person_id) == col(Person.id), mine)
    wanted = (
        columns(Interest, Person, Ticket, applied)
        .join(Person, col(Person.id) == col(Interest.person_id))
        .outerjoin(Ticket, col(Ticket.id) == col(Interest.ticket_id))
        .where(col(Person.erased_at).is_(None))
    )
    if position_ids is not None:
        wanted = wanted.where(col(Interest.position_id).in_(position_ids))
    return [
        (interest, person, ticket)
        for interest, person, ticket, is_theirs in session.execute(wanted.order_by(col(Interest.id))).all()
        if own is None or is_theirs or lives_in(person.profile, own.region)
    ]
