"""Messages that came by themselves, as pages show them, each with the button its letter has."""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.channels.web.pages import News
from bot.letters import LETTERS
from storage.messages import messages_of
from storage.tables import Message, Outbox


def latest(session: Session, contact_id: int, zone: ZoneInfo) -> tuple[News, ...]:
    """Give the newest messages of a contact, newest first, with times of the service's zone."""
    return tuple(_as_news(session, messages_of(session, contact_id), zone))


def unread(session: Session, contact_ids: Collection[int], zone: ZoneInfo) -> list[tuple[int, News]]:
    """Give what these contacts have not read, with whose it is, oldest first."""
    wanted = select(Message).where(col(Message.contact_id).in_(contact_ids), col(Message.read_at).is_(None))
    rows = session.exec(wanted.order_by(col(Message.id))).all()
    return [(row.contact_id, each) for row, each in zip(rows, _as_news(session, rows, zone), strict=True)]


def _as_news(session: Session, rows: Sequence[Message], zone: ZoneInfo) -> list[News]:
    promised = [row.outbox_id for row in rows if row.outbox_id is not None]
    kinds: dict[int | None, str] = {}
    if promised:
        kinds.update(session.exec(select(Outbox.id, Outbox.kind).where(col(Outbox.id).in_(promised))).all())
    found = []
    for row in rows:
        letter = LETTERS.get(kinds.get(row.outbox_id, ""))
        button = letter.button if letter is not None and letter.begins is not None else ""
        number = row.outbox_id if button and row.outbox_id is not None else 0
        found.append(
            News(row.id, row.text, row.at.astimezone(zone), row.read_at is None, letter=number, button=button)
        )
    return found
