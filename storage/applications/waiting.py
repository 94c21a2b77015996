"""The waiting list: who comes next, and seats held for them for a while (as pretix does it)."""

from collections.abc import Collection
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, TypeVar

from sqlalchemy import bindparam, literal_column
from sqlalchemy import select as pick
from sqlmodel import Session, SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.applications import deciding
from storage.applications.enrolment import log_event
from storage.applications.tables import Offer
from storage.catalogue.cards import Status
from storage.catalogue.tables import Intake
from storage.compiled import DONE, Compiled
from storage.rules.calendar import is_quiet, next_allowed
from storage.tables import Application, ApplicationState, OfferState
from storage.tickets.tables import Call

Found = TypeVar("Found")

HELD = timedelta(hours=48)
"""How long an offer holds a seat."""

SHORTEST = timedelta(hours=3)
"""The shortest offer, when the class is near: half of what is left until it begins."""

LET_GO = (OfferState.LAPSED, OfferState.PASSED)
"""How an offer ends that leaves its person on the list."""

ENOUGH = 2
"""After so many offers let go, a person of staff talks to them before another is made."""

_OFFER = SQLModel.metadata.tables["offer"].columns

_LAPSES = Compiled(
    lambda _: (
        pick(DONE)
        .where(_OFFER["state"] == literal_column("'open'"), _OFFER["lapses_at"] <= bindparam("now"))
        .limit(1)
    )
)

TAKES_NOBODY = (Status.WITHDRAWN, Status.FINISHED, Status.DRAFT)
"""States of an intake in which no seat is offered."""

MORNING = time(10)
"""An offer that would lapse at night lapses at this hour, so that nobody loses a seat asleep."""


def waiting_list(session: Session, intake_id: int) -> list[Application]:
    """Give who waits: who let a seat go last, then by priority, then by when they applied."""
    return list(session.exec(_in_line(select(Application), intake_id)).all())


def place_of(session: Session, application: Application) -> int:
    """Give the true place of a waiting application, counted from 1; 0 when it does not wait."""
    if application.state is not ApplicationState.WAITLISTED:
        return 0
    waiting = list(session.exec(_in_line(select(Application.id), application.intake_id)).all())
    return waiting.index(application.id) + 1 if application.id in waiting else 0


def offer_seats(
    session: Session,
    intake_id: int,
    actor: str,
    now: datetime,
    zone: tzinfo,
    *,
    but: Collection[int] = (),
) -> list[Offer]:
    """Offer every free seat of an intake to who is next; none once the class has begun, or is called off.

    Args:
        session: a writing session; the intake is held until its transaction ends.
        intake_id: which intake.
        actor: who gives them: staff:3, or system when somebody else let go of a seat.
        now: the moment.
        zone: where the class is: its nights are quiet.
        but: applications that are passed over, such as the one whose seat this was.

    """
    free = deciding.free_seats(session, intake_id)
    intake = session.get_one(Intake, intake_id)
    begins = datetime.combine(intake.start_date, intake.class_start_time or time(), zone)
    if free < 1 or now >= begins or intake.status in TAKES_NOBODY:
        return []
    made: list[Offer] = []
    for asked in _to_ask(session, intake_id):
        if len(made) == free:
            break
        application = None if asked.id in but else _still_waiting(session, asked.id)
        if application is None:
            continue
        offer = Offer(
            application_id=application.id, made_at=now, made_by=actor, lapses_at=lapse(now, begins, zone)
        )
        application.state, application.changed_at = ApplicationState.OFFERED, now
        session.add_all((offer, application))
        session.flush()
        log_event(
            session, application.id, "offered", actor, now, offer.lapses_at.astimezone(zone).isoformat()
        )
        made.append(offer)
    return made


def lapse(now: datetime, begins: datetime, zone: tzinfo) -> datetime:
    """Give until when an offer made now stands: 48 hours, less when the class is near, never into a night."""
    left = begins - now
    until = now + min(HELD, max(SHORTEST, left / 2))
    if is_quiet(until, zone):
        until = datetime.combine(next_allowed(until, zone).astimezone(zone).date(), MORNING, zone)
    return min(until, begins)


