"""What happens when a reminder is due: portions of them, judged anew, each kind by whoever knows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import inf
from time import monotonic

from sqlmodel import Session

from bot import deadlines, draft_reminding
from bot.acts import helping
from bot.afterwards import calling_back, weekly_ratings
from bot.classes import collecting, ending, minding
from bot.fairs import looking_for_work
from bot.fairs import telling as fair_telling
from bot.reading_ahead import read_named
from storage import draft_reminders, outbox, people, reminders
from storage.afterwards import callbacks, rating_weeks
from storage.ahead import Portion, portion
from storage.catalogue.shelf import Shelf
from storage.catalogue.tables import Intake
from storage.classes import certificates, endings
from storage.classes import reminders as class_reminders
from storage.fairs import reminders as fair_reminders
from storage.fairs import work_reminders
from storage.fairs.tables import FairSignup
from storage.finding import read_ahead
from storage.reminders import Due
from storage.staff import deadlines as due
from storage.tables import Application, Person, Reminder, ReminderWish

Act = Callable[[Session, Reminder, datetime], None]
Ring = Callable[[Session, Due, datetime], None]
Rings = Mapping[str, Ring]
"""Kind of reminder -> what happens when it is due."""

MOST = 100
"""Reminders handled in one transaction, at most."""

TOGETHER = 20
"""Reminders that are read ahead for at once: more would be read in vain where the time is over before."""

A_WHILE = timedelta(hours=1)
"""How long a reminder that cannot be handled waits until it is tried again."""


@dataclass(frozen=True, slots=True)
class WithRow:
    """Handles a reminder by its row: sent, unless the act says otherwise. What it needs is read ahead."""

    act: Act

    def __call__(self, session: Session, taken: Due, now: datetime) -> None:
        """Hand the row over."""
        self.act(session, reminders.row_of(session, taken), now)


def ring(
    session: Session, now: datetime, rings: Rings | None = None, *, most: int = MOST, seconds: float = inf
) -> int:
    """Handle reminders that are due, in one transaction, as many as there is time for; give how many."""
    taken = reminders.take_due(session, now, most)
    known, done, stop = rings or RINGS, 0, monotonic() + seconds
    while done < len(taken):
        with portion(session) as together:
            _read_for(session, together, taken[done : done + TOGETHER], known, now)
            for each in taken[done : done + TOGETHER]:
                known.get(each.kind, UNKNOWN)(session, each, now)
                done += 1
                if monotonic() > stop:
                    break
            outbox.write_promised(session, together)
        if done < len(taken) and monotonic() > stop:
            reminders.give_back(session, taken[done:])
            break
    return done


def put_off(session: Session, now: datetime) -> int | None:
    """Have the first reminder that is due judged again in an hour; give its number."""
    for each in reminders.take_due(session, now, 1):
        reminders.look_again(session, reminders.row_of(session, each), now + A_WHILE)
        return each.id
    return None


def _read_for(session: Session, together: Portion, taken: Sequence[Due], rings: Rings, now: datetime) -> None:
    """Read what a portion is about, and whom: what each of its acts would ask by itself."""
    numbers = [each.id for each in taken if isinstance(rings.get(each.kind), WithRow)]
    rows = read_ahead(session, Reminder, numbers) if numbers else []
    named = read_named(session, [row.about for row in rows])
    of_classes = [each for each in named if isinstance(each, Application)]
    persons = {each.person_id for each in named if isinstance(each, Application | FairSignup)}
    persons |= {each.id for each in named if isinstance(each, Person)}
    if persons:
        read_ahead(session, Intake, {each.intake_id for each in of_classes})
        read_ahead(session, Person, persons)
        read_ahead(session, ReminderWish, persons)
        people.read_own_ahead(session, together, persons, now)


def _unknown(session: Session, row: Reminder, now: datetime) -> None:  # noqa: ARG001 - as the others
    reminders.drop(session, row, "不认识的提醒")


_ACTS: Mapping[str, Callable[[Session, Reminder, datetime], None]] = {
    draft_reminders.DRAFT_WARNING: draft_reminding.warn,
    draft_reminders.DRAFT_EXPIRY: draft_reminding.let_go,
    draft_reminders.DRAFT_NUDGE: draft_reminding.nudge,
    reminders.HELPER_TIME: helping.watch,
    **dict.fromkeys((class_reminders.CLASS, class_reminders.BLOCK, class_reminders.EXAM), minding.ring),
    certificates.CERTIFICATE: collecting.ring,
    endings.NOT_PASSED: ending.ring,
    callbacks.CALLBACK: calling_back.ring,
    fair_reminders.FAIR: fair_telling.ring,
    fair_reminders.CHANGED: fair_telling.ring_change,
    work_reminders.POSITIONS: looking_for_work.ring,
    due.TICKET: deadlines.tell_of_ticket,
}

UNKNOWN = WithRow(_unknown)
RINGS: Rings = {kind: WithRow(act) for kind, act in _ACTS.items()}
"""Kind of reminder -> what happens when it is due, in one transaction with others."""


def rings_of(shelf: Shelf) -> Rings:
    """Give the same with what needs the catalogue in use: it says who is responsible for a class."""
    return {
        **RINGS,
        due.NEEDS: WithRow(partial(deadlines.tell_of_needs, shelf=shelf)),
        rating_weeks.WEEKLY: WithRow(partial(weekly_ratings.ring, shelf=shelf)),
    }
