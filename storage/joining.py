"""Two contacts that turn out to be one: everything of the one becomes the other's."""

from collections.abc import Iterator

from sqlalchemy import Column
from sqlmodel import Session, col, delete, exists, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from storage.keeping.every_table import metadata
from storage.tables import (
    Account,
    Contact,
    ContactRole,
    GoToken,
    Outbox,
    Person,
    Refusal,
    Relation,
    Role,
    Wanted,
)

APART = frozenset({"relation", "conversation"})
"""Tables with a rule of their own: one relation to a person, one conversation."""


def join(session: Session, kept: Contact, joined: Contact) -> dict[int, int]:
    """Let everything of one contact be another's: people, applications, messages, places to be reached.

    The joined one's conversation is left for the caller. Give the numbers of persons that are another now:
    somebody who said nothing of themselves yet on one device is whoever they are on the other. Where both
    hold something, both stay, to be chosen from.
    """
    _take_relations(session, kept, joined)
    _take_promises(session, kept, joined)
    _take_notices(session, kept, joined)
    became = _one_self(session, kept)
    # Numbers of questions belong to a conversation: none of the kept one's was seen at these places yet.
    unseen = update(Account).where(col(Account.contact_id) == joined.id)
    session.execute(unseen.values(shown_prompt=0, on_page=False))
    for column in _pointing_at("contact.id"):
        if column.table.name not in APART:
            mine = update(column.table).where(column == joined.id)
            session.execute(mine.values({column.name: kept.id}))
    if kept.role is ContactRole.UNKNOWN:
        kept.role, kept.reading, kept.size = joined.role, joined.reading, joined.size
    current = kept.current_person_id or joined.current_person_id
    kept.current_person_id = became.get(current, current) if current is not None else None
    joined.current_person_id = None
    session.add_all([kept, joined])
    session.flush()
    for blank in became:
        session.delete(session.get_one(Person, blank))
    session.flush()
    session.expire_all()
    return became


def are_two(session: Session, one: Contact, other: Contact) -> bool:
    """Whether two contacts are two humans: somebody is the one, and is helped by the other."""

    def roles(contact: Contact) -> dict[int, bool]:
        standing = select(Relation).where(
            Relation.contact_id == contact.id, col(Relation.revoked_at).is_(None)
        )
        return {each.person_id: each.role is Role.SELF for each in session.exec(standing).all()}

    mine, theirs = roles(one), roles(other)
    return any(mine[each] != theirs[each] for each in mine.keys() & theirs.keys())


def _take_relations(session: Session, kept: Contact, joined: Contact) -> None:
    """Move what one contact may do for people to the other, who may do it once."""
    known = set(session.exec(_standing(kept.id)).all())
    for relation in session.exec(select(Relation).where(Relation.contact_id == joined.id)).all():
        if relation.person_id in known and relation.revoked_at is None:
            session.delete(relation)
            session.flush()
        else:
            relation.contact_id = kept.id
            session.add(relation)
    session.flush()


def _take_promises(session: Session, kept: Contact, joined: Contact) -> None:
    """Let links that one contact made for others, and what it granted them, be the other's.

    They name who made them without pointing there: a link's words are sealed, and who grants may be staff.
    """
    granted = update(Relation).where(col(Relation.granted_by) == f"contact:{joined.id}")
    session.execute(granted.values(granted_by=f"contact:{kept.id}"))
    spoken_for = select(Relation.person_id).where(Relation.contact_id == kept.id)
    doors = select(Relation.contact_id).where(col(Relation.person_id).in_(spoken_for))
    for token in session.exec(select(GoToken).where(col(GoToken.contact_id).in_(doors))).all():
        if token.payload.get("by") == joined.id:
            token.payload = {**token.payload, "by": kept.id}
            session.add(token)
    session.flush()


def _take_notices(session: Session, kept: Contact, joined: Contact) -> None:
    """Let each notice go to the two of them once; each refusal and each wish counts once, and a refusal wins."""
    both = (kept.id, joined.id)
    no = select(Refusal.topic).where(col(Refusal.contact_id).in_(both))
    session.execute(delete(Wanted).where(col(Wanted.contact_id).in_(both), col(Wanted.topic).in_(no)))
    for table in (Refusal, Wanted):
        topics = list(session.exec(select(table.topic).where(table.contact_id == kept.id)).all())
        session.execute(delete(table).where(col(table.contact_id) == joined.id, col(table.topic).in_(topics)))
    known = select(Outbox.notice_id).where(Outbox.contact_id == kept.id, col(Outbox.notice_id).is_not(None))
    numbers = list(session.exec(known).all())
    theirs = delete(Outbox).where(col(Outbox.contact_id) == joined.id, col(Outbox.notice_id).in_(numbers))
    session.execute(theirs)


def _one_self(session: Session, contact: Contact) -> dict[int, int]:
    selves = list(session.exec(_standing(contact.id).where(Relation.role == Role.SELF)).all())
    blank = [each for each in selves if _is_blank(session, each)]
    known = next((each for each in selves if each not in blank), blank[0] if blank else None)
    became = {each: known for each in blank if known is not None and each != known}
    for each in became:
        mine = select(Relation).where(Relation.contact_id == contact.id, Relation.person_id == each)
        for relation in session.exec(mine).all():
            session.delete(relation)
    session.flush()
    return became


def _standing(contact_id: int) -> SelectOfScalar[int]:
    wanted = select(Relation.person_id).where(
        Relation.contact_id == contact_id, col(Relation.revoked_at).is_(None)
    )
    return wanted.order_by(col(Relation.id))


def _is_blank(session: Session, person_id: int) -> bool:
    """Whether nothing is known of a person, and only one contact speaks for them."""
    person = session.get_one(Person, person_id)
    if person.name or person.cert_no or person.phone or person.profile or person.erased_at:
        return False
    spoken_for = select(func.count()).select_from(Relation).where(Relation.person_id == person_id)
    if session.exec(spoken_for).one() > 1:
        return False
    apart = ("relation", "contact")
    return not any(
        session.scalar(select(exists().where(column == person_id)))
        for column in _pointing_at("person.id")
        if column.table.name not in apart
    )


def _pointing_at(target: str) -> Iterator[Column[int]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(key.target_fullname == target for key in column.foreign_keys):
                yield column
