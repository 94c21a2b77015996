"""What the button of a letter begins, for the contact it was sent to."""

from datetime import datetime

from sqlmodel import Session

from bot.letters.table import LETTERS
from bot.notices.buttons import pressed
from dialogs.talk import Begin
from storage.finding import get
from storage.notices.notices import TRIAL
from storage.tables import Outbox


def opened(
    session: Session, outbox_id: int, contact_id: int, way: int = 0, now: datetime | None = None
) -> Begin | None:
    """Give what a button of a letter or a notice begins for the contact it was sent to; None for anybody else.

    The way is the number of the button: 0 for the first one. A reply to a notice is noted where `now` is given.

    It does not ask whether the letter is of use still: the flow says what has become of the matter. One that
    was emptied, because what it was about is erased, begins nothing.
    """
    row = get(session, Outbox, outbox_id)
    if row is not None and row.contact_id == contact_id and (row.notice_id is not None or row.kind == TRIAL):
        return pressed(session, row, way, now)
    letter = LETTERS.get(row.kind) if row is not None and row.contact_id == contact_id else None
    if row is None or letter is None or letter.begins is None or not row.payload:
        return None
    begins = (letter.begins, *(begun for _, begun in letter.more))
    return begins[way](row.payload) if way < len(begins) else None
