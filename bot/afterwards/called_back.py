"""What somebody answers to a call-back, or says instead: another time, a call, nothing at all."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.afterwards import following_up, rated
from bot.classes.offering import zone_of
from bot.fairs import looking_for_work
from bot.submitted import Submitted
from dialogs.sheet_names import PREFIX
from dialogs.state import Frame, State
from dialogs.talk import Begin
from storage import conversations, forms, people
from storage.afterwards import call_list, callbacks
from storage.forms import Given
from storage.rules.calendar import next_allowed
from storage.rules.dispositions import OPEN
from storage.tables import AnsweredBy, Contact, Disposition, Person
from storage.tickets.tables import Callback, Ticket
from storage.tickets.tickets import DANGER

TALK = "talk_now"
"""The question by which a form opens: whether it suits."""

PUT_OFF = frozenset({"later", "call", "no"})
"""Answers to it that end the talk."""

GREETING = frozenset({TALK, "answered_by", "attended", "wave"})
"""Questions that only open the talk: who answered nothing else has not said anything yet."""

SAID = {each.value: each for each in AnsweredBy if each.value}

ASKED = "answered_by"
"""The question that asks who answers."""


def asked_in(session: Session, submitted: Submitted) -> Callback | None:
    """Give the call-back a survey belongs to, held until the transaction ends."""
    number = submitted.number("callback")
    return None if number is None else callbacks.find(session, number)


def put_off(session: Session, submitted: Submitted, callback: Callback) -> Begin | None:
    """Do what somebody says who will not answer now: another day, a call, or never; None for who answers.

    After its time nothing can be agreed any more, but a refusal counts.
    """
    said, now = submitted.text(TALK), submitted.now
    if said not in PUT_OFF:
        return None
    when = ""
    if said == "no":
        if callback.state is not Disposition.COMPLETE:
            callbacks.refuse(session, callback)
    elif callback.state not in OPEN or now > callback.closes_at:
        said = "over"
    elif said == "later":
        when = callbacks.later(session, callback, now).isoformat()
    else:
        callbacks.call(session, callback, now)
        person = session.get_one(Person, callback.person_id)
        said = "write" if call_list.prefers_text(person) else "call"
    return _about(callback.person_id, "callback_told", said=said, when=when)


def stop(session: Session, submitted: Submitted, callback: Callback) -> Begin:
    """End the call-backs of a class by the button of a letter."""
    if submitted.text("sure") == "yes" and callback.state is not Disposition.COMPLETE:
        callbacks.refuse(session, callback)
        return _about(callback.person_id, "callback_told", said="no", when="")
    return Begin("home")


def keep(session: Session, callback: Callback | None, given: Given, now: datetime) -> Sequence[Ticket]:
    """Keep answers and count them; those to a call-back end it. Give the tickets that they open."""
    kept = forms.keep_answers(session, rated.with_order(session, given), now)
    rated.count(session, kept, now)
    if callback is None:
        return ()
    callbacks.take_answers(session, callback, kept, now)
    opened = following_up.open_tickets(session, callback, kept, now)
    looking_for_work.follow(session, callback, kept.answers, now)
    if kept.complete and given.contact_id is not None:
        _ask_next(session, given.contact_id, now)
    return opened


def told(opened: Sequence[Ticket], now: datetime) -> Begin | None:
    """Say what was opened for somebody and until when it is answered; nothing where nothing can be told."""
    shown = [each for each in opened if each.kind != DANGER]  # others may read along
    if not shown:
        return None
    numbers = "、".join(each.number for each in shown)
    due = max(each.due_at for each in shown).astimezone(now.tzinfo).date().isoformat()
    return _about(shown[0].person_id, "callback_opened", numbers=numbers, due=due)


def _about(person_id: int | None, flow: str, **given: str) -> Begin:
    """Say it of whom it is about: on a phone that asks for two, the other may be the one asked for last."""
    return Begin(flow, about=() if person_id is None else (("person", person_id),), given=given)


def close(session: Session, callback: Callback, contact_ids: Sequence[int], now: datetime) -> None:
    """End a call-back whose time is over; what was answered half way is kept as far as it goes."""
    given = None if callback.answer_set_id is not None else _begun(session, callback, contact_ids)
    if given is None:
        callbacks.close(session, callback)
        return
    keep(session, callback, given, now)


def _begun(session: Session, callback: Callback, contact_ids: Sequence[int]) -> Given | None:
    """Find what was answered half way on one of these phones: where several did, the one that went farthest."""
    found: list[tuple[int, int, Frame]] = []
    for contact_id in contact_ids:
        state = State.load(conversations.read_conversation(session, contact_id, lock=False).state)
        for frame in (*state.frames, *state.waiting):
            is_it = frame.flow == f"{PREFIX}{callback.form}"
            if is_it and dict(frame.about).get("callback") == callback.id and frame.answers.keys() - GREETING:
                found.append((len(frame.answers), contact_id, frame))
    if not found:
        return None
    _, contact_id, frame = max(found, key=lambda each: each[:2])
    account = next(iter(people.accounts_of(session, contact_id)), None)
    return Given(
        form=callback.form,
        version=next((each.version for each in forms.live_forms(session) if each.name == callback.form), ""),
        answers=frame.answers,
        channel=account.channel if account is not None else "",
        person_id=callback.person_id,
        contact_id=contact_id,
        intake_id=callback.intake_id,
        about={"callback": callback.id},
        answered_by=SAID.get(str(frame.answers.get(ASKED)), AnsweredBy.UNSAID),
        complete=False,
    )


def _ask_next(session: Session, contact_id: int, now: datetime) -> None:
    """Let whoever waited for this phone be asked now: the survey on it is done."""
    if session.get(Contact, contact_id) is None:
        return
    there = [person.id for person, _ in people.people_of(session, contact_id, now)]
    waits = select(Callback).where(
        col(Callback.person_id).in_(there),
        Callback.state == Disposition.PLANNED,
        Callback.due_at <= now,
        Callback.next_at > now,
    )
    found = session.exec(waits.order_by(col(Callback.due_at), col(Callback.id)).limit(1)).first()
    if found is not None:
        callbacks.wait(session, found, next_allowed(now, zone_of(now)))
