"""Pictures of surveys as pages show them: nobody's own, and under their address never another one."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.door import Door
from bot.channels.web.static import A_YEAR

HEADERS = {
    "Cache-Control": f"public, max-age={A_YEAR}, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "sandbox",
}


class Pictures:
    """Sends one picture by what its question calls it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def send(self, request: Request) -> Response:
        """Send it, to be kept by the browser for as long as it likes."""
        from bot.forms.pictures import find

        self._door.gate.pass_picture(request)
        key = request.path_params["key"]
        found = await self._door.runner.desk.look(lambda session: find(session, key))
        if found is None:
            raise HTTPException(404)
        return Response(found.body, media_type=found.mime, headers=HEADERS)
