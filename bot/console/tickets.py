"""Tickets: complaints, calls for a person and signs of danger; taken, answered, handed over and closed."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.at_work import sight_of
from bot.channels.web.door import personal
from bot.console.courses import number_in
from bot.console.files import file_answer, open_file
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.console.ticket_dossier import Dossier, colleagues_in, names_in, read_ticket
from bot.console.words import RATINGS, TICKET_LISTS, ticket_name, ticket_state
from bot.runner import Runner
from bot.tickets import handling as acts
from storage.catalogue import codes
from storage.tables import Staff, StoredFile, TicketState
from storage.tickets import handling
from storage.tickets import listing as ticket_list
from storage.tickets.handling import SaidMeanwhile
from storage.tickets.listing import A_PAGE, KINDS, WAITING
from storage.tickets.tables import Ticket
from storage.tickets.tickets import DANGER, is_emptied

MOST_WORDS = 2000
"""Characters of an answer."""

REFUSED = ("no_words", "no_outcome", "taken_by_other", "nobody", "meanwhile", "no_chat")
"""What was not done, and why: the page says it, and keeps what was typed."""


class Tickets:
    """The lists of tickets, the page of one, and what is done with it."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show one page of one list: danger first, then what is due first."""
        asked = request.query_params
        kind = asked.get("list", "open")
        kind = kind if kind in KINDS else "open"
        page = max(1, number_in(asked.get("page", "")) or 1)

        def look(session: Session) -> tuple[Sequence[Ticket], Mapping[str, int], Mapping[int, str]]:
            sight = sight_of(inside.member, inside.reach)
            listed = ticket_list.find_tickets(session, sight, kind, inside.now, page)
            return listed, ticket_list.count_tickets(session, sight, inside.now), names_in(session)

        listed, counts, names = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "tickets": listed,
            "kinds": [(name, TICKET_LISTS[name], counts[name]) for name in KINDS],
            "kind": kind,
            "page": page,
            "pages": max(1, -(-counts[kind] // A_PAGE)),
            "names": names,
            "danger": DANGER,
            "waiting": WAITING,
            "ticket_state": ticket_state,
            "ticket_name": ticket_name,
        }
        return personal(self._pages.render("tickets.html", values, asked.get("told", "")))

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one ticket."""
        return await self._page(request, inside, request.query_params.get("told", ""))

    async def send_file(self, request: Request, inside: Inside) -> Response:
        """Send a voice message of the ticket, and keep who opened it."""
        wanted = number_in(request.path_params["file"])

        def find(session: Session) -> StoredFile:
            ticket = self._mine(session, request, inside)
            lines = handling.lines_of(session, ticket.id)
            return open_file(session, inside, wanted, [ticket.words, *(each.words for each in lines)])

        file = await self._runner.desk.do(find)
        return file_answer(file)

    async def act(self, request: Request, inside: Inside) -> Response:
        """Take, answer, hand over or close a ticket."""
        form = inside.form
        what, words = form.one("do"), form.one("words").strip()[:MOST_WORDS]
        outcome, seen = form.one("outcome"), number_in(form.one("seen"))
        now, member = inside.now, inside.member

        def act(session: Session) -> str:
            number = self._mine(session, request, inside).id
            if what == "take":
                return "taken" if acts.take(session, number, member, now=now) else "taken_by_other"
            if what == "hand_over":
                colleague = session.get(Staff, number_in(form.one("colleague")))
                if colleague is None or colleague not in colleagues_in(session):
                    return "nobody"
                acts.hand_over(session, number, member, colleague, now=now)
                return "handed_over"
            if what == "talk":
                return _talk(session, number, inside)
            if what == "stop_talking":
                return "talk_over" if acts.stop_talking(session, number, member, now=now) else "nothing"
            if what == "answer":
                if not words:
                    return "no_words"
                is_told = acts.answer(session, number, member, words, seen=seen, now=now)
                return "replied" if is_told else "noted"
            if what == "close":
                if outcome not in codes.words("ticket_outcome"):
                    return "no_outcome"
                acts.close(session, number, member, outcome, words, seen=seen, now=now)
                return "closed"
            return "nothing"

        try:
            done = await self._runner.desk.do(act)
        except SaidMeanwhile:
            done = "meanwhile"
        if done in REFUSED:
            return await self._page(request, inside, done, typed=words, chosen=outcome)
        self._runner.nudge()
        number = request.path_params["ticket"]
        still = await self._runner.desk.look(
            lambda session: (
                ticket_list.find_ticket(session, sight_of(inside.member, inside.reach), number) is not None
            )
        )
        # Who hands a danger over to a colleague may not know of it any more.
        return told(f"/tickets/{number}" if still else "/tickets", done)

    def _mine(self, session: Session, request: Request, inside: Inside) -> Ticket:
        """The ticket an address names, where it is this member's business."""
        found = ticket_list.find_ticket(
            session, sight_of(inside.member, inside.reach), request.path_params["ticket"]
        )
        if found is None:
            raise NotYours("ticket")
        return found

    async def _page(
        self, request: Request, inside: Inside, told_: str, *, typed: str = "", chosen: str = ""
    ) -> Response:
        def look(session: Session) -> tuple[Dossier, Sequence[Staff]]:
            return read_ticket(session, self._mine(session, request, inside), inside), colleagues_in(session)

        dossier, colleagues = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "it": dossier,
            "typed": typed,
            "chosen": chosen,
            "outcomes": codes.words("ticket_outcome"),
            "colleagues": [each for each in colleagues if each.id != dossier.ticket.staff_id],
            "danger": DANGER,
            "waiting": WAITING,
            "emptied": is_emptied(dossier.ticket),
            "closed": dossier.ticket.state is TicketState.CLOSED,
            "answerable": inside.may(Act.ANSWER),
            "ticket_state": ticket_state,
            "ticket_name": ticket_name,
            "ratings": RATINGS,
            "mine": dossier.ticket.staff_id in (None, inside.member.id),
            "idle": int(handling.IDLE.total_seconds() // 60),
        }
        html = self._pages.render("ticket.html", values, told_)
        return personal(html, HTTPStatus.CONFLICT if told_ in REFUSED else HTTPStatus.OK)


def _talk(session: Session, ticket_id: int, inside: Inside) -> str:
    """Begin to talk directly; say what came of it."""
    try:
        done = acts.talk(session, ticket_id, inside.member, now=inside.now)
    except ValueError:
        return "taken_by_other"
    return "talking" if done else "no_chat"
