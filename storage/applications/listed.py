"""Names somebody brought on a list: nobody applies by being on it, and who says nothing is forgotten after 30 days."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from math import ceil

from sqlmodel import Session, col, delete, select

from storage import gotokens
from storage.among import among
from storage.applications.tables import ListedName
from storage.keeping.limits import LISTED
from storage.tables import Contact, Reading

PURPOSE = "listed"
"""What a link is for that asks somebody on a list."""

MOST_SHOWN = 500


def add_name(
    session: Session, *, staff_id: int, intake_id: int, name: str, phone: str, village: str, now: datetime
) -> bool:
    """Write a name on the list of an intake. Say whether it is new there."""
    known = select(ListedName).where(ListedName.intake_id == intake_id)
    if any((each.name, each.phone or "") == (name, phone) for each in session.exec(known).all()):
        return False
    session.add(
        ListedName(
            staff_id=staff_id,
            intake_id=intake_id,
            name=name,
            phone=phone or None,
            village=village or None,
            created_at=now,
        )
    )
    session.flush()
    return True


def names(session: Session, intakes: Collection[int] | None, now: datetime) -> Sequence[ListedName]:
    """Give who is on a list of one of these intakes (None for any), the oldest first."""
    wanted = select(ListedName).where(col(ListedName.created_at) >= now - LISTED)
    if intakes is not None:
        wanted = wanted.where(among(col(ListedName.intake_id), intakes))
    return session.exec(wanted.order_by(col(ListedName.id)).limit(MOST_SHOWN)).all()


def goes_on(listed: ListedName) -> datetime:
    """Give when a name is forgotten."""
    return listed.created_at + LISTED


def make_link(session: Session, listed: ListedName, now: datetime) -> str:
    """Make the one link that asks this person on a phone of their own; one made before is of no use any more."""
    if listed.contact_id is None:
        contact = Contact(reading=Reading.PLAIN, created_at=now, seen_at=now)
        session.add(contact)
        session.flush()
        listed.contact_id = contact.id
        session.add(listed)
    about = {"listed": listed.id}
    gotokens.void_tokens(session, listed.contact_id, PURPOSE, about, now)
    return gotokens.make_token(session, listed.contact_id, PURPOSE, now, about, until=goes_on(listed))


def drop(session: Session, listed: ListedName) -> None:
    """Forget a name: its owner does not want to, or applied."""
    session.delete(listed)
    session.flush()


def applied(session: Session, person_id: int, intake_id: int) -> None:
    """Take whoever applied off the list."""
    gone = delete(ListedName).where(
        col(ListedName.person_id) == person_id, col(ListedName.intake_id) == intake_id
    )
    session.execute(gone)


def days_left(listed: ListedName, now: datetime) -> int:
    """Give how many days a name is kept still; the last one counts."""
    return ceil((goes_on(listed) - now) / timedelta(days=1))
