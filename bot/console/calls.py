"""People to be phoned: who has no chat, or did not answer there; and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.applications import deciding as acts
from bot.channels.web.door import personal
from bot.console.courses import course_words, number_in
from bot.console.fair_sight import fairs_run_by
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.fairs import looking_for_work
from bot.reaching import POSITIONS
from bot.runner import Runner
from storage.afterwards import call_list
from storage.catalogue.fair_cards import PositionCard
from storage.catalogue.snapshot import Snapshot
from storage.catalogue.tables import Fair
from storage.fairs.tables import FairSignup
from storage.tables import Application, Person
from storage.tickets.tables import Call

MOST_WORDS = 500

MOST_POSTS = 3
"""Positions that are shown beside one call."""

WHY = {
    "offer": "有一个名额给他，要问他来不来",
    "decided": "报名定了，要告诉他",
    "question": "有一个问题要问他",
    "entered": "代他报了名，要告诉他，想退就能退",
    "message": "有话要告诉他，话在他的报名里",
    "changed": "时间或者地点改了，要告诉他",
    "class": "快上课了，要提醒他",
    "certificate": "证书好了，要告诉他怎么拿，或者商量怎么送",
    "positions": "有合适的岗位，要告诉他",
    "coming": "说来不了，或者想换时间，要和他商量",
    "fair": "快到招聘会了，要提醒他",
    "fair_changed": "招聘会改了，或者不办了，要告诉他",
}


@dataclass(frozen=True, slots=True)
class ToCall:
    """One call to make."""

    call: Call
    person: Person
    about: str
    path: str
    why: str
    in_writing: bool
    """Whether they are written to instead: they asked for it, or neither hear nor speak."""
    posts: Sequence[PositionCard] = ()


class Calls:
    """The list of calls, and writing down how one went."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show who is to be phoned, the most urgent first."""

        def look(session: Session) -> Sequence[ToCall]:
            mine = fairs_run_by(session, inside)
            due = acts.calls_due(session, inside.reach.intakes, inside.now, mine)
            return [to_call(session, self._runner.shelf.current, call, inside.now) for call in due]

        calls = await self._runner.desk.look(look)
        html = self._pages.render(
            "calls.html", {"inside": inside, "calls": calls}, request.query_params.get("told", "")
        )
        return personal(html)

    async def log(self, request: Request, inside: Inside) -> Response:
        """Keep how a call went."""
        number = number_in(request.path_params["call"])
        words = inside.form.one("words").strip()[:MOST_WORDS]
        reached = inside.form.one("reached") == "yes"

        def act(session: Session) -> None:
            call = session.get(Call, number)
            if call is None or not _is_mine(session, call, inside):
                raise NotYours("call")
            acts.log_call(session, call.id, inside.member, reached=reached, words=words, now=inside.now)

        await self._runner.desk.do(act)
        return told("/calls", "called")


def to_call(session: Session, catalogue: Snapshot, call: Call, now: datetime) -> ToCall:
    """Give what there is to know before somebody is phoned."""
    why = WHY.get(call.why, call.why)
    if call.signup_id is not None:
        signup = session.get_one(FairSignup, call.signup_id)
        title = session.get_one(Fair, signup.fair_id).title
        person = session.get_one(Person, signup.person_id)
        path = f"/console/fairs/{signup.fair_id}"
        return ToCall(call, person, title, path, why, call_list.prefers_text(person))
    filed = session.get_one(Application, call.application_id)
    person = session.get_one(Person, filed.person_id)
    about = course_words(catalogue, filed.intake_id)
    posts = [] if call.why != POSITIONS else looking_for_work.worth_telling(session, person.id, now)
    cards = tuple(each.card for each in posts[:MOST_POSTS])
    path = f"/console/applications/{filed.number}"
    return ToCall(call, person, about, path, why, call_list.prefers_text(person), cards)


def _is_mine(session: Session, call: Call, inside: Inside) -> bool:
    if inside.reach.intakes is None:
        return True
    if call.signup_id is not None:
        return session.get_one(FairSignup, call.signup_id).fair_id in fairs_run_by(session, inside)
    return inside.reach.holds(session.get_one(Application, call.application_id).intake_id)
