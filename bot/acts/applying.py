"""An application: filed, or changed when there is one; the person is asked when somebody else filled it in."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot import alerting
from bot.acts import asked
from bot.acts.keeping import (
    DERIVED,
    READ,
    drop_said_before,
    keep_consents,
    needs_in,
    remember,
    ticket_made,
    title_of,
    too_young,
)
from bot.acts.telling import ask_person, tell_entered, tell_person
from bot.applications.advising import LEFT_OPEN, advice_on
from bot.submitted import NOT_YOURS, Acting, Submitted, acting
from dialogs.model import Json
from dialogs.sheet_names import EXTENDS, revision_of
from dialogs.talk import Begin
from storage import forms, people
from storage.applications import assents, deciding, enrolment, listed
from storage.applications.assents import Whose
from storage.applications.enrolment import Filing, TooLate
from storage.rules.eligibility import Verdict
from storage.tables import Application, ApplicationState, AssentAnswer, Contact, Person, Role
from storage.tickets import tickets

PARENTS_ANSWERS = {"yes": AssentAnswer.YES, "ask": AssentAnswer.UNSURE}
"""What a parent answers on the phone on which somebody applies; after a no nothing is filed."""


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
        who.person.profile = {}  # what was said while looking for a course goes too
        session.add(who.person)
        return _call_back(session, submitted)
    if not keep_consents(session, submitted, who.person):
        drop_said_before(session, who.person)
        return None
    if submitted.text("self_agreed") == "no":
        return None
    is_minor = assents.is_minor(submitted.answers, submitted.now.date())
    if is_minor and submitted.text("parent_agreed") == "no":
        return _stop_for_parent(session, submitted, who.person, intake_id)
    remember(session, submitted, who.person)
    title = title_of(session, submitted, intake_id)
    by_person = submitted.staff_id is None and (who.is_self or _speaks_for_itself(session, submitted, who))
    filing = Filing(
        person_id=who.person.id,
        contact_id=submitted.contact_id,
        intake_id=intake_id,
        role=Role.SELF if by_person else who.relation.role,
        by_person=by_person and not is_minor,
        answers={name: value for name, value in submitted.answers.items() if name not in DERIVED},
        needs=needs_in(submitted),
        revision=_revision(session, submitted.flow),
        channel=submitted.channel,
        staff_id=submitted.staff_id,
    )
    before = enrolment.live_application(session, who.person.id, intake_id)
    waited = before is not None and before.state in deciding.OPEN
    said_before = None if before is None else before.answers
    try:
        filed = enrolment.file_application(session, filing, submitted.now)
    except TooLate:
        return Begin("too_late", given={"title": title})
    _note_twins(session, submitted, who.person, filed)
    _note_advice(session, submitted, filed)
    if is_minor:
        _keep_words(session, submitted, filed, by_person=by_person, role=who.relation.role)
    assents.settle(session, filed, submitted.now)
    missing = assents.missing(session, filed, submitted.now)
    if Whose.PARENT in missing:
        _note_parent(session, submitted, filed)
    listed.applied(session, who.person.id, intake_id)
    if submitted.staff_id is not None:
        tell_entered(session, submitted, who.person, filed)
    elif Whose.PERSON in missing:
        ask_person(session, submitted, filed)
    elif not by_person:
        tell_person(session, submitted, who.person, "changed", filed.id)
    if not waited:
        alerting.tell_staff(session, filed, submitted.shelf, submitted.now)
    _renew(session, submitted, who, intake_id)
    awaits = "yes" if filed.state is ApplicationState.AWAITING_ASSENT else ""
    given: dict[str, object] = {"number": filed.number, "title": title, "awaits": awaits}
    if said_before is not None:
        given["changed"] = _changed(said_before, filed.answers)
    return Begin("receipt", (("application", filed.id),), given)


def _revision(session: Session, flow: str) -> str:
    """Say what was filled in: with the sheet that adds questions now, so that its answers are found as that sheet's."""
    sheets = [sheet for sheet in forms.live_versions(session).items() if EXTENDS.get(sheet[0]) == flow]
    return revision_of(flow, *sheets[-1]) if sheets else flow


def _changed(before: Mapping[str, Json], now: Mapping[str, Json]) -> list[str]:
    """Name the questions that are answered in another way than before, in their order; notes are no answers."""
    names = [name for name in (*now, *before) if name not in READ]
    return [name for name in dict.fromkeys(names) if now.get(name) != before.get(name)]


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


def _keep_words(
    session: Session, submitted: Submitted, filed: Application, *, by_person: bool, role: Role
) -> None:
    """Keep whose word is there for somebody of 14 to 17: their own, and their parent's (access.md F12)."""
    given: list[tuple[Whose, AssentAnswer, str, str]] = []
    if by_person:
        given.append((Whose.PERSON, AssentAnswer.YES, "check", "自己报的名"))
    elif role is Role.GUARDIAN or submitted.text("helper_relation") == "parent":
        given.append((Whose.PARENT, AssentAnswer.YES, "check", "家长报的名"))
    if submitted.text("parent_agreed") in PARENTS_ANSWERS:
        answer = PARENTS_ANSWERS[submitted.text("parent_agreed")]
        given.append((Whose.PARENT, answer, "parent_agreed", "在报名的手机上答的"))
    for whose, answer, question, note in given:
        assents.record_assent(
            session,
            filed,
            answer,
            wording=submitted.wordings(question),
            channel=submitted.channel,
            actor=submitted.actor,
            now=submitted.now,
            note=note,
            whose=whose,
        )


def _note_parent(session: Session, submitted: Submitted, filed: Application) -> None:
    """Tell staff that a parent has to agree, and how to reach them."""
    said = (submitted.text("parent_name"), submitted.text("parent_phone"))
    note = "，".join(each for each in said if each not in LEFT_OPEN)
    known = enrolment.events_of(session, filed.id)
    if not any(each.kind == assents.WAITS_FOR_PARENT and (each.note or "") == note for each in known):
        now = submitted.now
        enrolment.log_event(session, filed.id, assents.WAITS_FOR_PARENT, submitted.actor, now, note)


def _stop_for_parent(session: Session, submitted: Submitted, person: Person, intake_id: int) -> Begin:
    """File nothing where the parent said no, and let staff talk to both; an application there is waits."""
    filed = enrolment.live_application(session, person.id, intake_id)
    if filed is not None and assents.record_assent(
        session,
        filed,
        AssentAnswer.NO,
        wording=submitted.wordings("parent_agreed"),
        channel=submitted.channel,
        actor=submitted.actor,
        now=submitted.now,
        whose=Whose.PARENT,
    ):
        asked.stop(session, submitted, filed, Whose.PARENT)
    words = "不到十八岁，家长没有同意。没有报名。"
    now, contact_id = submitted.now, submitted.contact_id
    ticket = tickets.make_ticket(session, "help", words, now, contact_id=contact_id, person_id=person.id)
    return ticket_made(ticket, now)


def _renew(session: Session, submitted: Submitted, who: Acting, intake_id: int) -> None:
    """Let a helper stay one until some time after the course; staff have the console for it."""
    if submitted.staff_id is not None:
        return
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
