"""Pictures and papers that go with notices: kept when they are brought, read when they are sent or opened."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.notices.notices import text_in
from storage.notices.tables import NoticeFile, NoticeText
from storage.tables import Message, Outbox

MOST_BYTES = 5 * 1024 * 1024
"""Of a picture or a paper; it is opened on phones."""


def keep_file(
    session: Session,
    name: str,
    mime: str,
    body: bytes,
    staff_id: int,
    now: datetime,
    *,
    is_photo: bool,
) -> int:
    """Keep a file somebody brought; give its number, by which the words of a notice name it."""
    file = NoticeFile(name=name, mime=mime, body=body, is_photo=is_photo, staff_id=staff_id, at=now)
    session.add(file)
    session.flush()
    return file.id


def find_file(session: Session, file_id: int | None) -> NoticeFile | None:
    """Give a file by its number."""
    return None if file_id is None else session.get(NoticeFile, file_id)


def is_kept(session: Session, file_id: int) -> bool:
    """Whether there is a file of this number."""
    return session.exec(select(NoticeFile.id).where(NoticeFile.id == file_id)).first() is not None


def is_photo(session: Session, file_id: int | None) -> bool:
    """Whether it is a picture that is shown, and no paper to be opened; the file itself is not read."""
    return bool(session.exec(select(NoticeFile.is_photo).where(NoticeFile.id == file_id)).first())


def text_behind(session: Session, contact_id: int, message_id: int) -> NoticeText | None:
    """Give the words of the notice that a message on somebody's own page was; None for anything else."""
    cause = (
        select(Outbox)
        .join(Message, col(Message.outbox_id) == col(Outbox.id))
        .where(Message.id == message_id, Message.contact_id == contact_id)
    )
    row = session.exec(cause).first()
    return None if row is None else text_in(session, row)
