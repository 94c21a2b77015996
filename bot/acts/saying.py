"""What people tell us: wishes, requests for a person, complaints, and words of danger."""

from sqlmodel import Session

from bot.acts.keeping import ticket_made
from bot.applications.advising import LEFT_OPEN
from bot.submitted import NOT_YOURS, Submitted, acting
from bot.tickets import ticketing
from dialogs.flows.browse import situation_in
from dialogs.model import Json
from dialogs.talk import Begin
from storage import people, wishes
from storage.catalogue import codes
from storage.tickets import handling, tickets
from storage.tickets import words as ticket_words

REACHED = {"phone": "打电话", "sms": "发短信"}
"""How staff reach somebody by number, as the ticket says it."""


AT_WORK = frozenset({"unemployed", "employed", "flexible", "student"})
"""Situations of somebody who looks for a course that the application asks for by the same names."""


def looking(session: Session, submitted: Submitted) -> None:
    """Keep what somebody said of themselves while looking for a course: it is not asked again (access.md R17)."""
    who = acting(session, submitted, "fill")
    if who is None:
        return
    situation, lives = submitted.text("situation"), submitted.text("lives")
    said: dict[str, Json] = {}
    if situation not in {*LEFT_OPEN, situation_in(who.person.profile)}:
        at_work = situation in AT_WORK
        said = {"employment_status": situation, "situation": ""} if at_work else {"situation": situation}
    if lives not in LEFT_OPEN:
        said["live_addr"] = lives
    if said:
        people.add_to_profile(session, who.person, said)


def wish(session: Session, submitted: Submitted) -> Begin:
    """Keep what somebody would like to learn."""
    who = acting(session, submitted, "fill")
    if who is None:
        return NOT_YOURS
    known = codes.words("time_slot")
    wishes.keep_wish(
        session,
        submitted.contact_id,
        who.person.id,
        submitted.text("wish"),
        submitted.now,
        how_far=submitted.text("how_far"),
        free_time=[code for code in submitted.many("free_time") if code in known],
    )
    return Begin("wish_kept")


def ticket(session: Session, submitted: Submitted) -> Begin | None:
    """Keep a request for a person, with how to reach whoever asked; nothing where they call, or only look."""
    if submitted.text("how") in ("self", "told"):
        return None
    said = submitted.text("words")
    words = "" if said in ("later", "unsaid") else said
    number = submitted.text("number")
    how = REACHED.get(submitted.text("reach"))
    if how and number:
        words = f"{words}\n{how}：{number}".strip()
    who = acting(session, submitted, None)
    made = tickets.make_ticket(
        session,
        "help",
        words,
        submitted.now,
        contact_id=submitted.contact_id,
        person_id=who.person.id if who else None,
        application_id=submitted.number("application"),
    )
    return ticket_made(made, submitted.now)


def complaint(session: Session, submitted: Submitted) -> Begin:
    """Keep a complaint; without a name, nothing of it leads back to anybody.

    The answer to one without a name, or about who helps on the same phone, is read with digits shown once.
    """
    anonymous = submitted.text("named") != "yes"
    made = tickets.make_ticket(
        session,
        "complaint",
        submitted.text("words"),
        submitted.now,
        contact_id=submitted.contact_id,
        anonymous=anonymous,
    )
    begun = ticket_made(made, submitted.now)
    if not anonymous and submitted.text("about_helper") != "yes":
        return begun
    return Begin("complaint_kept", given={**begun.given, "digits": ticket_words.give_word(session, made)})


def safeguard(session: Session, submitted: Submitted) -> None:
    """Keep words of danger for a named member of staff: helpers on the same phone never see it (access.md F11)."""
    who = acting(session, submitted, None)
    made = tickets.make_ticket(
        session,
        "safeguard",
        submitted.text("words"),
        submitted.now,
        contact_id=submitted.contact_id,
        person_id=who.person.id if who else None,
    )
    handling.name_keeper(session, made)


def ticket_word(session: Session, submitted: Submitted) -> Begin | None:
    """Keep what somebody adds to their ticket, or how content they are with the handling."""
    found = ticketing.read_by(session, submitted.contact_id, submitted.about, submitted.now)
    if found is None:
        return NOT_YOURS
    held = handling.hold(session, found.id)
    do, words = submitted.text("do"), submitted.text("words")
    if do == "more" and words not in ("", "none"):
        handling.say_more(session, held, words, submitted.now)
        due = held.due_at.astimezone(submitted.now.tzinfo).date()
        return Begin("ticket_more_kept", given={"due": due.isoformat()})
    if do in handling.RATINGS and handling.rate(session, held, do):
        return Begin("ticket_rated")
    return None


def read_answer(session: Session, submitted: Submitted) -> Begin:
    """Open the answer to a complaint by its number and digits; who tries too often is led to a person."""
    try:
        found = ticket_words.open_by_word(
            session, submitted.text("number"), submitted.text("digits"), submitted.now
        )
    except ticket_words.NotOpened:
        before = submitted.answers.get("tries")
        tries = (before if isinstance(before, int) else 0) + 1
        if tries >= ticket_words.MOST_TRIES:
            return Begin("read_no_more")
        return Begin("read_answer", given={"tries": tries})
    return Begin("ticket", ticketing.opened_about(found))
