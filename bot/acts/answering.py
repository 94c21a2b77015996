"""What the person answers to staff: a question, an offered seat, a decision they do not agree with."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.acts.keeping import application_about
from bot.acts.telling import tell_person
from bot.classes import offering
from bot.reaching import CERTIFICATE, COMING, phone, settle_calls
from bot.submitted import NOT_YOURS, Submitted, acting
from dialogs.model import Json
from dialogs.talk import About, Begin
from storage.applications import deciding, enrolment, waiting
from storage.applications.tables import Offer, StaffQuestion
from storage.catalogue.tables import Intake
from storage.classes import certificates, changes
from storage.classes import parts as class_parts
from storage.classes import reminders as class_reminders
from storage.files import files_in
from storage.finding import get_one
from storage.tables import OVER, Application, ApplicationState, Coming, OfferState
from storage.tickets import tickets

UNSAID: Mapping[str, str] = {"unsaid": "（不想说）", "later": "（见面再说）"}
"""What staff read where somebody would rather not write."""

APPEAL = "报名号：{number}。{words}"
"""What staff read; with the number, so that the same words about two applications are two tickets."""

ANSWERS = {"yes": OfferState.TAKEN, "no": OfferState.REFUSED, "later": OfferState.PASSED}

POWER = {OfferState.TAKEN: "fill", OfferState.REFUSED: "cancel", OfferState.PASSED: "fill"}
"""What a helper must be allowed, to answer so for somebody (access.md F3)."""


def staff_answer(session: Session, submitted: Submitted) -> Begin:
    """Give staff the answer to their question, once; what was answered meanwhile stays."""
    filed = application_about(session, submitted)
    number = submitted.number("question")
    asked = None if number is None else session.get(StaffQuestion, number)
    who = None if filed is None else acting(session, submitted, "fill", filed.person_id)
    if filed is None or who is None or asked is None or asked.application_id != filed.id:
        return NOT_YOURS
    words = submitted.text("words")
    if not words:
        return _look(filed)
    deciding.hold(session, filed.id)
    session.refresh(asked)
    if asked.answered_at is not None or filed.state in OVER:
        return Begin("answer", (*_about(filed), ("question", asked.id)))
    deciding.take_answer(session, asked, UNSAID.get(words, words), submitted.actor, submitted.now)
    settle_calls(session, filed, submitted.now)
    if not who.is_self:
        tell_person(session, submitted, who.person, "changed", filed.id)
    left = deciding.open_questions(session, filed.id)
    if left:
        return Begin("answer", (*_about(filed), ("question", left[0].id)))
    return Begin("answered", _about(filed))


def offer_answer(session: Session, submitted: Submitted) -> Begin:
    """Take the seat that is held, leave the list, or wait on; who gives it up gives it to the next."""
    filed = application_about(session, submitted)
    number = submitted.number("offer")
    offer = waiting.open_offer(session, filed.id) if filed is not None and number is None else None
    offer = session.get(Offer, number) if number is not None else offer
    answer = ANSWERS.get(submitted.text("come"))
    power = None if answer is None else POWER[answer]
    who = None if filed is None else acting(session, submitted, power, filed.person_id)
    if filed is None or who is None or (offer is not None and offer.application_id != filed.id):
        return NOT_YOURS
    if answer is None:
        return _look(filed)
    now = submitted.now
    if offer is None or not waiting.answer_offer(session, offer, answer, submitted.actor, now):
        about = () if offer is None else (("offer", offer.id),)
        return Begin("offer", (*_about(filed), *about))
    settle_calls(session, filed, now)
    if not who.is_self:
        act = "withdrawn" if answer is OfferState.REFUSED else "changed"
        tell_person(session, submitted, who.person, act, filed.id)
    if answer is not OfferState.TAKEN:
        offering.go_on(session, filed.intake_id, now, offering.zone_of(now), but=[filed.id])
    return Begin("offer_answered", _about(filed), {"come": submitted.text("come")})


def moved_answer(session: Session, submitted: Submitted) -> Begin:
    """Keep whether somebody still comes to a class that moved; who cannot keeps the seat until staff decide."""
    filed = application_about(session, submitted)
    who = None if filed is None else acting(session, submitted, "fill", filed.person_id)
    if filed is None or who is None:
        return NOT_YOURS
    come = submitted.text("come")
    known = changes.confirmation_of(session, filed)
    if known is None or not come:
        return _look(filed)
    if come == "ask":
        enrolment.log_event(session, filed.id, "asks_about_move", submitted.actor, submitted.now)
        return Begin("help")
    is_new = changes.confirm(
        session, filed, known[1], comes=come == "yes", actor=submitted.actor, now=submitted.now
    )
    settle_calls(session, filed, submitted.now)
    if is_new and not who.is_self:
        tell_person(session, submitted, who.person, "changed", filed.id)
    return Begin("moved_answered", _about(filed), {"come": come})


def class_answer(session: Session, submitted: Submitted) -> Begin | None:
    """Keep whether somebody comes to the class they were reminded of; who cannot is phoned, and keeps the seat."""
    filed = application_about(session, submitted)
    who = None if filed is None else acting(session, submitted, "fill", filed.person_id)
    come, now = submitted.text("come"), submitted.now
    if filed is None or who is None:
        return NOT_YOURS if come else None
    filed = deciding.hold(session, filed.id)
    if not come or filed.state is not ApplicationState.ACCEPTED:
        return _look(filed)
    if come == "stop":
        class_reminders.stop(session, filed)
    elif class_reminders.keep_answer(session, filed, Coming(come), submitted.actor, now):
        settle_calls(session, filed, now)
        if come != Coming.YES:
            begins = class_parts.whole(get_one(session, Intake, filed.intake_id)).begins_at(now.tzinfo)
            phone(session, filed, COMING, now, before=begins)
        if not who.is_self:
            tell_person(session, submitted, who.person, "changed", filed.id)
    return Begin("class_answered", _about(filed), {"come": come})


def certificate_answer(session: Session, submitted: Submitted) -> Begin:
    """Keep whether somebody has their certificate; who cannot come for it is phoned."""
    filed = application_about(session, submitted)
    who = None if filed is None else acting(session, submitted, "fill", filed.person_id)
    if filed is None or who is None:
        return NOT_YOURS
    said, now = submitted.text("got"), submitted.now
    if not said:
        return _look(filed)
    filed = deciding.hold(session, filed.id)
    if certificates.keep_answer(session, filed, said, submitted.actor, now):
        settle_calls(session, filed, now)
        if said == "no":
            phone(session, filed, CERTIFICATE, now)
        if not who.is_self:
            tell_person(session, submitted, who.person, "changed", filed.id)
    return Begin("certificate_answered", _about(filed), {"said": said})


def appeal(session: Session, submitted: Submitted) -> Begin:
    """Let a person of staff look at a decision once more; it becomes a ticket of its own kind."""
    filed = application_about(session, submitted)
    who = None if filed is None else acting(session, submitted, "fill", filed.person_id)
    if filed is None or who is None:
        return NOT_YOURS
    said = submitted.text("words")
    now = submitted.now
    made = tickets.make_ticket(
        session,
        "appeal",
        # A voice message stands alone, to be listened to; no other appeal has the same one.
        said if files_in(said) else APPEAL.format(number=filed.number, words=UNSAID.get(said, said)),
        now,
        contact_id=submitted.contact_id,
        person_id=who.person.id,
        application_id=filed.id,
    )
    if made.created_at == now:
        enrolment.log_event(session, filed.id, "appealed", submitted.actor, now, made.number)
    due = made.due_at.astimezone(now.tzinfo).date()
    given: dict[str, Json] = {"number": made.number, "due": due.isoformat()}
    return Begin("appealed", _about(filed), given)


def _about(filed: Application) -> About:
    return (("application", filed.id),)


def _look(filed: Application) -> Begin:
    return Begin("application", _about(filed))
