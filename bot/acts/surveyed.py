"""A form from a sheet, answered: kept with who answered for whom; of a call-back, it ends it and opens what it asks."""

from sqlmodel import Session

from bot.afterwards import called_back
from bot.afterwards.called_back import ASKED, SAID
from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.sheet_names import PREFIX
from dialogs.talk import Begin
from storage import forms
from storage.forms import Given
from storage.tables import AnsweredBy, Channel, Role

WORD_OF = {
    Role.SELF: AnsweredBy.SELF,
    Role.HELPER: AnsweredBy.FAMILY,
    Role.FAMILY: AnsweredBy.FAMILY,
    Role.GUARDIAN: AnsweredBy.GUARDIAN,
}
"""Whose word it is where the form does not ask.

A sheet's `helper` is the person's own word with somebody's help, which nobody has said here: whoever helps has
answered in the person's place, and that is kept apart from the person's own.
"""

IDENTITY = ("person", "intake")


def survey(session: Session, submitted: Submitted) -> Begin | None:
    """Keep what was answered; a family's answers stay apart from the person's own."""
    who = acting(session, submitted, None)
    if who is None and submitted.number("person") is not None:
        return NOT_YOURS
    callback = called_back.asked_in(session, submitted)
    if callback is not None:
        if who is None or callback.person_id != who.person.id:
            return NOT_YOURS
        if (instead := called_back.put_off(session, submitted, callback)) is not None:
            return instead
    name = submitted.flow.removeprefix(PREFIX)
    live = next((form for form in forms.live_forms(session) if form.name == name), None)
    by = SAID.get(submitted.text(ASKED)) or (WORD_OF.get(who.relation.role) if who else None)
    given = Given(
        form=name,
        version=live.version if live else "",
        answers=submitted.answers,
        channel=submitted.channel,
        person_id=who.person.id if who else None,
        contact_id=submitted.contact_id,
        intake_id=submitted.number("intake"),
        about={key: value for key, value in submitted.about.items() if key not in IDENTITY},
        answered_by=by or AnsweredBy.UNSAID,
    )
    opened = called_back.keep(session, callback, given, submitted.now)
    return None if submitted.channel == Channel.DESK else called_back.told(opened, submitted.now)


def callback_stop(session: Session, submitted: Submitted) -> Begin:
    """End the call-backs of a class for who wants no more of them; whoever is asked may say so."""
    callback = called_back.asked_in(session, submitted)
    who = None if callback is None else acting(session, submitted, None, callback.person_id)
    if callback is None or who is None:
        return NOT_YOURS
    return called_back.stop(session, submitted, callback)
