"""What follows for who looks for work: positions that may suit them in a letter, and what came of a job fair."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot import reaching
from bot.classes.offering import zone_of
from bot.fairs.telling import readers_of
from storage import outbox, reminders
from storage.catalogue.fair_cards import PositionCard
from storage.fairs import fairs, work_reminders
from storage.fairs import matching as fair_matching
from storage.fairs.matching import Suited
from storage.fairs.tables import FairSignup
from storage.notices import refusals
from storage.rules.calendar import next_allowed
from storage.rules.fitting import Why
from storage.tables import Application, CallbackKind, Person, Reminder, ReminderState, Topic
from storage.tickets.tables import Callback

LETTER = "positions_waiting"

WORTH_TELLING = frozenset({Why.TRAINED, Why.WISHED, Why.DISTRICT, Why.CITY, Why.HOME})
"""Reasons for which somebody is told of a position by a letter."""

NOTHING_FITS = "现在没有合适的岗位"
NOT_WANTED = "不想收招聘的消息"
NOWHERE = "没有能发到的地方"
PHONED = "没有聊天，改打电话"
GONE = "本人已删除信息"


def ring(session: Session, row: Reminder, now: datetime) -> None:
    """Tell somebody of positions, as many as fit by now; in quiet hours it waits for the morning.

    Who has no chat is phoned.
    """
    person = session.get(Person, int(row.about["person"]))
    if person is None or person.erased_at is not None:
        reminders.drop(session, row, GONE)
        return
    fitting = worth_telling(session, person.id, now)
    readers = readers_of(session, person.id, now)
    willing = [each for each in readers if Topic.JOBS not in refusals.refused(session, each)]
    told = [each for each in willing if reaching.in_chat(session, each)]
    attended = row.about.get("application")
    if not fitting or (readers and not willing):
        reminders.drop(session, row, NOT_WANTED if fitting else NOTHING_FITS)
        return
    if not told:
        if attended is not None:
            reaching.phone(session, session.get_one(Application, int(attended)), reaching.POSITIONS, now)
        reminders.drop(session, row, NOWHERE if attended is None else PHONED)
        return
    payload = {"name": person.name or "", "person": person.id, "count": len(fitting)}
    for contact_id in told:
        outbox.promise(
            session,
            contact_id,
            LETTER,
            payload,
            now=now,
            key=f"{row.key}:{contact_id}",
            due_at=next_allowed(now, zone_of(now)),
        )
    row.state = ReminderState.SENT
    session.add(row)
    session.flush()


def worth_telling(session: Session, person_id: int, now: datetime) -> Sequence[Suited[PositionCard]]:
    """Give the positions somebody is told of without asking, the most fitting first."""
    found = fair_matching.for_person(session, person_id, now).positions
    return [each for each in found if {reason.why for reason in each.fit.reasons} & WORTH_TELLING]


def follow(session: Session, callback: Callback, answers: Mapping[str, object], now: datetime) -> None:
    """Do what the answers to a call-back ask for: note what came of a fair, tell who has no work of positions."""
    signup = None if callback.signup_id is None else session.get(FairSignup, callback.signup_id)
    found = answers.get("found")
    if callback.kind is CallbackKind.FAIR and signup is not None and found in fairs.INTENTIONS:
        fairs.keep_intention(session, signup, str(found))
    work_reminders.after_answers(session, callback, answers, now)
