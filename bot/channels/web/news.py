"""Messages that came by themselves, as pages show them, each with the button its letter has."""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.channels.web.pages import News
from bot.letters import LETTERS
from bot.notice_buttons import labels_of
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
    known = {row.id: row for row in session.exec(select(Outbox).where(col(Outbox.id).in_(promised)))}
    found = []
    for row in rows:
        cause = known.get(row.outbox_id or 0)
        button, *more = (_labels(session, cause) if cause is not None else ()) or ("",)
        number = row.outbox_id if button and row.outbox_id is not None else 0
        at, is_new = row.at.astimezone(zone), row.read_at is None
        found.append(News(row.id, row.text, at, is_new, letter=number, button=button, more=tuple(more)))
    return found


def _labels(session: Session, cause: Outbox) -> tuple[str, ...]:
    """Give what stands on the buttons of a message; of a letter's ways, our page has the first."""
    if cause.notice_id is not None:
        return labels_of(session, cause)
    letter = LETTERS.get(cause.kind)
    return (letter.button,) if letter is not None and letter.begins is not None else ()
