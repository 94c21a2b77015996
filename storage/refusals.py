"""Which kinds of notices people do not want (退订); what happens to their own applications they are always told."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from storage.compiled import add_once
from storage.tables import Refusal, Topic


def refuse(session: Session, contact_id: int, topic: Topic, now: datetime) -> bool:
    """Note that somebody wants no more notices of a topic. Say whether that is new."""
    if topic is Topic.OWN:
        return False
    session.flush()
    return add_once(session, Refusal, contact_id=contact_id, topic=topic, at=now)


def accept(session: Session, contact_id: int, topic: Topic) -> None:
    """Note that somebody wants notices of a topic again."""
    session.execute(delete(Refusal).where(col(Refusal.contact_id) == contact_id, col(Refusal.topic) == topic))


def refused(session: Session, contact_id: int) -> frozenset[Topic]:
    """Give the topics somebody wants no notices of."""
    found = session.exec(select(Refusal.topic).where(Refusal.contact_id == contact_id))
    return frozenset(map(Topic, found))
