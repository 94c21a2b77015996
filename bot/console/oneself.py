"""The page of whoever is in: where else they are in, how they work in a chat, and the word that makes one theirs."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web import visitors
from bot.channels.web.door import Door, personal, see
from bot.console.inside import Inside, remember, told
from bot.console.pages import ConsolePages
from bot.heard import Address
from dialogs.talk import Begin
from storage import people
from storage.staff import chats as staff_chats
from storage.staff import visits as staff_visits
from storage.tables import Channel, ContactRole, Staff


class Oneself:
    """One's own page."""

    def __init__(self, door: Door, pages: ConsolePages) -> None:
        self._door = door
        self._runner = door.runner
        self._pages = pages

    async def show(self, request: Request, inside: Inside) -> Response:
        """Show who is in, and whether a chat is theirs."""
        return await self._page(inside, request.query_params.get("told", ""))

    async def link_chat(self, _: Request, inside: Inside) -> Response:
        """Make a word that links a chat, and show it once."""
        word = await self._runner.desk.do(
            lambda session: staff_chats.make_chat_word(session, _me(session, inside), inside.now)
        )
        return await self._page(inside, word=word)

    async def end_elsewhere(self, _: Request, inside: Inside) -> Response:
        """Be out in every browser but this one, and wherever a copy of its key is."""
        key = await self._runner.desk.do(
            lambda session: staff_visits.end_elsewhere(session, inside.member, inside.key, inside.now)
        )
        answer = told("/me", "out_elsewhere")
        remember(answer, key, secure=self._door.secure)
        return answer

    async def link_here(self, request: Request, inside: Inside) -> Response:
        """Make the chat page of this very browser one's own, and go there."""
        visitor = visitors.visitor_of(request) or visitors.new_visitor()

        def act(session: Session) -> None:
            contact = people.meet(session, Channel.WEB, visitor, inside.now)
            if contact.role is ContactRole.UNKNOWN:
                people.set_role(session, contact.id, ContactRole.STAFF)
            staff_chats.join_chat(session, _me(session, inside), contact.id, inside.now)

        await self._runner.desk.do(act)
        await self._runner.hear(Address(Channel.WEB, visitor), Begin("staff"))
        answer = see("/")
        visitors.remember(answer, visitor, secure=self._door.secure)
        return answer

    async def unlink_chat(self, _: Request, inside: Inside) -> Response:
        """Work through no chat any more."""
        await self._runner.desk.do(
            lambda session: staff_chats.unlink_chat(
                session, _me(session, inside), inside.now, actor=inside.actor
            )
        )
        return told("/me", "unlinked")

    async def _page(self, inside: Inside, told_: str = "", word: str = "") -> Response:
        name = self._runner.bot_name
        visits = await self._runner.desk.look(
            lambda session: staff_visits.visits_of(session, inside.member.id, inside.key, inside.now)
        )
        values = {
            "inside": inside,
            "word": word,
            "visits": visits,
            "deep_link": f"https://t.me/{name}?start={word}" if name and word else "",
        }
        return personal(self._pages.render("me.html", values, told_))


def _me(session: Session, inside: Inside) -> Staff:
    return session.get_one(Staff, inside.member.id)
