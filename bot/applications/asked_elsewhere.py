"""Links that ask somebody on a phone of their own: whose phone it is that opened one, and what it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from sqlmodel import Session

from bot.acts.asked import note_link
from dialogs.talk import Begin
from storage import doors, gotokens, people
from storage.tables import OVER, Application, Contact, GoToken, Person, Role

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
class Place:
    """Where a link was opened.

    Args:
        channel: web or telegram.
        key: who is known there: a visitor's secret, a chat's number; "" for nobody.
        fresh: under which key it becomes somebody's own. A browser gets a new secret, so that what was said in
            it before stays where it was; a chat has the one number it has.

    """

    channel: str
    key: str
    fresh: str


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is about, and whose phone opened it."""

    filed: Application
    person: Person
    helper: int
    """The contact that made the link."""
    phone: Phone
    before: Contact | None
    """Who was known on that phone until now."""

    @property
    def name(self) -> str:
        return self.person.name or ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who goes on at the place where a link was opened, and with what."""

    key: str
    begin: Begin


def look_at(session: Session, token: GoToken, place: Place, now: datetime) -> Link | None:
    """Say what a link is where it was opened; None where it is of no use any more.

    It is while the application stands and who made the link may still speak for the person.
    """
    number, helper = token.payload.get("application"), token.payload.get("by")
    filed = session.get(Application, number) if isinstance(number, int) else None
    if filed is None or not isinstance(helper, int) or filed.state in OVER:
        return None
    relation = people.relation_of(session, helper, filed.person_id, now)
    if relation is None or people.relation_of(session, token.contact_id, filed.person_id, now) is None:
        return None
    before = people.find_contact(session, place.channel, place.key) if place.key else None
    phone = _phone(session, token, filed, helper, before, now)
    if _would_take_over(session, token, filed, phone, now):
        return None
    return Link(filed, session.get_one(Person, filed.person_id), helper, phone, before)


def open_link(
    session: Session, token: GoToken, secret: str, place: Place, chosen: str, now: datetime
) -> Asked | None:
    """Open a link: ask on the phone it was made for, which becomes theirs, or on a helper's, which stays theirs.

    On a helper's phone the link is not used up: it is still to be opened where it belongs. Nobody who was
    known on the phone before is ever joined with whom the link is for. None where it is of no use any more.
    """
    link = look_at(session, token, place, now)
    if link is None:
        return None
    doors.hold(session, link.person.id)
    link = look_at(session, token, place, now)
    if link is None:
        return None
    given = {"who": chosen} if chosen in WHO else {}
    begin = Begin(PURPOSES[token.purpose], (("application", link.filed.id),), given)
    if link.phone is Phone.HELPERS:
        return Asked(place.key, replace(begin, given={}))
    if gotokens.use_token(session, secret, now) is None:
        return None
    key = place.key
    if link.phone is Phone.OTHERS and token.purpose == "parent_link":
        # A parent who was here before goes on as who they are.
        parent = people.meet(session, place.channel, place.key, now)
        doors.let_consent(session, parent.id, link.person.id, f"contact:{link.helper}", now)
        token.contact_id = parent.id
        session.add(token)
    elif link.phone is not Phone.THEIRS:
        key = place.fresh
        people.add_account(session, token.contact_id, place.channel, key, now)
    note_link(session, f"contact:{token.contact_id}", f"{token.purpose}_opened", link.filed.id, now)
    return Asked(key, begin)


def _would_take_over(
    session: Session, token: GoToken, filed: Application, phone: Phone, now: datetime
) -> bool:
    """Whether one more phone would open what somebody said on their own: they are asked there, and only there."""
    is_parents = token.purpose == "parent_link"
    if phone in (Phone.THEIRS, Phone.HELPERS) or (is_parents and phone is Phone.OTHERS):
        return False
    has_phone = not is_parents and bool(people.own_contacts(session, filed.person_id, now))
    return has_phone or bool(people.accounts_of(session, token.contact_id))


def _phone(
    session: Session, token: GoToken, filed: Application, helper: int, contact: Contact | None, now: datetime
) -> Phone:
    if contact is None:
        return Phone.NEW
    if contact.id == token.contact_id:
        return Phone.THEIRS
    if contact.id == helper:
        return Phone.HELPERS
    relation = people.relation_of(session, contact.id, filed.person_id, now)
    if relation is None:
        return Phone.OTHERS
    is_themselves = relation.role is Role.SELF
    if token.purpose == "parent_link":
        return Phone.HELPERS if is_themselves or contact.id == filed.contact_id else Phone.OTHERS
    return Phone.THEIRS if is_themselves else Phone.HELPERS
