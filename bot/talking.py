"""A member of staff talks with a person in their chat: who it is, each line, and the way back to where they were."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot import ticketing
from dialogs.book import universal
from dialogs.facts import ticket as told
from dialogs.model import Json
from dialogs.spoken.tidy import tidy
from dialogs.state import State
from dialogs.talk import Again, Begin, Drop, Event, Said
from storage import conversations
from storage.tables import Staff, Ticket, TicketLine

if TYPE_CHECKING:
    from bot.visit import Visit

FLOW = "relay"


def tell_opened(session: Session, ticket: Ticket, member: Staff, now: datetime) -> bool:
    """Say who wants to talk. Say whether there was somebody to tell."""
    who: dict[str, Json] = {"who": member.name, "number": member.id}
    return ticketing.tell(session, ticket, now, f"talk {now.isoformat()}", "talk_opened", who)


def tell_line(session: Session, ticket: Ticket, member: Staff, line: TicketLine, now: datetime) -> bool:
    """Say what staff said: in words on our own page, that there is something anywhere else."""
    said: dict[str, Json] = {"who": member.name, "said": line.words}
    return ticketing.tell(session, ticket, now, f"line {line.id}", "talk_said", said)


def tell_ended(session: Session, ticket: Ticket, member: Staff, now: datetime) -> None:
    """Say that it is over, to somebody who has it on the screen; for anybody else nothing changes."""
    contact_id = ticketing.reader_of(session, ticket, now)
    if contact_id is None:
        return
    top = State.load(conversations.read_conversation(session, contact_id, lock=False).state).top
    if top is not None and top.flow == FLOW and dict(top.about).get("ticket") == ticket.id:
        ticketing.tell(session, ticket, now, f"over {now.isoformat()}", "talk_ended", {"who": member.name})


def step_back(visit: "Visit", state: State, event: Event) -> tuple[State, Event]:
    """Leave a talk that is over, by its end or by itself: the question before it is on the screen again.

    What was written under it meanwhile is not lost: it becomes one more line of the ticket.
    """
    top = state.top
    if top is None or top.flow != FLOW or told(visit.world(state, Again())).talker:
        return state, event
    before = visit.converse(state, Drop(top.flow, top.about)).state
    if not isinstance(event, Said) or event.prompt not in (None, state.prompt):
        return before, event
    if universal(event.text, tidy):
        return before, Said(event.text)
    return before, Begin("ticket", top.about, {"do": "more", "words": event.text})
