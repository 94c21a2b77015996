"""Complaints, requests for a person, and danger signs: numbered, due on a working day, answered by staff."""

from datetime import date, datetime, time

from sqlmodel import Session, col, select

from storage.counting import next_number
from storage.rules.calendar import WorkDays
from storage.staff import deadlines
from storage.tables import TicketState
from storage.tickets.tables import Ticket

ANSWER_DAYS = {"help": 2, "complaint": 5, "safeguard": 0}
"""Working days until somebody has to have answered; safeguarding is for the same day, working or not."""

DANGER = "safeguard"
"""The kind of ticket that says somebody may be in danger: for few eyes (access.md F11)."""

OTHER_DAYS = 5
CLOSING_TIME = time(18)


def make_ticket(
    session: Session,
    kind: str,
    words: str,
    now: datetime,
    *,
    contact_id: int | None = None,
    person_id: int | None = None,
    application_id: int | None = None,
    anonymous: bool = False,
    days: WorkDays | None = None,
) -> Ticket:
    """Keep a ticket; an anonymous one points to nobody, whatever is given.

    Said again in the same words about the same person while it is open, it is the same ticket.

    Args:
        session: a writing session.
        kind: one of the codes ticket_kind: help, complaint, safeguard, …
        words: what was said.
        now: in the service's zone: the day of the answer is counted from its date.
        contact_id: who said it, and gets the answer.
        person_id: whom it is about.
        application_id: which application it is about.
        anonymous: whether no name is to be kept.
        days: which days are worked; Monday to Friday when not given.

    """
    if contact_id is not None and not anonymous:
        for known in _open(session, kind, contact_id):
            if known.words == words and known.person_id == person_id:
                return known
    ticket = Ticket(
        number=f"T{now.year}-{next_number(session, f'ticket:{now.year}'):04d}",
        kind=kind,
        contact_id=None if anonymous else contact_id,
        person_id=None if anonymous else person_id,
        about_application_id=None if anonymous else application_id,
        words=words,
        anonymous=anonymous,
        due_at=due_at(kind, now, days),
        # The day alone: the second would lead from an anonymous complaint to who was talking just then.
        created_at=now.replace(hour=0, minute=0, second=0, microsecond=0) if anonymous else now,
    )
    session.add(ticket)
    session.flush()
    deadlines.watch_ticket(session, ticket, now)
    return ticket


def due_day(kind: str, today: date, days: WorkDays) -> date:
    """Give the day by which a ticket of this kind is answered."""
    return days.after(today, ANSWER_DAYS.get(kind, OTHER_DAYS))


def due_at(kind: str, now: datetime, days: WorkDays | None = None) -> datetime:
    """Give the moment by which a ticket of this kind is answered; `now` is in the service's zone."""
    day = due_day(kind, now.date(), days or WorkDays())
    return datetime.combine(day, CLOSING_TIME, now.tzinfo)


def tickets_of(session: Session, contact_id: int) -> list[Ticket]:
    """Give the tickets a contact may see, newest first: their own.

    Never a danger sign, and none that is read with a word: others may hold this phone too (access.md F8).
    """
    wanted = select(Ticket).where(
        Ticket.contact_id == contact_id, Ticket.kind != DANGER, col(Ticket.word_hash).is_(None)
    )
    return list(session.exec(wanted.order_by(col(Ticket.id).desc())).all())


def is_emptied(ticket: Ticket) -> bool:
    """Whether nothing of a ticket is left to read: who it was from erased their data, or its time is over."""
    return ticket.state is TicketState.CLOSED and not ticket.outcome and not ticket.words


def _open(session: Session, kind: str, contact_id: int) -> list[Ticket]:
    wanted = select(Ticket).where(
        Ticket.contact_id == contact_id, Ticket.kind == kind, Ticket.state == TicketState.OPEN
    )
    return list(session.exec(wanted).all())
