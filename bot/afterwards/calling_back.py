"""Asks people how it went: in the chat first, one survey at a time on a phone; whom no chat reaches is phoned."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot import reaching
from bot.afterwards import called_back
from bot.classes.offering import zone_of
from dialogs.model import Json
from storage import forms, outbox, people, reminders
from storage.afterwards import callbacks
from storage.fairs.tables import FairSignup
from storage.rules.calendar import next_allowed
from storage.rules.callback_days import AGAIN_AFTER, SPACED, good_moment
from storage.rules.dispositions import OPEN
from storage.tables import Application, Contact, Disposition, Lane, Person, Reminder
from storage.tickets.tables import Callback

LETTER = "callback"

GONE = "没有这次回访了"


def ring(session: Session, row: Reminder, now: datetime) -> None:
    """Ask, remind, hand over to the call list, or end: whatever is due now; an overdue one is judged again (law 5)."""
    callback = callbacks.find(session, int(row.about["callback"]))
    if callback is None:
        reminders.drop(session, row, GONE)
        return
    callbacks.judge(session, callback, now)
    if callback.state not in OPEN:
        callbacks.keep(session, callback)
    elif now >= callback.closes_at:
        called_back.close(session, callback, heard_by(session, callback, now), now)
    elif callback.state is Disposition.TO_CALL or callback.next_at > now:
        callbacks.keep(session, callback)
    elif not (told := heard_by(session, callback, now)) or callbacks.is_spent(callback):
        callbacks.call(session, callback, now)
    elif not forms.is_live(session, callback.form) or _is_busy(session, callback, told, now):
        hour = callbacks.hour_of(session, callback.person_id)
        callbacks.wait(session, callback, good_moment(now + SPACED / 2, hour, zone_of(now)))
    else:
        _ask(session, callback, told, now)


def heard_by(session: Session, callback: Callback, now: datetime) -> list[int]:
    """Give who is asked in a chat: the person, else who filled it in and may still help; nobody without a chat."""
    if callback.application_id is not None:
        application = session.get_one(Application, callback.application_id)
        told = reaching.contacts_to_tell(session, application, now)
    else:
        told = people.own_contacts(session, callback.person_id, now)
        signup = session.get(FairSignup, callback.signup_id)
        filler = signup.contact_id if signup is not None else None
        if not told and filler is not None:
            speaks = people.relation_of(session, filler, callback.person_id, now) is not None
            told = [filler] if speaks else []
    return [each for each in told if reaching.in_chat(session, each)]


def _ask(session: Session, callback: Callback, told: Sequence[int], now: datetime) -> None:
    callbacks.note_asked(session, callback, now)
    person = session.get_one(Person, callback.person_id)
    payload: dict[str, Json] = {
        "name": person.name or "",
        "person": person.id,
        "intake": callback.intake_id,
        "callback": callback.id,
        "form": callback.form,
        "asked": callback.asked,
    }
    due_at = next_allowed(now, zone_of(now))
    for contact_id in told:
        outbox.promise(
            session,
            contact_id,
            LETTER,
            payload,
            now=now,
            key=f"{callback.key}:{callback.asked}:{contact_id}",
            due_at=due_at,
            not_after=due_at + AGAIN_AFTER,
            lane=Lane.BULK,
        )


def _is_busy(session: Session, callback: Callback, contact_ids: Sequence[int], now: datetime) -> bool:
    """Whether somebody on one of these phones was asked something else within a day, and has not answered."""
    for contact_id in contact_ids:
        # Held: of two machines that look at two people of one phone, the second finds what the first one asked.
        session.exec(select(Contact.id).where(Contact.id == contact_id).with_for_update(key_share=True)).one()
    there = {person.id for each in contact_ids for person, _ in people.people_of(session, each, now)} | {
        callback.person_id
    }
    running = select(Callback.id).where(
        col(Callback.person_id).in_(there),
        Callback.id != callback.id,
        Callback.state == Disposition.ASKED,
        Callback.next_at > now + AGAIN_AFTER - SPACED,
    )
    return session.exec(running.limit(1)).first() is not None
