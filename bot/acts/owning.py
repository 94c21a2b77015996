"""People and their own data: consents, corrections, a copy, erasure; and going on elsewhere."""

from functools import partial

from sqlmodel import Session

from bot.acts import fairs
from bot.acts.keeping import COLUMNS, SENSITIVE, keep_consent
from bot.acts.telling import tell_person
from bot.classes import offering
from bot.forgetting import change_conversation, without_people
from bot.linking import GOES_ON
from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.talk import Begin
from storage import consents, draft_reminders, gotokens, people
from storage.applications import assents, enrolment
from storage.classes import reminders as class_reminders
from storage.keeping.erase import erase_person
from storage.notices import refusals
from storage.tables import Channel, Person, Purpose, ReminderWish, Topic

CERTIFICATE_FIELDS = frozenset({"cert_have", "age"})
"""What goes from the profile together with the certificate number."""


def consent_change(session: Session, submitted: Submitted) -> Begin | None:
    """Give or take back one consent; taking back the one to sensitive data stops its use at once."""
    purpose_named, give = submitted.text("purpose"), submitted.text("give")
    if purpose_named not in {each.value for each in Purpose} or give not in ("yes", "no"):
        return None
    who = acting(session, submitted, "fill")
    if who is None:
        return NOT_YOURS
    purpose = Purpose(purpose_named)
    keep_consent(session, submitted, who.person, purpose, "give")
    if purpose is Purpose.SENSITIVE and give == "no":
        _forget_sensitive(session, who.person)
        enrolment.flag_open(session, who.person.id, "consent_withdrawn", submitted.actor, submitted.now)
    if purpose is Purpose.EMPLOYER and give == "no":
        fairs.take_back(session, who.person, submitted.now)
    if not who.is_self:
        tell_person(session, submitted, who.person, "consent", who.person.id)
    return Begin("consent_done", given={"purpose": purpose.value, "give": give})


def abroad(session: Session, submitted: Submitted) -> Begin | None:
    """Keep whether private answers may go through Telegram's servers; the question that waited is next."""
    who = acting(session, submitted, "fill")
    if who is None:
        return NOT_YOURS
    keep_consent(session, submitted, who.person, Purpose.ABROAD, "consent_abroad")
    return None


def correct(session: Session, submitted: Submitted) -> Begin:
    """Correct one thing we know; the new value stands under `value` or under the field's own name."""
    who = acting(session, submitted, "fill")
    if who is None:
        return NOT_YOURS
    field = submitted.text("field")
    value = submitted.answers.get("value", submitted.answers.get(field))
    if field in SENSITIVE and not consents.agreed(session, who.person.id, Purpose.SENSITIVE):
        return Begin("consents", (("person", who.person.id),))
    if field in COLUMNS:
        people.update_person(session, who.person, **{field: str(value)})
    else:
        people.add_to_profile(session, who.person, {field: value})
    now, corrected = submitted.now, {field: value}
    enrolment.correct_answers(session, who.person.id, corrected, "corrected", submitted.actor, now)
    for filed in enrolment.applications_of(session, [who.person.id]):
        assents.settle(session, filed, now)  # another age may mean that a parent has to agree
    if not who.is_self:
        tell_person(session, submitted, who.person, "corrected", who.person.id)
    return Begin("corrected")


def erase(session: Session, submitted: Submitted) -> Begin | None:
    """Erase everything of the person.

    Other phones' conversations are cleared here. The one that asked is being written by this very turn:
    whoever runs the turn clears it with `forgetting.after_erasing`.
    """
    who = acting(session, submitted, "erase")
    if who is None:
        return NOT_YOURS
    if submitted.text("sure") != "yes":
        return None
    for filed in enrolment.applications_of(session, [who.person.id]):
        offering.withdraw(session, filed, submitted.actor, submitted.now)  # seats go to those who wait
    erased = erase_person(session, who.person, submitted.actor, submitted.now)
    for contact_id in erased.contacts:
        if contact_id != submitted.contact_id:
            left = {person.id for person, _ in people.people_of(session, contact_id, submitted.now)}
            change_conversation(session, contact_id, partial(without_people, known=left), submitted.now)
    return Begin("erased")


