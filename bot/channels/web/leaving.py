"""Leaving a device: it opens nothing any more, and what was said stays for the other devices."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web import visitors
from bot.channels.web.door import Door, personal, see
from storage import people
from storage.leaving import close_account, is_only_way

HEADING = "这台手机上不再打开吗？"
ONLY_WAY = (
    "现在只有这台手机能打开您说过的话。",
    "不再打开，这里就看不到报名到哪一步了。",
    "想接着看，先换到另一个手机。",
)
STAY = "先换到另一个手机"
LEAVE = "不再打开"
BACK = "回去，接着说"

LEFT = "这台手机上不再打开了。"
LEFT_LINES = ("这里看不到您说过的话了。报名没有变。", "想问报名，可以打电话。")
ANEW = "重新开始"


class Leaving:
    """The pages of a device that is left."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def show(self, request: Request) -> Response:
        """Say that the device was left, or what leaving it would mean where it is the only way back."""
        self._door.gate.pass_page(request)
        size = visitors.size_of(request)
        visitor = visitors.visitor_of(request)
        met = visitor is not None and await self._door.runner.desk.look(
            lambda session: people.find_contact(session, "web", visitor) is not None
        )
        if visitor is None or not met:
            values = {"heading": LEFT, "lines": LEFT_LINES, "seconds": "", "ways": (("/", ANEW),)}
            return personal(self._door.pages.render("message.html", values, size=size))
        told = {"heading": HEADING, "lines": ONLY_WAY, "stay": STAY, "leave": LEAVE, "back": BACK}
        proof = {"token": visitors.form_token(visitor)}
        return personal(self._door.pages.render("leave.html", {**told, **proof}, size=size))

    async def leave(self, request: Request) -> Response:
        """Leave the device at one press; where it is the only way back, that is said first."""
        visitor, posted = await self._door.accept(request)
        is_sure = posted.one("sure") == "yes"
        left = await self._door.runner.desk.do(lambda session: _leave(session, visitor, is_sure))
        response = see("/forget")
        if left:
            visitors.forget(response, secure=self._door.secure)
        return response


def _leave(session: Session, visitor: str, is_sure: bool) -> bool:
    """Close the visitor's account unless nothing else leads back. Say whether the device is left now."""
    contact = people.find_contact(session, "web", visitor)
    places = () if contact is None else people.accounts_of(session, contact.id)
    account = next((each for each in places if each.address == visitor), None)
    if account is None:
        return True
    if is_only_way(session, account) and not is_sure:
        return False
    close_account(session, account)
    return True
