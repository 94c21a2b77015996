"""The buttons under a notice: what stands on them, and what they begin for whom it was sent to."""

from datetime import datetime

from sqlmodel import Session

from dialogs.talk import Begin
from storage import notices
from storage.tables import Outbox


def labels_of(session: Session, row: Outbox) -> tuple[str, ...]:
    """Give the source wordings of the buttons under a recipient's copy."""
    if row.notice_id is None:
        return ()
    return tuple(str(each["label"]) for each in notices.text_of(session, row.notice_id, row.version).buttons)


def pressed(session: Session, row: Outbox, way: int, now: datetime | None) -> Begin | None:
    """Give what a button begins, and note that they replied where the moment is given."""
    if row.notice_id is None:
        return None
    buttons = notices.text_of(session, row.notice_id, row.version).buttons
    if way >= len(buttons):
        return None
    if now is not None and row.replied_at is None:
        row.replied_at = now
        session.add(row)
    button = buttons[way]
    return Begin(str(button["flow"]), tuple(dict(button["about"]).items()), dict(button["given"]))
