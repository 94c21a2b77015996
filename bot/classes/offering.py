"""Seats of the waiting list: offered, told, reminded of, let go, and offered to the next by themselves."""

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo

from sqlmodel import Session, col, select

from bot.reaching import OFFER, moment, phone, settle_calls, tell
from dialogs.model import Json
from storage.applications import deciding, enrolment, waiting
from storage.applications.tables import Offer
from storage.classes import reminders as class_reminders
from storage.rules.calendar import next_allowed
from storage.tables import Application, ApplicationState, OfferState

ITSELF = "system"
"""Who offers a seat that somebody else let go of."""

MOST = 50
"""Offers let go in one transaction."""


def offer_seats(
    session: Session,
    intake_id: int,
    actor: str,
    now: datetime,
    zone: tzinfo,
    *,
    but: Collection[int] = (),
) -> list[Offer]:
    """Offer every free seat to who is next, and tell them; `but` are passed over."""
    made = waiting.offer_seats(session, intake_id, actor, now, zone, but=but)
    for offer in made:
        _tell(session, offer, now.astimezone(zone), zone)
    return made


def go_on(
    session: Session, intake_id: int, now: datetime, zone: tzinfo, *, but: Collection[int] = ()
) -> list[Offer]:
    """Offer a seat that fell free to the next, where the list is in use: no person of staff has to press anything.

    It is in use when seats of this intake were offered before, or when this was the last one: whoever decides
    puts people on the list because all seats are taken. Where seats were free all the time, they are staff's.
    """
    if not _is_in_use(session, intake_id):
        return []
    return offer_seats(session, intake_id, ITSELF, now, zone, but=but)


def withdraw(session: Session, application: Application, actor: str, now: datetime) -> None:
    """Take an application back; its seat goes to the next, and nobody phones about it any more."""
    application = deciding.hold(session, application.id)
    had_seat = application.state in enrolment.SEATED
    is_reminded = application.state is ApplicationState.ACCEPTED
    offer = waiting.open_offer(session, application.id)
    if offer is None or not waiting.answer_offer(session, offer, OfferState.REFUSED, actor, now):
        enrolment.withdraw(session, application, actor, now)
    if is_reminded:
        class_reminders.plan(session, application, now)
    settle_calls(session, application, now)
    if had_seat:
        go_on(session, application.intake_id, now, zone_of(now), but=[application.id])


def lapse(session: Session, now: datetime) -> int:
    """Let offers go whose time is over, tell who had them, and offer the seats to the next. Give how many."""
    over = waiting.lapse_due(session, now, MOST)
    freed: dict[int, list[int]] = {}
    for application in over:
        settle_calls(session, application, now)
        offers = _offers_of(session, application.id)
        tell(session, application, "offer_lapsed", {}, key=f"offer_lapsed:{offers[-1].id}", now=now)
        freed.setdefault(application.intake_id, []).append(application.id)
    for intake_id, let_go in sorted(freed.items()):
        go_on(session, intake_id, now, zone_of(now), but=let_go)
    return len(over)


def zone_of(now: datetime) -> tzinfo:
    """Give the service's zone, which every moment of a turn carries.

    Raises:
        ValueError: for a moment without one.

    """
    if now.tzinfo is None:
        raise ValueError("a moment of a turn has its zone")
    return now.tzinfo


def _tell(session: Session, offer: Offer, now: datetime, zone: tzinfo) -> None:
    """Promise the offer and one reminder half way; whom no chat reaches is phoned before half of it is over."""
    application = session.get_one(Application, offer.application_id)
    half = offer.made_at + (offer.lapses_at - offer.made_at) / 2
    more: dict[str, Json] = {"offer": offer.id, "until": moment(offer.lapses_at, now)}
    rings = tell(
        session, application, "offer", more, key=f"offer:{offer.id}", now=now, not_after=offer.lapses_at
    )
    reminded = next_allowed(half, zone)
    if reminded < offer.lapses_at:
        tell(
            session,
            application,
            "offer_reminder",
            more,
            key=f"offer_reminder:{offer.id}",
            now=now,
            due_at=reminded,
            not_after=offer.lapses_at,
        )
    if not rings:
        phone(session, application, OFFER, now, about=offer.id, by=half)


def _is_in_use(session: Session, intake_id: int) -> bool:
    if deciding.free_seats(session, intake_id) == 1:
        return True
    ever = select(Offer.id).join(Application).where(Application.intake_id == intake_id)
    return session.exec(ever.limit(1)).first() is not None


def _offers_of(session: Session, application_id: int) -> Sequence[Offer]:
    wanted = select(Offer).where(Offer.application_id == application_id)
    return session.exec(wanted.order_by(col(Offer.id))).all()
