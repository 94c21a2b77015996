"""Lists of tickets for staff: whose business they are, danger first, then by the day they are due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from storage.among import among
from storage.tables import Application, Ticket, TicketState
from storage.tickets import DANGER

A_PAGE = 50

SOON = timedelta(days=1)
"""How long before its hour a ticket counts as nearly due."""

WAITING = (TicketState.OPEN, TicketState.TAKEN)
"""States in which the person waits for us."""

KINDS = ("open", "mine", "overdue", "closed")


@dataclass(frozen=True, slots=True)
class Sight:
    """Which tickets a member of staff may know of.

    Args:
        staff_id: who looks; what is given to them they see, whatever it is about.
        intakes: whose applications are theirs; None for all.
        dangers: whether they see every sign of danger.

    """

    staff_id: int
    intakes: Collection[int] | None
    dangers: bool


def find_tickets(session: Session, sight: Sight, kind: str, now: datetime, page: int = 1) -> Sequence[Ticket]:
    """Give one page of a list: what people wait for comes before what is answered.

    Args:
        session: a session to read with.
        sight: who looks.
        kind: open, mine, overdue or closed.
        now: the moment.
        page: which page of 50, counted from 1.

    """
    wanted = select(Ticket).where(*_among(sight), *_where(kind, sight, now))
    if kind == "closed":
        order: tuple[Any, ...] = (col(Ticket.closed_at).desc(), col(Ticket.id).desc())
    else:
        order = (Ticket.kind != DANGER, col(Ticket.state).not_in(WAITING), col(Ticket.due_at), col(Ticket.id))
    return session.exec(wanted.order_by(*order).offset((page - 1) * A_PAGE).limit(A_PAGE)).all()


def count_tickets(session: Session, sight: Sight, now: datetime) -> Mapping[str, int]:
    """Count each list of a member's."""
    return {
        kind: session.exec(
            select(func.count()).select_from(Ticket).where(*_among(sight), *_where(kind, sight, now))
        ).one()
        for kind in KINDS
    }


def count_due(session: Session, sight: Sight, now: datetime) -> tuple[int, int, int]:
    """Count the tickets that wait and are dangers, overdue, or due within a day."""

    def count(*where: ColumnElement[bool] | bool) -> int:
        wanted = select(func.count()).select_from(Ticket)
        return session.exec(wanted.where(*_among(sight), col(Ticket.state).in_(WAITING), *where)).one()

    return (
        count(Ticket.kind == DANGER),
        count(Ticket.due_at < now),
        count(Ticket.due_at >= now, Ticket.due_at < now + SOON),
    )


def find_ticket(session: Session, sight: Sight, number: str) -> Ticket | None:
    """Give the ticket of a number, to who may know of it."""
    return session.exec(select(Ticket).where(Ticket.number == number, *_among(sight))).one_or_none()


def _where(kind: str, sight: Sight, now: datetime) -> list[ColumnElement[bool] | bool]:
    match kind:
        case "mine":
            return [Ticket.state != TicketState.CLOSED, Ticket.staff_id == sight.staff_id]
        case "overdue":
            return [col(Ticket.state).in_(WAITING), Ticket.due_at < now]
        case "closed":
            return [Ticket.state == TicketState.CLOSED]
        case _:
            return [Ticket.state != TicketState.CLOSED]


def _among(sight: Sight) -> list[ColumnElement[bool]]:
    """Which tickets exist for this member: their own; a danger only for who sees them all."""
    own = col(Ticket.staff_id) == sight.staff_id
    seen: list[ColumnElement[bool]] = []
    if sight.intakes is not None:
        about = col(Ticket.about_application_id)
        theirs = select(Application.id).where(
            Application.id == about, among(col(Application.intake_id), sight.intakes)
        )
        seen.append(or_(own, about.is_(None), theirs.exists()))
    if not sight.dangers:
        seen.append(or_(own, col(Ticket.kind) != DANGER))
    return seen
