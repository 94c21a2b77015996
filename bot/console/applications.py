"""The list of applications: who is looked at first and why, found by name, telephone or certificate number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.applications.advising import advice_on
from bot.channels.web.door import personal
from bot.console.courses import course_words, number_in
from bot.console.inside import Inside
from bot.console.pages import ConsolePages
from bot.console.paging import turning
from bot.console.words import claim_words
from bot.runner import Runner
from storage.applications import listing, ordering
from storage.applications.listing import A_PAGE, Listed
from storage.applications.ordering import Claim
from storage.rules.eligibility import Verdict, summary
from storage.tables import OVER, ApplicationState

KINDS: Mapping[str, tuple[str, tuple[ApplicationState, ...]]] = {
    "new": ("新报名", (ApplicationState.SUBMITTED,)),
    "question": ("等本人回答", (ApplicationState.QUESTION,)),
    "assent": ("等本人答应", (ApplicationState.AWAITING_ASSENT,)),
    "waiting": ("在排队", (ApplicationState.WAITLISTED, ApplicationState.OFFERED)),
    "accepted": ("录取", (ApplicationState.ACCEPTED,)),
    "over": (
        "结束了",
        OVER,
    ),
    "needs": ("需要没有答", ()),
    "all": ("全部", ()),
}
"""The lists there are: name -> label and states."""

MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One application in the list, with why it stands where it does."""

    listed: Listed
    course: str
    reasons: Sequence[str]
    days: int
    fit: Verdict
    rule: str


class Applications:
    """The list's page."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show one page of one list."""
        asked = request.query_params
        kind = asked.get("list", "new")
        kind = kind if kind in KINDS else "new"
        words = asked.get("words", "").strip()[:MOST_WORDS]
        intake = number_in(asked.get("intake", ""))
        page = max(1, number_in(asked.get("page", "")) or 1)

        def look(session: Session) -> tuple[Sequence[Line], Mapping[str, int]]:
            within = inside.reach.intakes
            if intake and inside.reach.holds(intake):
                within = frozenset({intake})
            found = listing.find_applications(
                session,
                intakes=within,
                states=() if words else KINDS[kind][1],
                needs_open=kind == "needs" and not words,
                words=words,
                page=page,
            )
            claims = ordering.claims_of(session, [each.application for each in found])
            lines = [self._line(each, claims[each.application.id], inside.now) for each in found]
            return lines, _counts(session, within)

        lines, counts = await self._runner.desk.look(look)
        kept = {key: value for key, value in (("list", kind), ("words", words), ("intake", intake)) if value}
        total = len(lines) if words else counts[kind]
        pages = max(1, -(-total // A_PAGE))
        run = self._runner.shelf.current.intake(intake) if intake else None
        html = self._pages.render(
            "applications.html",
            {
                "inside": inside,
                "lines": lines,
                "total": total,
                "kinds": [(name, label, counts[name]) for name, (label, _) in KINDS.items()],
                "kind": kind,
                "words": words,
                "run": run,
                "course": course_words(self._runner.shelf.current, intake),
                "page": page,
                "pages": pages,
                "turn": turning(page, kept),
            },
            asked.get("told", ""),
        )
        return personal(html)

    def _line(self, listed: Listed, claims: Sequence[Claim], now: datetime) -> Line:
        filed, catalogue = listed.application, self._runner.shelf.current
        run = catalogue.intake(filed.intake_id)
        card = catalogue.project(run.project_id) if run else None
        advice = advice_on(card, run, filed.answers) if card and run else ()
        fit = summary(advice)
        return Line(
            listed,
            course_words(catalogue, filed.intake_id),
            [claim_words(claim) for claim in claims if claim.counts],
            max(0, (now - (filed.submitted_at or filed.changed_at)).days),
            fit,
            next((each.quote for each in advice if each.verdict is fit), ""),
        )


def _counts(session: Session, within: frozenset[int] | None) -> Mapping[str, int]:
    """How many stand in each list."""
    counts = listing.count_states(session, within)
    needs = listing.count_needing(session, within)
    return {
        name: needs if name == "needs" else sum(counts.get(state, 0) for state in states or ApplicationState)
        for name, (_, states) in KINDS.items()
    }
