"""Who helps a person, until when, and whom a contact helped until a short while ago (access.md F3)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, and_, col, or_, select

from storage import people
from storage.doors import PARENT_POWERS
from storage.reminders import watch_helper
from storage.tables import Account, Application, Person, Relation, Role

TOLD_FOR = timedelta(days=30)
"""How long somebody is still told, when they come, that they do not help a person any more."""


def helpers_of(session: Session, person_ids: Collection[int], now: datetime) -> list[Relation]:
    """Give everybody else who may act for these people now, oldest first."""
    wanted = select(Relation).where(
        col(Relation.person_id).in_(person_ids), Relation.role != Role.SELF, *people.in_force(now)
    )
    return list(session.exec(wanted.order_by(col(Relation.id))).all())


def name_of(session: Session, relation: Relation) -> str:
    """Give the name a helper last gave when applying for the person, "" where they never said one."""
    filed = select(Application).where(
        Application.person_id == relation.person_id, Application.contact_id == relation.contact_id
    )
    said = (
        each.answers.get("helper_name") for each in session.exec(filed.order_by(col(Application.id).desc()))
    )
    return next((name for name in said if isinstance(name, str) and name not in {"", "unsaid"}), "")


def is_parents_door(relation: Relation) -> bool:
    """Say whether all a contact may do is to give a parent's word: it came by a link made for that (F12)."""
    return relation.role is Role.FAMILY and set(relation.powers) == set(PARENT_POWERS)


def is_opened(session: Session, relation: Relation) -> bool:
    """Say whether the link a contact was made for was ever opened somewhere."""
    place = select(Account.id).where(Account.contact_id == relation.contact_id)
    return session.exec(place.limit(1)).first() is not None


def ended_for(session: Session, contact_id: int, now: datetime) -> list[str]:
    """Give the names of people a contact helped until a short while ago, whatever ended it.

    That their time is over and that somebody was sent away look alike: nobody is told why.
    """
    since = now - TOLD_FOR
    over = or_(
        and_(col(Relation.revoked_at) > since, col(Relation.revoked_at) <= now),
        and_(col(Relation.revoked_at).is_(None), col(Relation.ends_at) > since, col(Relation.ends_at) <= now),
    )
    wanted = (
        select(Person)
        .join(Relation, col(Relation.person_id) == col(Person.id))
        .where(Relation.contact_id == contact_id, Relation.role != Role.SELF, over)
        .where(col(Person.erased_at).is_(None))
    )
    still = {person.id for person, _ in people.people_of(session, contact_id, now)}
    gone = session.exec(wanted.order_by(col(Relation.id))).all()
    return list(dict.fromkeys(person.name for person in gone if person.name and person.id not in still))


def keep(session: Session, relation: Relation, now: datetime) -> None:
    """Let a helper go on for as long as a new one would."""
    people.renew(session, relation, now + timedelta(days=people.UNUSED_DAYS))
    watch_helper(session, relation, now)
