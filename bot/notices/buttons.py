"""The buttons under a notice: what stands on them, and what they begin for whom it was sent to."""

from datetime import datetime

from sqlmodel import Session

from dialogs.talk import Begin
from storage.notices import notices
from storage.tables import Outbox

SEE_FAIR = "看招聘会"
TAKE_PART = "我要参加"
NO_MORE = "不再提醒"


def labels_of(session: Session, row: Outbox) -> tuple[str, ...]:
    """Give the source wordings of the buttons under a recipient's copy, or a trial."""
    text = notices.text_in(session, row)
    return () if text is None else tuple(str(each["label"]) for each in text.buttons)


def pressed(session: Session, row: Outbox, way: int, now: datetime | None) -> Begin | None:
    """Give what a button begins, and note that they replied where the moment is given."""
    text = notices.text_in(session, row)
    buttons = [] if text is None else text.buttons
    if way >= len(buttons):
        return None
    if now is not None and row.replied_at is None:
        row.replied_at = now
        session.add(row)
    button = buttons[way]
    return Begin(str(button["flow"]), tuple(dict(button["about"]).items()), dict(button["given"]))
