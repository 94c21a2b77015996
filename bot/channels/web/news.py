"""Messages that came by themselves, as pages show them, each with the button its letter has."""

from collections.abc import Collection, Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.channels.web.pages import News
from bot.letters.table import LETTERS
from bot.notices.buttons import labels_of
from storage.messages import messages_of
from storage.notices.files import is_photo
from storage.notices.notices import TRIAL, text_in
from storage.tables import Message, Outbox

TO_ANSWER = "回答"
"""The button of a letter that asks something: gone once that is answered."""


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
        file, words = _file(session, cause)
        found.append(
            News(row.id, row.text, at, is_new, number, button, tuple(more), file=file, file_words=words)
        )
    return found


def _file(session: Session, cause: Outbox | None) -> tuple[Literal["", "photo", "paper"], str]:
    """Give whether a notice came with a picture or a paper, and what is on it."""
    text = None if cause is None else text_in(session, cause)
    if text is None or text.file_id is None:
        return "", ""
    return "photo" if is_photo(session, text.file_id) else "paper", text.file_words


def _labels(session: Session, cause: Outbox) -> tuple[str, ...]:
    """Give what stands on the buttons of a message; of a letter's ways, our page has the first."""
    if cause.notice_id is not None or cause.kind == TRIAL:
        return labels_of(session, cause)
    letter = LETTERS.get(cause.kind)
    if letter is None or letter.begins is None or (letter.button == TO_ANSWER and _is_over(session, cause)):
        return ()
    return (letter.button,)


def _is_over(session: Session, cause: Outbox) -> bool:
    """Whether what a letter asks is answered by now, or asked no more; one that was emptied asks nothing."""
    return not cause.payload or bool(LETTERS[cause.kind].useless(session, cause.payload))
