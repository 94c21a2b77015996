"""Links that ask somebody on a phone of their own: whose phone it is that opened one, and what it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from sqlmodel import Session

from bot.acts.asked import note_link
from bot.channels.web import visitors
from bot.channels.web.link_words import ASSENT, NOT_HIS_PHONE, NOT_PARENTS_PHONE, PARENT, REPLACES, Words
from dialogs.talk import Begin
from storage import doors, enrolment, gotokens, people
from storage.tables import Application, Contact, GoToken, Person, Role

PURPOSES: Mapping[str, str] = {"assent_link": "assent", "parent_link": "parent_word"}
"""What a link is for -> the flow it opens."""

WHO = frozenset({"self", "beside", "parent"})
"""Buttons that say who answers, so that the flow need not ask it once more."""


class Phone(Enum):
    """Whose the phone is that opened a link."""

    NEW = "nobody we know"
    THEIRS = "it is theirs already"
    HELPERS = "somebody's who helps, or for a parent's link the one on which was applied"
    OTHERS = "somebody else's"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who goes on in this browser, and with what."""

    visitor: str
    begin: Begin


@dataclass(frozen=True, slots=True)
class _Link:
    filed: Application
    person: Person
    helper: int
    """The contact that made the link."""


def words_for(session: Session, token: GoToken, known: str | None, now: datetime) -> Words | None:
    """Say what a link does on the phone that opened it; None where it is of no use any more."""
    link = _link_of(session, token, now)
    if link is None:
        return None
    is_parents = token.purpose == "parent_link"
    phone = _phone(session, token, link, known, now)
    if _would_take_over(session, token, link, phone, now):
        return None
    if phone is Phone.HELPERS:
        words = NOT_PARENTS_PHONE if is_parents else NOT_HIS_PHONE
    else:
        words = PARENT if is_parents else ASSENT
        if phone is Phone.OTHERS and not is_parents:
            words = replace(words, lines=(*words.lines, REPLACES))
    return replace(words, values={"name": link.person.name or ""})


def open_link(
    session: Session, token: GoToken, secret: str, known: str | None, chosen: str, now: datetime
) -> Asked | None:
    """Open a link: ask on the phone it was made for, which becomes theirs, or on a helper's, which stays theirs.

    On a helper's phone the link is not used up: it is still to be opened where it belongs. None where it
    is of no use any more.
    """
    link = _link_of(session, token, now)
    if link is None:
        return None
    doors.hold(session, link.person.id)
    phone = _phone(session, token, link, known, now)
    if _would_take_over(session, token, link, phone, now):
        return None
    given = {"who": chosen} if chosen in WHO else {}
    begin = Begin(PURPOSES[token.purpose], (("application", link.filed.id),), given)
    if known and phone is Phone.HELPERS:
        return Asked(known, replace(begin, given={}))
    if gotokens.use_token(session, secret, now) is None:
        return None
    visitor = known
    if known and phone is Phone.OTHERS and token.purpose == "parent_link":
        # A parent who was here before goes on as who they are.
        parent = people.meet(session, "web", known, now)
        doors.let_consent(session, parent.id, link.person.id, f"contact:{link.helper}", now)
        token.contact_id = parent.id
        session.add(token)
    elif phone is not Phone.THEIRS or not known:
        # A secret of its own, so that what this device said before stays where it was.
        visitor = visitors.new_visitor()
        people.add_account(session, token.contact_id, "web", visitor, now)
    note_link(session, f"contact:{token.contact_id}", f"{token.purpose}_opened", link.filed.id, now)
    return Asked(visitor or "", begin)


def _link_of(session: Session, token: GoToken, now: datetime) -> _Link | None:
    """Give what a link is about, while the application stands and who made the link may still speak for them."""
    number, helper = token.payload.get("application"), token.payload.get("by")
    filed = session.get(Application, number) if isinstance(number, int) else None
    if filed is None or not isinstance(helper, int) or filed.state in enrolment.OVER:
        return None
    relation = people.relation_of(session, helper, filed.person_id, now)
    if relation is None or people.relation_of(session, token.contact_id, filed.person_id, now) is None:
        return None
    return _Link(filed, session.get_one(Person, filed.person_id), helper)


def _would_take_over(session: Session, token: GoToken, link: _Link, phone: Phone, now: datetime) -> bool:
    """Whether one more phone would open what somebody said on their own: they are asked there, and only there."""
    is_parents = token.purpose == "parent_link"
    if phone in (Phone.THEIRS, Phone.HELPERS) or (is_parents and phone is Phone.OTHERS):
        return False
    has_phone = not is_parents and bool(people.own_contacts(session, link.person.id, now))
    return has_phone or bool(people.accounts_of(session, token.contact_id))


def _phone(session: Session, token: GoToken, link: _Link, known: str | None, now: datetime) -> Phone:
    contact = people.find_contact(session, "web", known) if known else None
    if contact is None:
        return Phone.NEW
    if contact.id == token.contact_id:
        return Phone.THEIRS
    if contact.id == link.helper:
        return Phone.HELPERS
    return _by_relation(session, token, link, contact, now)


def _by_relation(session: Session, token: GoToken, link: _Link, contact: Contact, now: datetime) -> Phone:
    relation = people.relation_of(session, contact.id, link.person.id, now)
    if relation is None:
        return Phone.OTHERS
    is_themselves = relation.role is Role.SELF
    if token.purpose == "parent_link":
        return Phone.HELPERS if is_themselves or contact.id == link.filed.contact_id else Phone.OTHERS
    return Phone.THEIRS if is_themselves else Phone.HELPERS
