"""Job fairs: the list, and the page of one: what it is, who comes, what is to be arranged, who came and found something."""

from collections.abc import Mapping, Sequence
from functools import partial

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import number_in
from bot.console.fair_changes import FairChanges
from bot.console.fair_desk import FairDesk
from bot.console.fair_invite import FairInvite
from bot.console.fair_sight import fair_of, own_fair, runs
from bot.console.fair_words import INTENTIONS, LISTS, STAGES, home, needs_words
from bot.console.inside import Inside, Page, told
from bot.console.pages import ConsolePages
from bot.console.paging import A_PAGE, turning
from bot.console.permissions import Act
from bot.console.positions import Positions
from bot.console.words import ANSWERS
from bot.runner import Runner
from storage.catalogue.fair_cards import FairCard, Stage
from storage.catalogue.tables import Fair
from storage.fairs import fairs
from storage.fairs import people as fair_people
from storage.fairs.inviting import invited
from storage.fairs.tables import FairSignup
from storage.staff.staff import note_access
from storage.tables import NeedAnswer, Person

MOST_WORDS = 60
"""Characters searched for."""

MOST_NOTE = 500
"""Characters of how something is arranged."""


class Fairs:
    """The list of fairs, and the page of one."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show fairs, one's own first, the next first; by a place or words of their names."""
        asked = request.query_params
        words, past = asked.get("words", "").strip()[:MOST_WORDS], asked.get("list") == "past"

        def look(session: Session) -> tuple[Sequence[FairCard], Mapping[str, fairs.Counts]]:
            every = fairs.all_fairs(session, inside.now, past=past)
            found = [
                card
                for card in every
                if card.to_come is not past and (not words or words in f"{card.title} {card.place}")
            ]
            if past:
                found.reverse()
            found.sort(key=lambda card: not runs(inside, card))
            return found, fairs.counts(session, [card.fair_id for card in found if runs(inside, card)])

        found, counts = await self._runner.desk.look(look)
        page, pages = max(1, number_in(asked.get("page", ""))), max(1, -(-len(found) // A_PAGE))
        kept = {name: value for name, value in (("words", words), ("list", "past" if past else "")) if value}
        values = {
            "inside": inside,
            "cards": found[(page - 1) * A_PAGE : page * A_PAGE],
            "total": len(found),
            "counts": counts,
            "words": words,
            "past": past,
            "stages": STAGES,
            "page": page,
            "pages": pages,
            "turn": turning(page, kept),
        }
        return personal(self._pages.render("fairs.html", values, asked.get("told", "")))

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one: what it is to everybody; who comes to those who run it."""
        asked = request.query_params
        kind = asked.get("list", "")
        kind = kind if kind in LISTS else "coming"

        def look(session: Session) -> Mapping[str, object]:
            card = fair_of(session, request, inside)
            if not runs(inside, card):
                return {"card": card, "runs": False}
            counts = fairs.counts(session, [card.fair_id])[card.fair_id]
            pages = max(1, -(-fair_people.count_in(counts, kind) // A_PAGE))
            page = min(max(1, number_in(asked.get("page", ""))), pages)
            return {
                "card": card,
                "runs": True,
                "counts": counts,
                "invited": invited(session, card.fair_id),
                "tabs": [
                    (name, words, fair_people.count_in(counts, name))
                    for name, words in LISTS.items()
                    if name != "missed" or card.stage is Stage.OVER
                ],
                "people": fair_people.people_of(session, card.fair_id, kind, page, A_PAGE),
                "lines": fair_people.to_arrange(session, session.get_one(Fair, card.fair_id)),
                "page": page,
                "pages": pages,
                "turn": turning(page, {"list": kind}, "#people"),
            }

        read = await self._runner.desk.look(look)
        card = read["card"]
        values = {
            "inside": inside,
            "kind": kind,
            "stages": STAGES,
            "answers": ANSWERS,
            "intentions": INTENTIONS,
            "arrangement": fair_people.label_of,
            "needs_words": needs_words,
            "posts": {each.position_id: each.position for each in card.positions}
            if isinstance(card, FairCard)
            else {},
            **read,
        }
        return personal(self._pages.render("fair.html", values, asked.get("told", "")))

    async def arrange(self, request: Request, inside: Inside) -> Response:
        """Keep what is arranged."""
        form = inside.form

        def act(session: Session) -> tuple[FairCard, int]:
            card = own_fair(session, request, inside)
            given: dict[str, tuple[NeedAnswer, str]] = {}
            for each in fair_people.to_arrange(session, session.get_one(Fair, card.fair_id)):
                if (answer := form.one(f"answer-{each.code}")) in ANSWERS:
                    note = form.one(f"note-{each.code}").strip()[:MOST_NOTE]
                    given[each.code] = (NeedAnswer(answer), note)
            changed = fair_people.arrange(session, card.fair_id, given, inside.member, inside.now)
            if changed:
                note_access(session, inside.member, "fair_arranged", "fair", None, inside.now, card.fair_id)
            return card, changed

        card, changed = await self._runner.desk.do(act)
        return told(home(card), "arranged" if changed else "nothing")

    async def print_sheet(self, request: Request, inside: Inside) -> Response:
        """Show everybody who comes on one sheet, to be printed and ticked at the door."""

        def look(session: Session) -> tuple[FairCard, list[tuple[FairSignup, Person]]]:
            card = own_fair(session, request, inside)
            return card, list(fair_people.every_one(session, card.fair_id, "coming"))

        card, people = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "card": card,
            "people": people,
            "now": inside.now,
            "needs_words": needs_words,
        }
        return personal(self._pages.render("fair_sheet.html", values))


def fair_pages(runner: Runner, pages: ConsolePages) -> Sequence[Page]:
    """Every page of job fairs, and of positions without one."""
    every, desk, changes = Fairs(runner, pages), FairDesk(runner, pages), FairChanges(runner, pages)
    invite, posts = FairInvite(runner, pages), Positions(runner, pages)
    page = partial(Page, act=Act.FAIRS)
    one = "/fairs/{fair}"
    return (
        page("/fairs", answer=every.show_all),
        page(one, answer=every.show),
        page(f"{one}/arrangements", answer=every.arrange, method="POST"),
        page(f"{one}/sheet", answer=every.print_sheet),
        page(f"{one}/desk", answer=desk.show),
        page(f"{one}/desk", answer=desk.press, method="POST"),
        page(f"{one}/people/{{signup}}", answer=desk.show_one),
        page(f"{one}/people/{{signup}}", answer=desk.write_one, method="POST"),
        page(f"{one}/change", answer=changes.show),
        page(f"{one}/change", answer=changes.change, method="POST"),
        page(f"{one}/call-off", answer=changes.ask),
        page(f"{one}/call-off", answer=changes.call_off, method="POST"),
        page(f"{one}/invite", answer=invite.show),
        page(f"{one}/invite", answer=invite.invite, method="POST"),
        page("/positions", answer=posts.show_all),
        page("/positions/{position}", answer=posts.show),
        Page("/positions/{position}", Act.IMPORT, posts.withdraw, "POST"),  # a position is no region's
    )
