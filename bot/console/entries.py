"""Where staff begin to write down an application for somebody who came or called: who it is, and which class."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.answers import tail
from bot.console.courses import course_words, number_in, open_classes
from bot.console.entry import drafts_at, open_entry
from bot.console.inside import Inside, told
from bot.console.pages import ConsolePages
from bot.runner import Runner
from dialogs.kinds.text import looks_like_number
from dialogs.spoken import Misheard
from dialogs.spoken.phones import read_phone
from storage.applications import enrolment, entered
from storage.staff.staff import note_access
from storage.tables import Person

MOST_WORDS = 60
MOST_NAME = 30

NEW = "new"


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody we know by that name or number, as far as it tells them from others."""

    person: Person
    phone: str
    certificate: str


@dataclass(frozen=True, slots=True)
class Begun:
    """One application that is not finished."""

    person: Person
    intake: int
    course: str


class Entries:
    """The page on which writing down begins, or goes on."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show who is found, which classes take people, and what is not finished."""
        asked = request.query_params
        words = asked.get("words", "").strip()[:MOST_WORDS]
        return await self._page(inside, words, number_in(asked.get("intake", "")), asked.get("told", ""))

    async def begin(self, _: Request, inside: Inside) -> Response:
        """Begin with somebody new, or with one of those who were found."""
        form = inside.form
        who, intake, words = form.one("who"), number_in(form.one("intake")), form.one("words")[:MOST_WORDS]
        name = " ".join(form.one("name").split())[:MOST_NAME]
        try:
            phone = phone_in(form.one("phone"))
        except Misheard:
            return await self._page(inside, words, intake, "bad_phone")
        open_ones = {number for number, _ in open_classes(self._runner, inside)}
        if intake not in open_ones or (who == NEW and not name) or not who:
            return await self._page(inside, words, intake, "who_and_where")
        if who == NEW and looks_like_number(name):
            return await self._page(inside, words, intake, "number_as_name")

        def act(session: Session) -> tuple[str, int | str]:
            if who == NEW:
                person = entered.add_person(session, name, phone, inside.now)
            else:
                known = {str(each.id): each for each in self._find(session, inside, words)}
                if who not in known:
                    return "who_and_where", 0
                person = known[who]
            filed = enrolment.live_application(session, person.id, intake)
            if filed is not None:
                return "applied_already", filed.number
            open_entry(session, self._runner, inside, person, intake)
            note_access(session, inside.member, "entry_begun", "person", person.id, inside.now)
            return "", person.id

        problem, number = await self._runner.desk.do(act)
        if problem == "applied_already":
            return told(f"/applications/{number}", problem)
        if problem:
            return await self._page(inside, words, intake, problem)
        return told(f"/entries/{number}/{intake}")

    async def _page(self, inside: Inside, words: str, intake: int, told_: str) -> Response:
        def look(session: Session) -> tuple[Sequence[Found], Sequence[Begun]]:
            found = self._find(session, inside, words) if words else []
            shown = [Found(each, tail(each.phone or ""), tail(each.cert_no or "")) for each in found]
            return shown, self._begun(session, inside)

        found, begun = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "words": words,
            "found": found,
            "begun": begun,
            "classes": open_classes(self._runner, inside),
            "intake": intake,
            "typed": inside.form,
            # Who was not found is written down as new, by the name that was looked for.
            "suggested": "" if found or any(each.isdigit() for each in words) else words[:MOST_NAME],
        }
        return personal(self._pages.render("entries.html", values, told_))

    def _find(self, session: Session, inside: Inside, words: str) -> Sequence[Person]:
        try:
            phone = phone_in(words)
        except Misheard:
            phone = ""
        return entered.find_people(session, words, phone=phone, intakes=inside.reach.intakes)

    def _begun(self, session: Session, inside: Inside) -> Sequence[Begun]:
        catalogue = self._runner.shelf.current
        return [
            Begun(person, intake, course_words(catalogue, intake))
            for person, relation in entered.talks_of(session, inside.member.id, inside.now)
            for intake in drafts_at(session, relation.contact_id)
        ]


def phone_in(said: str) -> str:
    """Read a telephone number; "" for nothing. Raises Misheard."""
    return read_phone(said) if said.strip() else ""
