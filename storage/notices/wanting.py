"""Who said what they want: notices of a kind, a wish to learn something, or a position they would like."""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from storage.among import among
from storage.tables import Contact, Person, Topic, Wanted, Wish, WishState
from storage.tickets.tables import Interest

WANTED = (Topic.TRAINING, Topic.JOBS, Topic.POLICY)
"""What somebody can say they want: of their own application everybody is told."""

_STANDS = (col(Wish.state) != WishState.CLOSED, col(Wish.person_id).is_not(None))


def conditions(session: Session, topics: Collection[str], word: str) -> Iterator[ColumnElement[bool]]:
    """Give what holds of who wants one of these topics (people joined with a contact), or has a word in a wish.

    Args:
        session: wishes are sealed, so they are read here.
        topics: of `WANTED`; nothing where it does not matter.
        word: part of a wish, such as 烘焙; "" where it does not matter.

    """
    person = col(Person.id)
    shown = {
        Topic.TRAINING: exists().where(col(Wish.person_id) == person, *_STANDS),
        Topic.JOBS: exists().where(col(Interest.person_id) == person),
    }
    chosen = [topic for topic in WANTED if topic in topics]
    if topics:
        asked = exists().where(col(Wanted.contact_id) == col(Contact.id), col(Wanted.topic).in_(chosen))
        yield or_(asked, *(shown[topic] for topic in chosen if topic in shown))
    if word:
        wishes = session.execute(columns(col(Wish.person_id), col(Wish.wish)).where(*_STANDS))
        yield among(person, {number for number, wish in wishes if word in wish})
