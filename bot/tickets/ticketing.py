"""Tickets as their people meet them: who may read one, how it reads, and the letter that says there is news."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.asking import Asking
from dialogs.facts.tickets import Remark
from dialogs.facts.tickets import Ticket as Told
from dialogs.model import Json
from dialogs.talk import About
from storage import outbox, people
from storage.files import files_in
from storage.tables import Staff
from storage.tickets import handling, tickets
from storage.tickets.tables import Ticket

PASS = "pass"  # noqa: S105 - the name under which a flow keeps what opens a ticket
"""What a flow about a ticket opened by its digits is about, beside the ticket: the hash of the digits."""


def opened_about(ticket: Ticket) -> About:
    """Give what the flow is about for somebody who knows the digits of a ticket."""
    return (("ticket", ticket.id), (PASS, ticket.word_hash or ""))


def read_by(
    session: Session, contact_id: int | None, about: Mapping[str, int | str], now: datetime
) -> Ticket | None:
    """Give the ticket a flow is about to who may read it: whose it is, or who opened it by its digits."""
    number = str(about.get("ticket", ""))
    found = session.get(Ticket, int(number)) if number.isdecimal() else None
    if found is None or found.kind == tickets.DANGER or tickets.is_emptied(found):
        return None
    if found.word_hash is not None:
        return found if about.get(PASS) == found.word_hash else None
    return found if contact_id is not None and reader_of(session, found, now) == contact_id else None


def reader_of(session: Session, ticket: Ticket, now: datetime) -> int | None:
    """Give the contact who is told of a ticket in a chat; None where nobody may be, or nobody is known.

    Not of danger, and of nothing that is read with digits: others may hold that phone. Somebody who no longer
    speaks for the person it is about is told nothing more (access.md F3, F8).
    """
    contact_id = ticket.contact_id
    if contact_id is None or ticket.kind == tickets.DANGER or ticket.word_hash is not None:
        return None
    person_id = ticket.person_id
    if person_id is not None and people.relation_of(session, contact_id, person_id, now) is None:
        return None
    return contact_id


def tell(
    session: Session,
    ticket: Ticket,
    now: datetime,
    key: str,
    kind: str = "ticket_answered",
    more: Mapping[str, Json] | None = None,
) -> bool:
    """Promise the letter that says there is news. Say whether there was somebody to tell."""
    contact_id = reader_of(session, ticket, now)
    if contact_id is None or not people.accounts_of(session, contact_id):
        return False
    payload: dict[str, Json] = {"ticket": ticket.id, "closed": ticket.closed_at is not None, **(more or {})}
    if ticket.person_id is not None:
        payload["person"] = ticket.person_id
    outbox.promise(session, contact_id, kind, payload, now=now, key=f"ticket:{ticket.id}:{key}")
    return True


def one(asking: Asking) -> Told:
    """Give the ticket a flow is about, to who may read it."""
    found = read_by(asking.session, asking.contact_id, asking.about, asking.now)
    if found is None:
        return Told(0, "", "", "open", asking.now.date(), asking.now.date())
    return _told(asking, found)


def own(asking: Asking) -> tuple[Told, ...]:
    """Give the tickets of whoever is talking, newest first."""
    if asking.contact_id is None:
        return ()
    found = tickets.tickets_of(asking.session, asking.contact_id)
    return tuple(
        _told(asking, each)
        for each in found
        if not tickets.is_emptied(each) and (each.person_id is None or each.person_id in asking.people)
    )


def _told(asking: Asking, ticket: Ticket) -> Told:
    session, zone = asking.session, asking.now.tzinfo
    names: dict[int | None, str] = {None: ""}
    remarks = []
    for line in handling.lines_of(session, ticket.id):
        if line.staff_id not in names:
            names[line.staff_id] = session.get_one(Staff, line.staff_id).name
        remarks.append(Remark(names[line.staff_id], _written(line.words)))
    talker = session.get(Staff, ticket.staff_id) if handling.talks(ticket, asking.now) else None
    return Told(
        ticket.id,
        ticket.number,
        _written(ticket.words),
        ticket.state.value,
        ticket.created_at.astimezone(zone).date(),
        ticket.due_at.astimezone(zone).date(),
        tuple(remarks),
        ticket.outcome,
        rated=bool(ticket.rating),
        talker=talker.name if talker is not None else "",
        talker_number=talker.id if talker is not None else 0,
    )


def _written(words: str) -> str | None:
    """Give words as they can be read; None for a voice message."""
    return None if files_in(words) else words
