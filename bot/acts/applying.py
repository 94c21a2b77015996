"""An application: filed, or changed when there is one; the person is asked when somebody else filled it in."""

from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot.acts.keeping import DERIVED, keep_consents, needs_in, remember, ticket_made, title_of, too_young
from bot.acts.telling import ask_person, tell_person
from bot.advising import advice_on
from bot.submitted import NOT_YOURS, Acting, Submitted, acting
from dialogs.talk import Begin
from storage import enrolment, people, tickets
from storage.enrolment import Filing, TooLate
from storage.rules.eligibility import Verdict
from storage.tables import Application, ApplicationState, Contact, Person, Role


def application(session: Session, submitted: Submitted) -> Begin | None:
    """File an application, or change the one this person has for this intake.

    Without consent to keep sensitive data, when the person does not want to go, and for children under 14,
    nothing is kept. After the deadline nothing is filed, but what was said stays known.
    """
    who = _applicant(session, submitted)
    intake_id = submitted.number("intake")
    if who is None or intake_id is None:
        return NOT_YOURS
    if too_young(submitted):
        return _call_back(session, submitted)
    if not keep_consents(session, submitted, who.person) or submitted.text("self_agreed") == "no":
        return None
    remember(session, submitted, who.person)
    title = title_of(session, submitted, intake_id)
    by_person = who.is_self or _speaks_for_itself(session, submitted, who)
    filing = Filing(
        person_id=who.person.id,
        contact_id=submitted.contact_id,
        intake_id=intake_id,
        role=Role.SELF if by_person else who.relation.role,
        by_person=by_person,
        answers={name: value for name, value in submitted.answers.items() if name not in DERIVED},
        needs=needs_in(submitted),
        revision=submitted.flow,
        channel=submitted.channel,
    )
    try:
        filed = enrolment.file_application(session, filing, submitted.now)
    except TooLate:
        return Begin("too_late", given={"title": title})
    _note_twins(session, submitted, who.person, filed)
    _note_advice(session, submitted, filed)
    if filed.state is ApplicationState.AWAITING_ASSENT:
        ask_person(session, submitted, filed)
    elif not by_person:
        tell_person(session, submitted, who.person, "changed", filed.id)
    _renew(session, submitted, who, intake_id)
    awaits = "yes" if filed.state is ApplicationState.AWAITING_ASSENT else ""
    given = {"number": filed.number, "title": title, "awaits": awaits}
    return Begin("receipt", (("application", filed.id),), given)


def _applicant(session: Session, submitted: Submitted) -> Acting | None:
    """Who applies: a relative who wants to learn here herself is a person of her own."""
    if submitted.text("applicant_role") != "family_self":
        return acting(session, submitted, "fill")
    talking_for = session.get_one(Contact, submitted.contact_id).current_person_id
    herself = people.add_person(session, submitted.contact_id, Role.SELF, "", submitted.now)
    people.set_current(session, submitted.contact_id, talking_for or herself.id)
    return acting(session, submitted, "fill", herself.id)


def _speaks_for_itself(session: Session, submitted: Submitted, who: Acting) -> bool:
    """Whether the person filled it in on a helper's phone, the only one they have."""
    said_so = submitted.text("applicant_role") == "self"
    return said_so and not people.own_contacts(session, who.person.id, submitted.now)


def _renew(session: Session, submitted: Submitted, who: Acting, intake_id: int) -> None:
    """Let a helper stay one until some time after the course."""
    intake, _ = enrolment.course_of(session, intake_id)
    end = datetime.combine(intake.end_date, time(), submitted.now.tzinfo)
    people.renew(session, who.relation, end + timedelta(days=people.AFTER_COURSE_DAYS))


def _note_twins(session: Session, submitted: Submitted, person: Person, filed: Application) -> None:
    """Tell staff when somebody else here has the same certificate; nobody is refused for it."""
    twins = people.same_certificate(session, person)
    noted = any(event.kind == "same_certificate" for event in enrolment.events_of(session, filed.id))
    if twins and not noted:
        note = "、".join(f"{twin} 号学员" for twin in twins)
        enrolment.log_event(session, filed.id, "same_certificate", "system", submitted.now, note)


def _note_advice(session: Session, submitted: Submitted, filed: Application) -> None:
    """Tell staff which rules of the course do not seem to fit, or have to be asked about."""
    intake, project = enrolment.course_of(session, filed.intake_id)
    found = [each for each in advice_on(project, intake, filed.answers) if each.verdict is not Verdict.FITS]
    note = "；".join(f"{each.verdict}：{each.quote}（{each.why}）" for each in found)
    known = [event.note for event in enrolment.events_of(session, filed.id) if event.kind == "advice"]
    if note and (not known or known[-1] != note):
        enrolment.log_event(session, filed.id, "advice", "system", submitted.now, note)


def _call_back(session: Session, submitted: Submitted) -> Begin:
    """Ask staff to talk to the family of a child; of the child nothing is kept (个人信息保护法 31)."""
    words = "想给十四岁以下的孩子报名。没有记下孩子的信息。"
    ticket = tickets.make_ticket(session, "help", words, submitted.now, contact_id=submitted.contact_id)
    return ticket_made(ticket, submitted.now)
