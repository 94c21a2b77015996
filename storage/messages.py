"""What people can read on our own page that arrived by itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from storage.compiled import add_all_once, add_once
from storage.tables import Message


def put_message(session: Session, contact_id: int, text: str, outbox_id: int, now: datetime) -> bool:
    """Put a promised message on somebody's page, once. Say whether it was not there yet."""
    session.flush()
    return add_once(session, Message, contact_id=contact_id, text=text, at=now, outbox_id=outbox_id)


def put_messages(session: Session, posts: Sequence[tuple[int, str, int]], now: datetime) -> None:
    """Put promised messages on people's pages, each once: the contact, the text, the number in the outbox."""
    add_all_once(
        session,
        Message,
        [
            {"contact_id": contact_id, "text": text, "at": now, "outbox_id": outbox_id}
            for contact_id, text, outbox_id in posts
        ],
    )


def messages_of(session: Session, contact_id: int, *, most: int = 20, unread: bool = False) -> list[Message]:
    """Give what somebody was sent, newest first; only what they have not seen, where asked for."""
    wanted = select(Message).where(Message.contact_id == contact_id)
    if unread:
        wanted = wanted.where(col(Message.read_at).is_(None))
    return list(session.exec(wanted.order_by(col(Message.id).desc()).limit(most)).all())


def mark_read(session: Session, contact_id: int, up_to: int, now: datetime) -> None:
    """Remember that somebody saw their messages up to this one."""
    seen = update(Message).where(col(Message.contact_id) == contact_id, col(Message.id) <= up_to)
    session.connection().execute(seen.where(col(Message.read_at).is_(None)).values(read_at=now))
