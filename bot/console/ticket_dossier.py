"""What the page of one ticket shows: who said what, whom it is about, who sees to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.console.inside import Inside
from bot.console.permissions import Act
from bot.tickets import ticketing
from storage import people
from storage.applications import enrolment
from storage.files import files_in, find_file
from storage.staff import staff
from storage.tables import Application, Person, Role, Staff, StoredFile
from storage.tickets import handling
from storage.tickets.handling import HANDLERS
from storage.tickets.tables import Callback, Ticket

SOMEBODY = "来说的人"
"""How who brought a ticket is called without a name."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing said: by whom, when, in which words; or the file it was spoken in.

    Of what somebody says who gave no name, only the day is known.
    """

    who: str
    at: datetime
    day_only: bool
    words: str
    file: StoredFile | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything one page shows of a ticket.

    Args:
        ticket: the ticket.
        sender: who it is from, as far as that is known or is to be known.
        person: the name it is about; "" where none is known.
        filed: the application it is about, where that is this member's business.
        said: what was said, oldest first.
        seen: the number of the last line.
        way: the number of the person, where all that became of them is this member's business; 0 where not.
        callback: the number of the call-back in which it was said, likewise.
        keeper: who sees to it; "" for nobody.
        reaches: whether an answer is read by somebody: in a chat, on their page, or with their digits.
        in_chat: whether a member may talk with them directly.
        talks: whether somebody does so just now.

    """

    ticket: Ticket
    sender: str
    person: str
    filed: Application | None
    said: Sequence[Spoken]
    seen: int
    way: int
    callback: int
    keeper: str
    reaches: bool
    in_chat: bool
    talks: bool


def read_ticket(session: Session, ticket: Ticket, inside: Inside) -> Dossier:
    """Read all of a ticket for a member whose business it is."""
    names, lines = names_in(session), handling.lines_of(session, ticket.id)
    reader = ticketing.reader_of(session, ticket, inside.now)
    filed = session.get(Application, ticket.about_application_id) if ticket.about_application_id else None
    person = session.get(Person, ticket.person_id) if ticket.person_id else None
    said = [_spoken(session, SOMEBODY, ticket.created_at, ticket.words, day_only=ticket.anonymous)]
    for line in lines:
        who = names.get(line.staff_id, "工作人员") if line.staff_id else SOMEBODY
        is_hidden = ticket.anonymous and line.staff_id is None
        said.append(_spoken(session, who, line.at, line.words, day_only=is_hidden))
    return Dossier(
        ticket=ticket,
        sender=_sender(session, ticket, inside.now),
        person=(person.name or "") if person else "",
        filed=filed if filed is not None and inside.reach.holds(filed.intake_id) else None,
        said=said,
        seen=lines[-1].id if lines else 0,
        way=ticket.person_id if ticket.person_id and _sees_all(session, ticket.person_id, inside) else 0,
        callback=_callback_of(session, ticket, inside),
        keeper=names.get(ticket.staff_id or 0, ""),
        reaches=ticket.word_hash is not None or reader is not None,
        in_chat=reader is not None and bool(people.accounts_of(session, reader)),
        talks=handling.talks(ticket, inside.now),
    )


def _sees_all(session: Session, person_id: int, inside: Inside) -> bool:
    filed = enrolment.applications_of(session, [person_id])
    return inside.may(Act.READ) and any(inside.reach.holds(each.intake_id) for each in filed)


def _callback_of(session: Session, ticket: Ticket, inside: Inside) -> int:
    said_in = session.get(Callback, ticket.callback_id) if ticket.callback_id else None
    if said_in is None or said_in.intake_id is None or not inside.may(Act.CALLS):
        return 0
    return said_in.id if inside.reach.holds(said_in.intake_id) else 0


def names_in(session: Session) -> Mapping[int, str]:
    """Give the names of everybody who is or was staff, by number."""
    return {each.id: each.name for each in staff.all_staff(session)}


def colleagues_in(session: Session) -> Sequence[Staff]:
    """Give who may be handed a ticket."""
    return [each for each in staff.all_staff(session) if each.revoked_at is None and each.role in HANDLERS]


def _sender(session: Session, ticket: Ticket, now: datetime) -> str:
    if ticket.anonymous:
        return "不说名字"
    if ticket.contact_id is None:
        return "系统记下的"
    known = people.people_of(session, ticket.contact_id, now)
    own = [person.name for person, relation in known if relation.role is Role.SELF and person.name]
    helped = [person.name for person, relation in known if relation.role is not Role.SELF and person.name]
    return "、".join([*own, *(f"帮{name}办事的人" for name in helped)]) or "还没有名字"


def _spoken(session: Session, who: str, at: datetime, words: str, *, day_only: bool) -> Spoken:
    keys = files_in(words)
    file = find_file(session, keys.pop()) if keys else None
    return Spoken(who, at, day_only, "" if keys or file else words, file)
