"""The chat page: shows the one open question, takes its answer, keeps the size of letters."""

import re
from typing import TYPE_CHECKING

from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web import visitors
from bot.channels.web.door import Door, Refused, address_of, page_number, personal, see, sent_on
from bot.channels.web.events import NUMBER, event_of, once_of, prompt_of
from bot.channels.web.pages import News, Visit
from bot.channels.web.posted import Posted
from bot.heard import Heard, Upload
from dialogs.talk import About, Again, Begin, Said, Sent
from storage import people
from storage.messages import mark_read
from storage.tables import Size

if TYPE_CHECKING:
    from storage.catalogue.fair_cards import FairCard

OPENED_HERE = frozenset({"reading", "home", "browse", "card", "fair", "mine", "help", "complain", "continue"})
"""Flows a link on a page may begin; what needs an invitation is begun by its owner's message only."""

PROJECT = re.compile(r"^[A-Za-z0-9_-]{1,40}$")


class Chat:
    """The pages of one person's conversation."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._runner = door.runner

    async def show(self, request: Request) -> Response:
        """Show the open question; nothing is kept of a newcomer by looking."""
        self._door.gate.pass_page(request)
        visitor = visitors.visitor_of(request)
        met = visitor is not None
        visitor = visitor or visitors.new_visitor()
        heard = await self._runner.look(address_of(visitor))
        messages: tuple[News, ...] = ()
        if (contact_id := heard.contact_id) is not None:
            messages = await self._runner.desk.look(lambda session: self._news(session, contact_id))
        visit = Visit(
            token=visitors.form_token(visitor),
            once=page_number(),
            size=visitors.size_of(request) if contact_id is None else heard.size,
            new=contact_id is None,
            news=messages,
        )
        response = personal(self._door.pages.screen(heard, visit))
        if not met:
            visitors.remember(response, visitor, secure=self._door.secure)
        # A browser that only prefetches has shown nothing to anybody.
        if contact_id is not None and visit.unread and request.method == "GET" and not _prefetching(request):
            response.background = BackgroundTask(self._mark_read, contact_id, messages[0].number)
        return response

    def _news(self, session: Session, contact_id: int) -> tuple[News, ...]:
        from bot.channels.web.news import latest  # a newcomer's first page does not wait for all letters

        return latest(session, contact_id, self._runner.settings.zone)

    async def answer(self, request: Request) -> Response:
        """Take an answer; acknowledged only after it is kept."""
        async with self._door.accept_file(request) as (visitor, posted):
            heard = await self._hear(visitor, posted)
            size = visitors.size_of(request)
            if posted.one("new") and size != visitors.SIZES[0] and heard.size == visitors.SIZES[0]:
                await self._keep_size(visitor, size)
        response = see()
        # Again, so that who keeps coming is never forgotten.
        visitors.remember(response, visitor, secure=self._door.secure)
        return response

    async def _hear(self, visitor: str, posted: Posted) -> Heard:
        event = event_of(posted.fields)
        if (
            posted.file is None
            or not isinstance(event, Said | Again)
            or posted.one("act") not in ("", "send")
        ):
            return await self._runner.hear(address_of(visitor), event, once=once_of(posted.fields, event))
        sent = Sent(posted.file, prompt_of(posted.fields))
        once = once_of(posted.fields, Said(posted.fingerprint))
        return await self._runner.hear(
            address_of(visitor), sent, once=once, upload=Upload(posted.file, posted.body)
        )

    async def begin(self, request: Request) -> Response:
        """Open a flow from a link: of the chat page, or of the public catalogue, which knows no visitor."""
        self._door.gate.pass_post(request)
        self._door.check_origin(request)
        posted = await self._door.receiver.read(request)
        flow, project = posted.one("flow"), posted.one("project")
        if flow not in OPENED_HERE:
            raise Refused(400, "unclear")
        about: About = ()
        if flow == "card":
            if not PROJECT.match(project) or self._runner.shelf.current.project(project) is None:
                raise Refused(404, "gone")
            about = (("project", project),)
        if flow == "fair":
            about = (("fair", await self._fair(posted.one("fair"))),)
        visitor = visitors.visitor_of(request)
        met = visitor is not None
        visitor = visitor or visitors.new_visitor()
        event = Begin(flow, about)
        await self._runner.hear(address_of(visitor), event, once=once_of(posted.fields, event))
        response = see()
        if not met:
            visitors.remember(response, visitor, secure=self._door.secure)
        return response

    async def _fair(self, number: str) -> str:
        """Give the number of a fair there is."""
        now = self._runner.clock.now()

        def find(session: Session) -> "FairCard | None":
            from storage.fairs.fairs import find_fair

            return find_fair(session, number, now)

        card = await self._runner.desk.look(find)
        if card is None:
            raise Refused(404, "gone")
        return card.fair_id

    async def resize(self, request: Request) -> Response:
        """Keep how large letters are: on this device, and for the contact where there is one."""
        visitor, posted = await self._door.accept(request)
        size = posted.one("size")
        if size not in visitors.SIZES:
            raise Refused(400, "unclear")
        await self._keep_size(visitor, size)
        response = see("/#tools")
        visitors.remember_size(response, size, secure=self._door.secure)
        return response

    async def seen(self, request: Request) -> Response:
        """Note that the page has shown a message that came by itself."""
        visitor, posted = await self._door.accept(request)
        number = posted.one("number")
        contact_id = await self._contact(visitor)
        if contact_id is not None and number.isascii() and number.isdigit() and len(number) < 19:
            await self._mark_read(contact_id, int(number))
        return Response(status_code=204)

    async def send_file(self, request: Request) -> Response:
        """Send the picture or the paper that came with a message, to whom it was sent and nobody else."""
        self._door.gate.pass_page(request)
        number, visitor = request.path_params["number"], visitors.visitor_of(request)
        contact_id = None if visitor is None else await self._contact(visitor)
        if contact_id is None or not NUMBER.match(number):
            raise Refused(404, "gone")

        def find(session: Session) -> Response | None:
            from storage.notices import files as notice_files

            text = notice_files.text_behind(session, contact_id, int(number))
            file = notice_files.find_file(session, text.file_id) if text else None
            return sent_on(file.mime, file.body, is_shown=file.is_photo) if file else None

        answer = await self._runner.desk.look(find)
        if answer is None:
            raise Refused(404, "gone")
        return answer

    async def open(self, request: Request) -> Response:
        """Do what the button of a message says, for whom the message was sent to and nobody else."""
        visitor, posted = await self._door.accept(request)
        number = posted.one("letter")
        contact_id = await self._contact(visitor)
        row, _, way = number.partition(":")
        if contact_id is None or not NUMBER.match(row) or not NUMBER.match(way or "0"):
            raise Refused(404, "no_button")
        now = self._runner.clock.now()

        def press(session: Session) -> Begin | None:
            from bot.letters.opening import opened

            return opened(session, int(row), contact_id, int(way or 0), now)

        event = await self._runner.desk.do(press)
        if event is None:
            raise Refused(404, "no_button")
        await self._runner.hear(address_of(visitor), event, once=once_of(posted.fields, event))
        response = see()
        visitors.remember(response, visitor, secure=self._door.secure)
        return response

    async def _contact(self, visitor: str) -> int | None:
        def find(session: Session) -> int | None:
            contact = people.find_contact(session, "web", visitor)
            return None if contact is None else contact.id

        return await self._runner.desk.look(find)

    async def _mark_read(self, contact_id: int, up_to: int) -> None:
        now = self._runner.clock.now()
        await self._runner.desk.do(lambda session: mark_read(session, contact_id, up_to, now))

    async def _keep_size(self, visitor: str, size: str) -> None:
        def keep(session: Session) -> None:
            contact = people.find_contact(session, "web", visitor)
            if contact is not None:
                contact.size = Size(size)
                session.add(contact)

        await self._runner.desk.do(keep)


def _prefetching(request: Request) -> bool:
    return "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
