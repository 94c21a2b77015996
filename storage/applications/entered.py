"""Applications that staff enter for somebody who came or called (代录): where that talk is kept, and whose it is.

Each member of staff has a conversation of their own about each person: what one began, another does not go on with.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from storage import people
from storage.among import among
from storage.crypto import lookup_hash
from storage.tables import Application, Channel, Contact, ContactRole, Person, Relation, Role

OPEN_FOR = timedelta(days=31)
"""How long staff may go on after they last opened it: the draft itself is let go after 30 days."""

POWERS = ("fill",)
"""What staff may do in a person's stead: write down what the person says."""

MOST_FOUND = 20
"""People of one name who are shown."""


def key_of(staff_id: int, person_id: int) -> str:
    """Give the address of a conversation at the desk."""
    return f"{staff_id}:{person_id}"


def staff_in(channel: str, key: str) -> int | None:
    """Give whose conversation an address at the desk is; None for every other channel."""
    return int(key.partition(":")[0]) if channel == Channel.DESK else None


def begin(session: Session, staff_id: int, person: Person, now: datetime) -> Relation:
    """Let a member of staff write down what a person says, from now on for a month."""
    contact = people.meet(session, Channel.DESK, key_of(staff_id, person.id), now)
    contact.role, contact.current_person_id = ContactRole.STAFF, person.id
    session.add(contact)
    wanted = select(Relation).where(Relation.contact_id == contact.id, col(Relation.revoked_at).is_(None))
    relation = session.exec(wanted).one_or_none() or Relation(
        contact_id=contact.id,
        person_id=person.id,
        role=Role.STAFF,
        powers=list(POWERS),
        granted_by=f"staff:{staff_id}",
        started_at=now,
    )
    relation.ends_at = now + OPEN_FOR
    session.add(relation)
    session.flush()
    return relation


def add_person(session: Session, name: str, phone: str, now: datetime) -> Person:
    """Begin somebody new, of whom only the name and perhaps a telephone number are known."""
    person = Person(created_at=now)
    people.update_person(session, person, name=name, phone=phone or None)
    session.flush()
    return person


def talk_of(session: Session, staff_id: int, person_id: int, now: datetime) -> tuple[Person, Relation] | None:
    """Give whom a member of staff is writing down, and by which relation; None when nothing is open."""
    contact = people.find_contact(session, Channel.DESK, key_of(staff_id, person_id))
    relation = None if contact is None else people.relation_of(session, contact.id, person_id, now)
    return None if relation is None else (session.get_one(Person, person_id), relation)


def talks_of(session: Session, staff_id: int, now: datetime) -> Sequence[tuple[Person, Relation]]:
    """Give everybody a member of staff began to write down, the newest first."""
    wanted = (
        select(Person, Relation)
        .join(Relation, col(Relation.person_id) == col(Person.id))
        .where(Relation.role == Role.STAFF, Relation.granted_by == f"staff:{staff_id}", *people.in_force(now))
        .where(col(Person.erased_at).is_(None))
    )
    return session.exec(wanted.order_by(col(Relation.id).desc())).all()


def end(session: Session, relation: Relation, now: datetime) -> None:
    """Let staff write down nothing more for a person; the contact stays as who filled it in."""
    people.revoke(session, relation, now)


def find_people(
    session: Session, words: str, *, phone: str = "", intakes: Collection[int] | None
) -> Sequence[Person]:
    """Find people by the whole name, the telephone or the certificate number.

    A number tells that its owner, or their paper, is here. A name alone does not: by it only those are found who
    applied for one of these intakes (None for any).

    Args:
        session: a session to read with.
        words: what was typed.
        phone: the same as a telephone number, where it is one.
        intakes: whose names may be looked up.

    """
    said = "".join(words.split())
    numbers = [col(Person.phone_hash) == lookup_hash(f"phone:{phone}")] if phone else []
    if len(said) >= people.ID_PART:
        numbers.append(col(Person.cert_hash) == lookup_hash(f"cert:{said[: people.ID_PART].upper()}"))
    named = col(Person.name_hash) == people.name_hash(said)
    if intakes is not None:
        theirs = among(col(Application.intake_id), intakes)
        named &= select(Application.id).where(Application.person_id == Person.id, theirs).exists()
    wanted = select(Person).where(col(Person.erased_at).is_(None), or_(named, *numbers))
    return session.exec(wanted.order_by(col(Person.id)).limit(MOST_FOUND)).all()


def desk_of(session: Session, relation: Relation) -> Contact:
    """Give the contact whose conversation holds what was written down so far."""
    return session.get_one(Contact, relation.contact_id)
