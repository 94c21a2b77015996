"""How much each priority claim counts: equal until an admin says otherwise."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import personal
from bot.console.inside import Inside, told
from bot.console.pages import ConsolePages
from bot.runner import Runner
from storage.applications import ordering
from storage.catalogue import codes


class Weights:
    """The table of points."""

    def __init__(self, runner: Runner, pages: ConsolePages) -> None:
        self._runner = runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show the points of every claim."""
        points = await self._runner.desk.look(ordering.weights)
        rows = [(claim, codes.label("priority", claim), value) for claim, value in points.items()]
        values = {"inside": inside, "rows": rows}
        return personal(self._pages.render("weights.html", values, request.query_params.get("told", "")))

    async def change(self, _: Request, inside: Inside) -> Response:
        """Set them; every list is in the new order from then on."""
        given = {claim: inside.form.one(f"points-{claim}").strip() for claim in codes.words("priority")}
        if not all(value.isascii() and value.isdigit() and int(value) <= 100 for value in given.values()):
            return told("/weights", "bad_points")

        def act(session: Session) -> None:
            points = {claim: int(value) for claim, value in given.items()}
            ordering.set_weights(session, points, inside.actor, inside.now)

        await self._runner.desk.do(act)
        return told("/weights", "weighed")
