"""One application: what the person said, what they need, what happened; and the decision, with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from bot import deciding as acts
from bot.advising import advice_on
from bot.channels.web.door import personal
from bot.console.answers import Said, said_in
from bot.console.courses import course_words, number_in
from bot.console.files import file_answer, open_file
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.console.words import ANSWERS, actor_words
from bot.runner import Runner
from storage import assents, deciding, enrolment, ordering, staff, waiting
from storage.catalogue import codes
from storage.catalogue.tables import Intake, Project
from storage.deciding import Happened, Meanwhile, NoSeat, NotPossible
from storage.files import files_in
from storage.rules.eligibility import Advice
from storage.tables import (
    Application,
    ApplicationEvent,
    Assent,
    AssentAnswer,
    Channel,
    Need,
    NeedAnswer,
    Person,
    StaffQuestion,
    StoredFile,
)

MOST_WORDS = 1000
"""Characters of a reason, a note or a question."""

REFUSED = frozenset({"no_seat", "not_possible", "no_reason", "no_words", "not_shown"})
"""What is told when nothing was changed."""

ASKED_HIMSELF = "工作人员当面问本人：想不想去？"
"""The wording kept with an assent that staff recorded."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything one page shows of an application."""

    filed: Application
    person: Person
    seen: int
    said: Sequence[Said]
    needs: Sequence[tuple[Need, bool]]
    advice: Sequence[Advice]
    claims: Sequence[str]
    events: Sequence[tuple[ApplicationEvent, str]]
    questions: Sequence[StaffQuestion]
    assent: Sequence[Assent]
    missing: Sequence[str]
    others: Sequence[tuple[Application, str]]
    files: Sequence[StoredFile]
    seats: int
    place: int


