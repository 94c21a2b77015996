"""Whom staff chose to ask to a job fair, and whom of them a notice about it really reached."""

from dataclasses import dataclass

from sqlmodel import Session, col, exists, func, or_, select

from storage.fairs.tables import FairSignup
from storage.notices.tables import NoticeTold
from storage.tables import Fate, Notice, Outbox, Relation, Topic

REACHED = (Fate.SENT, Fate.PAGE, Fate.BY_HAND)
"""What became of a message that was there (`notice_report.Progress.reached`)."""


@dataclass(frozen=True, slots=True)
class Invited:
    """How many people staff asked.

    Args:
        chosen: who was chosen, whether or not anything was sent yet.
        told: whom of them a notice chosen by this fair reached, themselves or somebody who helps them.

    """

    chosen: int = 0
    told: int = 0


def invited(session: Session, fair_id: str) -> Invited:
    """Count who was chosen and who was told, as long as what was sent is kept (`limits.outbox_over`)."""
    ours = select(FairSignup.id).where(FairSignup.fair_id == fair_id, col(FairSignup.invited_at).is_not(None))
    chosen = session.exec(select(func.count()).select_from(ours.subquery())).one()
    written = session.exec(select(Notice.id, Notice.audience).where(Notice.topic == Topic.JOBS)).all()
    about = [number for number, audience in written if audience.get("fair") == fair_id]
    if not about or not chosen:
        return Invited(chosen)
    by_message = (
        exists()
        .where(col(Outbox.notice_id).in_(about), col(Outbox.fate).in_(REACHED))
        .where(col(Outbox.contact_id) == col(Relation.contact_id))
        .where(col(Relation.person_id) == col(FairSignup.person_id), col(Relation.revoked_at).is_(None))
    )
    by_staff = exists().where(
        col(NoticeTold.notice_id).in_(about), col(NoticeTold.person_id) == col(FairSignup.person_id)
    )
    told = ours.where(or_(by_message, by_staff))
    return Invited(chosen, session.exec(select(func.count()).select_from(told.subquery())).one())
