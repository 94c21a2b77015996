"""Whom to tell of what is decided, and whom to phone because no message may reach them in time (access.md F7, F8)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time

from sqlmodel import Session, col, or_, select

from dialogs.model import Json
from storage import helpers, outbox, people
from storage.afterwards import calls
from storage.among import among
from storage.applications.tables import Offer, StaffQuestion
from storage.catalogue.tables import Fair, Intake
from storage.classes import certificates, changes
from storage.fairs.tables import FairSignup
from storage.finding import get_one
from storage.rules.calendar import WorkDays
from storage.tables import (
    Application,
    ApplicationState,
    Channel,
    Coming,
    Lane,
    OfferState,
    Person,
    Relation,
    Role,
)
from storage.tickets.tables import Call

MESSAGE = "message"

OFFER, QUESTION, DECIDED, CHANGED, ENTERED = "offer", "question", "decided", "changed", "entered"
CLASS, COMING = "class", "coming"
CERTIFICATE = "certificate"
POSITIONS = "positions"
"""Why somebody is phoned."""

AFTERWARDS = (CERTIFICATE, POSITIONS)
"""What somebody is phoned for when the course is over."""

CLOSING_TIME = time(18)

CHATS = frozenset({Channel.TELEGRAM, Channel.WEB, Channel.TERMINAL})
"""Where somebody can be asked."""


def in_chat(session: Session, contact_id: int) -> bool:
    """Say whether a contact can be asked in a chat, or on our own page."""
    return any(each.channel in CHATS for each in people.accounts_of(session, contact_id))


def contacts_to_tell(session: Session, application: Application, now: datetime) -> list[int]:
    """Give who is told: the person, on each phone of their own; without one, who filled it in and may still help."""
    own = people.own_contacts(session, application.person_id, now)
    filler = application.contact_id
    if own or filler is None or application.applicant_role is Role.STAFF:
        return own
    if people.relation_of(session, filler, application.person_id, now) is None:
        return own
    return [filler] if people.accounts_of(session, filler) else []


def tell(
    session: Session,
    application: Application,
    kind: str,
    more: Mapping[str, Json],
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    where: Channel | None = None,
    lane: Lane = Lane.REPLY,
) -> bool:
    """Promise one letter to each who is told. Say whether one of them gets it in a chat that rings.

    Args:
        session: the session of the cause.
        application: what it is about.
        kind: which letter.
        more: what its words and its button need beside the name, the person and the application.
        key: the cause; each contact is told of it once.
        now: the moment.
        due_at: when it is to be sent; at once when not given.
        not_after: when it is of no more use.
        where: the channel they want it on; who has no place there gets it wherever they are.
        lane: whether it is one of many, that let replies go first.

    """
    told = contacts_to_tell(session, application, now)
    every = {contact_id: people.accounts_of(session, contact_id) for contact_id in told}
    there = {
        contact_id: [each for each in known if each.channel is where] for contact_id, known in every.items()
    }
    places: list[tuple[int, int | None]] = []
    for contact_id in told:
        places += [(contact_id, each.id) for each in there[contact_id]] or [(contact_id, None)]
    _promise(
        session,
        places,
        application,
        kind,
        more,
        key=key,
        now=now,
        due_at=due_at,
        not_after=not_after,
        lane=lane,
    )
    return any(
        each.channel is Channel.TELEGRAM
        for contact_id in told
        for each in there[contact_id] or every[contact_id]
    )


def reminded_too(
    session: Session, person_id: int, told: Collection[int], now: datetime
) -> Sequence[Relation]:
    """Give the helpers who are reminded as well where the person wishes it: who may get reminders (access.md F3).

    Who is told in place of the person is not told once more.
    """
    return [
        relation
        for relation in helpers.helpers_of(session, [person_id], now)
        if relation.contact_id not in told and people.may(session, relation, "reminders", now)
    ]


def tell_helpers(
    session: Session,
    application: Application,
    kind: str,
    more: Mapping[str, Json],
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    lane: Lane = Lane.REPLY,
) -> None:
    """Promise one letter to each helper who gets the person's reminders too; otherwise as `tell`."""
    already = contacts_to_tell(session, application, now)
    told = [
        (relation.contact_id, None) for relation in reminded_too(session, application.person_id, already, now)
    ]
    _promise(
        session,
        told,
        application,
        kind,
        more,
        key=key,
        now=now,
        due_at=due_at,
        not_after=not_after,
        lane=lane,
    )


