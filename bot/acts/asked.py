"""Asking those whose word an application waits for: here, or by a link on a phone of their own (F4, F12)."""

from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot import alerting
from bot.acts.keeping import application_about
from bot.acts.telling import ask_again, tell_answer
from bot.naming import called
from bot.submitted import NOT_YOURS, Acting, Submitted, acting
from dialogs.talk import Begin
from storage import doors, gotokens, people
from storage.applications import assents
from storage.applications.assents import Whose
from storage.tables import OVER, Application, AssentAnswer, Audit, Channel, Person
from storage.tickets import tickets

LINK_DAYS = 3
"""Whole days a link is good for after the day it was made: who gets it may be elsewhere."""

POWERS = {Whose.PERSON: "assent", Whose.PARENT: doors.CONSENT}
"""What a contact must be allowed, to give this word on the phone it uses."""

STOPPED = {
    Whose.PERSON: "本人说不想去。报名号：{number}。先和本人谈。",
    Whose.PARENT: "家长说不同意。报名号：{number}。先和本人、家长分别谈。",
}
"""What staff read when somebody said no."""


def assent(session: Session, submitted: Submitted) -> Begin | None:
    """Keep what the person says themselves; a no goes to staff and not to the family."""
    return _keep_word(session, submitted, Whose.PERSON, "want", "assent_done")


def parent_word(session: Session, submitted: Submitted) -> Begin | None:
    """Keep whether a minor's parent agrees; a no goes to staff, who talk to both."""
    return _keep_word(session, submitted, Whose.PARENT, "agree", "parent_word_done")


def _keep_word(
    session: Session, submitted: Submitted, whose: Whose, question: str, done: str
) -> Begin | None:
    filed = application_about(session, submitted)
    who = None if filed is None else acting(session, submitted, POWERS[whose], filed.person_id)
    if filed is None or who is None:
        return NOT_YOURS
    if not submitted.text(question):
        return None  # somebody else holds the phone: nothing was asked
    answer = AssentAnswer(submitted.text(question))
    new = assents.record_assent(
        session,
        filed,
        answer,
        wording=submitted.wordings(question),
        channel=submitted.channel,
        actor=submitted.actor,
        now=submitted.now,
        note=_how(submitted, who, whose),
        whose=whose,
    )
    if new and filed.state not in OVER:
        if answer is AssentAnswer.NO:
            stop(session, submitted, filed, whose)
        elif answer is AssentAnswer.YES:
            tell_answer(session, submitted, filed, who.person, whose)
            alerting.tell_staff(session, filed, submitted.shelf, submitted.now)
    return Begin(done, given={question: answer.value})


def stop(session: Session, submitted: Submitted, filed: Application, whose: Whose) -> None:
    """Tell staff of a no. No contact on it: whoever holds this phone would find it among their tickets (F4)."""
    words = STOPPED[whose].format(number=filed.number)
    now = submitted.now
    tickets.make_ticket(session, "help", words, now, person_id=filed.person_id, application_id=filed.id)


def _how(submitted: Submitted, who: Acting, whose: Whose) -> str:
    """Say for staff how the answer came about, where that may matter."""
    read_out = "旁边的人念给他听的" if submitted.text("who") == "beside" else ""
    if whose is Whose.PERSON:
        borrowed = "" if who.is_self else "在帮忙的人的手机上答的"
    elif who.is_self:
        borrowed = "在本人的手机上答的"
    else:
        borrowed = "" if doors.CONSENT in who.relation.powers else "在帮忙的人的手机上答的"
    return "，".join(part for part in (borrowed, read_out) if part)


def assent_link(session: Session, submitted: Submitted) -> Begin:
    """Make a link that opens the question on the person's own phone, and makes it theirs.

    Who has a phone of their own already is asked on it, and nowhere else: a link would open what they said
    there to whoever opens the link.
    """
    return _make_link(session, submitted, Whose.PERSON, "assent_link")


def parent_link(session: Session, submitted: Submitted) -> Begin:
    """Make a link that asks a minor's parent on a phone of their own."""
    return _make_link(session, submitted, Whose.PARENT, "parent_link")


def _make_link(session: Session, submitted: Submitted, whose: Whose, purpose: str) -> Begin:
    filed = application_about(session, submitted)
    who = None if filed is None else acting(session, submitted, "fill", filed.person_id)
    if filed is None or who is None:
        return NOT_YOURS
    now = submitted.now
    if whose not in assents.missing(session, filed, now):
        return Begin("application", (("application", filed.id),))
    doors.hold(session, filed.person_id)
    if whose is Whose.PERSON and people.own_contacts(session, filed.person_id, now):
        ask_again(session, submitted, filed)
        return Begin("asked_there", given={"name": _name(submitted, who.person)})
    door = doors.own_door if whose is Whose.PERSON else doors.parents_door
    contact = door(session, filed.person_id, submitted.actor, now)
    about = {"application": filed.id}
    gotokens.void_tokens(session, contact.id, purpose, about, now)
    until = link_end(now)
    secret = gotokens.make_token(
        session, contact.id, purpose, now, {**about, "by": submitted.contact_id}, until=until
    )
    note_link(session, submitted.actor, f"{purpose}_made", filed.id, now)
    last_day = (until - timedelta(days=1)).date()
    given = {**submitted.link(secret), "until": last_day.isoformat(), "name": _name(submitted, who.person)}
    return Begin(f"{purpose}_ready", given=given)


def _name(submitted: Submitted, person: Person) -> str:
    """What somebody is called where this is said."""
    name = person.name or ""
    return called(name) if submitted.channel == Channel.TELEGRAM else name


def link_end(now: datetime) -> datetime:
    """Give the midnight that ends a link made now, so that the day said on the screen is good as a whole."""
    return datetime.combine(now.date() + timedelta(days=LINK_DAYS + 1), time(), now.tzinfo)


def note_link(session: Session, actor: str, action: str, application_id: int, now: datetime) -> None:
    """Leave in the audit who made or opened a link to which application."""
    session.add(
        Audit(at=now, actor=actor, action=action, subject_kind="application", subject_id=application_id)
    )
    session.flush()
