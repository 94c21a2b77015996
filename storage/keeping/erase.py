"""A person's own data: a copy of all of it, and its erasure down to what the law makes us keep."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, or_, select

from storage import consents, outbox, people, reminders
from storage.afterwards import callback_plan, calls
from storage.applications import enrolment
from storage.applications.deciding import questions_of
from storage.applications.tables import ClaimCheck, ListedName, StaffQuestion
from storage.catalogue.tables import Fair
from storage.classes.tables import Result
from storage.fairs import reminders as fair_reminders
from storage.fairs.tables import FairSignup
from storage.files import files_in
from storage.tables import (
    AnswerSet,
    Application,
    Assent,
    Audit,
    Contact,
    ContactRole,
    GoToken,
    Message,
    Need,
    Outbox,
    Person,
    Relation,
    Reminder,
    ReminderWish,
    SignupState,
    StoredFile,
    TicketState,
    Wish,
)
from storage.tickets.tables import Call, Callback, CallTry, Interest, Ticket, TicketLine

NOT_NEEDED = "本人已删除信息"
"""Why messages to somebody who erased their data are not sent any more."""

KEPT_KIND = "safeguard"
"""Danger signs are kept: whoever holds the phone must not be able to make them vanish."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure leaves for others to clear.

    Args:
        contacts: everybody who spoke for the person; their conversations may hold what was said about them.
        alone: those of them who speak for nobody now.

    """

    contacts: tuple[int, ...]
    alone: frozenset[int]


def erase_person(session: Session, person: Person, actor: str, now: datetime) -> Erased:
    """Erase what we know of a person.

    Kept, because training records must be (台账): that there was a person, the numbers, courses and states
    of applications, that consent was asked and withdrawn, and danger signs. Applications are withdrawn.
    """
    filed = enrolment.applications_of(session, [person.id])
    answered = [each.answer for one in filed for each in questions_of(session, one.id)]
    told = session.exec(select(AnswerSet).where(AnswerSet.person_id == person.id)).all()
    forms = [*(each.answers for each in filed), *(each.answers for each in told)]
    files = files_in([person.profile, *forms, *answered])
    for application in filed:
        enrolment.withdraw(session, application, actor, now)
        _empty_application(session, application)
    _empty_tickets(session, person, [each.id for each in filed])
    _empty_callbacks(session, person.id)
    _leave_fairs(session, person.id, now)
    session.execute(delete(Wish).where(col(Wish.person_id) == person.id))
    session.execute(delete(AnswerSet).where(col(AnswerSet.person_id) == person.id))
    session.execute(delete(ReminderWish).where(col(ReminderWish.person_id) == person.id))
    session.execute(delete(ListedName).where(col(ListedName.person_id) == person.id))
    session.execute(delete(StoredFile).where(col(StoredFile.key).in_(files)))
    consents.withdraw(session, person.id, None, now)
    contacts = _end_relations(session, person, now)
    alone = frozenset(each for each in contacts if not people.people_of(session, each, now))
    for contact_id in contacts:
        _empty_contact(session, contact_id, person.id, files, now, alone=contact_id in alone)
    people.update_person(session, person, name=None, cert_no=None, phone=None)
    person.profile = {}
    person.erased_at = now
    session.add(person)
    session.add(Audit(at=now, actor=actor, action="erase", subject_kind="person", subject_id=person.id))
    session.flush()
    return Erased(tuple(contacts), alone)


def _empty_application(session: Session, application: Application) -> None:
    application.answers = {}
    application.state_reason = None
    session.add(application)
    session.execute(delete(Need).where(col(Need.application_id) == application.id))
    session.execute(delete(ClaimCheck).where(col(ClaimCheck.application_id) == application.id))
    for event in enrolment.events_of(session, application.id):
        event.note = None
        session.add(event)
    session.execute(delete(StaffQuestion).where(col(StaffQuestion.application_id) == application.id))
    for call in session.exec(select(Call).where(Call.application_id == application.id)):
        call.outcome = None
        session.add(call)
    for result in session.exec(select(Result).where(Result.application_id == application.id)):
        result.note = None
        session.add(result)
    for assent in session.exec(select(Assent).where(Assent.application_id == application.id)):
        assent.words = None
        session.add(assent)
    session.flush()


def _leave_fairs(session: Session, person_id: int, now: datetime) -> None:
    """Forget what somebody needs at job fairs; they come to none of those ahead, and no employer may be told."""
    for signup in session.exec(select(FairSignup).where(FairSignup.person_id == person_id)).all():
        signup.needs, signup.positions = {}, []
        for call in session.exec(select(Call).where(Call.signup_id == signup.id)):
            call.outcome = None
            session.add(call)
        if session.get_one(Fair, signup.fair_id).end_date >= now.date() and signup.came_at is None:
            signup.state = SignupState.NOT_COMING
            calls.settle_fair(session, signup.id, now)
            fair_reminders.plan(session, signup, now)
        session.add(signup)
    for interest in session.exec(select(Interest).where(Interest.person_id == person_id)).all():
        interest.to_employer_at = None
        session.add(interest)
    session.flush()


def _empty_tickets(session: Session, person: Person, application_ids: Collection[int]) -> None:
    about = or_(col(Ticket.person_id) == person.id, col(Ticket.about_application_id).in_(application_ids))
    _close(session, list(session.exec(select(Ticket).where(about)).all()))


def _empty_callbacks(session: Session, person_id: int) -> None:
    """Ask nothing any more, and forget what was said on the telephone; that somebody was asked stays."""
    for callback in session.exec(select(Callback).where(Callback.person_id == person_id)).all():
        callback_plan.drop(session, callback, callback_plan.ERASED)
        callback.answer_set_id, callback.recheck_note = None, None
        session.add(callback)
        for tried in session.exec(select(CallTry).where(CallTry.callback_id == callback.id)):
            tried.note = None
            session.add(tried)
    session.flush()


def _close(session: Session, tickets: Sequence[Ticket]) -> None:
    for ticket in tickets:
        if ticket.kind != KEPT_KIND:
            session.execute(delete(TicketLine).where(col(TicketLine.ticket_id) == ticket.id))
            ticket.words, ticket.answer, ticket.state = "", None, TicketState.CLOSED
            session.add(ticket)
    session.flush()


def _end_relations(session: Session, person: Person, now: datetime) -> list[int]:
    relations = session.exec(select(Relation).where(Relation.person_id == person.id)).all()
    for relation in relations:
        relation.basis = None
        session.add(relation)
        if relation.revoked_at is None:
            people.revoke(session, relation, now)
    return sorted({relation.contact_id for relation in relations})


def _empty_contact(
    session: Session, contact_id: int, person_id: int, files: Collection[str], now: datetime, *, alone: bool
) -> None:
    """Forget what was sent, said and planned about a person; of a contact that is alone now, everything."""
    theirs = []
    for row in session.exec(select(Outbox).where(Outbox.contact_id == contact_id)):
        if alone or row.payload.get("person") == person_id or row.payload.get("key") in files:
            row.payload = {}
            session.add(row)
            theirs.append(row.id)
        elif "said" in row.payload:
            # A reply in a chat: whom its words are about is not known, and the question is asked without them.
            row.payload = {**row.payload, "said": []}
            session.add(row)
    session.flush()
    outbox.drop(session, theirs, now, NOT_NEEDED)
    messages = delete(Message).where(col(Message.contact_id) == contact_id)
    session.execute(messages if alone else messages.where(col(Message.outbox_id).in_(theirs)))
    session.execute(delete(GoToken).where(col(GoToken.contact_id) == contact_id))
    if alone:
        reminders.forget_reminders(session, contact_id)
        session.execute(delete(StoredFile).where(col(StoredFile.contact_id) == contact_id))
        _close(session, list(session.exec(select(Ticket).where(Ticket.contact_id == contact_id)).all()))
        contact = session.get_one(Contact, contact_id)
        contact.role = ContactRole.UNKNOWN
        session.add(contact)
    else:
        for reminder in session.exec(select(Reminder).where(Reminder.contact_id == contact_id)):
            if reminder.about.get("about", {}).get("person") == person_id:
                session.delete(reminder)
    session.flush()
