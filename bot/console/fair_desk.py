"""The check-in desk of a job fair: a number or a name is typed, 到了 is pressed; and what one person said, on a page."""

from collections.abc import Mapping
from http import HTTPStatus

from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import number_in
from bot.console.fair_sight import own_fair
from bot.console.fair_words import home, needs_words
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.fairs import running as running_fairs
from bot.runner import Runner
from dialogs.parts.fair_words import AT_FAIR
from storage.catalogue import codes
from storage.catalogue.fair_cards import FairCard
from storage.fairs import fairs
from storage.fairs import people as fair_people
from storage.fairs.fairs import NotTaken
from storage.fairs.tables import FairSignup
from storage.tables import Person, SignupState

SUPPORTS = tuple(code for code in AT_FAIR if code not in ("shuttle", "companion"))
"""What can be ticked, as people are asked it; transport and company have a tick of their own."""

MOST_SAID = 40
"""Characters of a number or a name."""

MOST_WORDS = 200
"""Characters of what else somebody needs."""


class FairDesk:
    """The desk, and the page of one person who was asked."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the field; who has the number, or that name, once something was typed."""
        asked = request.query_params
        said, done = asked.get("said", "").strip()[:MOST_SAID], number_in(asked.get("done", ""))

        def look(session: Session) -> Mapping[str, object]:
            card = own_fair(session, request, inside)
            return {
                "card": card,
                "found": fair_people.at_the_desk(session, card.fair_id, said) if said else [],
                "done": _named(session, card, done) if done else None,
                "counts": fairs.counts(session, [card.fair_id])[card.fair_id],
            }

        values = {
            "inside": inside,
            "said": said,
            "needs_words": needs_words,
            **await self._runner.desk.look(look),
        }
        return personal(self._pages.render("fair_desk.html", values, asked.get("told", "")))

    async def press(self, request: Request, inside: Inside) -> Response:
        """Note that somebody came, or take that back; a second press says that they were here before."""
        number, undo = number_in(inside.form.one("number")), inside.form.one("do") == "undo"

        def act(session: Session) -> tuple[FairCard, str]:
            card = own_fair(session, request, inside)
            if undo:
                done = fairs.undo_check_in(session, card.fair_id, number)
                return card, "not_here" if done else "nothing"
            came = fairs.check_in(session, card.fair_id, number, inside.actor, inside.now)
            if came is None:
                return card, "no_number"
            return card, "here_before" if came.again else "here"

        card, words = await self._runner.desk.do(act)
        shown = {} if words == "no_number" else {"done": number}
        return told(f"{home(card)}/desk", words, **shown)

    async def show_one(self, request: Request, inside: Inside) -> Response:
        """Show what one person said, to write down what they say on the telephone."""
        return await self._one(request, inside, request.query_params.get("told", ""))

    async def write_one(self, request: Request, inside: Inside) -> Response:
        """Keep what somebody said, also after the last day."""
        form = inside.form
        coming = form.one("state")
        needs = {
            "supports": [each for each in form.fields.get("supports", ()) if each in SUPPORTS],
            "companion": form.one("companion") == "yes",
            "transport": form.one("transport") == "yes",
            "words": form.one("words").strip()[:MOST_WORDS],
        }
        if coming not in (SignupState.COMING, SignupState.NOT_COMING):
            return await self._one(request, inside, warning="没有选来不来。")

        def act(session: Session) -> tuple[FairCard, FairSignup]:
            card = own_fair(session, request, inside)
            signup, _ = self._signup(session, request, card)
            state = SignupState(coming)
            return card, running_fairs.sign_up(
                session,
                card.fair_id,
                signup.person_id,
                inside.member,
                inside.now,
                state=state,
                needs=needs,
            )

        try:
            card, signup = await self._runner.desk.do(act)
        except NotTaken as refused:
            return await self._one(request, inside, warning=str(refused))
        self._runner.nudge()
        return told(f"{home(card)}/people/{signup.number}", "fair_said")

    def _signup(self, session: Session, request: Request, card: FairCard) -> tuple[FairSignup, Person]:
        number = number_in(request.path_params["signup"])
        wanted = select(FairSignup).where(FairSignup.fair_id == card.fair_id, FairSignup.number == number)
        signup = session.exec(wanted).one_or_none()
        if signup is None:
            raise NotYours("signup")
        return signup, session.get_one(Person, signup.person_id)

    async def _one(self, request: Request, inside: Inside, told_: str = "", *, warning: str = "") -> Response:
        def look(session: Session) -> tuple[FairCard, FairSignup, Person]:
            card = own_fair(session, request, inside)
            return card, *self._signup(session, request, card)

        card, signup, person = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "card": card,
            "it": signup,
            "person": person,
            "needed": fair_people.needed(signup.needs),
            "services": {code: codes.label("service", code) for code in SUPPORTS},
            "posts": {each.position_id: each.position for each in card.positions},
            "warning": warning,
        }
        status = HTTPStatus.CONFLICT if warning else HTTPStatus.OK
        return personal(self._pages.render("fair_person.html", values, told_), status)


def _named(session: Session, card: FairCard, number: int) -> tuple[FairSignup, Person] | None:
    """Give who has a number, to say whom a press was about."""
    found = fair_people.at_the_desk(session, card.fair_id, str(number))
    return found[0] if found else None
