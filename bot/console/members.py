"""Who is staff: added, given a link, and let go by an admin."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.courses import number_in
from bot.console.inside import Inside, NotYours, told
from bot.console.pages import ConsolePages
from bot.console.permissions import reach_of
from bot.runner import Runner
from storage.staff import staff
from storage.staff import visits as staff_visits
from storage.tables import Staff, StaffRole

MOST_NAME = 40


class Members:
    """The list of staff."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show who is staff, and who was."""
        return await self._page(inside, request.query_params.get("told", ""))

    async def add(self, _: Request, inside: Inside) -> Response:
        """Add somebody, and show their link once."""
        form = inside.form
        name = " ".join(form.one("name").split())[:MOST_NAME]
        role = form.one("role")
        if not name or role not in StaffRole.__members__.values():
            return told("/staff", "no_name")
        projects = [
            part for part in form.one("projects").replace("，", " ").replace(",", " ").split() if part
        ]

        region = "".join(form.one("region").split())[:MOST_NAME]
        if role in (StaffRole.CLERK, StaffRole.EVALUATOR) and not region:
            return told("/staff", "no_region")
        if role == StaffRole.TEACHER and not projects:
            return told("/staff", "no_projects")

        def act(session: Session) -> tuple[str, tuple[str, str]]:
            member = staff.add_staff(
                session,
                name,
                StaffRole(role),
                inside.now,
                region=region,
                projects=projects,
                actor=inside.actor,
            )
            sees = reach_of(member, self._runner.shelf.current).intakes
            words = "hired_idle" if sees == frozenset() else "hired"
            return words, (member.name, staff.make_link(session, member, inside.now))

        return await self._page(inside, *await self._runner.desk.do(act))

    async def link(self, request: Request, inside: Inside) -> Response:
        """Make a new link for somebody, and show it once."""

        def act(session: Session) -> tuple[str, str]:
            member = _member(session, request)
            staff.note_access(session, inside.member, "link_made", "staff", member.id, inside.now)
            return member.name, staff.make_link(session, member, inside.now)

        return await self._page(inside, "hired", await self._runner.desk.do(act))

    async def revoke(self, request: Request, inside: Inside) -> Response:
        """Let somebody go: what they have open is closed at once."""

        def act(session: Session) -> str:
            member = _member(session, request)
            if member.id == inside.member.id:
                return "not_yourself"
            staff.revoke_staff(session, member, inside.now, actor=inside.actor)
            return "revoked"

        return told("/staff", await self._runner.desk.do(act))

    async def put_out(self, request: Request, inside: Inside) -> Response:
        """Close what somebody has open in every browser; they stay staff, and come in again by a new link."""

        def act(session: Session) -> str:
            member = _member(session, request)
            if member.id == inside.member.id:
                return "not_out_yourself"
            staff_visits.end_visits(session, member, inside.now, actor=inside.actor)
            return "put_out"

        return told("/staff", await self._runner.desk.do(act))

    async def _page(self, inside: Inside, told_: str, link: tuple[str, str] | None = None) -> Response:
        members, visits = await self._runner.desk.look(
            lambda session: (staff.all_staff(session), staff_visits.count_visits(session, inside.now))
        )
        values = {
            "inside": inside,
            "members": members,
            "visits": visits,
            "kinds": list(StaffRole),
            "link": (link[0], f"{self._runner.settings.address}/console/enter/{link[1]}") if link else None,
        }
        return personal(self._pages.render("staff.html", values, told_))


def _member(session: Session, request: Request) -> Staff:
    member = session.get(Staff, number_in(request.path_params["member"]))
    if member is None or member.revoked_at is not None:
        raise NotYours("staff")
    return member
