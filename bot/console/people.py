"""What became of one person: 评估-培训-推荐-跟踪, each step with who sees to it and when it goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.at_work import sight_of
from bot.channels.web.door import personal
from bot.console.callback_words import KINDS
from bot.console.callback_words import STATES as CALLBACK_STATES
from bot.console.courses import course_words, number_in
from bot.console.inside import Inside, NotYours
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.console.ticket_dossier import names_in
from bot.console.words import STATES, ticket_name, ticket_state
from bot.runner import Runner
from storage.applications import enrolment
from storage.applications.timeline import Stage, Step, timeline
from storage.tables import Person
from storage.tickets import listing as ticket_list

STAGES: Mapping[Stage, str] = {
    Stage.ASSESSED: "评估",
    Stage.TRAINED: "培训",
    Stage.RECOMMENDED: "推荐",
    Stage.FOLLOWED: "跟踪",
}

FAIR_STATES: Mapping[str, str] = {
    "invited": "请了，还没说去不去",
    "coming": "说会去",
    "not_coming": "说不去",
    "came": "到了",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One step in words: what, where it stands, who sees to it, and a page of its own where there is one."""

    step: Step
    what: str
    state: str
    owner: str
    page: str


class People:
    """The timeline's page."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show every step of a person one of whose applications is this member's business."""
        number = number_in(request.path_params["person"])

        def look(session: Session) -> tuple[Person, Sequence[Told]]:
            person = session.get(Person, number)
            filed = enrolment.applications_of(session, [number])
            if person is None or not any(inside.reach.holds(each.intake_id) for each in filed):
                raise NotYours("person")
            names = names_in(session)
            return person, [
                self._told(session, inside, each, names) for each in timeline(session, person, inside.now)
            ]

        person, steps = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "person": person,
            "stages": [
                (words, [each for each in steps if each.step.stage is stage])
                for stage, words in STAGES.items()
            ],
        }
        return personal(self._pages.render("person.html", values))

    def _told(self, session: Session, inside: Inside, step: Step, names: Mapping[int, str]) -> Told:
        course = course_words(self._runner.shelf.current, step.intake_id) if step.intake_id else ""
        holds = step.intake_id is None or inside.reach.holds(step.intake_id)
        what, state, page = course, step.state, ""
        match step.kind:
            case "needs":
                answered, _, whole = step.state.partition("/")
                what, state = f"{course}：需要的支持", f"{whole} 样，答了 {answered} 样"
                page = f"/console/applications/{step.number}" if holds else ""
            case "application":
                what, state = f"{course} {step.number}", STATES[step.state]
                page = f"/console/applications/{step.number}" if holds else ""
            case "ticket":
                what, state = ticket_name(*step.name.split(" ")), ticket_state(step.state, step.staff_id)
                sight = sight_of(inside.member, inside.reach)
                known = inside.may(Act.TICKETS) and ticket_list.find_ticket(session, sight, step.number)
                page = f"/console/tickets/{step.number}" if known else ""
            case "fair":
                what, state = step.name, FAIR_STATES[step.state]
            case "interest":
                what, state = f"想去：{step.name}", ticket_state(step.state, step.staff_id)
            case _:
                what = f"{KINDS[step.name]}{'，' if course else ''}{course}"
                state = CALLBACK_STATES[step.state]
                page = f"/console/callbacks/{step.number}" if holds and step.intake_id else ""
        return Told(step, what, state, names.get(step.staff_id or 0, ""), page)
