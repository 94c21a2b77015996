"""Who wants to know something of the world, about what, and what they may see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlmodel import Session

from dialogs.book import Book
from dialogs.facts.applications import Applied
from dialogs.facts.people import Office
from dialogs.state import State
from dialogs.talk import Reading
from storage import consents, people
from storage.applications import assents
from storage.catalogue.cards import IntakeCard
from storage.catalogue.shelf import Shelf
from storage.catalogue.snapshot import Snapshot
from storage.doors import CONSENT
from storage.finding import get
from storage.staff.staff import staff_of_contact
from storage.tables import (
    Application,
    ApplicationState,
    Contact,
    Person,
    Purpose,
    Relation,
    ReminderWish,
    Staff,
)

Known = tuple[Person, Relation]

ASKING_POWERS = ("fill", "assent", CONSENT)
"""What matters where somebody's word is missing: making a link, and answering on this phone."""


class Kin:
    """Whom a contact may speak for, and what these people agreed to: read once, of use until something is decided."""

    def __init__(self, session: Session, contact: Contact | None, now: datetime) -> None:
        self.contact = contact
        self._session = session
        self._now = now
        self._standing: dict[int, Mapping[Purpose, bool]] = {}

    @cached_property
    def people(self) -> Mapping[int, Known]:
        """Everybody this contact may speak for, by number."""
        if self.contact is None:
            return {}
        found = people.people_of(self._session, self.contact.id, self._now)
        return {person.id: (person, relation) for person, relation in found}

    @cached_property
    def member(self) -> Staff | None:
        """Who of staff works through this contact's chats, and is staff still."""
        return None if self.contact is None else staff_of_contact(self._session, self.contact.id)

    def standing(self, person_id: int) -> Mapping[Purpose, bool]:
        """For every purpose a person was asked about, whether it is agreed to now."""
        if person_id not in self._standing:
            self._standing[person_id] = consents.standing(self._session, person_id)
        return self._standing[person_id]


@dataclass
class Asking:
    """Who wants to know, about what, and when; what several facts need is read once."""

    session: Session
    kin: Kin
    about: Mapping[str, int | str]
    shelf: Shelf
    office: Office
    now: datetime
    state: State
    book: Book

    @property
    def contact(self) -> Contact | None:
        return self.kin.contact

    @property
    def contact_id(self) -> int | None:
        return self.contact.id if self.contact is not None else None

    @property
    def people(self) -> Mapping[int, Known]:
        """Everybody this contact may speak for, by number."""
        return self.kin.people

    @cached_property
    def whom(self) -> Known | None:
        """Whom the flow is about: the person it names, or whose application it is, else the current one."""
        number = self.number("person")
        if number is None and (filed := self.filed) is not None:
            number = filed.person_id
        if number is None and self.contact is not None:
            number = self.contact.current_person_id
        return None if number is None else self.people.get(number)

    @cached_property
    def filed(self) -> Application | None:
        """The application the flow is about, where this contact may see it."""
        number = self.number("application")
        found = None if number is None else get(self.session, Application, number)
        return found if found is not None and self.may_see(found) else None

    @cached_property
    def reminded(self) -> Application | None:
        """The application a reminder is about: for who may see it, and for who is reminded of its class as well."""
        number = self.number("application")
        found = None if number is None or self.filed is not None else get(self.session, Application, number)
        return found if found is not None and self._is_reminded_too(found) else self.filed

    @property
    def reading(self) -> Reading:
        return self.contact.reading.value if self.contact is not None else "plain"

    @property
    def catalogue(self) -> Snapshot:
        return self.shelf.current

    @property
    def run(self) -> IntakeCard | None:
        number = self.number("intake")
        return None if number is None else self.catalogue.intake(number)

    def number(self, name: str) -> int | None:
        value = self.about.get(name)
        return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None

    def may(self, relation: Relation, power: str) -> bool:
        return people.may(self.session, relation, power, self.now)

    def may_see(self, application: Application) -> bool:
        """Whether a contact sees an application: who may see the person's, who filled it in, a minor's parent."""
        known = self.people.get(application.person_id)
        if known is None:
            return False
        if application.contact_id == self.contact_id or self.may(known[1], "see"):
            return True
        return self.may(known[1], CONSENT) and assents.needs_parent(application, self.now)

    def _is_reminded_too(self, application: Application) -> bool:
        """Whether the person wishes that this contact is reminded of the class as well."""
        known = self.people.get(application.person_id)
        wish = get(self.session, ReminderWish, application.person_id)
        return (
            known is not None
            and wish is not None
            and wish.helpers_too
            and application.state is ApplicationState.ACCEPTED
            and self.may(known[1], "reminders")
        )

    def told(self, application: Application) -> Applied:
        """Give an application as this contact may see it: reasons are for the person (access.md F8)."""
        from bot.applications.applied import applied

        person, relation = self.people[application.person_id]
        return applied(
            self.session,
            application,
            person.name or "",
            with_reason=self.may(relation, "see"),
            can_withdraw=self.may(relation, "cancel"),
            missing=assents.missing(self.session, application, self.now),
            powers=frozenset(power for power in ASKING_POWERS if self.may(relation, power)),
            zone=self.now.tzinfo,
        )


Reader = Callable[[Asking], object]
"""Reads one fact."""