def phone(
    session: Session,
    application: Application,
    why: str,
    now: datetime,
    *,
    about: int | None = None,
    by: datetime | None = None,
    before: datetime | None = None,
) -> None:
    """Let staff call somebody; until the next working day's end, or `by` a moment, and `before` something begins.

    Somebody who waits for a call for the same reason waits for one.
    """
    due = by or datetime.combine(WorkDays().after(now.date(), 1), CLOSING_TIME, now.tzinfo)
    if before is not None and now < before:
        due = min(due, before)
    calls.ask_for(session, application.id, why, about, due, now)


def settle_calls(session: Session, application: Application, now: datetime, *, decided: bool = False) -> None:
    """Take calls off the list whose matter is over; with `decided` also those about what was decided before."""
    wanted = select(Call).where(Call.application_id == application.id, col(Call.done_at).is_(None))
    for call in session.exec(wanted).all():
        over = decided if call.why == DECIDED else not _stands(session, call, application)
        if over or application.state is ApplicationState.WITHDRAWN:
            call.done_at, call.done_by = now, "system"
            session.add(call)
    session.flush()


def calls_due(
    session: Session, intake_ids: Collection[int] | None, now: datetime, fair_ids: Collection[str] = ()
) -> Sequence[Call]:
    """Give who is to be phoned, the most urgent first; about a course that is over, only what comes after it.

    Args:
        session: a session to read with.
        intake_ids: of which intakes; None for all, and for all job fairs.
        now: the moment, in the service's zone.
        fair_ids: of which job fairs beside these intakes.

    """
    wanted = (
        select(Call)
        .join(Application, col(Application.id) == col(Call.application_id), isouter=True)
        .join(Intake, col(Intake.id) == col(Application.intake_id), isouter=True)
        .join(FairSignup, col(FairSignup.id) == col(Call.signup_id), isouter=True)
        .join(Fair, col(Fair.fair_id) == col(FairSignup.fair_id), isouter=True)
        .where(
            col(Call.done_at).is_(None),
            or_(
                col(Intake.end_date) >= now.date(),
                col(Call.why).in_(AFTERWARDS),
                col(Fair.end_date) >= now.date(),
            ),
        )
    )
    if intake_ids is not None:
        own = among(col(Application.intake_id), intake_ids)
        wanted = wanted.where(or_(own, col(FairSignup.fair_id).in_(fair_ids)))
    return session.exec(wanted.order_by(col(Call.due_at), col(Call.id))).all()


def moment(when: datetime, now: datetime) -> str:
    """Give a moment as a letter's payload keeps it: ISO 8601, on the clock of the service's zone."""
    return when.astimezone(now.tzinfo or UTC).isoformat()


def _promise(
    session: Session,
    places: Sequence[tuple[int, int | None]],
    application: Application,
    kind: str,
    more: Mapping[str, Json],
    *,
    key: str,
    now: datetime,
    due_at: datetime | None,
    not_after: datetime | None,
    lane: Lane,
) -> None:
    """Promise the letter to contacts, each with the one account it is for, or None for all of theirs."""
    person = get_one(session, Person, application.person_id)
    payload = {"name": person.name or "", "person": person.id, "application": application.id, **more}
    for contact_id, account_id in places:
        outbox.promise(
            session,
            contact_id,
            kind,
            payload,
            now=now,
            key=f"{key}:{contact_id}" if account_id is None else f"{key}:{contact_id}:{account_id}",
            due_at=due_at,
            not_after=not_after,
            lane=lane,
            account_id=account_id,
        )


def _stands(session: Session, call: Call, application: Application) -> bool:
    if call.why == OFFER:
        offer = session.get(Offer, call.about_id)
        return offer is not None and offer.state is OfferState.OPEN
    if call.why == QUESTION:
        asked = session.get(StaffQuestion, call.about_id)
        return asked is not None and asked.answered_at is None
    if call.why in (CLASS, COMING):
        said = application.coming
        return (said is None) if call.why == CLASS else said in (Coming.NO, Coming.OTHER)
    if call.why == CERTIFICATE:
        return certificates.said_of(session, application.id) != "got"
    if call.why == CHANGED:
        known = changes.confirmation_of(session, application)
        return known is not None and known[0].id == call.about_id and known[1].comes is None
    return True
