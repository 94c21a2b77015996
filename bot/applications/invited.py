"""A link handed to somebody whose name was brought on a list: their own yes begins the application, a no ends it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from dialogs.talk import Begin
from storage import gotokens, people
from storage.applications import listed
from storage.applications.tables import ListedName
from storage.catalogue.shelf import Shelf
from storage.tables import Audit, Contact, ContactRole, GoToken, Role

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is asked, and about which course."""

    name: str
    title: str


def look_at(session: Session, token: GoToken, shelf: Shelf) -> Invited | None:
    """Say whom a link asks about what; None when the name is off the list."""
    found = _name_of(session, token)
    run = None if found is None else shelf.current.intake(found.intake_id)
    card = None if run is None else shelf.current.project(run.project_id)
    return None if found is None or card is None else Invited(found.name, card.title)


def open_link(
    session: Session, token: GoToken, secret: str, fresh: str, chosen: str, now: datetime
) -> Begin | None:
    """Take the answer of whoever holds the link.

    After a yes the browser has a conversation of its own under `fresh`, which is that person and nobody else:
    nothing is filed until they have answered the questions themselves. After a no the name is forgotten.

    Returns:
        What begins after a yes; None after a no, and where the link is of no use any more.

    """
    found = _name_of(session, token)
    if found is None or chosen not in (YES, NO) or gotokens.use_token(session, secret, now) is None:
        return None
    actor = f"contact:{token.contact_id}"
    session.add(
        Audit(at=now, actor=actor, action=f"list_{chosen}", subject_kind="intake", subject_id=found.intake_id)
    )
    if chosen == NO:
        listed.drop(session, found)
        return None
    contact = session.get_one(Contact, token.contact_id)
    contact.role = ContactRole.SELF
    session.add(contact)
    people.add_account(session, contact.id, "web", fresh, now)
    person = people.add_person(session, contact.id, Role.SELF, found.name, now)
    people.update_person(session, person, name=found.name, phone=found.phone)
    found.person_id = person.id
    session.add(found)
    session.flush()
    return Begin("apply", (("person", person.id), ("intake", found.intake_id)))


def _name_of(session: Session, token: GoToken) -> ListedName | None:
    number = token.payload.get("listed")
    return session.get(ListedName, number) if isinstance(number, int) else None
