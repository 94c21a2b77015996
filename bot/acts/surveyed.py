"""A form from a sheet, answered: kept with who answered for whom."""

from sqlmodel import Session

from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.talk import Begin
from dialogs.xform.flow import PREFIX
from storage import forms
from storage.forms import Given
from storage.tables import AnsweredBy, Role

BY_ROLE = {
    Role.SELF: AnsweredBy.SELF,
    Role.HELPER: AnsweredBy.FAMILY,
    Role.FAMILY: AnsweredBy.FAMILY,
    Role.GUARDIAN: AnsweredBy.GUARDIAN,
}
"""Whose word it is where the form does not ask."""

SAID = {each.value: each for each in AnsweredBy if each.value}

ASKED = "answered_by"
"""The question that asks it."""

IDENTITY = ("person", "intake")


def survey(session: Session, submitted: Submitted) -> Begin | None:
    """Keep what was answered; a family's answers stay apart from the person's own."""
    who = acting(session, submitted, None)
    if who is None and submitted.number("person") is not None:
        return NOT_YOURS
    name = submitted.flow.removeprefix(PREFIX)
    live = next((form for form in forms.live_forms(session) if form.name == name), None)
    said = submitted.text(ASKED)
    by = SAID.get(said) or (BY_ROLE.get(who.relation.role) if who else None)
    forms.keep_answers(
        session,
        Given(
            form=name,
            version=live.version if live else "",
            answers=submitted.answers,
            channel=submitted.channel,
            person_id=who.person.id if who else None,
            contact_id=submitted.contact_id,
            intake_id=submitted.number("intake"),
            about={key: value for key, value in submitted.about.items() if key not in IDENTITY},
            answered_by=by or AnsweredBy.UNSAID,
        ),
        submitted.now,
    )
    return None
