"""The page on which a class is called off: who would be told, and why."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.classes import calling_off
from bot.console.courses import intake_of
from bot.console.inside import Inside, told
from bot.console.pages import ConsolePages
from bot.console.words import refusal_words
from bot.runner import Runner
from storage.classes.classes import StepRefused

MOST_WORDS = 200
"""Characters of the reason."""


class CallingOff:
    """Asks once more before a class is called off."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show everybody who would be told."""
        return await self._page(request, inside)

    async def call_off(self, request: Request, inside: Inside) -> Response:
        """Call it off, with a reason everybody reads."""
        _, run = intake_of(self._runner, request, inside)
        words = inside.form.one("words").strip()[:MOST_WORDS]
        if not words:
            return await self._page(request, inside, warning="没有写为什么。写一句大家看得懂的话。")
        try:
            await self._runner.desk.do(
                lambda session: calling_off.call_off(session, run.id, inside.member, words, inside.now)
            )
        except StepRefused as refused:
            return await self._page(request, inside, warning=refusal_words(refused))
        self._runner.nudge()
        return told(f"/intakes/{run.id}/file", "called_off")

    async def _page(self, request: Request, inside: Inside, *, warning: str = "") -> Response:
        card, run = intake_of(self._runner, request, inside)
        people = await self._runner.desk.look(lambda session: calling_off.affected(session, run.id))
        values = {"inside": inside, "card": card, "run": run, "people": people, "warning": warning}
        status = HTTPStatus.CONFLICT if warning else HTTPStatus.OK
        return personal(self._pages.render("call_off.html", values), status)
