"""One page that says what waits for me; each count leads to its list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot import deciding as acts
from bot.at_work import sight_of
from bot.channels.web.door import personal
from bot.console.inside import Inside
from bot.console.pages import ConsolePages
from bot.console.permissions import FEWEST, Act
from bot.console.words import STATES
from bot.runner import Runner
from storage import listing, ticket_list, uploads
from storage.catalogue.cards import IntakeCard, ProjectCard
from storage.tables import ApplicationState

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: how many, in words, and where they are."""

    count: int
    words: str
    where: str


class Today:
    """The first page of the console."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show what waits for whoever asks; to who may know no names, counts of five and more."""
        counts = await self._runner.desk.look(
            lambda session: listing.count_states(session, inside.reach.intakes)
        )
        names = inside.may(Act.LIST)
        values: dict[str, object] = {
            "inside": inside,
            "waiting": [],
            "soon": [],
            "counts": [
                (STATES[state.value], str(count) if names or count >= FEWEST else f"少于 {FEWEST}")
                for state, count in sorted(counts.items(), key=lambda each: each[0].value)
            ],
        }
        if names:
            waiting = await self._runner.desk.look(lambda session: self._waiting(session, inside, counts))
            values["waiting"] = [each for each in waiting if each.count]
            values["soon"] = self._soon(inside)
        return personal(self._pages.render("today.html", values, request.query_params.get("told", "")))

    def _waiting(
        self, session: Session, inside: Inside, counts: Mapping[ApplicationState, int]
    ) -> Sequence[Waiting]:
        reach, now = inside.reach.intakes, inside.now
        dangers, overdue, soon = ticket_list.count_due(session, sight_of(inside.member, inside.reach), now)
        return (
            Waiting(dangers, "个工单说有危险", "/console/tickets"),
            Waiting(overdue, "个工单过了时间", "/console/tickets?list=overdue"),
            Waiting(soon, "个工单快到时间", "/console/tickets"),
            Waiting(counts.get(ApplicationState.SUBMITTED, 0), "份新报名", "/console/applications?list=new"),
            Waiting(
                listing.count_needing(session, reach),
                "份报名有需要没有答",
                "/console/applications?list=needs",
            ),
            Waiting(len(acts.calls_due(session, reach, now)), "个人要打电话", "/console/calls"),
            Waiting(
                counts.get(ApplicationState.OFFERED, 0),
                "个名额在等回答",
                "/console/applications?list=waiting",
            ),
            Waiting(
                uploads.count_troubled(session, inside.member.id),
                "张导入的表有不对的地方",
                "/console/imports",
            ),
        )

    def _soon(self, inside: Inside) -> Sequence[tuple[ProjectCard, IntakeCard]]:
        today = inside.now.date()
        return [
            (card, run)
            for card, run in self._runner.shelf.current.courses()
            if inside.reach.holds(run.id) and today <= run.start_date <= today + SOON
        ]
