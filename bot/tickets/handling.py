"""What staff do with a ticket on the console: the act, its trace, and the letter to whom it is from, as one.

Each function runs in a writing session of the caller's. `seen` is the number of the last line the member has
seen; when something was said since, `SaidMeanwhile` of `storage.tickets.handling` goes through and nothing changes.
"""

from datetime import datetime

from sqlmodel import Session

from bot.tickets import talking, ticketing
from storage.staff.staff import note_access
from storage.tables import Staff
from storage.tickets import handling
from storage.tickets.tables import Ticket


def take(session: Session, ticket_id: int, member: Staff, *, now: datetime) -> bool:
    """Let a member see to a ticket that nobody has. Say whether it is theirs now."""
    ticket = handling.hold(session, ticket_id)
    had = ticket.staff_id
    if not handling.take(session, ticket, member):
        return False
    if had is None:
        _audit(session, member, "ticket_taken", ticket, now)
    return True


def hand_over(session: Session, ticket_id: int, member: Staff, to: Staff, *, now: datetime) -> None:
    """Let somebody else see to a ticket. Raises ValueError for who answers none."""
    ticket = handling.hold(session, ticket_id)
    if handling.end_talk(session, ticket, now):
        talking.tell_ended(session, ticket, member, now)
    handling.hand_over(session, ticket, to)
    _audit(session, member, "ticket_handed_over", ticket, now, f"staff {to.id}")


def answer(
    session: Session, ticket_id: int, member: Staff, words: str, *, seen: int | None, now: datetime
) -> bool:
    """Answer whom a ticket is from. Say whether they are told in a chat or on their page.

    Raises:
        SaidMeanwhile: when something was said since the member looked.
        ValueError: without words.

    """
    ticket = handling.hold(session, ticket_id, seen)
    line = handling.answer(session, ticket, member, words, now)
    _audit(session, member, "ticket_answered", ticket, now, f"line {line.id}")
    if handling.talks(ticket, now):
        return talking.tell_line(session, ticket, member, line, now)
    return ticketing.tell(session, ticket, now, f"line {line.id}")


def talk(session: Session, ticket_id: int, member: Staff, *, now: datetime) -> bool:
    """Begin to talk directly with whom a ticket is from; they are told who it is. Say whether that is possible.

    Raises:
        ValueError: when the ticket is closed, or somebody else's.

    """
    ticket = handling.hold(session, ticket_id)
    if ticketing.reader_of(session, ticket, now) is None:
        return False
    if handling.open_talk(session, ticket, member, now):
        _audit(session, member, "ticket_talk", ticket, now)
        return talking.tell_opened(session, ticket, member, now)
    return True


def stop_talking(session: Session, ticket_id: int, member: Staff, *, now: datetime) -> bool:
    """End a direct talk; the person is back where they were. Say whether there was one."""
    ticket = handling.hold(session, ticket_id)
    if not handling.end_talk(session, ticket, now):
        return False
    _audit(session, member, "ticket_talk_ended", ticket, now)
    talking.tell_ended(session, ticket, member, now)
    return True


def close(
    session: Session,
    ticket_id: int,
    member: Staff,
    outcome: str,
    words: str,
    *,
    seen: int | None,
    now: datetime,
) -> bool:
    """Close a ticket, with a last answer where there is one: one letter tells both. Say whether somebody is told.

    Raises:
        SaidMeanwhile: when something was said since the member looked.

    """
    ticket = handling.hold(session, ticket_id, seen)
    if words.strip():
        handling.answer(session, ticket, member, words, now)
    if not handling.close(session, ticket, member, outcome, now):
        return False
    _audit(session, member, "ticket_closed", ticket, now, outcome)
    return ticketing.tell(session, ticket, now, f"closed {now.isoformat()}")


def _audit(
    session: Session, member: Staff, action: str, ticket: Ticket, now: datetime, detail: str = ""
) -> None:
    note_access(session, member, action, "ticket", ticket.id, now, detail)
