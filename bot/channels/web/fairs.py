"""The public pages of job fairs and their positions, for anybody, without a conversation or a cookie."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.web.catalogue import CACHED
from bot.channels.web.door import Door
from bot.channels.web.visitors import size_of
from storage.catalogue import codes
from storage.fairs import fairs


class Fairs:
    """The list of fairs to come, and the page of one."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def show_all(self, request: Request) -> Response:
        """List the fairs to come, the next first."""
        self._door.gate.pass_page(request)
        now = self._door.runner.clock.now()
        cards = await self._door.runner.desk.look(lambda session: fairs.all_fairs(session, now))
        return self._show(request, "fairs.html", cards=cards)

    async def show(self, request: Request) -> Response:
        """Show all of one fair; its address lasts, also when it is over or called off."""
        self._door.gate.pass_page(request)
        fair_id, now = request.path_params["fair"], self._door.runner.clock.now()
        card = await self._door.runner.desk.look(lambda session: fairs.find_fair(session, fair_id, now))
        if card is None:
            raise HTTPException(404, "gone")
        return self._show(request, "fair.html", card=card, address=self._door.pages.address)

    def _show(self, request: Request, template: str, **values: object) -> Response:
        html = self._door.pages.render(template, {"label": codes.label, **values}, size=size_of(request))
        return HTMLResponse(html, headers=CACHED)
