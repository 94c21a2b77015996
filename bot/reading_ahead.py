"""Reads for many reminders or letters at once what each of them names: a few statements, however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, SQLModel

from storage.applications.tables import Offer
from storage.fairs.tables import FairSignup
from storage.finding import read_ahead
from storage.tables import Application, Person, Relation, Reminder, Staff, Wish
from storage.tickets.tables import Callback, Ticket

NAMED: Mapping[str, type[SQLModel]] = {
    "application": Application,
    "callback": Callback,
    "draft": Reminder,
    "nudge": Reminder,
    "offer": Offer,
    "person": Person,
    "relation": Relation,
    "reminder": Reminder,
    "signup": FairSignup,
    "staff": Staff,
    "ticket": Ticket,
    "wish": Wish,
}
"""What a reminder or a letter is about, by the name under which it keeps the number."""


def read_named(session: Session, named: Iterable[Mapping[str, Any]]) -> list[SQLModel]:
    """Read, within a portion, the rows that these name; give them."""
    numbers: dict[type[SQLModel], set[int]] = defaultdict(set)
    for each in named:
        for name, number in each.items():
            if name in NAMED and isinstance(number, int):
                numbers[NAMED[name]].add(number)
    return [row for kind, wanted in numbers.items() for row in read_ahead(session, kind, wanted)]
