"""Tells an open page of a ticket that something was said on it: the page then reads it, and nothing is typed over."""

import asyncio
from collections.abc import AsyncIterator, Callable

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.at_work import sight_of
from bot.console.courses import number_in
from bot.console.inside import Inside, NotYours
from bot.runner import Runner
from storage.tickets import handling
from storage.tickets import listing as ticket_list

LOOK_EVERY = 2.0
"""Seconds between two looks."""

LOOKS = 12
"""Looks of one stream. It ends after them, or with the first news: who is let in is asked anew each time."""

COME_BACK = 500
"""Milliseconds after which a browser opens a stream again that ended."""


class TicketNews:
    """The stream an open page of a ticket listens to."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def stream(self, request: Request, inside: Inside) -> Response:
        """Tell the number of the last line as soon as it is another than the page has seen."""
        number = request.path_params["ticket"]
        told = [request.query_params.get("seen"), request.headers.get("last-event-id")]
        # Who names no line has seen none: they are told at once.
        seen = max((number_in(each) for each in told if each is not None), default=-1)

        def find(session: Session) -> int | None:
            found = ticket_list.find_ticket(session, sight_of(inside.member, inside.reach), number)
            return None if found is None else found.id

        ticket_id = await self._runner.desk.look(find)
        if ticket_id is None:
            raise NotYours("ticket")

        def look(session: Session) -> int:
            return handling.last_line(session, ticket_id)

        return StreamingResponse(
            self._events(look, seen),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _events(self, look: Callable[[Session], int], seen: int) -> AsyncIterator[str]:
        yield f"retry: {COME_BACK}\n\n"
        for _ in range(LOOKS):
            last = await self._runner.desk.look(look)
            if last > seen:
                yield f"id: {last}\ndata: {last}\n\n"
                return
            await asyncio.sleep(LOOK_EVERY)