class OneApplication:
    """The page of one application, and what is decided on it."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show all of it; sealed fields are masked."""
        return await self._page(request, inside, told_=request.query_params.get("told", ""))

    async def show_secrets(self, request: Request, inside: Inside) -> Response:
        """Show the sealed fields as well, and keep who looked."""

        def note(session: Session) -> None:
            filed = self._mine(session, request, inside)
            enrolment.log_event(session, filed.id, "secret_shown", inside.actor, inside.now)
            staff.note_access(session, inside.member, "secret_shown", "application", filed.id, inside.now)

        await self._runner.desk.do(note)
        return await self._page(request, inside, secrets=True, told_="shown")

    async def send_file(self, request: Request, inside: Inside) -> Response:
        """Send a voice message or a picture of the application, and keep who opened it."""
        wanted = number_in(request.path_params["file"])

        def find(session: Session) -> StoredFile:
            filed = self._mine(session, request, inside)
            return open_file(session, inside, wanted, _all_said(session, filed))

        file = await self._runner.desk.do(find)
        return file_answer(file)

    async def decide(self, request: Request, inside: Inside) -> Response:
        """Accept, put on the list, decline or ask."""
        form = inside.form
        what, words = form.one("do"), form.one("words").strip()[:MOST_WORDS]
        reason = form.one("reason")
        label = codes.label("decline_reason", reason) if reason in codes.words("decline_reason") else ""
        seen, now, member = number_in(form.one("seen")), inside.now, inside.member
        zone = self._runner.settings.zone

        def act(session: Session) -> str:
            number = self._mine(session, request, inside).id
            if what == "accept":
                acts.accept(session, number, member, seen=seen, now=now, zone=zone, note=words)
                return "accepted"
            if what == "wait":
                acts.put_on_list(session, number, member, seen=seen, now=now, zone=zone, note=words)
                return "waitlisted"
            if what == "decline":
                whole = "。".join(part for part in (label, words) if part)
                if not whole:
                    return "no_reason"
                acts.decline(session, number, member, seen=seen, now=now, zone=zone, reason=whole)
                return "declined"
            if what == "ask":
                if not words:
                    return "no_words"
                acts.ask(session, number, member, seen=seen, now=now, words=words)
                return "asked"
            return "nothing"

        return await self._acted(request, inside, act)

    async def answer_needs(self, request: Request, inside: Inside) -> Response:
        """Promise or decline each support."""
        form = inside.form
        seen = number_in(form.one("seen"))

        def act(session: Session) -> str:
            filed = self._mine(session, request, inside)
            given: dict[int, tuple[NeedAnswer, str]] = {}
            for need in enrolment.needs_of(session, filed.id):
                answer = form.one(f"answer-{need.id}")
                if answer in ANSWERS:
                    note = form.one(f"note-{need.id}").strip()[:MOST_WORDS]
                    given[need.id] = (NeedAnswer(answer), note)
            changed = acts.answer_needs(session, filed.id, inside.member, given, seen=seen, now=inside.now)
            return "needs" if changed else "nothing"

        return await self._acted(request, inside, act)

    async def record_assent(self, request: Request, inside: Inside) -> Response:
        """Keep how the person showed staff whether they want to go (access.md F4)."""
        form = inside.form
        answer, shown = form.one("answer"), form.one("shown").strip()[:MOST_WORDS]

        def act(session: Session) -> str:
            filed = deciding.hold(
                session, self._mine(session, request, inside).id, number_in(form.one("seen"))
            )
            if answer not in AssentAnswer.__members__.values() or not shown:
                return "not_shown"
            assents.record_assent(
                session,
                filed,
                AssentAnswer(answer),
                wording=ASKED_HIMSELF,
                channel=Channel.PHONE,
                actor=inside.actor,
                now=inside.now,
                note=shown,
                shown=shown,
            )
            return "assent"

        return await self._acted(request, inside, act)

    async def _acted(self, request: Request, inside: Inside, act: Any) -> Response:  # noqa: ANN401 - a turn
        try:
            done = await self._runner.desk.do(act)
        except Meanwhile as meanwhile:
            return await self._page(
                request, inside, meanwhile=meanwhile.events, typed=inside.form.one("words")
            )
        except NoSeat:
            done = "no_seat"
        except NotPossible:
            done = "not_possible"
        if done in REFUSED:
            return await self._page(request, inside, told_=done, typed=inside.form.one("words"))
        self._runner.nudge()
        return told(f"/applications/{request.path_params['number']}", done)

    def _mine(self, session: Session, request: Request, inside: Inside) -> Application:
        """The application an address names, where it is this member's business."""
        wanted = select(Application).where(Application.number == request.path_params["number"])
        filed = session.exec(wanted).one_or_none()
        if filed is None or not inside.reach.holds(filed.intake_id):
            raise NotYours("application")
        return filed

    async def _page(
        self,
        request: Request,
        inside: Inside,
        *,
        secrets: bool = False,
        told_: str = "",
        meanwhile: Sequence[Happened] = (),
        typed: str = "",
    ) -> Response:
        dossier, names = await self._runner.desk.look(
            lambda session: (
                self._read(session, self._mine(session, request, inside), inside),
                {f"staff:{each.id}": each.name for each in staff.all_staff(session)},
            )
        )
        values = {
            "inside": inside,
            "it": dossier,
            "course": course_words(self._runner.shelf.current, dossier.filed.intake_id),
            "run": self._runner.shelf.current.intake(dossier.filed.intake_id),
            "secrets": secrets,
            "meanwhile": [(each, actor_words(each.actor, names)) for each in meanwhile],
            "typed": typed,
            "answers": ANSWERS,
            "reasons": codes.words("decline_reason"),
            "decidable": inside.may(Act.DECIDE) and dossier.filed.state in deciding.DECIDABLE,
            "askable": dossier.filed.state in deciding.OPEN,
            "who": lambda actor: actor_words(actor, names),
        }
        html = self._pages.render("application.html", values, told_)
        refused = told_ in REFUSED
        status = HTTPStatus.CONFLICT if meanwhile or refused else HTTPStatus.OK
        return personal(html, status)

    def _read(self, session: Session, filed: Application, inside: Inside) -> Dossier:
        person = session.get_one(Person, filed.person_id)
        intake = session.get_one(Intake, filed.intake_id)
        project = session.get_one(Project, intake.project_id)
        offered = set(intake.services_available)
        keys = files_in(_all_said(session, filed))
        others = [each for each in enrolment.applications_of(session, [person.id]) if each.id != filed.id]
        return Dossier(
            filed=filed,
            person=person,
            seen=deciding.last_event(session, filed.id),
            said=said_in(session, self._runner, filed),
            needs=[(need, need.code in offered) for need in enrolment.needs_of(session, filed.id)],
            advice=advice_on(project, intake, filed.answers),
            claims=[codes.label("priority", claim) for claim in ordering.claims_in(filed.answers)],
            events=[(event, event.note or "") for event in enrolment.events_of(session, filed.id)],
            questions=deciding.questions_of(session, filed.id),
            assent=list(
                session.exec(
                    select(Assent).where(Assent.application_id == filed.id).order_by(col(Assent.id))
                ).all()
            ),
            missing=[str(whose) for whose in assents.missing(session, filed, inside.now)],
            others=[(each, course_words(self._runner.shelf.current, each.intake_id)) for each in others],
            files=list(session.exec(select(StoredFile).where(col(StoredFile.key).in_(keys))).all()),
            seats=enrolment.seats_left(session, [filed.intake_id]).get(filed.intake_id, 0),
            place=waiting.place_of(session, filed),
        )


def _all_said(session: Session, filed: Application) -> list[object]:
    """Give everything the person answered: to the form, and to what staff asked."""
    return [filed.answers, *(each.answer for each in deciding.questions_of(session, filed.id))]
