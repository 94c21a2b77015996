"""Whose notices and whose people are the business of whoever opens a page."""

from sqlmodel import Session
from starlette.requests import Request

from bot.console.courses import number_in
from bot.console.inside import Inside, NotYours
from bot.notices.rights import own_in, seen_by, sees
from storage.notices.audience import Own
from storage.staff import staff
from storage.tables import Notice, StaffRole


def writers(session: Session, inside: Inside) -> list[int] | None:
    """Give whose notices a member sees; None for everybody's."""
    if inside.member.role is StaffRole.ADMIN:
        return None
    return [each.id for each in staff.all_staff(session) if sees(inside.member, each)]


def notice_of(session: Session, request: Request, inside: Inside) -> Notice:
    """Give the notice an address names. Raises NotYours."""
    return find_notice(session, number_in(request.path_params["notice"]), inside)


def find_notice(session: Session, number: int, inside: Inside) -> Notice:
    """Give a notice by its number. Raises NotYours for another region's, and for one that does not exist."""
    notice = seen_by(session, number, inside.member)
    if notice is None:
        raise NotYours("notice")
    return notice


def own_of(inside: Inside) -> Own | None:
    """Give whom a member may choose as recipients at all; None for everybody."""
    return own_in(inside.member, inside.reach)
