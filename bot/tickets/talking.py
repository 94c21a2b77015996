"""A member of staff talks with a person in their chat: what that person is told, who it is, each line, and the end."""

from datetime import datetime

from sqlmodel import Session

from bot.tickets import ticketing
from dialogs.facts.tickets import TALK
from dialogs.model import Json
from dialogs.state import State
from storage import conversations
from storage.tables import Staff
from storage.tickets import handling
from storage.tickets.tables import Ticket, TicketLine

SAID = "talk_said"
"""The letter that brings what staff said."""


def tell_opened(session: Session, ticket: Ticket, member: Staff, now: datetime) -> bool:
    """Say who wants to talk. Say whether there was somebody to tell."""
    who: dict[str, Json] = {"who": member.name, "number": member.id}
    return ticketing.tell(session, ticket, now, f"talk {now.isoformat()}", "talk_opened", who)


def tell_line(session: Session, ticket: Ticket, member: Staff, line: TicketLine, now: datetime) -> bool:
    """Say what staff said: in words on our own page, that there is something anywhere else."""
    said: dict[str, Json] = {"who": member.name, "said": line.words}
    return ticketing.tell(session, ticket, now, f"line {line.id}", SAID, said)


def last_heard(session: Session, ticket_id: int, now: datetime) -> datetime | None:
    """Give when the person last said something in a talk that goes on; None where none goes on, or they never did."""
    ticket = session.get(Ticket, ticket_id)
    if ticket is None or not handling.talks(ticket, now):
        return None
    return max(
        (line.at for line in handling.lines_of(session, ticket_id) if line.staff_id is None), default=None
    )


def tell_ended(session: Session, ticket: Ticket, member: Staff, now: datetime) -> None:
    """Say that it is over, to somebody who has it on the screen; for anybody else nothing changes."""
    contact_id = ticketing.reader_of(session, ticket, now)
    if contact_id is None:
        return
    top = State.load(conversations.read_conversation(session, contact_id, lock=False).state).top
    if top is not None and top.flow == TALK and dict(top.about).get("ticket") == ticket.id:
        ticketing.tell(session, ticket, now, f"over {now.isoformat()}", "talk_ended", {"who": member.name})
