"""What becomes of a ticket: taken, answered, handed over, closed, opened again, and what is said about it.

Nothing is done over what the person said meanwhile: an act names the last line its page showed. Who is not
known stays unknown: of what an anonymous person adds, only the day is kept.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from storage.rules.calendar import WorkDays
from storage.staff import deadlines
from storage.tables import Staff, StaffRole, TicketState
from storage.tickets.tables import Ticket, TicketLine
from storage.tickets.tickets import DANGER, due_at

HANDLERS = (StaffRole.CLERK, StaffRole.ADMIN)
"""Roles that answer tickets."""

RATINGS = ("good", "bad")
"""What somebody may say of how their ticket was handled."""


IDLE = timedelta(minutes=30)
"""How long a direct talk stays open while nobody says anything."""


class SaidMeanwhile(Exception):
    """Something was said on the ticket since the page was made."""


def hold(session: Session, ticket_id: int, seen: int | None = None) -> Ticket:
    """Give a ticket that nobody else changes until this transaction ends.

    Args:
        session: a writing session.
        ticket_id: which one.
        seen: the number of the last line its reader has seen; None when that does not matter.

    Raises:
        SaidMeanwhile: when something was said since.

    """
    wanted = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
    ticket = session.exec(wanted.execution_options(populate_existing=True)).one()
    if seen is not None and last_line(session, ticket_id) > seen:
        raise SaidMeanwhile
    return ticket


def lines_of(session: Session, ticket_id: int) -> list[TicketLine]:
    """Give what was said after the ticket was made, oldest first."""
    wanted = select(TicketLine).where(TicketLine.ticket_id == ticket_id)
    return list(session.exec(wanted.order_by(col(TicketLine.id))).all())


def last_line(session: Session, ticket_id: int) -> int:
    """Give the number of the last thing said about a ticket; 0 for nothing."""
    wanted = select(func.max(TicketLine.id)).where(TicketLine.ticket_id == ticket_id)
    return session.exec(wanted).one() or 0


def take(session: Session, ticket: Ticket, member: Staff) -> bool:
    """Let a member see to a ticket that nobody has. Say whether it is theirs now."""
    if ticket.staff_id is None:
        ticket.staff_id = member.id
    if ticket.staff_id == member.id and ticket.state is TicketState.OPEN:
        ticket.state = TicketState.TAKEN
    session.add(ticket)
    session.flush()
    return ticket.staff_id == member.id


def hand_over(session: Session, ticket: Ticket, to: Staff) -> None:
    """Let somebody else see to a ticket.

    Raises:
        ValueError: when they answer no tickets, or are staff no more.

    """
    if to.role not in HANDLERS or to.revoked_at is not None:
        raise ValueError(f"staff {to.id} answers no tickets")
    ticket.staff_id, ticket.relay_until = to.id, None
    session.add(ticket)
    session.flush()


def answer(session: Session, ticket: Ticket, member: Staff, words: str, now: datetime) -> TicketLine:
    """Keep what a member says to the person; a ticket nobody had is theirs from here on.

    Raises:
        ValueError: without words.

    """
    if not words.strip():
        raise ValueError("an answer has words")
    take(session, ticket, member)
    line = TicketLine(ticket_id=ticket.id, staff_id=member.id, words=words.strip(), at=now)
    ticket.answer, ticket.answered_at = line.words, now
    _go_on_talking(ticket, now)
    if ticket.state is not TicketState.CLOSED:
        ticket.state = TicketState.ANSWERED
    session.add_all((line, ticket))
    session.flush()
    return line


def talks(ticket: Ticket, now: datetime) -> bool:
    """Whether a member of staff and the person talk directly just now."""
    is_open = ticket.state is not TicketState.CLOSED and ticket.staff_id is not None
    return is_open and ticket.relay_until is not None and ticket.relay_until > now


def open_talk(session: Session, ticket: Ticket, member: Staff, now: datetime) -> bool:
    """Let a member talk directly with whom a ticket is from. Say whether that is new.

    Raises:
        ValueError: when the ticket is closed, or somebody else's.

    """
    if ticket.state is TicketState.CLOSED or not take(session, ticket, member):
        raise ValueError(f"ticket {ticket.id} is not open to staff {member.id}")
    is_new = not talks(ticket, now)
    ticket.relay_until = now + IDLE
    session.add(ticket)
    session.flush()
    return is_new


def end_talk(session: Session, ticket: Ticket, now: datetime) -> bool:
    """End a direct talk. Say whether there was one."""
    was_open = talks(ticket, now)
    ticket.relay_until = None
    session.add(ticket)
    session.flush()
    return was_open


def _go_on_talking(ticket: Ticket, now: datetime) -> None:
    if talks(ticket, now):
        ticket.relay_until = now + IDLE


def close(session: Session, ticket: Ticket, member: Staff, outcome: str, now: datetime) -> bool:
    """Close a ticket with how it ended (a code of ticket_outcome). Say whether it was open."""
    if ticket.state is TicketState.CLOSED:
        return False
    take(session, ticket, member)
    ticket.state, ticket.outcome, ticket.closed_at = TicketState.CLOSED, outcome, now
    ticket.relay_until = None
    session.add(ticket)
    session.flush()
    return True


def say_more(
    session: Session, ticket: Ticket, words: str, now: datetime, days: WorkDays | None = None
) -> TicketLine:
    """Keep what the person adds; the ticket waits for an answer again, by a new day.

    Said again in the same words before anybody answered, it is the same line.

    Raises:
        ValueError: without words.

    """
    if not words.strip():
        raise ValueError("there is something to say")
    said = lines_of(session, ticket.id)
    if said and said[-1].staff_id is None and said[-1].words == words:
        return said[-1]
    _go_on_talking(ticket, now)
    at = now.replace(hour=0, minute=0, second=0, microsecond=0) if ticket.anonymous else now
    line = TicketLine(ticket_id=ticket.id, words=words, at=at)
    if ticket.state in (TicketState.ANSWERED, TicketState.CLOSED):
        ticket.due_at = due_at(ticket.kind, now, days)
        deadlines.watch_ticket(session, ticket, now)
    ticket.state = TicketState.OPEN if ticket.staff_id is None else TicketState.TAKEN
    ticket.outcome, ticket.closed_at = "", None
    session.add_all((line, ticket))
    session.flush()
    return line


def rate(session: Session, ticket: Ticket, rating: str) -> bool:
    """Keep how content the person is with the handling: once, of a closed ticket. Say whether it was kept."""
    if ticket.state is not TicketState.CLOSED or ticket.rating or rating not in RATINGS:
        return False
    ticket.rating = rating
    session.add(ticket)
    session.flush()
    return True


def name_keeper(session: Session, ticket: Ticket) -> Staff | None:
    """Give a sign of danger to a named member of staff: the admin with the fewest open tickets (access.md F11).

    None while there is no admin, or when somebody has it already.
    """
    if ticket.kind != DANGER or ticket.staff_id is not None:
        return None
    wanted = select(Staff).where(Staff.role == StaffRole.ADMIN, col(Staff.revoked_at).is_(None))
    admins = session.exec(wanted.order_by(col(Staff.id))).all()
    if not admins:
        return None
    open_ones = (
        select(Ticket.staff_id, func.count())
        .where(col(Ticket.staff_id).is_not(None), Ticket.state != TicketState.CLOSED)
        .group_by(col(Ticket.staff_id))
    )
    busy = dict(session.exec(open_ones).all())
    keeper = min(admins, key=lambda each: (busy.get(each.id, 0), each.id))
    ticket.staff_id = keeper.id
    session.add(ticket)
    session.flush()
    return keeper
