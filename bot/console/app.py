"""Puts the console together: every page with the act it needs, behind one guard."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route

from bot.channels.web.door import Door
from bot.console.application import OneApplication
from bot.console.applications import Applications
from bot.console.callback_pages import callback_pages
from bot.console.calls import Calls
from bot.console.classpages import class_pages
from bot.console.decisions import Decisions
from bot.console.entering import Entering
from bot.console.entries import Entries
from bot.console.entry import Entry
from bot.console.exports import export_pages
from bot.console.fairs import fair_pages
from bot.console.forms import form_pages
from bot.console.inside import Guard, Page
from bot.console.intakes import Intakes
from bot.console.members import Members
from bot.console.namelists import NameLists
from bot.console.notices import notice_pages
from bot.console.oneself import Oneself
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.console.ratings import rating_pages
from bot.console.tables import table_pages
from bot.console.ticket_news import TicketNews
from bot.console.tickets import Tickets
from bot.console.today import Today
from bot.console.weights import Weights
from bot.console.writing_to import WritingTo


def console_pages(door: Door, pages: ConsolePages) -> Sequence[Page]:
    """Every page there is; a test opens each with every role."""
    runner = door.runner
    today, listed, one = Today(runner, pages), Applications(runner, pages), OneApplication(runner, pages)
    deciding = Decisions(runner, one)
    entries, entry, lists = Entries(runner, pages), Entry(door, pages), NameLists(runner, pages)
    intakes, calls = Intakes(runner, pages), Calls(runner, pages)
    tickets, writing = Tickets(runner, pages), WritingTo(runner, pages)
    weights, members, oneself = Weights(runner, pages), Members(runner, pages), Oneself(door, pages)
    return (
        Page("", Act.TODAY, today.show),
        Page("/out", Act.TODAY, Entering(door, pages).go_out, "POST"),
        Page("/applications", Act.LIST, listed.show),
        Page("/applications/write", Act.WRITE, writing.show),
        Page("/applications/write", Act.WRITE, writing.send, "POST"),
        Page("/applications/{number}", Act.READ, one.show),
        Page("/applications/{number}/secrets", Act.SECRET, one.show_secrets, "POST"),
        Page("/applications/{number}/files/{file}", Act.SECRET, one.send_file),
        Page("/applications/{number}/decide", Act.DECIDE, deciding.decide, "POST"),
        Page("/applications/{number}/assent", Act.DECIDE, deciding.record_assent, "POST"),
        Page("/applications/{number}/needs", Act.DECIDE, deciding.answer_needs, "POST"),
        Page("/applications/{number}/claims", Act.DECIDE, deciding.check_claims, "POST"),
        Page("/entries", Act.ENTER, entries.show),
        Page("/entries", Act.ENTER, entries.begin, "POST"),
        Page("/entries/{person}/{intake}", Act.ENTER, entry.show),
        Page("/entries/{person}/{intake}", Act.ENTER, entry.answer, "POST", file=True),
        Page("/lists", Act.ENTER, lists.show),
        Page("/lists", Act.ENTER, lists.add, "POST", file=True),
        Page("/lists/{name}/link", Act.ENTER, lists.link, "POST"),
        Page("/lists/{name}/enter", Act.ENTER, lists.enter, "POST"),
        Page("/lists/{name}/drop", Act.ENTER, lists.drop, "POST"),
        Page("/intakes", Act.INTAKES, intakes.show_all),
        Page("/intakes/{intake}", Act.INTAKES, intakes.show),
        Page("/intakes/{intake}/offer", Act.OFFER, intakes.offer, "POST"),
        *class_pages(runner, pages),
        *table_pages(runner, pages),
        *export_pages(runner),
        Page("/calls", Act.CALLS, calls.show),
        Page("/calls/{call}", Act.CALLS, calls.log, "POST"),
        *callback_pages(runner, pages),
        Page("/tickets", Act.TICKETS, tickets.show_all),
        Page("/tickets/{ticket}", Act.TICKETS, tickets.show),
        Page("/tickets/{ticket}/live", Act.TICKETS, TicketNews(runner).stream),
        Page("/tickets/{ticket}/files/{file}", Act.TICKETS, tickets.send_file),
        Page("/tickets/{ticket}", Act.ANSWER, tickets.act, "POST"),
        *form_pages(runner, pages),
        *notice_pages(runner, pages),
        *fair_pages(runner, pages),
        *rating_pages(runner, pages),
        Page("/weights", Act.WEIGH, weights.show),
        Page("/weights", Act.WEIGH, weights.change, "POST"),
        Page("/me", Act.TODAY, oneself.show),
        Page("/me/chat", Act.TODAY, oneself.link_chat, "POST"),
        Page("/me/here", Act.TODAY, oneself.link_here, "POST"),
        Page("/me/elsewhere", Act.TODAY, oneself.end_elsewhere, "POST"),
        Page("/me/unlink", Act.TODAY, oneself.unlink_chat, "POST"),
        Page("/staff", Act.STAFF, members.show),
        Page("/staff", Act.STAFF, members.add, "POST"),
        Page("/staff/{member}/link", Act.STAFF, members.link, "POST"),
        Page("/staff/{member}/out", Act.STAFF, members.put_out, "POST"),
        Page("/staff/{member}/revoke", Act.STAFF, members.revoke, "POST"),
    )


def console_routes(door: Door) -> Sequence[BaseRoute]:
    """Give the routes of the console."""
    settings = door.runner.settings
    pages = ConsolePages(settings.org_name, settings.zone)
    guard, entering = Guard(door, pages), Entering(door, pages)
    return (
        Route("/console/enter/{token}", entering.show),
        Route("/console/enter/{token}", entering.use, methods=["POST"]),
        *(guard.route(page) for page in console_pages(door, pages)),
    )
