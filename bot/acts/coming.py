"""Somebody says that they are at their class."""

from sqlmodel import Session

from bot.coming import MYSELF
from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.talk import Begin
from storage import attending
from storage.tables import Application


def arrived(session: Session, submitted: Submitted) -> Begin | None:
    """Write down who came, by themselves or by who helps them; what staff wrote before stays as it is."""
    which = submitted.text("which")
    if which in ("", "none"):
        return None
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
