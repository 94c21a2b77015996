"""Notices as staff find them again: a list, the people behind recipients, and reasons counted."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from storage.notices import report as notice_report
from storage.notices.tables import NoticeText
from storage.people import in_force
from storage.tables import Audit, Contact, Fate, Notice, NoticeState, Outbox, Person, Relation, Staff

MOST_HALTED = 20
"""Told of at once."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One notice in a list: its row, its newest title."""

    notice: Notice
    title: str


@dataclass(frozen=True, slots=True)
class ToPhone:
    """Somebody a notice did not reach.

    Args:
        contact_id: who reads for them; None where nobody does.
        name: of the person.
        phone: of the person.
        fate: what became of it; UNREACHABLE for who has no contact.
        reason: why.

    """

    contact_id: int | None
    name: str
    phone: str
    fate: Fate
    reason: str


@dataclass(frozen=True, slots=True)
class Press:
    """What somebody last did to a notice.

    Args:
        who: the member's name.
        what: as the audit calls it, such as "pause notice".
        at: when.

    """

    who: str
    what: str
    at: datetime


def last_press(session: Session, notice_id: int, known: Collection[str]) -> Press | None:
    """Give who did the last of these acts to a notice; None when nobody did."""
    acts = select(Audit).where(Audit.subject_kind == "notice", Audit.subject_id == notice_id)
    last = session.exec(
        acts.where(col(Audit.action).in_(known)).order_by(col(Audit.id).desc()).limit(1)
    ).first()
    if last is None:
        return None
    member = session.get(Staff, int(last.actor.removeprefix("staff:")))
    return Press("" if member is None else member.name, last.action, last.at)


def notices_of(
    session: Session, writers: Collection[int] | None, page: int, most: int
) -> tuple[Sequence[Listed], int]:
    """Give a page of the notices these members wrote (None: everybody), the newest first, and how many there are."""
    theirs = () if writers is None else (col(Notice.staff_id).in_(writers),)
    total = session.exec(select(func.count()).select_from(Notice).where(*theirs)).one()
    wanted = (
        select(Notice, NoticeText.title)
        .join(NoticeText, col(NoticeText.notice_id) == col(Notice.id))
        .where(NoticeText.version == Notice.version, *theirs)
        .order_by(col(Notice.id).desc())
    )
    found = session.exec(wanted.offset((page - 1) * most).limit(most)).all()
    return [Listed(*each) for each in found], total


def halted_of(session: Session, writers: Collection[int] | None) -> Sequence[Listed]:
    """Give these members' notices that stopped by themselves and wait to be mended, the oldest first."""
    theirs = () if writers is None else (col(Notice.staff_id).in_(writers),)
    wanted = (
        select(Notice, NoticeText.title)
        .join(NoticeText, col(NoticeText.notice_id) == col(Notice.id))
        .where(NoticeText.version == Notice.version, Notice.halted != "", col(Notice.ended_at).is_(None))
        .where(col(Notice.state).in_((NoticeState.PAUSED, NoticeState.DRAFT)), *theirs)
    )
    found = session.exec(wanted.order_by(col(Notice.id)).limit(MOST_HALTED)).all()
    return [Listed(*each) for each in found]


def reasons(session: Session, notice_id: int) -> Mapping[Fate, Mapping[str, int]]:
    """Count why it was not sent to those it was not sent to."""
    wanted = (
        select(Outbox.fate, Outbox.drop_reason, func.count())
        .where(Outbox.notice_id == notice_id, Outbox.drop_reason != "")
        .group_by(col(Outbox.fate), col(Outbox.drop_reason))
    )
    found: dict[Fate, dict[str, int]] = {}
    for fate, reason, count in session.exec(wanted).all():
        found.setdefault(Fate(fate), {})[reason] = count
    return found


def to_phone(
    session: Session, notice_id: int, now: datetime, fates: Collection[Fate], *, most: int | None = None
) -> Iterator[ToPhone]:
    """Stream those it ended so for, with the person each talks for."""
    after, left = 0, most
    while left is None or left > 0:
        portion = min(500, left or 500)
        rows = notice_report.recipients(session, notice_id, fates=fates, after=after, most=portion)
        if not rows:
            return
        after = rows[-1].id
        who = people_behind(session, [each.contact_id for each in rows], now)
        for row in rows:
            person = who.get(row.contact_id)
            name, phone = (person.name or "", person.phone or "") if person else ("", "")
            yield ToPhone(row.contact_id, name, phone, row.fate, row.reason)
        left = None if left is None else left - len(rows)


def people_behind(session: Session, contact_ids: Sequence[int], now: datetime) -> dict[int, Person]:
    """Give the person each contact talks for: the one they talk of now, else the first they may talk for."""
    spoken = (
        select(Relation.contact_id, Person)
        .join(Person, col(Person.id) == col(Relation.person_id))
        .where(col(Relation.contact_id).in_(contact_ids), *in_force(now))
        .order_by(col(Relation.id).desc())
    )
    found = dict(session.exec(spoken).all())
    current = select(Contact.id, Person).join(Person, col(Person.id) == col(Contact.current_person_id))
    return found | dict(session.exec(current.where(col(Contact.id).in_(contact_ids))).all())
