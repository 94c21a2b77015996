"""How far a notice is, and what became of each recipient: what staff watch, and what is left to be phoned."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import literal_column, text
from sqlmodel import Session, col, func, select

from storage.notices.notices import NOT_REACHED
from storage.tables import (
    MARKED,
    Channel,
    Fate,
    Message,
    Notice,
    NoticeState,
    Outbox,
)

RECENT = timedelta(seconds=20)
"""Over how long the rate is measured, at most: since it began, where that is shorter."""

KEPT = timedelta(days=80)
"""How long after its end a notice is counted row by row; then the counts it was left with are told."""

READ, REPLIED, TWICE = "read", "replied", "perhaps_twice"
"""What recipients are marked with, beside how it ended for them."""

_MARKS = {
    READ: col(Message.read_at).is_not(None),
    REPLIED: col(Outbox.replied_at).is_not(None),
    TWICE: col(Outbox.perhaps_twice),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice is.

    Args:
        state: where it stands.
        total: how many recipients it was planned for.
        fates: how many of them ended how; of a stopped notice nobody is `Fate.WAITING`.
        read: how many opened it on our page.
        replied: how many pressed a button of it.
        perhaps_twice: how many may have got it twice, because a worker was cut off or no answer came.
        per_second: messages a second in the last `RECENT`.
        seconds_left: until all are sent at this rate; None when that cannot be said.

    """

    state: NoticeState
    total: int
    fates: Mapping[Fate, int]
    read: int
    replied: int
    perhaps_twice: int
    per_second: float
    seconds_left: float | None

    @property
    def waiting(self) -> int:
        """How many it has still to go to."""
        return self.fates.get(Fate.WAITING, 0)

    @property
    def left_out(self) -> int:
        """How many it was stopped for before their turn."""
        return self.fates.get(Fate.STOPPED, 0)

    @property
    def done(self) -> int:
        """How many had their turn, whatever came of it."""
        return self.total - self.waiting - self.left_out

    @property
    def reached(self) -> int:
        """How many it surely went to, in whatever way."""
        return sum(self.fates.get(each, 0) for each in (Fate.SENT, Fate.PAGE, Fate.BY_HAND))


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient in the report.

    Args:
        id: the number of the row.
        contact_id: who.
        fate: what became of it; WAITING while it is on its way.
        reason: why it was not sent.
        channel: where it goes or went: TELEGRAM (also on the page, for who has both), WEB, or None for nowhere.
        version: which version of the words they got.
        at: when it was sent, or given up.
        read_at: when it was read on our page; in a chat nobody knows.
        replied_at: when a button of it was pressed.
        perhaps_twice: whether it may have come twice.

    """

    id: int
    contact_id: int
    fate: Fate
    reason: str
    channel: Channel | None
    version: int | None
    at: datetime | None
    read_at: datetime | None
    replied_at: datetime | None
    perhaps_twice: bool


def progress(session: Session, notice_id: int, now: datetime) -> Progress:
    """Say how far a notice is. Counted from an index: cheap enough to be asked for every other second."""
    notice = session.get_one(Notice, notice_id)
    if notice.counts and notice.ended_at is not None and notice.ended_at < now - KEPT:
        return _remembered(notice)
    by_fate = (
        select(Outbox.fate, func.count()).where(Outbox.notice_id == notice_id).group_by(col(Outbox.fate))
    )
    fates = {Fate(fate): number for fate, number in session.exec(by_fate).all()}
    total, waiting = sum(fates.values()), fates.get(Fate.WAITING, 0)
    if notice.state is NoticeState.STOPPED and waiting:
        fates[Fate.STOPPED] = fates.get(Fate.STOPPED, 0) + fates.pop(Fate.WAITING)
        waiting = 0
    replied, twice = _marked(session, notice_id)
    since = max(now - RECENT, notice.started_at or now - RECENT)
    passed = max(1.0, (now - since).total_seconds())
    per_second = _recent(session, notice_id, since) / passed if waiting else 0.0
    return Progress(
        state=notice.state,
        total=total,
        fates=fates,
        read=_read(session, notice_id),
        replied=replied,
        perhaps_twice=twice,
        per_second=per_second,
        seconds_left=waiting / per_second if per_second else None,
    )


def recipients(
    session: Session,
    notice_id: int,
    *,
    fates: Collection[Fate] | None = None,
    mark: str = "",
    after: int = 0,
    skip: int = 0,
    most: int = 100,
) -> list[Recipient]:
    """Give a page of the recipients, in the order of their rows.

    Args:
        session: a session to read with.
        notice_id: which notice.
        fates: only those that ended so; all when None.
        mark: only those marked so (`READ`, `REPLIED`, `TWICE`); all when "".
        after: the `id` of the last one of the page before.
        skip: how many of those after it are left out.
        most: how many.

    """
    wanted = (
        select(Outbox, Message.read_at)
        .outerjoin(Message, col(Message.outbox_id) == col(Outbox.id))
        .where(Outbox.notice_id == notice_id, col(Outbox.id) > after)
    )
    if fates is not None:
        wanted = wanted.where(col(Outbox.fate).in_(fates))
    if mark:
        wanted = wanted.where(_MARKS[mark])
    found = session.exec(wanted.order_by(col(Outbox.id)).offset(skip).limit(most)).all()
    return [
        Recipient(
            id=row.id,
            contact_id=row.contact_id or 0,
            fate=row.fate,
            reason=row.drop_reason,
            channel=Channel.WEB if row.fate is Fate.PAGE else row.channel,
            version=row.version,
            at=row.sent_at or row.dropped_at,
            read_at=read_at,
            replied_at=row.replied_at,
            perhaps_twice=row.perhaps_twice,
        )
        for row, read_at in found
    ]


def not_reached(session: Session, notice_id: int, *, after: int = 0, most: int = 1000) -> Sequence[int]:
    """Give contacts to be phoned or sent an SMS, in the order of their numbers, from the one after `after` on."""
    wanted = select(Outbox.contact_id).where(
        Outbox.notice_id == notice_id,
        col(Outbox.fate).in_((*NOT_REACHED, Fate.UNSURE)),
        col(Outbox.contact_id) > after,
    )
    found = session.exec(wanted.order_by(col(Outbox.contact_id)).limit(most)).all()
    return [each for each in found if each is not None]


def remember(session: Session, notice: Notice, now: datetime) -> Progress:
    """Keep the counts with the notice itself, for the time when the rows are deleted; give them."""
    told = progress(session, notice.id, now)
    notice.counts = {
        **{fate.value: number for fate, number in told.fates.items()},
        READ: told.read,
        REPLIED: told.replied,
        TWICE: told.perhaps_twice,
    }
    session.add(notice)
    session.flush()
    return told


def _remembered(notice: Notice) -> Progress:
    counts = dict(notice.counts)
    read, replied, twice = (counts.pop(name, 0) for name in (READ, REPLIED, TWICE))
    fates = {Fate(name): number for name, number in counts.items()}
    return Progress(notice.state, sum(fates.values()), fates, read, replied, twice, 0.0, None)


def _marked(session: Session, notice_id: int) -> tuple[int, int]:
    """Count who replied, and who may have got it twice."""
    wanted = select(func.count(col(Outbox.replied_at)), func.count().filter(col(Outbox.perhaps_twice)))
    return session.exec(wanted.where(Outbox.notice_id == notice_id, text(MARKED))).one()


def _read(session: Session, notice_id: int) -> int:
    wanted = select(func.count()).select_from(Outbox).join(Message, col(Message.outbox_id) == col(Outbox.id))
    return session.exec(wanted.where(Outbox.notice_id == notice_id, col(Message.read_at).is_not(None))).one()


def _recent(session: Session, notice_id: int, since: datetime) -> int:
    """Count what went out since a moment not far back. By the index of times: it is short, the notice's is long."""
    wanted = select(func.count()).where(col(Outbox.sent_at) > since)
    mine = literal_column("coalesce(outbox.notice_id, 0)") == notice_id
    return session.exec(wanted.where(mine)).one()
