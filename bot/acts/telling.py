"""Telling the person what others do for them, and asking them (access.md F4, F9)."""

from datetime import timedelta

from sqlmodel import Session

from bot import reaching
from bot.submitted import Submitted
from storage import outbox, people
from storage.applications.assents import Whose
from storage.tables import Application, Person

USEFUL = timedelta(days=7)
"""After this long nobody is told any more that something was done for them; the list of events still shows it."""


def ask_person(session: Session, submitted: Submitted, filed: Application) -> None:
    """Promise the person the question whether they want to go, on each phone of their own.

    Without one, the application waits: the person answers on this phone or by a link, or staff ask.
    """
    _ask(session, submitted, filed, "")


def ask_again(session: Session, submitted: Submitted, filed: Application) -> None:
    """Promise the question once more, once a day at the most."""
    _ask(session, submitted, filed, f":{submitted.now:%Y-%m-%d}")


def _ask(session: Session, submitted: Submitted, filed: Application, day: str) -> None:
    person = session.get_one(Person, filed.person_id)
    for contact_id in people.own_contacts(session, person.id, submitted.now):
        outbox.promise(
            session,
            contact_id,
            "assent_request",
            {"name": person.name or "", "person": person.id, "application": filed.id},
            now=submitted.now,
            key=f"assent:{filed.id}:{contact_id}{day}",
        )


def tell_answer(
    session: Session, submitted: Submitted, filed: Application, person: Person, whose: Whose
) -> None:
    """Promise who waits for a yes the word that it is there: who applied, and the person of a parent's.

    Who answered knows it already. A no goes to staff first (access.md F4).
    """
    now = submitted.now
    waiting = set(people.own_contacts(session, person.id, now)) if whose is Whose.PARENT else set()
    helper = filed.contact_id
    if helper is not None and people.relation_of(session, helper, person.id, now) is not None:
        waiting.add(helper)
    for contact_id in sorted(waiting - {submitted.contact_id}):
        outbox.promise(
            session,
            contact_id,
            "word_given",
            {"name": person.name or "", "person": person.id, "whose": whose.value},
            now=now,
            key=f"word:{whose.value}:{filed.id}:{contact_id}",
            not_after=now + USEFUL,
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


def tell_entered(session: Session, submitted: Submitted, person: Person, filed: Application) -> None:
    """Tell the person what staff wrote down for them; who can only be phoned is phoned."""
    tell_person(session, submitted, person, "entered", filed.id)
    if person.phone and not people.own_contacts(session, person.id, submitted.now):
        reaching.phone(session, filed, reaching.ENTERED, submitted.now)
