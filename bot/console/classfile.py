"""The file of a class: its steps, what is to be arranged, its sessions, who came, how everybody finished."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from sqlmodel import Session, col, func, select
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import MOST_PEOPLE, intake_of
from bot.console.inside import Inside, told
from bot.console.pages import ConsolePages
from bot.console.paging import A_PAGE, page_of, turning
from bot.console.permissions import Act
from bot.console.words import ANSWERS, STEPS, arrangement_words, refusal_words
from bot.runner import Runner
from storage.catalogue.tables import CourseSession
from storage.classes import classes, in_class
from storage.classes.classes import StepRefused, ToArrange
from storage.classes.results import results_of, write_result
from storage.classes.tables import Attendance, IntakeStep, Result
from storage.staff import staff
from storage.tables import Application, ClassStep, NeedAnswer, Person

MOST_WORDS = 500
"""Characters of a note."""

MOST_NUMBER = 60
"""Characters of a certificate number."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the page of one class shows.

    Args:
        steps: step -> who took it and when; None for one to come.
        comes: the step that may be taken next.
        lines: the check list.
        meetings: each session, how many came and how many are written down.
        members: one page of who is in, with their result.

    """

    steps: Mapping[ClassStep, tuple[IntakeStep, str] | None]
    comes: ClassStep | None
    lines: Sequence[ToArrange]
    meetings: Sequence[tuple[CourseSession, int, int]]
    members: Sequence[tuple[Application, Person, Result | None]]


class _Unsaid(Exception):
    """Certificates were written down for people of whom nobody said whether they passed."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(*numbers)
        self.numbers = numbers


class ClassFile:
    """The page of one class's file, and what is done on it."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the file."""
        return await self._page(request, inside, request.query_params.get("told", ""))

    async def step(self, request: Request, inside: Inside) -> Response:
        """Take the next step; one that cannot be taken says why."""
        _, run = intake_of(self._runner, request, inside)
        wanted = inside.form.one("step")
        note = inside.form.one("words").strip()[:MOST_WORDS]
        if wanted not in classes.ORDER:
            return told(f"/intakes/{run.id}/file", "nothing")
        step = ClassStep(wanted)
        try:
            taken = await self._runner.desk.do(
                lambda session: classes.take_step(session, run.id, step, inside.member, inside.now, note)
            )
        except StepRefused as refused:
            return await self._page(request, inside, warning=refusal_words(refused))
        return told(f"/intakes/{run.id}/file", "stepped" if taken else "nothing")

    async def arrange(self, request: Request, inside: Inside) -> Response:
        """Answer lines of the check list."""
        _, run = intake_of(self._runner, request, inside)
        form = inside.form

        def act(session: Session) -> str:
            given: dict[str, tuple[NeedAnswer, str]] = {}
            for each in classes.list_arrangements(session, run.id):
                code = each.arrangement.code
                if (answer := form.one(f"answer-{code}")) in ANSWERS:
                    given[code] = (NeedAnswer(answer), form.one(f"note-{code}").strip()[:MOST_WORDS])
            changed = classes.answer_arrangements(session, run.id, given, inside.member, inside.now)
            return "arranged" if changed else "nothing"

        return told(f"/intakes/{run.id}/file", await self._runner.desk.do(act))

    async def write_results(self, request: Request, inside: Inside) -> Response:
        """Write down how people finished; who has no answer yet stays without, but not with a certificate."""
        _, run = intake_of(self._runner, request, inside)
        form = inside.form
        typed: dict[str, str] = {}

        def act(session: Session) -> str:
            people = in_class.people_in(session, run.id)
            for each in people:
                fields = (f"passed-{each.id}", f"certificate-{each.id}")
                typed.update({name: form.one(name).strip()[:MOST_NUMBER] for name in fields})
            unsaid = [
                each.number
                for each in people
                if typed[f"certificate-{each.id}"] and typed[f"passed-{each.id}"] not in ("yes", "no")
            ]
            if unsaid:
                raise _Unsaid(unsaid)
            changed = 0
            for each in people:
                passed = typed[f"passed-{each.id}"]
                if passed in ("yes", "no"):
                    changed += write_result(
                        session,
                        each,
                        passed=passed == "yes",
                        certificate=typed[f"certificate-{each.id}"],
                        member=inside.member,
                        now=inside.now,
                    )
            if changed:
                staff.note_access(
                    session, inside.member, "results", "intake", run.id, inside.now, f"{changed} people"
                )
            return "results" if changed else "nothing"

        try:
            done = await self._runner.desk.do(act)
        except _Unsaid as unsaid:
            wrong = f"{'、'.join(unsaid.numbers)} 有证书编号，没有结果。一个也没有记。选通过没有，再记一次。"
            return await self._page(request, inside, warning=wrong, typed=typed)
        return told(f"/intakes/{run.id}/file", done, page=page_of(request, MOST_PEOPLE)[0])

    async def _page(
        self,
        request: Request,
        inside: Inside,
        told_: str = "",
        *,
        warning: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        card, run = intake_of(self._runner, request, inside)
        # The check list is brought up to who is in, so this look writes.
        dossier, page, pages = await self._runner.desk.do(
            lambda session: self._read(session, request, run.id)
        )
        values = {
            "inside": inside,
            "card": card,
            "run": run,
            "it": dossier,
            "warning": warning,
            "typed": typed or {},
            "runs": inside.may(Act.RUN),
            "answers": ANSWERS,
            "step_words": STEPS,
            "arrangement": arrangement_words,
            "page": page,
            "pages": pages,
            "turn": turning(page, anchor="#results"),
        }
        html = self._pages.render("file.html", values, told_)
        return personal(html, HTTPStatus.CONFLICT if warning else HTTPStatus.OK)

    def _read(self, session: Session, request: Request, intake_id: int) -> tuple[Dossier, int, int]:
        page, pages = page_of(request, in_class.count_in(session, intake_id))
        names = {each.id: each.name for each in staff.all_staff(session)}
        taken = {each.step: each for each in classes.steps_of(session, intake_id)}
        results = results_of(session, intake_id)
        shown = [*classes.ORDER, *([ClassStep.CALLED_OFF] if ClassStep.CALLED_OFF in taken else [])]
        dossier = Dossier(
            steps={
                step: (taken[step], names.get(taken[step].staff_id, "")) if step in taken else None
                for step in shown
            },
            comes=classes.next_step(taken.keys()),
            lines=classes.list_arrangements(session, intake_id),
            meetings=_meetings(session, intake_id),
            members=[
                (filed, person, results.get(filed.id))
                for filed, person in in_class.named_in(session, intake_id, page, A_PAGE)
            ],
        )
        return dossier, page, pages


def _meetings(session: Session, intake_id: int) -> list[tuple[CourseSession, int, int]]:
    wanted = (
        select(Attendance.session_id, Attendance.came, func.count())
        .join(CourseSession, col(CourseSession.id) == col(Attendance.session_id))
        .where(CourseSession.intake_id == intake_id)
        .group_by(col(Attendance.session_id), col(Attendance.came))
    )
    counts = {(meeting, came): count for meeting, came, count in session.exec(wanted).all()}
    found = []
    for each in in_class.meetings_of(session, intake_id):
        came = counts.get((each.id or 0, True), 0)
        found.append((each, came, came + counts.get((each.id or 0, False), 0)))
    return found
