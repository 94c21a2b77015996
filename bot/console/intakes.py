"""Intakes: seats, who is in, who waits; free seats are offered from here."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, func, select
from starlette.requests import Request
from starlette.responses import Response

from bot import deciding as acts
from bot.channels.web.door import personal
from bot.console.courses import number_in
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.console.permissions import TEACHING
from bot.runner import Runner
from storage import enrolment, waiting
from storage.catalogue import codes
from storage.catalogue.cards import IntakeCard, ProjectCard
from storage.tables import Application, ApplicationState, Need, Offer, Person, StaffRole

IN = (ApplicationState.ACCEPTED, ApplicationState.FINISHED)


class Intakes:
    """The list of intakes, and the page of one."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show every intake that is this member's business: what runs or comes first."""
        mine = [each for each in self._runner.shelf.current.courses() if inside.reach.holds(each[1].id)]
        today = inside.now.date()
        mine.sort(key=lambda each: (each[1].end_date < today, each[1].start_date, each[1].id))
        counts = await self._runner.desk.look(_counts)
        values = {"inside": inside, "courses": mine, "counts": counts, "today": today}
        return personal(self._pages.render("intakes.html", values, request.query_params.get("told", "")))

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one: seats, who is in with what they need, who waits in which order."""
        card, run = self._mine(request, inside)

        def look(session: Session) -> Mapping[str, object]:
            return {
                "seats": enrolment.seats_left(session, [run.id]).get(run.id, 0),
                "inside_": self._people(session, inside, run, IN),
                "offered": self._offered(session, run),
                "queue": [
                    (each, session.get_one(Person, each.person_id))
                    for each in waiting.waiting_list(session, run.id)
                ],
            }

        read = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "card": card,
            "run": run,
            "teaches": inside.member.role is StaffRole.TEACHER,
            **read,
        }
        return personal(self._pages.render("intake.html", values, request.query_params.get("told", "")))

    async def offer(self, request: Request, inside: Inside) -> Response:
        """Offer every free seat to who is next on the list."""
        _, run = self._mine(request, inside)
        zone = self._runner.settings.zone
        made = await self._runner.desk.do(
            lambda session: len(acts.offer_seats(session, run.id, inside.member, now=inside.now, zone=zone))
        )
        self._runner.nudge()
        return told(f"/intakes/{run.id}", "offered" if made else "no_offer")

    def _mine(self, request: Request, inside: Inside) -> tuple[ProjectCard, IntakeCard]:
        catalogue = self._runner.shelf.current
        run = catalogue.intake(number_in(request.path_params["intake"]))
        card = catalogue.project(run.project_id) if run else None
        if run is None or card is None or not inside.reach.holds(run.id):
            raise NotYours("intake")
        return card, run

    def _people(
        self, session: Session, inside: Inside, run: IntakeCard, states: Sequence[ApplicationState]
    ) -> list[tuple[Application, Person, list[Need]]]:
        wanted = select(Application, Person).join(Person).where(Application.intake_id == run.id)
        found = session.exec(
            wanted.where(col(Application.state).in_(states)).order_by(col(Application.number))
        ).all()
        return [
            (filed, person, [need for need in enrolment.needs_of(session, filed.id) if _sees(inside, need)])
            for filed, person in found
        ]

    def _offered(self, session: Session, run: IntakeCard) -> list[tuple[Application, Person, Offer | None]]:
        wanted = select(Application, Person).join(Person).where(Application.intake_id == run.id)
        found = session.exec(wanted.where(Application.state == ApplicationState.OFFERED)).all()
        return [(filed, person, waiting.open_offer(session, filed.id)) for filed, person in found]


def _sees(inside: Inside, need: Need) -> bool:
    """A teacher sees what matters in the room."""
    function = {code.code: code.function for code in codes.services()}.get(need.code, "")
    return inside.member.role is not StaffRole.TEACHER or function in TEACHING or need.code == "other"


def _counts(session: Session) -> Mapping[tuple[int, str], int]:
    """How many applications each intake has, by state."""
    wanted = select(Application.intake_id, Application.state, func.count())
    found = session.exec(wanted.group_by(col(Application.intake_id), col(Application.state))).all()
    return {(intake_id, ApplicationState(state).value): count for intake_id, state, count in found}