def open_offer(session: Session, application_id: int) -> Offer | None:
    """Give the offer an application may still take."""
    wanted = select(Offer).where(Offer.application_id == application_id, Offer.state == OfferState.OPEN)
    return session.exec(wanted).one_or_none()


def answer_offer(session: Session, offer: Offer, answer: OfferState, actor: str, now: datetime) -> bool:
    """Take a seat that is held (TAKEN), leave the list (REFUSED), or wait on (PASSED).

    Say whether the offer still stood.
    """
    application = deciding.hold(session, offer.application_id)
    session.refresh(offer)
    if offer.state is not OfferState.OPEN or application.state is not ApplicationState.OFFERED:
        return False
    if answer is OfferState.TAKEN:
        deciding.accept(session, application, actor, now)
    else:
        _end(session, offer, application, answer, actor, now)
    return True


def lapse_due(session: Session, now: datetime, most: int) -> list[Application]:
    """Let offers go whose time is over; those to be phoned only after somebody has tried.

    Returns:
        Whose seat is free again. Nobody is refused by it: they wait on, last.

    """
    if not _LAPSES.run(session, now=now):
        return []  # nearly always, and asked at every wake-up
    due = (
        select(Offer)
        .where(Offer.state == OfferState.OPEN, Offer.lapses_at <= now, ~_untried())
        .order_by(col(Offer.lapses_at), col(Offer.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    over = []
    for offer in session.exec(due).all():
        application = deciding.hold(session, offer.application_id)
        if application.state is ApplicationState.OFFERED:
            _end(session, offer, application, OfferState.LAPSED, "system", now)
            over.append(application)
        else:
            offer.state, offer.ended_at = OfferState.VOID, now
            session.add(offer)
    session.flush()
    return over


def next_lapse(session: Session) -> datetime | None:
    """Give when the next offer lapses that need not wait for a call first, or None."""
    wanted = select(func.min(Offer.lapses_at)).where(Offer.state == OfferState.OPEN, ~_untried())
    return session.exec(wanted).one()


def _end(
    session: Session, offer: Offer, application: Application, state: OfferState, actor: str, now: datetime
) -> None:
    """Close an offer. Who does not want it leaves the list; who cannot now, or says nothing, waits on, last."""
    offer.state, offer.ended_at = state, now
    application.changed_at = now
    if state is OfferState.REFUSED:
        application.state, application.withdrawn_at = ApplicationState.WITHDRAWN, now
    else:
        application.state = ApplicationState.WAITLISTED
    session.add_all((offer, application))
    session.flush()
    log_event(session, application.id, f"offer_{state.value}", actor, now)


def _to_ask(session: Session, intake_id: int) -> list[Application]:
    """Give who is asked next: nobody for a third time by themselves."""
    counted = select(Offer.application_id).where(col(Offer.state).in_(LET_GO))
    counted = counted.group_by(col(Offer.application_id)).having(func.count() >= ENOUGH)
    tired = set(session.exec(counted).all())
    return [each for each in waiting_list(session, intake_id) if each.id not in tired]


def _in_line(wanted: SelectOfScalar[Found], intake_id: int) -> SelectOfScalar[Found]:
    """Narrow a selection down to who waits for an intake, in their order."""
    order = (_let_go(), col(Application.rank), col(Application.submitted_at), col(Application.id))
    waits = wanted.where(Application.intake_id == intake_id, Application.state == ApplicationState.WAITLISTED)
    return waits.order_by(*order)


def _still_waiting(session: Session, application_id: int) -> Application | None:
    """Give an application nobody else changes from here on; None when somebody does, or it does not wait."""
    wanted = select(Application).where(
        Application.id == application_id, Application.state == ApplicationState.WAITLISTED
    )
    held = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.exec(held).one_or_none()


def _untried() -> Any:  # noqa: ANN401 - a column expression
    """Whether somebody is to be phoned about an offer, and nobody has tried."""
    call = select(Call.id).where(Call.why == "offer", Call.about_id == Offer.id, Call.tries == 0)
    return call.where(col(Call.done_at).is_(None)).exists()


def _let_go() -> Any:  # noqa: ANN401 - a column expression
    let_go = (
        select(func.count())
        .select_from(Offer)
        .where(col(Offer.application_id) == col(Application.id), col(Offer.state).in_(LET_GO))
    )
    return let_go.correlate(Application).scalar_subquery()
