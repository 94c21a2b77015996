"""Positions without a fair, and of any position who would like it and whether its employer may be told."""

from collections import Counter
from collections.abc import Mapping
from urllib.parse import quote

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import number_in
from bot.console.inside import Inside, NotYours, told
from bot.console.notice_sight import own_of
from bot.console.pages import ConsolePages
from bot.console.paging import A_PAGE, turning
from bot.console.words import ticket_state
from bot.fairs import running as running_fairs
from bot.runner import Runner
from storage.catalogue.fair_cards import PositionCard
from storage.fairs import fairs, interests
from storage.fairs.matching import matching_position

MOST_WORDS = 60
"""Characters searched for."""

SHOWN = 50
"""People whom a position fits that are shown."""


class Positions:
    """The list of positions without a fair, and the page of any one."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show positions without a fair, open ones first, and those of fairs that somebody would like."""
        asked = request.query_params
        words = asked.get("words", "").strip()[:MOST_WORDS]

        def look(session: Session) -> tuple[list[PositionCard], Mapping[str, int]]:
            wanting = interests.wanting(session, own_of(inside))
            wanted = Counter(interest.position_id for interest, _, _ in wanting)
            free = fairs.free_positions(session, inside.now, past=True)
            of_fairs = [fairs.find_position(session, number) for number in sorted(wanted)]
            cards = [*free, *(card for card in of_fairs if card is not None and card.fair_id is not None)]
            return [card for card in cards if not words or words in _said(card)], wanted

        found, wanted = await self._runner.desk.look(look)
        page, pages = max(1, number_in(asked.get("page", ""))), max(1, -(-len(found) // A_PAGE))
        kept = {"words": words} if words else {}
        values = {
            "inside": inside,
            "cards": found[(page - 1) * A_PAGE : page * A_PAGE],
            "total": len(found),
            "wanted": wanted,
            "words": words,
            "today": inside.now.date(),
            "page": page,
            "pages": pages,
            "turn": turning(page, kept),
        }
        return personal(self._pages.render("positions.html", values, asked.get("told", "")))

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one: what it is, who would like it, whether the employer may be told, and whom else it fits."""

        def look(session: Session) -> Mapping[str, object]:
            card = _card(session, request)
            wanting = interests.wanting(session, own_of(inside), [card.position_id])
            there = {person.id for _, person, _ in wanting}
            open_ = card.is_open(inside.now.date())
            fits = matching_position(session, card.position_id, own_of(inside), inside.now) if open_ else []
            new = [each for each in fits if each.person_id not in there]
            return {
                "card": card,
                "open": open_,
                "wanting": wanting,
                "fits": new[:SHOWN],
                "more": len(new) - SHOWN,
                "fair": fairs.find_fair(session, card.fair_id, inside.now) if card.fair_id else None,
            }

        values = {
            "inside": inside,
            "ticket_state": ticket_state,
            **await self._runner.desk.look(look),
        }
        return personal(self._pages.render("position.html", values, request.query_params.get("told", "")))

    async def withdraw(self, request: Request, inside: Inside) -> Response:
        """Note that the employer takes nobody more."""

        def act(session: Session) -> tuple[PositionCard, bool]:
            card = _card(session, request)
            return card, running_fairs.withdraw_position(session, card.position_id, inside.member, inside.now)

        card, done = await self._runner.desk.do(act)
        return told(f"/positions/{quote(card.position_id)}", "position_over" if done else "nothing")


def _card(session: Session, request: Request) -> PositionCard:
    card = fairs.find_position(session, request.path_params["position"])
    if card is None:
        raise NotYours("position")
    return card


def _said(card: PositionCard) -> str:
    return f"{card.position} {card.employer} {card.work_location} {card.linked_occupation}"
