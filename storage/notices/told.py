"""What staff told in other ways: people with nobody to read for them, and places that we cannot send to."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select, update

from storage.notices import audience
from storage.notices.audience import Own, choice_of
from storage.notices.listing import ToPhone
from storage.notices.notices import NOT_REACHED
from storage.notices.recipients import NOWHERE
from storage.notices.tables import NoticeTold
from storage.tables import Fate, Notice, Outbox, Person


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place a notice was put by hand: which (group, account, sms, paper), by whom, when."""

    where: str
    staff_id: int
    at: datetime


def put_elsewhere(session: Session, notice: Notice, where: str, staff_id: int, now: datetime) -> None:
    """Note that staff put a notice in a place that we cannot send to."""
    mark = {"where": where, "staff": staff_id, "at": now.isoformat()}
    notice.elsewhere = [*notice.elsewhere, mark]
    session.add(notice)
    session.flush()


def elsewhere_of(notice: Notice) -> Sequence[Elsewhere]:
    """Give where else a notice was put, the oldest first."""
    return [
        Elsewhere(each["where"], each["staff"], datetime.fromisoformat(each["at"]))
        for each in notice.elsewhere
    ]


def tell_by_hand(session: Session, notice_id: int, contact_ids: Sequence[int]) -> int:
    """Note that staff told these recipients in another way (by telephone, SMS). Give how many that is new for."""
    rows = update(Outbox).where(col(Outbox.notice_id) == notice_id, col(Outbox.contact_id).in_(contact_ids))
    unsent = rows.where(col(Outbox.fate).in_((*NOT_REACHED, Fate.UNSURE)))
    return session.connection().execute(unsent.values(fate=Fate.BY_HAND)).rowcount


def alone(session: Session, notice: Notice, now: datetime, own: Own | None) -> Iterator[tuple[int, ToPhone]]:
    """Stream those that a notice means, that no message can go to and whom nobody has told yet, each with a number.

    Args:
        session: kept open until the last is read.
        notice: one whose list was made.
        now: the moment.
        own: whom who asks may see at all; None for everybody.

    """
    if notice.planned_at is None:
        return
    told = set(session.exec(select(NoticeTold.person_id).where(NoticeTold.notice_id == notice.id)).all())
    for each in audience.people(session, choice_of(notice.audience), now, own):
        if each.contact_id is None and each.person_id not in told:
            person = session.get_one(Person, each.person_id)
            yield (
                each.person_id,
                ToPhone(None, person.name or "", person.phone or "", Fate.UNREACHABLE, NOWHERE),
            )


def tell_alone(
    session: Session,
    notice: Notice,
    picked: Collection[int],
    staff_id: int,
    now: datetime,
    own: Own | None,
) -> int:
    """Note that staff told these people; who is not one of those meant does not count. Give how many that is new for."""
    theirs = [number for number, _ in alone(session, notice, now, own) if number in picked]
    session.add_all(
        NoticeTold(notice_id=notice.id, person_id=number, staff_id=staff_id, at=now) for number in theirs
    )
    session.flush()
    return len(theirs)


def count_told(session: Session, notice_id: int) -> int:
    """Count the people with no place to send to whom staff told."""
    wanted = select(func.count(col(NoticeTold.person_id))).where(NoticeTold.notice_id == notice_id)
    return session.exec(wanted).one()
