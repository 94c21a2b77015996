"""Which job fairs a member of staff runs, and which they only know of."""

from collections.abc import Sequence

from sqlmodel import Session
from starlette.requests import Request

from bot.console.inside import Inside, NotYours
from bot.runner import Runner
from storage.catalogue.fair_cards import FairCard
from storage.fairs import fairs
from storage.rules.regions import lies_in
from storage.tables import StaffRole


def runs(inside: Inside, card: FairCard) -> bool:
    """Say whether a fair is a member's to run: an admin's all, a clerk's those that lie in their region."""
    return inside.member.role is StaffRole.ADMIN or lies_in(card.area, inside.member.region)


def fairs_run_by(session: Session, inside: Inside) -> Sequence[str]:
    """Give the fairs whose people are a clerk's business; an admin's are all, of whatever fair (`Reach`)."""
    return fairs.held_in(session, inside.member.region) if inside.member.role is StaffRole.CLERK else ()


def fair_of(session: Session, request: Request, inside: Inside) -> FairCard:
    """Give the fair an address names: what it is may be known to all. Raises NotYours for one there is not."""
    card = fairs.find_fair(session, request.path_params["fair"], inside.now)
    if card is None:
        raise NotYours("fair")
    return card


def own_fair(session: Session, request: Request, inside: Inside) -> FairCard:
    """Give the fair an address names, where this member runs it. Raises NotYours."""
    card = fair_of(session, request, inside)
    if not runs(inside, card):
        raise NotYours("fair")
    return card


async def fairs_to_come(runner: Runner, inside: Inside) -> Sequence[tuple[str, str]]:
    """Give the fairs to come: number, and title with its day."""
    cards = await runner.desk.look(lambda session: fairs.all_fairs(session, inside.now))
    return [(card.fair_id, f"{card.title}，{card.start_date.isoformat()}") for card in cards]
