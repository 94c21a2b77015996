"""Lists of tickets for staff: whose business they are, danger first, then by the day they are due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select
from sqlalchemy import select as pick
from sqlmodel import Session, col, func, or_, select

from storage.among import among
from storage.tables import Application, TicketState
from storage.tickets.tables import Ticket
from storage.tickets.tickets import DANGER

Wanted = TypeVar("Wanted", bound=Select[*tuple[Any, ...]])

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
    wanted = _seen(select(Ticket), sight).where(*_where(kind, sight, now))
    if kind == "closed":
        order: tuple[Any, ...] = (col(Ticket.closed_at).desc(), col(Ticket.id).desc())
    else:
        order = (Ticket.kind != DANGER, col(Ticket.state).not_in(WAITING), col(Ticket.due_at), col(Ticket.id))
    return session.exec(wanted.order_by(*order).offset((page - 1) * A_PAGE).limit(A_PAGE)).all()


def count_tickets(session: Session, sight: Sight, now: datetime) -> Mapping[str, int]:
    """Count each list of a member's."""
    return dict(zip(KINDS, _count(session, sight, [_where(kind, sight, now) for kind in KINDS]), strict=True))


def count_due(session: Session, sight: Sight, now: datetime) -> tuple[int, int, int]:
    """Count the tickets that wait and are dangers, overdue, or due within a day."""
    waiting = col(Ticket.state).in_(WAITING)
    dangers, overdue, soon = _count(
        session,
        sight,
        [
            [waiting, col(Ticket.kind) == DANGER],
            [waiting, col(Ticket.due_at) < now],
            [waiting, col(Ticket.due_at) >= now, col(Ticket.due_at) < now + SOON],
        ],
    )
    return dangers, overdue, soon


def find_ticket(session: Session, sight: Sight, number: str) -> Ticket | None:
    """Give the ticket of a number, to who may know of it."""
    return session.exec(_seen(select(Ticket), sight).where(Ticket.number == number)).one_or_none()


def _count(session: Session, sight: Sight, chosen: Sequence[Sequence[ColumnElement[bool]]]) -> Sequence[int]:
    """Count several lists at once: what a member may see is worked out once for all of them."""
    counted = pick(*[func.count().filter(*where) for where in chosen]).select_from(Ticket)
    return session.execute(_seen(counted, sight)).one()


def _where(kind: str, sight: Sight, now: datetime) -> list[ColumnElement[bool]]:
    match kind:
        case "mine":
            return [col(Ticket.state) != TicketState.CLOSED, col(Ticket.staff_id) == sight.staff_id]
        case "overdue":
            return [col(Ticket.state).in_(WAITING), col(Ticket.due_at) < now]
        case "closed":
            return [col(Ticket.state) == TicketState.CLOSED]
        case _:
            return [col(Ticket.state) != TicketState.CLOSED]


def _seen(wanted: Wanted, sight: Sight) -> Wanted:
    """Narrow a statement to the tickets that exist for this member: their own; a danger only for who sees them all."""
    own = col(Ticket.staff_id) == sight.staff_id
    if sight.intakes is not None:
        # Joined, for a condition on another table within an "or" is looked up ticket by ticket.
        about = col(Ticket.about_application_id)
        wanted = wanted.outerjoin(Application, col(Application.id) == about)
        wanted = wanted.where(or_(own, about.is_(None), among(col(Application.intake_id), sight.intakes)))
    if not sight.dangers:
        wanted = wanted.where(or_(own, col(Ticket.kind) != DANGER))
    return wanted
