"""One page that says what waits for me; each count leads to its list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.applications import deciding as acts
from bot.at_work import sight_of
from bot.channels.web.door import personal
from bot.console.callbacks import count_now
from bot.console.fair_sight import fairs_run_by, runs
from bot.console.fair_words import home
from bot.console.inside import Inside
from bot.console.notice_sight import writers
from bot.console.pages import ConsolePages, day
from bot.console.permissions import Act
from bot.console.rating_figures import LOW, OVERALL
from bot.console.words import STATES
from bot.runner import Runner
from storage.afterwards import call_list, rating_report
from storage.applications import listing
from storage.catalogue.cards import IntakeCard, ProjectCard, Status
from storage.fairs import fairs
from storage.fairs import people as fair_people
from storage.notices import listing as notice_list
from storage.rules.few import FEWEST
from storage.staff import uploads
from storage.tables import ApplicationState, StaffRole
from storage.tickets import listing as ticket_list

SOON = timedelta(days=7)

LATELY = timedelta(days=92)
"""Over how long classes with low ratings are told of."""


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
            soon = self._soon(inside)
            starting = [run.id for _, run in soon]

            def look(session: Session) -> tuple[Sequence[Waiting], Mapping[int, int]]:
                needing, near = listing.count_needing_in(session, inside.reach.intakes, starting)
                return self._waiting(session, inside, counts, needing), near

            waiting, near = await self._runner.desk.look(look)
            values["waiting"] = [each for each in waiting if each.count]
            values["soon"] = [(card, run, near.get(run.id, 0)) for card, run in soon]
        return personal(self._pages.render("today.html", values, request.query_params.get("told", "")))

    def _waiting(
        self, session: Session, inside: Inside, counts: Mapping[ApplicationState, int], needing: int
    ) -> Sequence[Waiting]:
        reach, now, mine = inside.reach.intakes, inside.now, fairs_run_by(session, inside)
        dangers, overdue, soon = ticket_list.count_due(session, sight_of(inside.member, inside.reach), now)
        return (
            Waiting(dangers, "个工单说有危险", "/console/tickets"),
            Waiting(overdue, "个工单过了时间", "/console/tickets?list=overdue"),
            Waiting(soon, "个工单快到时间", "/console/tickets"),
            Waiting(counts.get(ApplicationState.SUBMITTED, 0), "份新报名", "/console/applications?list=new"),
            Waiting(needing, "份报名有需要没有答", "/console/applications?list=needs"),
            Waiting(len(acts.calls_due(session, reach, now, mine)), "个人要打电话", "/console/calls"),
            Waiting(count_now(session, inside, mine), "个人要回访", "/console/callbacks"),
            Waiting(
                call_list.count_unchecked(session, reach, mine),
                "个回访要核对",
                "/console/callbacks?list=check",
            ),
            Waiting(
                counts.get(ApplicationState.OFFERED, 0),
                "个名额在等回答",
                "/console/applications?list=waiting",
            ),
            Waiting(
                rating_report.low_classes(session, OVERALL, LOW, f"{now - LATELY:%Y-%m}", reach),
                "个班打分低",
                "/console/ratings?low=yes",
            ),
            *self._fairs(session, inside, mine),
            *self._halted(session, inside),
            Waiting(
                uploads.count_troubled(session, inside.member.id),
                "张导入的表有不对的地方",
                "/console/imports",
            ),
        )

    def _halted(self, session: Session, inside: Inside) -> Sequence[Waiting]:
        """Notices that stopped by themselves, each with the way to it."""
        if not inside.may(Act.NOTICES):
            return ()
        halted = notice_list.halted_of(session, None)
        if halted and (theirs := writers(session, inside)) is not None:
            halted = notice_list.halted_of(session, theirs)
        return [
            Waiting(1, f"个通知自己停了：{each.title}", f"/console/notices/{each.notice.id}")
            for each in halted
        ]

    def _fairs(self, session: Session, inside: Inside, mine: Collection[str]) -> Sequence[Waiting]:
        """What is not arranged yet for one's own fairs of the next seven days."""
        if not inside.may(Act.FAIRS) or (inside.member.role is StaffRole.CLERK and not mine):
            return ()
        last = inside.now.date() + SOON
        near = [card for card in fairs.all_fairs(session, inside.now, until=last) if runs(inside, card)]
        missing = fair_people.count_unarranged(session, [card.fair_id for card in near]) if near else {}
        return [
            Waiting(
                missing.get(card.fair_id, 0),
                f"样帮忙没有安排好：{card.title}，{day(card.start_date)}",
                f"/console{home(card)}#arrange",
            )
            for card in near
        ]

    def _soon(self, inside: Inside) -> Sequence[tuple[ProjectCard, IntakeCard]]:
        today = inside.now.date()
        return [
            (card, run)
            for card, run in self._runner.shelf.current.courses()
            if inside.reach.holds(run.id) and today <= run.start_date <= today + SOON
            if run.status is not Status.WITHDRAWN
        ]
