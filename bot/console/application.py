"""One application: what the person said, what they need, and what happened."""

from collections.abc import Sequence
from http import HTTPStatus

from sqlmodel import Session, select
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import course_words, number_in
from bot.console.dossier import all_said, read_dossier
from bot.console.files import file_answer, open_file
from bot.console.inside import Inside, NotYours
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.console.words import ANSWERS, actor_words
from bot.runner import Runner
from storage.applications import deciding, enrolment
from storage.applications.deciding import Happened
from storage.catalogue import codes
from storage.staff import staff
from storage.tables import Application, StoredFile


class OneApplication:
    """The page of one application."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show all of it; sealed fields are masked."""
        return await self.page(request, inside, told_=request.query_params.get("told", ""))

    async def show_secrets(self, request: Request, inside: Inside) -> Response:
        """Show the sealed fields as well, and keep who looked."""

        def note(session: Session) -> None:
            filed = filed_at(session, request, inside)
            enrolment.log_event(session, filed.id, "secret_shown", inside.actor, inside.now)
            staff.note_access(session, inside.member, "secret_shown", "application", filed.id, inside.now)

        await self._runner.desk.do(note)
        return await self.page(request, inside, secrets=True, told_="shown")

    async def send_file(self, request: Request, inside: Inside) -> Response:
        """Send a voice message or a picture of the application, and keep who opened it."""
        wanted = number_in(request.path_params["file"])

        def find(session: Session) -> StoredFile:
            filed = filed_at(session, request, inside)
            return open_file(session, inside, wanted, all_said(session, filed))

        file = await self._runner.desk.do(find)
        return file_answer(file)

    async def page(
        self,
        request: Request,
        inside: Inside,
        *,
        secrets: bool = False,
        told_: str = "",
        refused: bool = False,
        meanwhile: Sequence[Happened] = (),
        typed: str = "",
    ) -> Response:
        """Draw the page.

        Args:
            request: names the application.
            inside: who looks.
            secrets: whether sealed fields are shown whole.
            told_: what was just done.
            refused: whether it was not done.
            meanwhile: what happened since the page that was acted on.
            typed: words that were not sent, to be sent again.

        """
        dossier, names = await self._runner.desk.look(
            lambda session: (
                read_dossier(session, self._runner, filed_at(session, request, inside), inside.now),
                {f"staff:{each.id}": each.name for each in staff.all_staff(session)},
            )
        )
        filed = dossier.filed
        values = {
            "inside": inside,
            "it": dossier,
            "course": course_words(self._runner.shelf.current, filed.intake_id),
            "run": self._runner.shelf.current.intake(filed.intake_id),
            "secrets": secrets,
            "meanwhile": [(each, actor_words(each.actor, names)) for each in meanwhile],
            "typed": typed,
            "answers": ANSWERS,
            "reasons": codes.words("decline_reason"),
            "decidable": inside.may(Act.DECIDE) and filed.state in deciding.DECIDABLE,
            "askable": filed.state in deciding.OPEN,
            "who": lambda actor: actor_words(actor, names),
            "entered_by": actor_words(f"staff:{filed.staff_id}", names) if filed.staff_id else "",
        }
        status = HTTPStatus.CONFLICT if meanwhile or refused else HTTPStatus.OK
        return personal(self._pages.render("application.html", values, told_), status)


def filed_at(session: Session, request: Request, inside: Inside) -> Application:
    """Give the application an address names, where it is this member's business. Raises NotYours."""
    wanted = select(Application).where(Application.number == request.path_params["number"])
    filed = session.exec(wanted).one_or_none()
    if filed is None or not inside.reach.holds(filed.intake_id):
        raise NotYours("application")
    return filed
