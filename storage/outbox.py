"""Messages promised: written with their cause, claimed with a lease, then sent, or dropped with a reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select, update

from storage.compiled import add_once
from storage.tables import Lane, Outbox

MOST_ATTEMPTS = 8
"""How often a message is tried before it is dropped for staff to see."""

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
"""How long a message that failed waits: 30 s, doubled each time, an hour at the most."""

WAITING = (col(Outbox.sent_at).is_(None), col(Outbox.dropped_at).is_(None))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message as the worker that claimed it sees it.

    Args:
        interrupted: whether a worker had it before and was never heard of again: it may be out already.

    """

    id: int
    lane: Lane
    contact_id: int | None
    account_id: int | None
    kind: str
    payload: Mapping[str, Any]
    due_at: datetime
    not_after: datetime | None
    attempts: int
    interrupted: bool


def promise(
    session: Session,
    contact_id: int,
    kind: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    key: str | None = None,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    lane: Lane = Lane.REPLY,
    account_id: int | None = None,
) -> bool:
    """Promise a message in the transaction of its cause. Say whether it is a new promise.

    Args:
        session: the session of the cause.
        contact_id: who gets it.
        kind: which message; its words are rendered when it is sent.
        payload: what the words need, and nothing that may be stale by then.
        now: the moment of the promise.
        key: the same thing is promised once under one key.
        due_at: when it is to be sent; at once when not given.
        not_after: when it is of no more use: then it is dropped, with a reason staff can see.
        lane: replies are sent before what goes to many.
        account_id: where it goes, when it is not for all of the contact's channels.

    """
    session.flush()
    return add_once(
        session,
        Outbox,
        lane=lane,
        contact_id=contact_id,
        account_id=account_id,
        kind=kind,
        payload=dict(payload),
        key=key,
        due_at=due_at or now,
        not_after=not_after,
        attempts=0,
        drop_reason="",
        created_at=now,
    )


def claim(session: Session, now: datetime, worker: str, most: int, lease_seconds: float) -> list[Claimed]:
    """Take due messages for one worker until its lease ends; nobody else gets them meanwhile.

    A worker that dies keeps nothing: when its lease has run out, its messages are claimed again.
    """
    due = (
        select(Outbox)
        .where(*WAITING, Outbox.due_at <= now)
        .where(or_(col(Outbox.claimed_until).is_(None), col(Outbox.claimed_until) <= now))
        .order_by(col(Outbox.lane).desc(), col(Outbox.due_at), col(Outbox.id))  # "reply" before "bulk"
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claimed = []
    for row in session.exec(due).all():
        claimed.append(
            Claimed(
                id=row.id,
                lane=row.lane,
                contact_id=row.contact_id,
                account_id=row.account_id,
                kind=row.kind,
                payload=row.payload,
                due_at=row.due_at,
                not_after=row.not_after,
                attempts=row.attempts + 1,
                interrupted=row.claimed_by is not None,
            )
        )
        row.claimed_until = now + timedelta(seconds=lease_seconds)
        row.claimed_by = worker
        row.attempts += 1
        session.add(row)
    session.flush()
    return claimed


def mark_sent(session: Session, row_id: int, worker: str, now: datetime) -> bool:
    """Mark a message as sent. Say whether it was still this worker's: if not, it may have gone out twice."""
    return _give_back(session, row_id, worker, sent_at=now)


def mark_failed(session: Session, claimed: Claimed, worker: str, now: datetime, why: str) -> None:
    """Give a message back to be tried again later, or drop it after too many times."""
    if claimed.attempts >= MOST_ATTEMPTS:
        drop(session, [claimed.id], now, f"试了{claimed.attempts}次，没有发出去：{why}")
        return
    wait = min(FIRST_WAIT * 2 ** (claimed.attempts - 1), LONGEST_WAIT)
    _give_back(session, claimed.id, worker, due_at=now + wait)


def postpone(session: Session, claimed: Claimed, worker: str, until: datetime) -> None:
    """Give a message back to be sent later; it does not count as tried."""
    _give_back(session, claimed.id, worker, due_at=until, attempts=claimed.attempts - 1)


def drop(session: Session, row_ids: Collection[int], now: datetime, reason: str) -> None:
    """Let messages go unsent, with a reason staff can see."""
    dropped = update(Outbox).where(col(Outbox.id).in_(row_ids), *WAITING)
    session.execute(dropped.values(dropped_at=now, drop_reason=reason, claimed_until=None))


def next_due(session: Session) -> datetime | None:
    """Give when the next waiting message is due, or None."""
    waiting = select(Outbox.due_at).where(*WAITING)
    return session.exec(waiting.order_by(col(Outbox.due_at)).limit(1)).one_or_none()


def _give_back(session: Session, row_id: int, worker: str, **values: object) -> bool:
    mine = update(Outbox).where(col(Outbox.id) == row_id, col(Outbox.claimed_by) == worker, *WAITING)
    done = session.connection().execute(mine.values(claimed_until=None, claimed_by=None, **values))
    return done.rowcount == 1
