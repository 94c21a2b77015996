"""Contacts kept ready for people who are asked on a phone of their own: nobody's yet, until a link is opened."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from storage import people
from storage.tables import Account, Contact, ContactRole, Person, Reading, Relation, Role

CONSENT = "consent"
"""The power of a minor's parent: to see what was applied for, and to agree to it or not (access.md F12)."""

PARENT_POWERS = (CONSENT,)


def own_door(session: Session, person_id: int, granted_by: str, now: datetime) -> Contact:
    """Give the contact that is the person and has no phone yet; make it where there is none. It reads easy."""
    waiting = _without_phone(session, person_id, Role.SELF, now)
    if waiting is not None:
        return waiting
    made = _add(session, person_id, ContactRole.SELF, Reading.EASY, now)
    _relate(session, made.id, person_id, Role.SELF, people.ALL_POWERS, granted_by, now)
    return made


def parents_door(session: Session, person_id: int, granted_by: str, now: datetime) -> Contact:
    """Give the contact of the person's parent that has no phone yet; make it where there is none."""
    waiting = _without_phone(session, person_id, Role.FAMILY, now)
    if waiting is not None:
        return waiting
    made = _add(session, person_id, ContactRole.FAMILY, Reading.PLAIN, now)
    let_consent(session, made.id, person_id, granted_by, now)
    return made


def let_consent(session: Session, contact_id: int, person_id: int, granted_by: str, now: datetime) -> None:
    """Let a contact agree as the person's parent, beside whatever it may do already."""
    relation = people.relation_of(session, contact_id, person_id, now)
    if relation is None:
        _relate(session, contact_id, person_id, Role.FAMILY, PARENT_POWERS, granted_by, now)
    elif CONSENT not in relation.powers:
        relation.powers = [*relation.powers, CONSENT]
        session.add(relation)
        session.flush()


def hold(session: Session, person_id: int) -> None:
    """Let nobody else make a door for the person until this transaction ends."""
    session.exec(select(Person.id).where(Person.id == person_id).with_for_update()).one()


def _without_phone(session: Session, person_id: int, role: Role, now: datetime) -> Contact | None:
    powers = PARENT_POWERS if role is Role.FAMILY else people.ALL_POWERS
    wanted = (
        select(Contact, Relation)
        .join(Relation, col(Relation.contact_id) == col(Contact.id))
        .outerjoin(Account, col(Account.contact_id) == col(Contact.id))
        .where(Relation.person_id == person_id, Relation.role == role, col(Account.id).is_(None))
        .where(*people.in_force(now))
        .order_by(col(Contact.id))
    )
    found = session.exec(wanted).all()
    return next((contact for contact, relation in found if set(relation.powers) == set(powers)), None)


def _add(session: Session, person_id: int, role: ContactRole, reading: Reading, now: datetime) -> Contact:
    contact = Contact(role=role, reading=reading, current_person_id=person_id, created_at=now, seen_at=now)
    session.add(contact)
    session.flush()
    return contact


def _relate(
    session: Session,
    contact_id: int,
    person_id: int,
    role: Role,
    powers: Sequence[str],
    granted_by: str,
    now: datetime,
) -> None:
    """Begin a relation; in the place of one whose time was over."""
    over = select(Relation).where(
        Relation.contact_id == contact_id,
        Relation.person_id == person_id,
        col(Relation.revoked_at).is_(None),
    )
    for relation in session.exec(over).all():
        people.revoke(session, relation, now)
    session.add(
        Relation(
            contact_id=contact_id,
            person_id=person_id,
            role=role,
            powers=list(powers),
            granted_by=granted_by,
            started_at=now,
            ends_at=None if role is Role.SELF else now + timedelta(days=people.UNUSED_DAYS),
        )
    )
    session.flush()
