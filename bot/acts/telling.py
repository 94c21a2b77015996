"""Telling the person what others do for them, and asking them (access.md F4, F9)."""

from datetime import timedelta

from sqlmodel import Session

from bot.submitted import Submitted
from storage import outbox, people
from storage.tables import Application, Person

USEFUL = timedelta(days=7)
"""After this long nobody is told any more that something was done for them; the list of events still shows it."""


def ask_person(session: Session, submitted: Submitted, filed: Application) -> None:
    """Promise the person the question whether they want to go, on each phone of their own.

    Without one, the application waits: the person answers on this phone, or staff ask.
    """
    person = session.get_one(Person, filed.person_id)
    for contact_id in people.own_contacts(session, person.id, submitted.now):
        outbox.promise(
            session,
            contact_id,
            "assent_request",
            {"name": person.name or "", "person": person.id, "application": filed.id},
            now=submitted.now,
            key=f"assent:{filed.id}:{contact_id}",
        )


def tell_person(session: Session, submitted: Submitted, person: Person, act: str, about: int) -> None:
    """Promise the person a word about what a helper did: within the day, once a day for the same thing."""
    for contact_id in people.own_contacts(session, person.id, submitted.now):
        outbox.promise(
            session,
            contact_id,
            "told",
            {"name": person.name or "", "person": person.id, "act": act},
            now=submitted.now,
            key=f"told:{act}:{about}:{contact_id}:{submitted.now:%Y-%m-%d}",
            not_after=submitted.now + USEFUL,
        )
