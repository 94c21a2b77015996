"""Contacts and where they are reached, the people they speak for, and what they may do for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, update
from sqlalchemy import select as pick
from sqlmodel import Session, SQLModel, col, or_, select

from storage.ahead import Portion, portion_of
from storage.among import one_of
from storage.compiled import DONE, Compiled
from storage.crypto import lookup_hash
from storage.finding import Finds, get, get_one, new_row
from storage.reminders import watch_helper
from storage.tables import Account, Channel, Contact, ContactRole, Person, Relation, Role

ALL_POWERS = ("see", "fill", "cancel", "reminders", "family_notices", "answer_facts")
"""See, fill in, cancel, get reminders, get family notices, answer facts in call-backs (access.md F3)."""

HELPER_POWERS = ("fill", "reminders")
"""What somebody who helps may do unless the person ticks more (access.md F3)."""

UNUSED_DAYS = 180
"""How long a helper stays one while no course is applied for; each act begins it anew."""

AFTER_COURSE_DAYS = 90
"""How long a helper stays one after the course ends (access.md F3)."""

ID_PART = 18
"""Characters of a certificate number that stay the same when category or level is assessed anew."""

SEEN_AGAIN = timedelta(hours=12)
"""How old `seen_at` may grow before it is written again: it only serves deletion after two years."""


_ACCOUNT, _PERSON, _RELATION = (
    SQLModel.metadata.tables[name].columns for name in ("account", "person", "relation")
)

_AT: Finds[tuple[Account]] = Finds(
    Account,
    build=lambda wanted: wanted.where(
        _ACCOUNT["channel"] == bindparam("channel"), _ACCOUNT["address_hash"] == bindparam("address_hash")
    ),
)

_SPOKEN_FOR: Finds[tuple[Person, Relation]] = Finds(
    Person,
    Relation,
    build=lambda wanted: (
        wanted.where(
            _RELATION["person_id"] == _PERSON["id"], _RELATION["contact_id"] == bindparam("contact_id")
        )
        .where(_PERSON["erased_at"].is_(None), *in_force_at(bindparam("now")))
        .order_by(_RELATION["id"])
    ),
)


_EVER_SPOKEN_FOR: Finds[tuple[Person, Relation]] = Finds(
    Person,
    Relation,
    build=lambda wanted: wanted.where(
        _RELATION["person_id"] == _PERSON["id"], _RELATION["contact_id"] == bindparam("contact_id")
    ).where(_PERSON["erased_at"].is_(None), _RELATION["revoked_at"].is_(None)),
)


_ACTING: Finds[tuple[Relation]] = Finds(
    Relation,
    build=lambda wanted: wanted.where(_RELATION["contact_id"] == bindparam("contact_id")).where(
        _RELATION["person_id"] == bindparam("person_id"), *in_force_at(bindparam("now"))
    ),
)

_REACHED: Finds[tuple[Account]] = Finds(
    Account,
    build=lambda wanted: wanted.where(
        _ACCOUNT["contact_id"] == bindparam("contact_id"), _ACCOUNT["reachable"]
    ).order_by(_ACCOUNT["id"]),
)

_OWN = Compiled(
    lambda _: (
        pick(_RELATION["contact_id"])
        .distinct()
        .where(_RELATION["person_id"] == bindparam("person_id"), _RELATION["role"] == Role.SELF)
        .where(*in_force_at(bindparam("now")))
        .where(_ACCOUNT["contact_id"] == _RELATION["contact_id"], _ACCOUNT["reachable"])
        .order_by(_RELATION["contact_id"])
    ),
    gives=(_RELATION["contact_id"],),
)

_ALL_REACHED: Finds[tuple[Account]] = Finds(
    Account,
    build=lambda wanted: wanted.where(
        one_of(_ACCOUNT["contact_id"], "numbers"), _ACCOUNT["reachable"]
    ).order_by(_ACCOUNT["id"]),
)

_ALL_OWN = Compiled(
    lambda _: (
        pick(_RELATION["person_id"], _RELATION["contact_id"])
        .distinct()
        .where(one_of(_RELATION["person_id"], "numbers"), _RELATION["role"] == Role.SELF)
        .where(*in_force_at(bindparam("now")))
        .where(_ACCOUNT["contact_id"] == _RELATION["contact_id"], _ACCOUNT["reachable"])
        .order_by(_RELATION["contact_id"])
    ),
    gives=(_RELATION["person_id"], _RELATION["contact_id"]),
)

_SHOW = Compiled(
    lambda _: (
        update(Account)
        .where(_ACCOUNT["id"] == bindparam("number"))
        .values({name: bindparam(f"new_{name}") for name in ("shown_prompt", "shown_message", "on_page")})
        .returning(DONE)
    )
)


def find_contact(session: Session, channel: str, key: str) -> Contact | None:
    """Find who is reached at `key` (a visitor's secret, a chat's number) of a channel."""
    account = find_account(session, channel, key)
    return None if account is None else get(session, Contact, account.contact_id)


def find_account(session: Session, channel: str, key: str) -> Account | None:
    """Find a place where somebody is reached."""
    found = _AT.first(session, channel=Channel(channel), address_hash=_address_hash(channel, key))
    return None if found is None else found[0]


def meet(session: Session, channel: str, key: str, now: datetime, *, known: Account | None = None) -> Contact:
    """Find who is reached there, or make a new contact; a returning one is reachable again.

    `known` is the account of that place, where this session has found it already.

    Raises TryAgain when somebody was met there at the same moment.
    """
    account = known or find_account(session, channel, key)
    if account is None:
        contact = new_row(session, Contact, created_at=now, seen_at=now)
        _open_account(session, contact.id, channel, key, now)
        return contact
    contact = get_one(session, Contact, account.contact_id)
    if now - contact.seen_at > SEEN_AGAIN or not account.reachable:
        contact.seen_at = account.seen_at = now
        account.reachable = True
        session.add_all([contact, account])
    return contact


def add_account(session: Session, contact_id: int, channel: str, key: str, now: datetime) -> Account:
    """Let a contact be reached at one more place; a place that was somebody else's goes over to them.

    Raises TryAgain when somebody was met there at the same moment.
    """
    account = find_account(session, channel, key)
    if account is None:
        return _open_account(session, contact_id, channel, key, now)
    if account.contact_id != contact_id:
        # Numbers of questions belong to a conversation: none of this one was seen there yet.
        account.shown_prompt, account.on_page = 0, False
    account.contact_id = contact_id
    account.seen_at = now
    session.add(account)
    session.flush()
    return account


def _open_account(session: Session, contact_id: int, channel: str, key: str, now: datetime) -> Account:
    """Add a place nobody had when we looked. Raises TryAgain when somebody has it by now."""
    return new_row(
        session,
        Account,
        contact_id=contact_id,
        channel=Channel(channel),
        address_hash=_address_hash(channel, key),
        address=key,
        created_at=now,
        seen_at=now,
    )


def accounts_of(session: Session, contact_id: int) -> Sequence[Account]:
    """Where a contact can be reached now."""
    portion = portion_of(session)
    known = None if portion is None else portion.found.get(("accounts", contact_id))
    if known is not None:
        return list(known)
    return [account for (account,) in _REACHED.all(session, contact_id=contact_id)]


def note_shown(session: Session, account_id: int, prompt: int, message: int, *, on_page: bool) -> None:
    """Remember which question stands in a chat, in which message, and whether it sent the person to our page."""
    _SHOW.run(
        session, number=account_id, new_shown_prompt=prompt, new_shown_message=message, new_on_page=on_page
    )


def set_unreachable(session: Session, account_id: int) -> None:
    """Remember that nothing arrives there any more (Telegram's 403)."""
    account = session.get_one(Account, account_id)
    account.reachable = False
    session.add(account)


def add_person(
    session: Session, contact_id: int, role: Role, name: str, now: datetime, powers: Sequence[str] = ()
) -> Person:
    """Let a contact speak for a person, who becomes the current one.

    Said twice it is the same person: the contact itself is one person, and others are known by their name.
    A helper who had run out of time is one again where the person has no phone of their own: else that is the
    person's to say (access.md F3). One whom the person sent away is not found here.
    """
    known = _known(session, contact_id, role, name, now)
    terms: dict[str, Any] = {
        "role": role,
        "powers": list(powers or (ALL_POWERS if role is Role.SELF else HELPER_POWERS)),
        "granted_by": f"contact:{contact_id}",
        "ends_at": None if role is Role.SELF else now + timedelta(days=UNUSED_DAYS),
    }
    if known is None:
        hashed = name_hash(name) if name else None
        person = new_row(session, Person, name=name or None, name_hash=hashed, created_at=now)
        relation = new_row(
            session, Relation, contact_id=contact_id, person_id=person.id, started_at=now, **terms
        )
    else:
        person, relation = known
        for what, value in terms.items():
            setattr(relation, what, value)
        session.add(relation)
    set_current(session, contact_id, person.id)
    watch_helper(session, relation, now)
    return person


def set_current(session: Session, contact_id: int, person_id: int | None) -> None:
    """Remember for whom the contact is talking."""
    contact = session.get_one(Contact, contact_id)
    contact.current_person_id = person_id
    session.add(contact)
    session.flush()


def set_role(session: Session, contact_id: int, role: ContactRole) -> None:
    """Remember whether somebody came for themselves, for family, or as staff."""
    contact = session.get_one(Contact, contact_id)
    contact.role = role
    session.add(contact)


def relation_of(session: Session, contact_id: int, person_id: int, now: datetime) -> Relation | None:
    """Give the relation by which a contact may act for a person now, if there is one."""
    found = _ACTING.first(session, contact_id=contact_id, person_id=person_id, now=now)
    return None if found is None else found[0]


def people_of(session: Session, contact_id: int, now: datetime) -> list[tuple[Person, Relation]]:
    """Give everybody a contact may speak for now, oldest relation first."""
    return _SPOKEN_FOR.all(session, contact_id=contact_id, now=now)


def own_contacts(session: Session, person_id: int, now: datetime) -> list[int]:
    """Give the contacts that are the person themselves and can still be reached."""
    portion = portion_of(session)
    known = None if portion is None else portion.found.get(("own", person_id))
    if known is not None:
        return list(known)
    return [contact_id for (contact_id,) in _OWN.run(session, person_id=person_id, now=now)]


def read_own_ahead(session: Session, portion: Portion, person_ids: Collection[int], now: datetime) -> None:
    """Read for all these people which contacts are they themselves, and where those are reached."""
    own: dict[int, list[int]] = {person_id: [] for person_id in person_ids}
    for person_id, contact_id in _ALL_OWN.run(session, numbers=own.keys(), now=now):
        own[person_id].append(contact_id)
    portion.found.update((("own", person_id), contacts) for person_id, contacts in own.items())
    read_accounts_ahead(session, portion, {each for contacts in own.values() for each in contacts})


def read_accounts_ahead(session: Session, portion: Portion, contact_ids: Collection[int]) -> None:
    """Read for all these contacts where they are reached."""
    places: dict[int, list[Account]] = {contact_id: [] for contact_id in contact_ids}
    for (account,) in _ALL_REACHED.all(session, numbers=places.keys()) if places else ():
        places[account.contact_id].append(account)
    portion.found.update((("accounts", contact_id), known) for contact_id, known in places.items())


def may(session: Session, relation: Relation, power: str, now: datetime) -> bool:
    """Say whether a relation allows this.

    The person may do everything. A helper may do what was ticked; where the person has no phone of their own,
    the helper's phone is their only door, and all of it is done there.
    """
    if relation.role is Role.SELF or power in relation.powers:
        return True
    return not own_contacts(session, relation.person_id, now)


def renew(session: Session, relation: Relation, until: datetime) -> None:
    """Move the end of a helper's time to `until`, never closer."""
    if relation.ends_at is not None and relation.ends_at < until:
        relation.ends_at = until
        session.add(relation)


def revoke(session: Session, relation: Relation, now: datetime) -> None:
    """End what a contact may do for a person; the contact is not told why (access.md F3)."""
    relation.revoked_at = now
    session.add(relation)
    contact = session.get_one(Contact, relation.contact_id)
    if contact.current_person_id == relation.person_id:
        contact.current_person_id = None
        session.add(contact)
    session.flush()


def update_person(session: Session, person: Person, **known: str | None) -> None:
    """Write name, phone or cert_no, with the hash each is found by. None forgets it."""
    for field, value in known.items():
        if field == "cert_no":
            person.cert_no = value
            person.cert_hash = lookup_hash(f"cert:{value[:ID_PART]}") if value else None
        elif field == "phone":
            person.phone = value
            person.phone_hash = lookup_hash(f"phone:{value}") if value else None
        elif field == "name":
            person.name = value
            person.name_hash = name_hash(value) if value else None
        else:
            raise KeyError(f"a person has no {field}")
    session.add(person)


def name_hash(name: str) -> str:
    """Give what a whole name is found by; spaces in it do not count."""
    return lookup_hash(f"name:{''.join(name.split())}")


def add_to_profile(session: Session, person: Person, known: Mapping[str, Any]) -> None:
    """Remember answers so that nothing is asked twice (access.md R17)."""
    person.profile = {**person.profile, **known}
    session.add(person)


def same_certificate(session: Session, person: Person) -> list[int]:
    """Give other persons with the same certificate (its first 18 characters): for staff to look at."""
    if person.cert_hash is None:
        return []
    wanted = select(Person.id).where(Person.cert_hash == person.cert_hash, Person.id != person.id)
    return list(session.exec(wanted.order_by(col(Person.id))).all())


def _address_hash(channel: str, key: str) -> str:
    return lookup_hash(f"{channel}:{key}")


def _known(
    session: Session, contact_id: int, role: Role, name: str, now: datetime
) -> tuple[Person, Relation] | None:
    for person, relation in _EVER_SPOKEN_FOR.all(session, contact_id=contact_id):
        if Role.SELF in (role, relation.role):
            if role is relation.role:
                return person, relation
            continue
        is_over = relation.ends_at is not None and relation.ends_at <= now
        if name and person.name == name and not (is_over and own_contacts(session, person.id, now)):
            return person, relation
    return None


def in_force(now: datetime) -> tuple[Any, ...]:
    """Give the conditions on a relation by which somebody may act for a person at a moment."""
    ends = or_(col(Relation.ends_at).is_(None), col(Relation.ends_at) > now)
    return (col(Relation.revoked_at).is_(None), ends)


def in_force_at(now: BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    """Give the same for a statement that is told the moment when it is run."""
    ends = _RELATION["ends_at"]
    return (_RELATION["revoked_at"].is_(None), or_(ends.is_(None), ends > now))
