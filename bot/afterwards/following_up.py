"""Opens what the answers to a call-back ask for: a ticket each, with an owner, a day, and who hears what becomes of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.afterwards import rated
from bot.afterwards.follow_ups import (
    FOLLOW_UPS,
    LEFT_OPEN,
    NEED,
    WISHES,
    Said,
    kind_of_need,
    several,
    told_of_need,
)
from dialogs.model import Json
from storage import people
from storage.catalogue import codes
from storage.files import files_in
from storage.tables import AnsweredBy, AnswerSet, CallbackKind, Channel, Person, Relation, Role, TicketState
from storage.tickets import handling, owners, tickets
from storage.tickets.tables import Callback, Ticket

WHICH = {
    CallbackKind.T7: "结业7天回访",
    CallbackKind.T30: "结业30天回访",
    CallbackKind.T90: "结业90天回访",
    CallbackKind.MONTHLY: "在训每月回访",
    CallbackKind.FAIR: "招聘会回访",
}

IN_PLACE = {AnsweredBy.FAMILY: "家里人替答", AnsweredBy.GUARDIAN: "监护人替答"}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to see to.

    Args:
        kind: of the ticket.
        service: what help was asked for (codes.csv, follow_need), "" for none.
        asked: the questions whose answers staff read.

    """

    kind: str
    service: str
    asked: tuple[str, ...]


def matters(said: Said, kind: CallbackKind) -> Iterator[Matter]:
    """Give what answers open: what help was asked for, each by itself, and what went wrong."""
    for code in several(said, NEED):
        yield Matter(kind_of_need(code), code, told_of_need(code))
    for name, code in WISHES.items():
        if kind is CallbackKind.FAIR and said.get(name) == "yes":
            yield Matter(kind_of_need(code), code, (name,))
    for each in FOLLOW_UPS:
        if asked := each.asks(said):
            yield Matter(each.kind, "", (*asked, *each.tells))


def open_tickets(session: Session, callback: Callback, kept: AnswerSet, now: datetime) -> Sequence[Ticket]:
    """Open a ticket for each matter; give those that are new.

    Answered once more, nothing is opened twice; said again in a later call-back while the first is not closed,
    it is added to that one, and its owner reads it there.
    """
    opened = []
    for matter in matters(kept.answers, callback.kind):
        words = _words(session, callback, kept, matter)
        known = _known(session, callback, matter)
        if known is None:
            opened.append(_open(session, callback, kept, matter, words, now))
        elif known.callback_id != callback.id:
            handling.say_more(session, known, words, now)
    return opened


def _known(session: Session, callback: Callback, matter: Matter) -> Ticket | None:
    wanted = select(Ticket).where(
        Ticket.person_id == callback.person_id,
        Ticket.kind == matter.kind,
        Ticket.service == matter.service,
        col(Ticket.callback_id).is_not(None),
    )
    found = session.exec(wanted.order_by(col(Ticket.id).desc())).all()
    mine = (each for each in found if each.callback_id == callback.id)
    is_open = (each for each in found if each.state is not TicketState.CLOSED)
    return next(mine, None) or next(is_open, None)


def _open(
    session: Session, callback: Callback, kept: AnswerSet, matter: Matter, words: str, now: datetime
) -> Ticket:
    ticket = tickets.make_ticket(
        session,
        matter.kind,
        words,
        now,
        contact_id=_heard_of(session, callback, kept, now),
        person_id=callback.person_id,
        application_id=callback.application_id,
    )
    ticket.service, ticket.callback_id = matter.service, callback.id
    if matter.kind != tickets.DANGER:
        keeper = owners.keeper_of_tickets(session, owners.area_of(session, callback))
        ticket.staff_id = None if keeper is None else keeper.id
    session.add(ticket)
    session.flush()
    handling.name_keeper(session, ticket)
    return ticket


def _heard_of(session: Session, callback: Callback, kept: AnswerSet, now: datetime) -> int | None:
    """Give who hears what becomes of it: who answered in a chat, else the person on a phone of their own."""
    contact_id = kept.contact_id
    if contact_id is not None and kept.channel != Channel.DESK:
        return contact_id
    own = people.own_contacts(session, callback.person_id, now)
    return own[0] if own else _helped_by(session, callback, now)


def _helped_by(session: Session, callback: Callback, now: datetime) -> int | None:
    helps = select(Relation.contact_id).where(
        Relation.person_id == callback.person_id, Relation.role != Role.STAFF, *people.in_force(now)
    )
    return session.exec(helps.order_by(col(Relation.id)).limit(1)).first()


def _words(session: Session, callback: Callback, kept: AnswerSet, matter: Matter) -> str:
    """Say a matter in the words of the form: who, in which call-back, what was asked and what was answered."""
    person = session.get_one(Person, callback.person_id)
    who = "，".join(each for each in (person.name, IN_PLACE.get(kept.answered_by)) if each)
    lines = [f"{WHICH[callback.kind]}（{who}）" if who else WHICH[callback.kind]]
    questions = rated.questions_for(session, kept.form, kept.version)
    options = {each.closed.name: each.labels for each in questions.asked}
    labels = {**{each.closed.name: each.label for each in questions.asked}, **questions.words}
    if matter.service:
        wanted = options.get(NEED, {}).get(matter.service) or codes.label("follow_need", matter.service)
        lines.append(f"要帮的：{wanted}")
    told = {name: _said(kept.answers.get(name), options.get(name, {})) for name in matter.asked}
    lines += [f"{labels.get(name, name)}{said}" for name, said in told.items() if said]
    return "\n".join(lines)


def _said(value: Json, options: Mapping[str, str]) -> str:
    """Give an answer as staff read it; a recording is listened to where the answers are."""
    chosen = [str(each) for each in (value if isinstance(value, list) else [value]) if each is not None]
    said = [options.get(each, each) for each in chosen if each not in LEFT_OPEN]
    return "、".join("（录音）" if files_in(each) else each for each in said)
