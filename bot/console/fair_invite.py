"""Whom a job fair fits, with the reason; those who are ticked are asked, and a notice to them is begun."""

from collections.abc import Mapping

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import number_in
from bot.console.fair_sight import fair_of
from bot.console.fair_words import home
from bot.console.inside import Inside, told
from bot.console.notice_sight import own_of
from bot.console.pages import ConsolePages
from bot.runner import Runner
from storage.catalogue.fair_cards import FairCard
from storage.fairs import fairs
from storage.fairs import people as fair_people
from storage.fairs.fairs import NotTaken
from storage.fairs.matching import matching
from storage.staff.staff import note_access

SHOWN = 200
"""People on the page, who fits best first; when they are asked, the next ones follow."""


class FairInvite:
    """The page on which people are asked to a fair; a clerk asks people of their own, to any fair."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show whom it fits and why, of those who were not asked yet."""

        def look(session: Session) -> Mapping[str, object]:
            card = fair_of(session, request, inside)
            found = matching(session, card.fair_id, own_of(inside), inside.now) if card.to_come else []
            asked = fair_people.asked_already(session, card.fair_id, [each.person_id for each in found])
            new = [each for each in found if each.person_id not in asked]
            return {"card": card, "people": new[:SHOWN], "more": len(new) - SHOWN, "asked": len(asked)}

        values = {"inside": inside, **await self._runner.desk.look(look)}
        page = self._pages.render("fair_invite.html", values, request.query_params.get("told", ""))
        return personal(page)

    async def invite(self, request: Request, inside: Inside) -> Response:
        """Note who is asked, and go on to the notice to all who were asked and did not say no."""
        picked = {number_in(each) for each in inside.form.fields.get("pick", ())}

        def act(session: Session) -> tuple[FairCard, int]:
            card = fair_of(session, request, inside)
            own = matching(session, card.fair_id, own_of(inside), inside.now) if card.to_come else []
            meant = [each.person_id for each in own if each.person_id in picked]
            try:
                made = fairs.invite(session, card.fair_id, meant, inside.now)
            except NotTaken:
                return card, 0
            words = f"{card.fair_id} {len(made)} people"
            note_access(session, inside.member, "fair_invited", "fair", None, inside.now, words)
            return card, len(made)

        card, made = await self._runner.desk.do(act)
        if not made:
            return told(f"{home(card)}/invite", "nobody_asked")
        return told("/notices/write", "", fair=card.fair_id)
