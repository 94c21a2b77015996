"""Who came to a session, written down by tapping names."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import MOST_PEOPLE, intake_of, number_in
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.console.paging import A_PAGE, page_of, turning
from bot.runner import Runner
from storage.catalogue.tables import CourseSession
from storage.classes import attending, in_class


class Meetings:
    """One session of a class: who came, by tapping names."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the names, with who is written down already."""
        card, run = intake_of(self._runner, request, inside)

        def look(session: Session) -> tuple[CourseSession, object, tuple[int, int]]:
            meeting = self._meeting(session, request, run.id)
            known = attending.attendance_at(session, meeting.id or 0)
            page, pages = page_of(request, in_class.count_in(session, run.id))
            members = [
                (filed, person, known.get(filed.id))
                for filed, person in in_class.named_in(session, run.id, page, A_PAGE)
            ]
            return meeting, members, (page, pages)

        meeting, members, (page, pages) = await self._runner.desk.look(look)
        values = {
            "inside": inside,
            "card": card,
            "run": run,
            "meeting": meeting,
            "members": members,
            "page": page,
            "pages": pages,
            "turn": turning(page),
        }
        return personal(self._pages.render("attendance.html", values, request.query_params.get("told", "")))

    async def mark(self, request: Request, inside: Inside) -> Response:
        """Write down who came. Who said so themselves since the page was made stays as they said."""
        _, run = intake_of(self._runner, request, inside)
        shown, was = (frozenset(inside.form.one(name).split()) for name in ("shown", "was"))
        here = frozenset(inside.form.fields.get("here", ()))

        def act(session: Session) -> str:
            meeting = self._meeting(session, request, run.id)
            known = attending.attendance_at(session, meeting.id or 0)
            came: dict[int, bool] = {}
            for each in in_class.people_in(session, run.id):
                number = str(each.id)
                unchanged = (number in was) == (number in here)
                # Absent from the form: accepted since the page was made.
                if number in shown and not (each.id in known and unchanged):
                    came[each.id] = number in here
            changed = attending.mark(session, meeting.id or 0, came, inside.actor, inside.now)
            return "attended" if changed else "nothing"

        done = await self._runner.desk.do(act)
        page, _ = page_of(request, MOST_PEOPLE)
        return told(f"/intakes/{run.id}/sessions/{request.path_params['meeting']}", done, page=page)

    def _meeting(self, session: Session, request: Request, intake_id: int) -> CourseSession:
        meeting = session.get(CourseSession, number_in(request.path_params["meeting"]))
        if meeting is None or meeting.intake_id != intake_id:
            raise NotYours("session")
        return meeting
