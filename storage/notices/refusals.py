"""Which kinds of notices people do not want (退订), or said they want; of their own applications they are always told."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from storage.compiled import add_once
from storage.tables import Refusal, Topic, Wanted


def refuse(session: Session, contact_id: int, topic: Topic, now: datetime) -> bool:
    """Note that somebody wants no more notices of a topic. Say whether that is new."""
    if topic is Topic.OWN:
        return False
    no_more_wanted(session, contact_id, topic)
    session.flush()
    return add_once(session, Refusal, contact_id=contact_id, topic=topic, at=now)


def accept(session: Session, contact_id: int, topic: Topic) -> None:
    """Note that somebody refuses notices of a topic no longer."""
    session.execute(delete(Refusal).where(col(Refusal.contact_id) == contact_id, col(Refusal.topic) == topic))


def refused(session: Session, contact_id: int) -> frozenset[Topic]:
    """Give the topics somebody wants no notices of."""
    found = session.exec(select(Refusal.topic).where(Refusal.contact_id == contact_id))
    return frozenset(map(Topic, found))


def want(session: Session, contact_id: int, topic: Topic, now: datetime) -> bool:
    """Note that somebody wants notices of a topic, and so refuses them no longer. Say whether that is new."""
    if topic is Topic.OWN:
        return False
    accept(session, contact_id, topic)
    session.flush()
    return add_once(session, Wanted, contact_id=contact_id, topic=topic, at=now)


def no_more_wanted(session: Session, contact_id: int, topic: Topic) -> None:
    """Note that somebody does not ask for notices of a topic any more; they are sent them like anybody else."""
    session.execute(delete(Wanted).where(col(Wanted.contact_id) == contact_id, col(Wanted.topic) == topic))


def wanted(session: Session, contact_id: int) -> frozenset[Topic]:
    """Give the topics somebody said they want."""
    found = session.exec(select(Wanted.topic).where(Wanted.contact_id == contact_id))
    return frozenset(map(Topic, found))
