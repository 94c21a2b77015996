"""Somebody says that they are at their class, or at a job fair."""

from sqlmodel import Session

from bot.classes.coming import MYSELF
from bot.fairs.facts import is_held
from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.talk import Begin
from storage.classes import attending
from storage.fairs import fairs
from storage.fairs.tables import FairSignup
from storage.tables import Application

FAIR = "fair_"
"""How an answer begins that is a sign-up to a fair."""


def arrived(session: Session, submitted: Submitted) -> Begin | None:
    """Write down who came, by themselves or by who helps them; what staff wrote before stays as it is."""
    which = submitted.text("which")
    if which in ("", "none"):
        return None
    if which.startswith(FAIR):
        return _at_the_fair(session, submitted, which.removeprefix(FAIR))
    filed = session.get(Application, int(which)) if which.isdecimal() else None
    who = None if filed is None else acting(session, submitted, "fill", filed.person_id)
    if filed is None or who is None:
        return NOT_YOURS
    due = attending.expected(session, [who.person.id], submitted.now)
    meeting = next((each.meeting for each in due if each.application.id == filed.id), None)
    if meeting is None:
        return Begin("arrived")
    kept = attending.report(session, meeting, filed, submitted.actor, submitted.now)
    return Begin("arrived_kept", given={"kept": "yes" if kept else "no", "name": who.person.name or MYSELF})


def _at_the_fair(session: Session, submitted: Submitted, which: str) -> Begin:
    """Note that somebody came to a fair, and give the number to say at the door."""
    signup = session.get(FairSignup, int(which)) if which.isdecimal() else None
    who = None if signup is None else acting(session, submitted, "fill", signup.person_id)
    if signup is None or who is None:
        return NOT_YOURS
    card = fairs.find_fair(session, signup.fair_id, submitted.now)
    if card is None or not is_held(card, submitted.now):
        return Begin("arrived")
    fairs.check_in(session, signup.fair_id, signup.number, submitted.actor, submitted.now)
    return Begin("arrived_fair", given={"number": signup.number, "name": who.person.name or MYSELF})
