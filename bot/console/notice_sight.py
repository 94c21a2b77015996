"""Whose notices and whose people are a member's business."""

from sqlmodel import Session
from starlette.requests import Request

from bot.console.courses import number_in
from bot.console.inside import Inside, NotYours
from storage import staff
from storage.audience import Own
from storage.tables import Notice, Staff, StaffRole


def sees(member: Staff, writer: Staff) -> bool:
    """Say whether a member sees a notice: an admin every one, a clerk those of their own region's colleagues."""
    mine = member.id == writer.id or (bool(member.region) and member.region == writer.region)
    return member.role is StaffRole.ADMIN or mine


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
    notice = session.get(Notice, number)
    writer = session.get(Staff, notice.staff_id) if notice else None
    if notice is None or writer is None or not sees(inside.member, writer):
        raise NotYours("notice")
    return notice


def own_of(inside: Inside) -> Own | None:
    """Give whom a member may choose as recipients at all; None for everybody."""
    if inside.reach.intakes is None:
        return None
    return Own(inside.member.region, inside.reach.intakes)
