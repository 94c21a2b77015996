"""What happens to an application that is filed: other needs, another phone, taking it back."""

from sqlmodel import Session

from bot.acts.keeping import application_about, keep_consents, needs_in, remember, title_of
from bot.acts.telling import tell_person
from bot.classes import offering
from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.talk import Begin
from storage import people
from storage.applications import enrolment
from storage.classes import reminders as class_reminders
from storage.tables import OVER


def withdraw(session: Session, submitted: Submitted) -> Begin | None:
    """Take an application back; a seat it had goes to the next on the waiting list."""
    filed = application_about(session, submitted)
    who = None if filed is None else acting(session, submitted, "cancel", filed.person_id)
    if filed is None or who is None:
        return NOT_YOURS
    if submitted.text("sure") != "yes":
        return None
    was_open = filed.state not in OVER
    offering.withdraw(session, filed, submitted.actor, submitted.now)
    if was_open and not who.is_self:
        tell_person(session, submitted, who.person, "withdrawn", filed.id)
    title = title_of(session, submitted, filed.intake_id)
    return Begin("withdrawn", given={"number": filed.number, "title": title})


def needs_change(session: Session, submitted: Submitted) -> Begin | None:
    """Ask for other support; what staff have already answered stays."""
    filed = application_about(session, submitted)
    who = None if filed is None else acting(session, submitted, "fill", filed.person_id)
    if filed is None or who is None:
        return NOT_YOURS
    if not keep_consents(session, submitted, who.person):
        return Begin("consents")
    if filed.state in OVER:
        return Begin("too_late", given={"title": title_of(session, submitted, filed.intake_id)})
    remember(session, submitted, who.person)
    if enrolment.set_needs(session, filed, needs_in(submitted)):
        filed.answers = {**filed.answers, **submitted.answers}
        filed.changed_at = submitted.now
        session.add(filed)
        enrolment.log_event(session, filed.id, "needs_changed", submitted.actor, submitted.now)
        class_reminders.plan(session, filed, submitted.now)
        if not who.is_self:
            tell_person(session, submitted, who.person, "changed", filed.id)
    return None


def phone_change(session: Session, submitted: Submitted) -> Begin:
    """Write down another phone number, with the person and in what is open."""
    who = acting(session, submitted, "fill")
    if who is None:
        return NOT_YOURS
    number = submitted.text("phone")
    if number and number != who.person.phone:
        people.update_person(session, who.person, phone=number)
        corrected = {"phone": number}
        now = submitted.now
        enrolment.correct_answers(session, who.person.id, corrected, "phone_changed", submitted.actor, now)
        if not who.is_self:
            tell_person(session, submitted, who.person, "phone", who.person.id)
    return Begin("phone_changed")
