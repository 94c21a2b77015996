"""One message of staff to several people who applied: each gets it once, and each application keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.reaching import MESSAGE, phone, tell
from dialogs.model import Json
from storage.applications.enrolment import events_of, log_event
from storage.staff.staff import note_access
from storage.tables import Application, ApplicationState, Person, Staff

KIND = "messaged"
"""The event that keeps the words."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many got a message.

    Args:
        told: it is on its way.
        to_phone: the same, but no chat of theirs rings, so that somebody phones.
        left_out: who is not written to: gone, withdrawn, or told the same today.

    """

    told: int
    to_phone: int
    left_out: int


def write_to(
    session: Session, application_ids: Sequence[int], member: Staff, words: str, now: datetime
) -> Sent:
    """Send words to the people of these applications. Pressed twice, the same words go out once a day.

    Raises:
        ValueError: without words.

    """
    if not words.strip():
        raise ValueError("a message has words")
    wanted = select(Application).where(col(Application.id).in_(application_ids)).order_by(col(Application.id))
    filed = session.exec(wanted.with_for_update().execution_options(populate_existing=True)).all()
    told = to_phone = 0
    for each in filed:
        if not _is_there(session, each) or _was_told(session, each, words, now):
            continue
        log_event(session, each.id, KIND, f"staff:{member.id}", now, words)
        event = events_of(session, each.id)[-1].id
        more: dict[str, Json] = {"event": event, "who": member.name, "said": words}
        told += 1
        if not tell(session, each, "staff_words", more, key=f"staff_words:{event}", now=now):
            phone(session, each, MESSAGE, now, about=event)
            to_phone += 1
    note_access(session, member, "wrote", "application", None, now, f"{told} people")
    return Sent(told, to_phone, len(filed) - told)


def _is_there(session: Session, application: Application) -> bool:
    person = session.get_one(Person, application.person_id)
    return person.erased_at is None and application.state is not ApplicationState.WITHDRAWN


def _was_told(session: Session, application: Application, words: str, now: datetime) -> bool:
    today = now.date()
    return any(
        each.kind == KIND and each.note == words and each.at.astimezone(now.tzinfo).date() == today
        for each in events_of(session, application.id)
    )
