"""Who helps a person, until when, and whom a contact helped until a short while ago (access.md F3)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlmodel import Session, SQLModel, col, select

from storage import people
from storage.doors import PARENT_POWERS
from storage.finding import Finds
from storage.reminders import watch_helper
from storage.tables import Account, Application, Person, Relation, Role

TOLD_FOR = timedelta(days=30)
"""How long somebody is still told, when they come, that they do not help a person any more."""


_PERSON, _RELATION = (SQLModel.metadata.tables[name].columns for name in ("person", "relation"))

_HELPING: Finds[tuple[Relation]] = Finds(
    Relation,
    build=lambda wanted: wanted.where(
        _RELATION["person_id"] == bindparam("person_id"),
        _RELATION["role"] != Role.SELF,
        _RELATION["role"] != Role.STAFF,
        *people.in_force_at(bindparam("now")),
    ),
)

_ENDED: Finds[tuple[Person, Relation]] = Finds(
    Person,
    Relation,
    build=lambda wanted: (
        wanted.where(_RELATION["person_id"] == _PERSON["id"], _PERSON["erased_at"].is_(None))
        .where(_RELATION["contact_id"] == bindparam("contact_id"), _RELATION["role"] != Role.SELF)
        .where(
            or_(
                _between(_RELATION["revoked_at"]),
                and_(_RELATION["revoked_at"].is_(None), _between(_RELATION["ends_at"])),
            )
        )
        .order_by(_RELATION["id"])
    ),
)


def _between(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(moment > bindparam("since"), moment <= bindparam("now"))


def helpers_of(session: Session, person_ids: Collection[int], now: datetime) -> list[Relation]:
    """Give everybody else who may act for these people now, oldest first."""
    found = [
        each for number in set(person_ids) for (each,) in _HELPING.all(session, person_id=number, now=now)
    ]
    return sorted(found, key=lambda each: each.id)


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
    gone = [person for person, _ in _ENDED.all(session, contact_id=contact_id, since=now - TOLD_FOR, now=now)]
    if not gone:
        return []
    still = {person.id for person, _ in people.people_of(session, contact_id, now)}
    return list(dict.fromkeys(person.name for person in gone if person.name and person.id not in still))


def keep(session: Session, relation: Relation, now: datetime) -> None:
    """Let a helper go on for as long as a new one would."""
    people.renew(session, relation, now + timedelta(days=people.UNUSED_DAYS))
    watch_helper(session, relation, now)
