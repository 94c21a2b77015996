"""Whom to tell of what is decided, and whom to phone because no message may reach them in time (access.md F7, F8)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time

from sqlmodel import Session, col, select

from dialogs.model import Json
from storage import changes, helpers, outbox, people
from storage.among import among
from storage.catalogue.tables import Intake
from storage.rules.calendar import WorkDays
from storage.tables import (
    Application,
    ApplicationState,
    Call,
    Channel,
    Coming,
    Offer,
    OfferState,
    Person,
    Role,
    StaffQuestion,
)

MESSAGE = "message"

OFFER, QUESTION, DECIDED, CHANGED, ENTERED = "offer", "question", "decided", "changed", "entered"
CLASS, COMING = "class", "coming"
"""Why somebody is phoned."""

CLOSING_TIME = time(18)


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
) -> bool:
    """Promise one letter to each who is told. Say whether one of them has a chat that rings.

    Args:
        session: the session of the cause.
        application: what it is about.
        kind: which letter.
        more: what its words and its button need beside the name, the person and the application.
        key: the cause; each contact is told of it once.
        now: the moment.
        due_at: when it is to be sent; at once when not given.
        not_after: when it is of no more use.

    """
    told = contacts_to_tell(session, application, now)
    _promise(session, told, application, kind, more, key=key, now=now, due_at=due_at, not_after=not_after)
    return any(
        each.channel is Channel.TELEGRAM
        for contact_id in told
        for each in people.accounts_of(session, contact_id)
    )


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
) -> None:
    """Promise one letter to each helper of the person who may see what becomes of them; otherwise as `tell`."""
    told = [
        relation.contact_id
        for relation in helpers.helpers_of(session, [application.person_id], now)
        if people.may(session, relation, "see", now)
    ]
    _promise(session, told, application, kind, more, key=key, now=now, due_at=due_at, not_after=not_after)


def phone(
    session: Session,
    application: Application,
    why: str,
    now: datetime,
    *,
    about: int | None = None,
    by: datetime | None = None,
) -> None:
    """Let staff call somebody; until the next working day's end unless it has to be sooner.

    Somebody who waits for a call for the same reason waits for one.
    """
    known = select(Call.id).where(
        Call.application_id == application.id,
        Call.why == why,
        Call.about_id == about,
        col(Call.done_at).is_(None),
    )
    if session.exec(known.limit(1)).first() is None:
        due = by or datetime.combine(WorkDays().after(now.date(), 1), CLOSING_TIME, now.tzinfo)
        call = Call(application_id=application.id, why=why, about_id=about, due_at=due, created_at=now)
        session.add(call)
        session.flush()


def settle_calls(session: Session, application: Application, now: datetime, *, decided: bool = False) -> None:
    """Take calls off the list whose matter is over; with `decided` also those about what was decided before."""
    wanted = select(Call).where(Call.application_id == application.id, col(Call.done_at).is_(None))
    for call in session.exec(wanted).all():
        over = decided if call.why == DECIDED else not _stands(session, call)
        if over or application.state is ApplicationState.WITHDRAWN:
            call.done_at, call.done_by = now, "system"
            session.add(call)
    session.flush()


def calls_due(session: Session, intake_ids: Collection[int] | None, now: datetime) -> Sequence[Call]:
    """Give who is to be phoned, the most urgent first; not about a course that is over.

    Args:
        session: a session to read with.
        intake_ids: of which intakes; None for all.
        now: the moment, in the service's zone.

    """
    wanted = (
        select(Call)
        .join(Application, col(Application.id) == col(Call.application_id))
        .join(Intake, col(Intake.id) == col(Application.intake_id))
        .where(col(Call.done_at).is_(None), Intake.end_date >= now.date())
    )
    if intake_ids is not None:
        wanted = wanted.where(among(col(Application.intake_id), intake_ids))
    return session.exec(wanted.order_by(col(Call.due_at), col(Call.id))).all()


def moment(when: datetime, now: datetime) -> str:
    """Give a moment as a letter's payload keeps it: ISO 8601, on the clock of the service's zone."""
    return when.astimezone(now.tzinfo or UTC).isoformat()


def _promise(
    session: Session,
    contact_ids: Sequence[int],
    application: Application,
    kind: str,
    more: Mapping[str, Json],
    *,
    key: str,
    now: datetime,
    due_at: datetime | None,
    not_after: datetime | None,
) -> None:
    person = session.get_one(Person, application.person_id)
    payload = {"name": person.name or "", "person": person.id, "application": application.id, **more}
    for contact_id in contact_ids:
        outbox.promise(
            session,
            contact_id,
            kind,
            payload,
            now=now,
            key=f"{key}:{contact_id}",
            due_at=due_at,
            not_after=not_after,
        )


def _stands(session: Session, call: Call) -> bool:
    if call.why == OFFER:
        offer = session.get(Offer, call.about_id)
        return offer is not None and offer.state is OfferState.OPEN
    if call.why == QUESTION:
        asked = session.get(StaffQuestion, call.about_id)
        return asked is not None and asked.answered_at is None
    if call.why in (CLASS, COMING):
        said = session.get_one(Application, call.application_id).coming
        return (said is None) if call.why == CLASS else said in (Coming.NO, Coming.OTHER)
    if call.why == CHANGED:
        application = session.get_one(Application, call.application_id)
        known = changes.confirmation_of(session, application)
        return known is not None and known[0].id == call.about_id and known[1].comes is None
    return True
