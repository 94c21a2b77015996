"""What people tell us: wishes, requests for a person, complaints, and words of danger."""

from sqlmodel import Session

from bot.acts.keeping import ticket_made
from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.talk import Begin
from storage import tickets, wishes
from storage.catalogue import codes

REACHED = {"phone": "打电话", "sms": "发短信"}
"""How staff reach somebody by number, as the ticket says it."""


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
    """Keep a request for a person, with how to reach whoever asked; nothing where they call themselves."""
    if submitted.text("how") == "self":
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
    """Keep a complaint; without a name, nothing of it leads back to anybody."""
    made = tickets.make_ticket(
        session,
        "complaint",
        submitted.text("words"),
        submitted.now,
        contact_id=submitted.contact_id,
        anonymous=submitted.text("named") != "yes",
    )
    return ticket_made(made, submitted.now)


def safeguard(session: Session, submitted: Submitted) -> None:
    """Keep words of danger for staff only: helpers on the same phone never see it (access.md F11)."""
    who = acting(session, submitted, None)
    tickets.make_ticket(
        session,
        "safeguard",
        submitted.text("words"),
        submitted.now,
        contact_id=submitted.contact_id,
        person_id=who.person.id if who else None,
    )
