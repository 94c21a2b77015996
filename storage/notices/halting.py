"""A notice whose words cannot be sent to anybody halts by itself: staff mend them before it failed for everyone."""

from sqlmodel import Session, col, select

from storage.notices import notices
from storage.tables import Fate, Notice, Outbox

FEW = 3
"""So many that a version could not be sent to, and nobody that it could: it is the words, not the people."""


def halt_if_broken(session: Session, notice: Notice) -> bool:
    """Pause a notice whose present words failed for the first few, and keep why. Say whether it was paused.

    Some workers may have a few more on their way. Who it failed for is sent it by `rows.resend` in the end.
    """
    of_version = (col(Outbox.notice_id) == notice.id, col(Outbox.version) == notice.version)
    failed = select(Outbox.drop_reason).where(*of_version, Outbox.fate == Fate.FAILED).limit(FEW)
    reasons = session.exec(failed).all()
    if len(reasons) < FEW:
        return False
    sent = select(Outbox.id).where(*of_version, Outbox.fate == Fate.SENT).limit(1)
    if session.exec(sent).first() is not None:
        return False
    return notices.halt(session, notice.id, reasons[0])
