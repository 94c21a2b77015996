"""The page on which one message is written to several people who applied; never a refusal."""

from collections.abc import Sequence
from http import HTTPStatus

from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.runner import Runner
from bot.writing_to import Sent, write_to
from dialogs.plain_language import check
from storage.tables import Application, Person

MOST_PEOPLE = 100
"""People one message goes to from a list; more is a notice."""

MOST_WORDS = 200
"""Characters of a message."""

Chosen = Sequence[tuple[Application, Person]]


class WritingTo:
    """Writes to those who were ticked in the list of applications."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show who was ticked, and a field for the words."""
        return await self._page(request.query_params.getlist("pick"), inside)

    async def send(self, request: Request, inside: Inside) -> Response:  # noqa: ARG002 - as every act
        """Send it; words that are hard to read are shown first, with what would be easier."""
        picked = inside.form.fields.get("pick", ())
        words = inside.form.one("words").strip()
        if not words:
            return await self._page(picked, inside, warning="没有写字，没有发。")
        if len(words) > MOST_WORDS:
            return await self._page(picked, inside, warning=f"太长了。最多 {MOST_WORDS} 个字。", typed=words)

        def names(session: Session) -> list[str]:
            return [person.name for _, person in self._chosen(session, picked, inside) if person.name]

        known = await self._runner.desk.look(names)
        if not known:
            return await self._page(picked, inside, warning="没有选人，没有发。", typed=words)
        hard = [
            each.why for each in check(words, "plain", names=[*known, inside.member.name]) if not each.soft
        ]
        if hard and inside.form.one("anyway") != words:
            return await self._page(picked, inside, hard=list(dict.fromkeys(hard)), typed=words)

        def act(session: Session) -> Sent:
            chosen = [filed.id for filed, _ in self._chosen(session, picked, inside)]
            return write_to(session, chosen, inside.member, words, inside.now)

        sent = await self._runner.desk.do(act)
        self._runner.nudge()
        return told("/applications", "written" if sent.told else "written_before", list="all")

    def _chosen(self, session: Session, picked: Sequence[str], inside: Inside) -> Chosen:
        """The applications of these numbers. Raises NotYours for one that is somebody else's business."""
        wanted = select(Application, Person).join(Person)
        wanted = wanted.where(col(Application.number).in_(list(picked)[:MOST_PEOPLE]))
        found = session.exec(wanted.order_by(col(Application.id))).all()
        if not all(inside.reach.holds(filed.intake_id) for filed, _ in found):
            raise NotYours("application")
        return found

    async def _page(
        self,
        picked: Sequence[str],
        inside: Inside,
        *,
        warning: str = "",
        hard: Sequence[str] = (),
        typed: str = "",
    ) -> Response:
        chosen = await self._runner.desk.look(lambda session: self._chosen(session, picked, inside))
        values = {
            "inside": inside,
            "chosen": chosen,
            "warning": warning,
            "hard": hard,
            "typed": typed,
            "most": MOST_WORDS,
        }
        status = HTTPStatus.CONFLICT if warning or hard else HTTPStatus.OK
        return personal(self._pages.render("write_to.html", values), status)
