"""Messages promised: written with their cause, claimed with a lease, then sent, or dropped with a reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ClauseElement, bindparam
from sqlalchemy import select as pick
from sqlmodel import Session, SQLModel, col, func, or_, select, update

from storage.ahead import Portion, portion_of
from storage.among import one_of
from storage.compiled import DONE, Compiled, add_all_once, add_numbered
from storage.tables import Fate, Lane, Outbox

MOST_ATTEMPTS = 8
"""How often a message is tried before it is dropped for staff to see."""

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
"""How long a message that failed waits: 30 s, doubled each time, an hour at the most."""

SOON = timedelta(seconds=3)
"""How long one waits that somebody is waiting for: 3 s, then three times as long each time."""

PROMISED = "promised"
"""Set in `session.info` when something waits for the postman: whoever commits it lets him know."""

WAITING = (col(Outbox.sent_at).is_(None), col(Outbox.dropped_at).is_(None))

LETTER = (*WAITING, col(Outbox.notice_id).is_(None))
"""What waits for the postman; recipients of notices wait for `mailing`."""

_OUTBOX = SQLModel.metadata.tables["outbox"].columns


def _of_mine(*names: str) -> Compiled:
    """Change these columns of a message that waits, as long as it is a worker's own."""

    def build(_: str) -> ClauseElement:
        mine = update(Outbox).where(
            _OUTBOX["id"] == bindparam("number"),
            _OUTBOX["claimed_by"] == bindparam("worker"),
            _OUTBOX["sent_at"].is_(None),
            _OUTBOX["dropped_at"].is_(None),
        )
        return mine.values({name: bindparam(f"new_{name}") for name in names}).returning(DONE)

    return Compiled(build)


_KNOWN = (
    *("id", "lane", "contact_id", "account_id", "kind", "payload", "promised_at", "due_at", "not_after"),
    "attempts",
)
_CLAIMED = [_OUTBOX["created_at" if name == "promised_at" else name] for name in (*_KNOWN, "claimed_by")]

_WAITING = [_OUTBOX[name].is_(None) for name in ("sent_at", "dropped_at", "notice_id")]

_DUE = Compiled(
    lambda _: (
        pick(*_CLAIMED)
        .where(*_WAITING, _OUTBOX["lane"] == bindparam("wanted_lane"), _OUTBOX["due_at"] <= bindparam("now"))
        .where(or_(_OUTBOX["claimed_until"].is_(None), _OUTBOX["claimed_until"] <= bindparam("now")))
        .order_by(_OUTBOX["due_at"], _OUTBOX["id"])
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    ),
    gives=_CLAIMED,
)

_CLAIM = Compiled(
    lambda _: (
        update(Outbox)
        .where(one_of(_OUTBOX["id"], "numbers"))
        .values(claimed_until=bindparam("until"), claimed_by=bindparam("worker"))
        .returning(DONE)
    )
)

_ALL_SENT = Compiled(
    lambda _: (
        update(Outbox)
        .where(one_of(_OUTBOX["id"], "numbers"), _OUTBOX["claimed_by"] == bindparam("worker"))
        .where(_OUTBOX["sent_at"].is_(None), _OUTBOX["dropped_at"].is_(None))
        .values(sent_at=bindparam("new_sent_at"), fate=bindparam("new_fate"))
        .values(claimed_until=None, claimed_by=None)
        .returning(DONE)
    )
)

