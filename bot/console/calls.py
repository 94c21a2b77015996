"""People to be phoned: who has no chat, or did not answer there; and how it went."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot import deciding as acts
from bot.channels.web.door import personal
from bot.console.courses import course_words, number_in
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.runner import Runner
from storage.tables import Application, Call, Person

MOST_WORDS = 500

WHY = {
    "offer": "有一个名额给他，要问他来不来",
    "decided": "报名定了，要告诉他",
    "question": "有一个问题要问他",
    "entered": "代他报了名，要告诉他，想退就能退",
    "message": "有话要告诉他，话在他的报名里",
    "changed": "时间或者地点改了，要告诉他",
    "class": "快上课了，要提醒他",
    "coming": "说来不了，或者想换时间，要和他商量",
}


@dataclass(frozen=True, slots=True)
class ToCall:
    """One call to make."""

    call: Call
    application: Application
    person: Person
    course: str
    why: str


class Calls:
    """The list of calls, and writing down how one went."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show who is to be phoned, the most urgent first."""

        def look(session: Session) -> Sequence[ToCall]:
            return [
                self._one(session, call) for call in acts.calls_due(session, inside.reach.intakes, inside.now)
            ]

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
            filed = session.get(Application, call.application_id) if call else None
            if call is None or filed is None or not inside.reach.holds(filed.intake_id):
                raise NotYours("call")
            acts.log_call(session, call.id, inside.member, reached=reached, words=words, now=inside.now)

        await self._runner.desk.do(act)
        return told("/calls", "called")

    def _one(self, session: Session, call: Call) -> ToCall:
        filed = session.get_one(Application, call.application_id)
        return ToCall(
            call,
            filed,
            session.get_one(Person, filed.person_id),
            course_words(self._runner.shelf.current, filed.intake_id),
            WHY.get(call.why, call.why),
        )
