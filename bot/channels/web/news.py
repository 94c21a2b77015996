"""Messages that came by themselves, as pages show them."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.channels.web.pages import News
from storage.messages import messages_of
from storage.tables import Message


def latest(session: Session, contact_id: int, zone: ZoneInfo) -> tuple[News, ...]:
    """Give the newest messages of a contact, newest first, with times of the service's zone."""
    return tuple(_news(row, zone) for row in messages_of(session, contact_id))


def unread(session: Session, contact_ids: Collection[int], zone: ZoneInfo) -> list[tuple[int, News]]:
    """Give what these contacts have not read, with whose it is, oldest first."""
    wanted = select(Message).where(col(Message.contact_id).in_(contact_ids), col(Message.read_at).is_(None))
    return [
        (row.contact_id, _news(row, zone)) for row in session.exec(wanted.order_by(col(Message.id))).all()
    ]


def _news(row: Message, zone: ZoneInfo) -> News:
    return News(row.id, row.text, row.at.astimezone(zone), unread=row.read_at is None)
