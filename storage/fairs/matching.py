"""Whom a job fair or a position fits and why: by place, what was learned, what is wished, and support that is there.

    for each in matching(session, "F01", own, now):       # for staff, who fits best first
        print(each.name, [reason.words for reason in each.reasons], each.remarks)
    for_person(session, person_id, now).fairs              # for the person, the nearest first

Nobody is left out for the category or the level of their certificate: a mismatch is a remark for staff.
What people said is sealed, so it is looked at one row after the other; the statements are few, however many people.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import true
from sqlmodel import Session

from storage.catalogue.fair_cards import FairCard, PositionCard
from storage.fairs import fairs
from storage.fairs.known import known_of, people_known
from storage.notices.audience import Own
from storage.rules.fitting import Fit, Opening, Reason, Someone, Why, judge

ALONE_TOO_LITTLE = frozenset({Why.LOOKING, Why.SUPPORT, Why.ONLINE})
"""Reasons that order, but make nothing fit by themselves: they would make everything fit."""

Card = TypeVar("Card", FairCard, PositionCard)


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody whom a fair or a position fits.

    Args:
        person_id: who.
        name: what they are called, "" where nobody told.
        reasons: why, the strongest first; `words` of each is for staff to read.
        remarks: what staff should know beside, in sentences; nobody is left out for it.
        weight: how well it fits, to compare with others.

    """

    person_id: int
    name: str
    reasons: tuple[Reason, ...]
    remarks: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Suited(Generic[Card]):
    """A fair or a position as it suits somebody."""

    card: Card
    fit: Fit

    @property
    def fits(self) -> bool:
        """Whether there is a reason to show it first."""
        return _fits(self.fit)


@dataclass(frozen=True, slots=True)
class ForPerson:
    """What there is for somebody: all fairs, the nearest first; all positions, what fits best first."""

    fairs: tuple[Suited[FairCard], ...]
    positions: tuple[Suited[PositionCard], ...]


def matching(session: Session, fair_id: str, reach: Own | None, now: datetime) -> list[Match]:
    """Give whom a fair fits, who fits best first.

    Args:
        session: a session to read with.
        fair_id: which fair.
        reach: whom who asks may see at all; None for everybody.
        now: the moment, in the service's zone.

    Raises:
        LookupError: for a fair there is not.

    """
    card = fairs.find_fair(session, fair_id, now)
    if card is None:
        raise LookupError(f"there is no fair {fair_id!r}")
    return _matches(session, _of_fair(card), reach)


def matching_position(session: Session, position_id: str, reach: Own | None, now: datetime) -> list[Match]:
    """Give whom a position fits; otherwise as `matching`."""
    card = fairs.find_position(session, position_id)
    if card is None:
        raise LookupError(f"there is no position {position_id!r}")
    of_fair = None if card.fair_id is None else fairs.find_fair(session, card.fair_id, now)
    return _matches(session, _of_position(card, of_fair), reach)


def for_person(session: Session, person_id: int, now: datetime) -> ForPerson:
    """Give the fairs to come and the positions that are open, as they suit somebody."""
    someone = known_of(session, person_id)
    coming = [card for card in fairs.all_fairs(session, now) if card.to_come]
    listed = [Suited(card, judge(someone, _of_fair(card))) for card in coming]
    of_fairs = [(card, fair) for fair in coming for card in fair.positions if card.is_open(now.date())]
    free = [(card, None) for card in fairs.free_positions(session, now)]
    posts = [Suited(card, judge(someone, _of_position(card, fair))) for card, fair in (*of_fairs, *free)]
    lives_anywhere = any(someone.place) or bool(someone.address)

    def near(each: Suited[FairCard]) -> tuple[object, ...]:
        """Where nobody knows where they live, the next fair comes first."""
        known = (each.fit.nearness, -each.fit.weight) if lives_anywhere else ()
        return (*known, each.card.start_date, each.card.fair_id)

    return ForPerson(
        tuple(sorted(listed, key=near)),
        tuple(sorted(posts, key=lambda each: (not each.fits, -each.fit.weight, each.card.position_id))),
    )


def fit_of_fair(someone: Someone, card: FairCard) -> Fit:
    """Say how well a fair fits somebody, and why."""
    return judge(someone, _of_fair(card))


def fit_of_position(someone: Someone, card: PositionCard, at: FairCard | None) -> Fit:
    """Say how well a position fits somebody, and why; `at` is its fair, None for one without."""
    return judge(someone, _of_position(card, at))


def _matches(session: Session, opening: Opening, reach: Own | None) -> list[Match]:
    found = []
    for person_id, name, someone in people_known(session, true(), reach, None):
        fit = judge(someone, opening)
        if _fits(fit):
            found.append(Match(person_id, name, fit.reasons, fit.remarks, fit.weight))
    return sorted(found, key=lambda each: (-each.weight, each.person_id))


def _fits(fit: Fit) -> bool:
    return any(reason.why not in ALONE_TOO_LITTLE for reason in fit.reasons)


def _of_fair(card: FairCard) -> Opening:
    taught = (*card.linked_occupations, *(each.linked_occupation for each in card.positions))
    return Opening(
        place=(card.province, card.city, card.district),
        online=card.online,
        occupations=tuple(dict.fromkeys(each for each in taught if each)),
        supports=frozenset(card.services),
    )


def _of_position(card: PositionCard, fair: FairCard | None) -> Opening:
    return Opening(
        place=(fair.province if fair else "", "", ""),
        location=card.work_location,
        home=card.home_based,
        occupations=(card.linked_occupation,) if card.linked_occupation else (),
        title=card.position,
        categories=card.disability_categories,
        levels=card.disability_levels,
    )
