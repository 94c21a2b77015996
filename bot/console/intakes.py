"""Intakes: seats, who is in, who waits; free seats are offered from here."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlmodel import Session, col, func, select
from starlette.requests import Request
from starlette.responses import Response

from bot.applications import deciding as acts
from bot.channels.web.door import personal
from bot.console.courses import intake_of, number_in
from bot.console.inside import Inside, told
from bot.console.pages import ConsolePages
from bot.console.paging import turning
from bot.console.permissions import TEACHING
from bot.runner import Runner
from storage.applications import enrolment, waiting
from storage.applications.tables import Offer
from storage.catalogue import codes
from storage.catalogue.cards import IntakeCard
from storage.catalogue.tables import Intake
from storage.classes import changes
from storage.classes.in_class import IN
from storage.tables import Application, ApplicationState, Need, OfferState, Person, StaffRole

A_PAGE = 50

MOST_WORDS = 60


class Intakes:
    """The list of intakes, and the page of one."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show_all(self, request: Request, inside: Inside) -> Response:
        """Show the intakes that are this member's business: what runs or comes first; by words in their names."""
        asked = request.query_params
        words = asked.get("words", "").strip()[:MOST_WORDS]
        today = inside.now.date()
        mine = [
            (card, run)
            for card, run in self._runner.shelf.current.courses()
            if inside.reach.holds(run.id) and (not words or words in f"{card.title} {run.city}{run.district}")
        ]
        mine.sort(key=lambda each: (each[1].end_date < today, each[1].start_date, each[1].id))
        page, pages = max(1, number_in(asked.get("page", ""))), max(1, -(-len(mine) // A_PAGE))
        shown = mine[(page - 1) * A_PAGE : page * A_PAGE]
        counts = await self._runner.desk.look(lambda session: _counts(session, [run.id for _, run in shown]))
        kept = {"words": words} if words else {}
        values = {
            "inside": inside,
            "courses": shown,
            "total": len(mine),
            "words": words,
            "counts": counts,
            "today": today,
            "page": page,
            "pages": pages,
            "turn": turning(page, kept),
        }
        return personal(self._pages.render("intakes.html", values, asked.get("told", "")))

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one: seats, who is in with what they need, who waits in which order."""
        card, run = intake_of(self._runner, request, inside)

        def look(session: Session) -> Mapping[str, object]:
            return {
                "seats": enrolment.seats_left(session, [run.id]).get(run.id, 0),
                # As it is stored: the catalogue in memory knows what was changed just now a moment later.
                "now": session.get_one(Intake, run.id),
                "inside_": self._people(session, inside, run, IN),
                "moved": self._moved(session, run),
                "offered": self._offered(session, run),
                "queue": self._queue(session, run),
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
        _, run = intake_of(self._runner, request, inside)
        zone = self._runner.settings.zone
        made = await self._runner.desk.do(
            lambda session: len(acts.offer_seats(session, run.id, inside.member, now=inside.now, zone=zone))
        )
        self._runner.nudge()
        return told(f"/intakes/{run.id}", "offered" if made else "no_offer")

    def _people(
        self, session: Session, inside: Inside, run: IntakeCard, states: Sequence[ApplicationState]
    ) -> list[tuple[Application, Person, list[Need]]]:
        wanted = select(Application, Person).join(Person).where(Application.intake_id == run.id)
        found = session.exec(
            wanted.where(col(Application.state).in_(states)).order_by(col(Application.number))
        ).all()
        asked = select(Need).where(col(Need.application_id).in_([filed.id for filed, _ in found]))
        needs: defaultdict[int, list[Need]] = defaultdict(list)
        for need in session.exec(asked.order_by(col(Need.id))).all():
            if _sees(inside, need):
                needs[need.application_id].append(need)
        return [(filed, person, needs[filed.id]) for filed, person in found]

    def _queue(self, session: Session, run: IntakeCard) -> list[tuple[Application, Person]]:
        queue = waiting.waiting_list(session, run.id)
        wanted = select(Person).where(col(Person.id).in_([each.person_id for each in queue]))
        people = {person.id: person for person in session.exec(wanted).all()}
        return [(each, people[each.person_id]) for each in queue]

    def _moved(self, session: Session, run: IntakeCard) -> Mapping[int, bool | None]:
        """Give what everybody with a seat said to the last change of the class."""
        change = changes.latest(session, run.id)
        answers = changes.answers_to(session, change.id) if change else []
        return {filed.id: confirmation.comes for filed, _, confirmation in answers}

    def _offered(self, session: Session, run: IntakeCard) -> list[tuple[Application, Person, Offer | None]]:
        wanted = select(Application, Person).join(Person).where(Application.intake_id == run.id)
        found = session.exec(wanted.where(Application.state == ApplicationState.OFFERED)).all()
        standing = select(Offer).where(
            col(Offer.application_id).in_([filed.id for filed, _ in found]), Offer.state == OfferState.OPEN
        )
        offers = {offer.application_id: offer for offer in session.exec(standing).all()}
        return [(filed, person, offers.get(filed.id)) for filed, person in found]


def _sees(inside: Inside, need: Need) -> bool:
    """A teacher sees what matters in the room."""
    function = {code.code: code.function for code in codes.services()}.get(need.code, "")
    return inside.member.role is not StaffRole.TEACHER or function in TEACHING or need.code == "other"


def _counts(session: Session, intakes: Collection[int]) -> Mapping[tuple[int, str], int]:
    """How many applications each of these intakes has, by state."""
    wanted = select(Application.intake_id, Application.state, func.count())
    wanted = wanted.where(col(Application.intake_id).in_(intakes))
    found = session.exec(wanted.group_by(col(Application.intake_id), col(Application.state))).all()
    return {(intake_id, ApplicationState(state).value): count for intake_id, state, count in found}
