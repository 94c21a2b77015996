"""One session of a class gets another day or place, or is cancelled: a form; who comes is on the page of the class."""

from collections.abc import Mapping
from datetime import date, time
from http import HTTPStatus

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.classes import moving
from bot.console.courses import intake_of, number_in
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.runner import Runner
from storage.catalogue.by_hand import EditRefused
from storage.catalogue.tables import CourseSession

MOST_WORDS = 200
"""Characters of a place, or of why it moves."""


class MeetingMoves:
    """The form that moves one session."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the form with how it is now."""
        return await self._page(request, inside)

    async def move(self, request: Request, inside: Inside) -> Response:
        """Move the session, and tell everybody who has a seat."""
        _, run = intake_of(self._runner, request, inside)
        form = inside.form
        names = ("day", "start_time", "end_time", "venue", "words")
        typed = {name: form.one(name).strip()[:MOST_WORDS] for name in names}
        typed["cancelled"] = form.one("cancelled")
        try:
            values: dict[str, object] = {
                "day": date.fromisoformat(typed["day"]),
                "start_time": time.fromisoformat(typed["start_time"]),
                "end_time": time.fromisoformat(typed["end_time"]),
                "venue": typed["venue"],
                "cancelled": typed["cancelled"] == "yes",
            }
        except ValueError:
            return await self._page(request, inside, "日期像 2026-12-07，几点像 09:00。", typed)

        def act(session: Session) -> int | None:
            meeting = self._meeting(session, request, run.id)
            return moving.move_meeting(
                session, meeting.id or 0, inside.member, values, note=typed["words"], now=inside.now
            )

        try:
            asked = await self._runner.desk.do(act)
        except EditRefused as refused:
            return await self._page(request, inside, " ".join(map(str, refused.problems)), typed)
        self._runner.nudge()
        return told(f"/intakes/{run.id}/move", "nothing" if asked is None else "moved")

    def _meeting(self, session: Session, request: Request, intake_id: int) -> CourseSession:
        meeting = session.get(CourseSession, number_in(request.path_params["meeting"]))
        if meeting is None or meeting.intake_id != intake_id:
            raise NotYours("session")
        return meeting

    async def _page(
        self, request: Request, inside: Inside, warning: str = "", typed: Mapping[str, str] | None = None
    ) -> Response:
        card, run = intake_of(self._runner, request, inside)
        meeting = await self._runner.desk.look(lambda session: self._meeting(session, request, run.id))
        fields = {
            "day": meeting.day.isoformat(),
            "start_time": f"{meeting.start_time:%H:%M}",
            "end_time": f"{meeting.end_time:%H:%M}",
            "venue": meeting.venue,
            "cancelled": "yes" if meeting.cancelled else "",
            "words": "",
        }
        values = {
            "inside": inside,
            "card": card,
            "run": run,
            "meeting": meeting,
            "fields": typed or fields,
            "warning": warning,
        }
        status = HTTPStatus.CONFLICT if warning else HTTPStatus.OK
        return personal(self._pages.render("meeting_move.html", values), status)
