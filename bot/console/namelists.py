"""Lists of names that somebody brings from a village: kept apart until each person says so themselves."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile

from markupsafe import Markup
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.channels.web.drawing import qr_code
from bot.channels.web.posted import Posted
from bot.console.courses import course_words, number_in, open_classes
from bot.console.entries import MOST_NAME, phone_in
from bot.console.entry import open_entry
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.runner import Runner
from dialogs.spoken import Misheard
from storage import gotokens
from storage.applications import enrolment, entered, listed
from storage.applications.tables import ListedName
from storage.catalogue.grid import Value
from storage.catalogue.report import FileRefused
from storage.catalogue.sheets import read_sheets
from storage.staff import staff
from storage.staff.staff import note_access
from storage.tables import Person

MOST_LINES = 300
MOST_VILLAGE = 40

HEADINGS = frozenset({"姓名", "名字"})
"""What the first cell of a heading says."""


@dataclass(frozen=True, slots=True)
class Line:
    """One name as the page shows it."""

    listed: ListedName
    course: str
    brought_by: str
    days: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link to hand over, once."""

    name: str
    course: str
    address: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Brought:
    """One line that was typed: a name, perhaps a telephone number and a village."""

    name: str
    phone: str
    village: str


class NameLists:
    """The list of everybody who was brought, and what is done about each."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show who is on a list and has not said anything yet."""
        return await self._page(inside, request.query_params.get("told", ""))

    async def add(self, _: Request, inside: Inside) -> Response:
        """Take the lines that can be read; give the others back to be corrected."""
        intake = number_in(inside.form.one("intake"))
        try:
            brought = await asyncio.to_thread(lines_in, inside.form)
        except FileRefused as refused:
            return await self._page(inside, "", refused=str(refused), intake=intake)
        typed = [line for line in brought if line.strip()]
        if intake not in {number for number, _ in open_classes(self._runner, inside)} or not typed:
            return await self._page(inside, "no_class_or_names", left=typed, intake=intake)
        good, bad = read_lines(typed[:MOST_LINES])
        bad += typed[MOST_LINES:]

        def act(session: Session) -> None:
            for each in good:
                listed.add_name(
                    session,
                    staff_id=inside.member.id,
                    intake_id=intake,
                    name=each.name,
                    phone=each.phone,
                    village=each.village,
                    now=inside.now,
                )
            note_access(session, inside.member, "listed", "intake", intake, inside.now, f"{len(good)} names")

        await self._runner.desk.do(act)
        if bad:
            return await self._page(inside, "some_listed" if good else "none_listed", left=bad, intake=intake)
        return told("/lists", "listed")

    async def link(self, request: Request, inside: Inside) -> Response:
        """Make a link for one person, to be handed over on paper or by message."""

        def act(session: Session) -> tuple[str, int, str]:
            name = self._mine(session, request, inside)
            secret = listed.make_link(session, name, inside.now)
            note_access(session, inside.member, "list_link", "listed_name", name.id, inside.now)
            return name.name, name.intake_id, secret

        name, intake, secret = await self._runner.desk.do(act)
        address = f"{self._runner.settings.address}/go/{secret}"
        course = course_words(self._runner.shelf.current, intake)
        return await self._page(inside, "linked", link=Link(name, course, address, qr_code(address)))

    async def enter(self, request: Request, inside: Inside) -> Response:
        """Write the application down with the person, who is here or on the telephone."""

        def act(session: Session) -> str:
            name = self._mine(session, request, inside)
            known = name.person_id is not None
            person = session.get_one(Person, name.person_id) if known else None
            if person is None:
                person = entered.add_person(session, name.name, name.phone or "", inside.now)
                name.person_id = person.id
                session.add(name)
                if name.contact_id is not None:
                    about = {"listed": name.id}
                    gotokens.void_tokens(session, name.contact_id, listed.PURPOSE, about, inside.now)
            filed = enrolment.live_application(session, person.id, name.intake_id)
            if filed is not None:
                return f"/applications/{filed.number}"
            open_entry(session, self._runner, inside, person, name.intake_id)
            note_access(session, inside.member, "entry_begun", "person", person.id, inside.now)
            return f"/entries/{person.id}/{name.intake_id}"

        return told(await self._runner.desk.do(act))

    async def drop(self, request: Request, inside: Inside) -> Response:
        """Take off the list who does not want to go, or was not to be on it."""

        def act(session: Session) -> None:
            name = self._mine(session, request, inside)
            note_access(session, inside.member, "unlisted", "listed_name", name.id, inside.now)
            listed.drop(session, name)

        await self._runner.desk.do(act)
        return told("/lists", "unlisted")

    async def _page(
        self,
        inside: Inside,
        told_: str,
        *,
        left: Sequence[str] = (),
        intake: int = 0,
        refused: str = "",
        link: Link | None = None,
    ) -> Response:
        def look(session: Session) -> Sequence[Line]:
            members = {each.id: each.name for each in staff.all_staff(session)}
            return [
                Line(
                    each,
                    course_words(self._runner.shelf.current, each.intake_id),
                    members.get(each.staff_id, ""),
                    listed.days_left(each, inside.now),
                )
                for each in listed.names(session, inside.reach.intakes, inside.now)
            ]

        values = {
            "inside": inside,
            "lines": await self._runner.desk.look(look),
            "classes": open_classes(self._runner, inside),
            "left": "\n".join(left),
            "intake": intake,
            "refused": refused,
            "link": link,
        }
        return personal(self._pages.render("lists.html", values, told_))

    def _mine(self, session: Session, request: Request, inside: Inside) -> ListedName:
        found = session.get(ListedName, number_in(request.path_params["name"]))
        if found is None or not inside.reach.holds(found.intake_id) or listed.goes_on(found) <= inside.now:
            raise NotYours("name")
        return found


def lines_in(form: Posted) -> list[str]:
    """Give the lines that were typed, and those of the sheet that was sent. Raises FileRefused."""
    typed = form.one("lines").splitlines()
    if form.file is None:
        return typed
    sheets, _ = read_sheets(form.body, form.file.name)
    rows = [[_cell(each) for each in row if each is not None] for sheet in sheets[:1] for row in sheet.rows]
    return [*typed, *("\t".join(row) for row in rows if row and row[0] not in HEADINGS)]


def _cell(value: Value) -> str:
    """Write a cell as it was typed: a spreadsheet takes a telephone number for an amount."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def read_lines(lines: Sequence[str]) -> tuple[list[Brought], list[str]]:
    """Read lines of name, telephone and village, as typed or pasted from a sheet; give back those that are not."""
    good, bad = [], []
    for line in lines:
        name, *rest = line.replace("，", " ").replace(",", " ").split()
        try:
            phone, others = _phone_first(rest)
        except Misheard:
            bad.append(line)
            continue
        village = " ".join(others)
        if any(each.isdigit() for each in name) or len(name) > MOST_NAME:
            bad.append(line)
        else:
            good.append(Brought(name, phone, village[:MOST_VILLAGE]))
    return good, bad


def _phone_first(parts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Read the telephone number that comes first, in one part or in several; give what follows. Raises Misheard."""
    if not parts or not any(each.isdigit() for each in parts[0]):
        return "", parts
    grouped = len(list(takewhile(str.isdigit, parts)))
    for many in range(grouped, 1, -1):
        with suppress(Misheard):
            return phone_in("".join(parts[:many])), parts[many:]
    return phone_in(parts[0]), parts[1:]