def copy(session: Session, submitted: Submitted) -> Begin:
    """Make a link under which the person's data can be fetched once."""
    who = acting(session, submitted, "copy")
    if who is None:
        return NOT_YOURS
    secret = gotokens.make_token(
        session, submitted.contact_id, "export", submitted.now, {"person": who.person.id}
    )
    return Begin("copy_ready", given={"link": f"/go/{secret}"})


def go_on_elsewhere(session: Session, submitted: Submitted) -> Begin:
    """Make a link by which another device becomes this contact's too: a page, or from one also a Telegram chat."""
    secret = gotokens.make_token(session, submitted.contact_id, GOES_ON, submitted.now)
    if submitted.channel == Channel.TELEGRAM:
        return Begin("continue_page", given={"link": f"/go/{secret}"})
    return Begin("continue_ready", given=submitted.link(secret))


def keep_draft(session: Session, submitted: Submitted) -> Begin | None:
    """Keep a draft 30 days more; the flow is about the number of its reminder, `draft`."""
    number = submitted.number("draft")
    kept = number is not None and draft_reminders.extend_draft(
        session, submitted.contact_id, number, submitted.now
    )
    return None if kept else NOT_YOURS


def quiet_draft(session: Session, submitted: Submitted) -> Begin | None:
    """Keep a draft 30 days more and remind of it no more; before it goes, its owner is told all the same."""
    number = submitted.number("draft")
    if number is None or not draft_reminders.extend_draft(
        session, submitted.contact_id, number, submitted.now
    ):
        return NOT_YOURS
    draft_reminders.stop_nudging(session, number)
    return None


WHERE = {"web": Channel.WEB, "telegram": Channel.TELEGRAM}
"""Where somebody wants to be reminded; everything else is everywhere."""


def reminding(session: Session, submitted: Submitted) -> Begin:
    """Keep how somebody wants to be reminded of class; what is planned follows it."""
    who = acting(session, submitted, "fill")
    if who is None:
        return NOT_YOURS
    hour = submitted.text("hour")
    wish = ReminderWish(
        person_id=who.person.id,
        days=[int(days) for days in submitted.many("days") if days.isdigit()],
        hour=int(hour) if hour.isdigit() else class_reminders.TEN,
        helpers_too=submitted.text("helpers_too") == "yes",
        channel=WHERE.get(submitted.text("where")),
    )
    class_reminders.keep_wish(session, wish, submitted.now)
    if not who.is_self:
        tell_person(session, submitted, who.person, "corrected", who.person.id)
    return Begin("reminding_kept", given={"any": "yes" if wish.days else "no"})


def refuse_notices(session: Session, submitted: Submitted) -> Begin:
    """Keep which kinds of notices this contact does not want; the others are wanted again."""
    unwanted = set(submitted.many("unwanted"))
    for topic in Topic:
        if topic.value in unwanted:
            refusals.refuse(session, submitted.contact_id, topic, submitted.now)
        else:
            refusals.accept(session, submitted.contact_id, topic)
    left = refusals.refused(session, submitted.contact_id)
    return Begin("notices_kept", given={"any": "yes" if left else "no"})


def want_notices(session: Session, submitted: Submitted) -> Begin:
    """Keep which kinds of notices this contact wants: those are refused no longer."""
    asked_for = set(submitted.many("wanted"))
    for topic in Topic:
        if topic.value in asked_for:
            refusals.want(session, submitted.contact_id, topic, submitted.now)
        else:
            refusals.no_more_wanted(session, submitted.contact_id, topic)
    left = refusals.wanted(session, submitted.contact_id)
    return Begin("notices_wanted_kept", given={"any": "yes" if left else "no"})


def _forget_sensitive(session: Session, person: Person) -> None:
    people.update_person(session, person, cert_no=None)
    gone = SENSITIVE | CERTIFICATE_FIELDS
    person.profile = {name: value for name, value in person.profile.items() if name not in gone}
    session.add(person)
    session.flush()