_BEGIN = _of_mine("attempts")
_SENT = _of_mine("sent_at", "fate", "claimed_until", "claimed_by")
_BACK = _of_mine("due_at", "attempts", "claimed_until", "claimed_by")
_EMPTY = Compiled(
    lambda _: (
        update(Outbox)
        .where(_OUTBOX["id"] == bindparam("number"))
        .values(payload=bindparam("new_payload"))
        .returning(DONE)
    )
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message as the worker that claimed it sees it.

    Args:
        promised_at: when it was promised, with its cause.
        attempts: how often it was begun to be sent before.
        interrupted: whether a worker began to send it and never learned what became of it: it may be out already.

    """

    id: int
    lane: Lane
    contact_id: int | None
    account_id: int | None
    kind: str
    payload: Mapping[str, Any]
    promised_at: datetime
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
    claimed_by: str | None = None,
    claimed_until: datetime | None = None,
) -> int | None:
    """Promise a message in the transaction of its cause. Give its number, or None when it was promised before.

    Within a portion it is written with the others of it, by `write_promised`, and has no number yet.

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
        claimed_by: the worker that sends it right after the commit and then marks it as sent.
        claimed_until: until when nobody else does. After it another one may: then it is known as begun.

    """
    session.flush()
    if claimed_by is None:
        session.info[PROMISED] = True
    values = {
        "lane": lane,
        "contact_id": contact_id,
        "account_id": account_id,
        "kind": kind,
        "payload": dict(payload),
        "key": key,
        "due_at": due_at or now,
        "not_after": not_after,
        "claimed_by": claimed_by,
        "claimed_until": claimed_until,
        "attempts": 0 if claimed_by is None else 1,
        "drop_reason": "",
        "created_at": now,
        "fate": Fate.WAITING,
        "perhaps_twice": False,
    }
    portion = portion_of(session)
    if portion is None:
        return add_numbered(session, Outbox, **values)
    portion.promised.append(values)
    return None


def write_promised(session: Session, portion: Portion) -> None:
    """Write what was promised in a portion."""
    add_all_once(session, Outbox, portion.promised)
    portion.promised = []


def claim(session: Session, now: datetime, worker: str, most: int, lease_seconds: float) -> list[Claimed]:
    """Take due messages for one worker until its lease ends; nobody else gets them meanwhile.

    A worker that dies keeps nothing: when its lease has run out, its messages are claimed again.
    """
    claimed: list[Claimed] = []
    for lane in (
        Lane.REPLY,
        Lane.BULK,
    ):  # each in the order of the index: however many wait, no more are read
        left = most - len(claimed)
        rows = _DUE.run(session, now=now, wanted_lane=lane, most=left) if left else []
        for row in rows:
            *_, attempts, by = row
            known = dict(zip(_KNOWN, row, strict=False))
            claimed.append(Claimed(**known, interrupted=by is not None and attempts > 0))
    if claimed:
        until = now + timedelta(seconds=lease_seconds)
        _CLAIM.run(session, numbers=[each.id for each in claimed], until=until, worker=worker)
    return claimed


def begin(session: Session, claimed: Claimed, worker: str) -> bool:
    """Note, before a message leaves us, that it is being sent. Say whether it is still this worker's."""
    begun = _BEGIN.run(session, number=claimed.id, worker=worker, new_attempts=claimed.attempts + 1)
    return bool(begun)


def mark_sent(session: Session, row_id: int, worker: str, now: datetime) -> bool:
    """Mark a message as sent. Say whether it was still this worker's: if not, it may have gone out twice."""
    marked = _SENT.run(
        session,
        number=row_id,
        worker=worker,
        new_sent_at=now,
        new_fate=Fate.SENT,
        new_claimed_until=None,
        new_claimed_by=None,
    )
    return bool(marked)


def mark_all_sent(session: Session, row_ids: Collection[int], worker: str, now: datetime) -> None:
    """Mark a worker's own messages as sent that were put on our page in this same transaction."""
    if row_ids:
        _ALL_SENT.run(session, numbers=row_ids, worker=worker, new_sent_at=now, new_fate=Fate.SENT)


def mark_failed(
    session: Session,
    claimed: Claimed,
    worker: str,
    now: datetime,
    why: str,
    *,
    doubtful: bool = False,
    somebody_waits: bool = False,
) -> None:
    """Give a message back to be tried again later, or drop it after too many times: within an hour either way.

    A doubtful one may be out all the same: whoever claims it next sees it as interrupted.
    """
    tries = claimed.attempts + 1
    if tries >= MOST_ATTEMPTS:
        known = "不知道发出去没有" if doubtful or claimed.interrupted else "没有发出去"
        drop(session, [claimed.id], now, f"试了{tries}次，{known}：{why}")
        return
    wait = SOON * 3 ** (tries - 1) if somebody_waits else FIRST_WAIT * 2 ** (tries - 1)
    due = now + min(wait, LONGEST_WAIT)
    _give_back(session, claimed, worker, due, tries, doubtful=doubtful)


def postpone(session: Session, claimed: Claimed, worker: str, until: datetime) -> None:
    """Give a message back to be sent later; it does not count as tried."""
    _give_back(session, claimed, worker, until, claimed.attempts)


def empty(session: Session, row_id: int) -> None:
    """Forget the words of a message that is settled and of which nothing can be asked any more."""
    _EMPTY.run(session, number=row_id, new_payload={})


def drop(session: Session, row_ids: Collection[int], now: datetime, reason: str) -> None:
    """Let messages go unsent, with a reason staff can see."""
    dropped = update(Outbox).where(col(Outbox.id).in_(row_ids), *WAITING)
    session.execute(dropped.values(dropped_at=now, drop_reason=reason, fate=Fate.SKIPPED, claimed_until=None))


def is_overtaken(session: Session, claimed: Claimed) -> bool:
    """Say whether a message of the same kind was promised to the same place since, and not dropped."""
    later = select(Outbox.id).where(
        Outbox.account_id == claimed.account_id,
        Outbox.kind == claimed.kind,
        col(Outbox.id) > claimed.id,
        col(Outbox.dropped_at).is_(None),
    )
    return session.exec(later.limit(1)).first() is not None


def newest_waiting(session: Session, claimed: Claimed) -> Outbox | None:
    """Give the newest message of the same kind to the same place that was promised since and still waits."""
    later = select(Outbox).where(
        Outbox.account_id == claimed.account_id,
        Outbox.kind == claimed.kind,
        col(Outbox.id) > claimed.id,
        *WAITING,
    )
    return session.exec(later.order_by(col(Outbox.id).desc()).limit(1)).first()


def promised_since(session: Session, account_id: int, kind: str, moment: datetime) -> bool:
    """Say whether a message of a kind was promised to a place at a moment or after it."""
    later = select(Outbox.id).where(
        Outbox.account_id == account_id, Outbox.kind == kind, col(Outbox.created_at) >= moment
    )
    return session.exec(later.limit(1)).first() is not None


def lay_down(session: Session, worker: str, now: datetime) -> None:
    """Give back whatever a worker has claimed: it ends, and the next one need not wait for the leases."""
    mine = update(Outbox).where(col(Outbox.claimed_by) == worker, col(Outbox.claimed_until) > now, *WAITING)
    session.execute(mine.values(claimed_until=now))


def next_due(session: Session) -> datetime | None:
    """Give when the next message is due, or the lease of one that is being sent runs out; None for none."""
    waits_until = func.coalesce(col(Outbox.claimed_until), col(Outbox.due_at))
    return session.exec(select(func.min(waits_until)).where(*LETTER)).one()


def _give_back(
    session: Session,
    claimed: Claimed,
    worker: str,
    due_at: datetime,
    attempts: int,
    *,
    doubtful: bool = False,
) -> None:
    """Let others claim it. Who had it stays written down as long as it may be out already."""
    by = worker if doubtful or claimed.interrupted else None
    _BACK.run(
        session,
        number=claimed.id,
        worker=worker,
        new_due_at=due_at,
        new_attempts=attempts,
        new_claimed_until=None,
        new_claimed_by=by,
    )
