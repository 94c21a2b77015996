"""The workers' side of notices: recipients taken from the outbox in blocks, noted as begun, and what became of them.

All of it is written in as few statements as there are outcomes, not recipients: a block of 500 costs what five
single messages do.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, case, exists, or_
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, select, update

from storage.notices import chat as notice_chat
from storage.notices import report as notice_report
from storage.notices.notices import NOT_REACHED
from storage.notices.recipients import PORTION, listed
from storage.outbox import LONGEST_WAIT, MOST_ATTEMPTS
from storage.tables import Channel, Fate, Night, Notice, NoticeState, Topic

LEASE_SECONDS = 60.0
"""How long a worker may take over a message that it began; longer than any call may last."""

FIRST_SECONDS = 30.0
"""Until a message that failed is tried again; doubled each time, an hour at the most."""

PAUSE = timedelta(seconds=1)
"""Between two messages to one person, by whichever worker."""

JITTER = 0.25
"""The part of a wait by which it differs from one recipient to the next: they are not tried again all at once."""

LEFT = (*NOT_REACHED, Fate.UNSURE)
"""What became of those who are to be phoned."""

_TABLE = SQLModel.metadata.tables["outbox"]
_ROW = _TABLE.columns
_WAITS = (_ROW["sent_at"].is_(None), _ROW["dropped_at"].is_(None))


@dataclass(frozen=True, slots=True)
class Taken:
    """A recipient as the worker that took it sees it.

    Args:
        id: its row.
        notice_id: of which notice.
        contact_id: who.
        attempts: how often it was begun before.
        doubtful: whether it may be out already: a worker was cut off, or no answer came.

    """

    id: int
    notice_id: int
    contact_id: int
    attempts: int
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a recipient that was taken.

    Args:
        taken: which.
        fate: how it ended; WAITING when it is to be tried again.
        why: the reason, for staff.
        after: until when it waits before it is tried again; it was not sent for sure, and does not count as tried.
        tried: whether it counts as tried: it waits longer each time, and is given up in the end.
        doubtful: whether it may be out.
        on_page: whether it stands on our page, whatever becomes of it elsewhere.

    """

    taken: Taken
    fate: Fate
    why: str = ""
    after: timedelta = timedelta()
    tried: bool = False
    doubtful: bool = False
    on_page: bool = False


def start_due(session: Session, now: datetime) -> None:
    """Let notices begin whose time has come."""
    due = update(Notice).where(col(Notice.state) == NoticeState.PLANNED, col(Notice.send_at) <= now)
    session.execute(
        due.where(col(Notice.ended_at).is_(None)).values(state=NoticeState.SENDING, started_at=now)
    )


def running(session: Session, *, quiet: bool) -> Sequence[Notice]:
    """Give the notices that go out now: one's own matters first, then in the order they were written."""
    wanted = select(Notice).where(Notice.state == NoticeState.SENDING, col(Notice.ended_at).is_(None))
    if quiet:
        wanted = wanted.where(Notice.night == Night.RINGS)
    own_first = case((col(Notice.topic) == Topic.OWN, 0), else_=1)
    return session.exec(wanted.order_by(own_first, col(Notice.id))).all()


def next_start(session: Session) -> datetime | None:
    """Give when the next notice is due to begin, or None."""
    wanted = select(Notice.send_at).where(Notice.state == NoticeState.PLANNED, col(Notice.ended_at).is_(None))
    return session.exec(wanted.where(col(Notice.send_at).is_not(None)).order_by(col(Notice.send_at))).first()


def take(
    session: Session,
    notice_id: int,
    channel: Channel,
    now: datetime,
    most: int,
    *,
    worker: str = "",
    but: Collection[int] = (),
    inherits: bool = True,
) -> list[Taken]:
    """Choose recipients that wait for a channel, those due first; nobody else takes them in this transaction.

    Not somebody who was sent something, or is being sent something, within the last second.

    Args:
        session: a writing session.
        notice_id: of which notice.
        channel: what they wait for.
        now: the moment.
        most: how many.
        worker: who takes them. What it began without hearing of it, for the answer to a commit was lost, is its own.
        but: rows that this worker has in its hands already, whatever the clock says.
        inherits: whether it takes what others began and left until their lease ran out.

    """
    other = _TABLE.alias("other").columns
    busy = exists().where(
        other["contact_id"] == _ROW["contact_id"],
        other["id"] != _ROW["id"],
        or_(
            other["sent_at"].between(now - PAUSE, now),
            other["claimed_until"].between(now, now + 2 * _lease()),
        ),
    )
    wanted = (
        columns(
            *(_ROW[name] for name in ("id", "contact_id", "claimed_by")),
            (_ROW["attempts"] - case((_is_unheard(worker), 1), else_=0)),
        )
        .where(_ROW["notice_id"] == notice_id, _ROW["channel"] == channel, *_WAITS)
        .where(_ROW["due_at"] <= now, _is_free(now, worker, inherits=inherits), ~busy)
        .order_by(_ROW["due_at"], _ROW["id"])
        .limit(most)
        .with_for_update(skip_locked=True, of=_TABLE)
    )
    if but:
        wanted = wanted.where(~listed(session, list(but))(_ROW["id"]))
    found = session.execute(wanted).all()
    return [
        Taken(number, notice_id, contact_id, attempts, claimed_by is not None and attempts > 0)
        for number, contact_id, claimed_by, attempts in found
    ]


def begin(session: Session, taken: Iterable[Taken], version: int, worker: str, now: datetime) -> None:
    """Note, before they leave us, that these are being sent, and with which version of the words."""
    ids = [each.id for each in taken]
    if not ids:
        return
    mine = _TABLE.update().where(listed(session, ids)(_ROW["id"]))
    session.execute(
        mine.values(
            claimed_by=worker,
            claimed_until=now + _lease(),
            attempts=_ROW["attempts"] + case((_is_unheard(worker), 0), else_=1),
            version=version,
        )
    )


def note_on_page(session: Session, ids: Sequence[int], version: int, now: datetime) -> None:
    """Note that these stand on our page, put there in this transaction."""
    if ids:
        there = _those(session, ids)
        session.execute(
            there.values(sent_at=now, fate=Fate.PAGE, version=version, claimed_by=None, claimed_until=None)
        )


def settle(session: Session, outcomes: Sequence[Outcome], worker: str, now: datetime) -> None:
    """Write down what became of recipients that this worker began."""
    sent: defaultdict[tuple[Fate, bool], list[int]] = defaultdict(list)
    ended: defaultdict[tuple[Fate, str], list[int]] = defaultdict(list)
    back: defaultdict[tuple[timedelta, bool], list[int]] = defaultdict(list)
    for each in outcomes:
        doubtful = each.doubtful or each.taken.doubtful
        if each.fate in (Fate.SENT, Fate.PAGE):
            sent[each.fate, each.taken.doubtful].append(each.taken.id)
        elif each.fate is Fate.WAITING and not each.tried:
            back[each.after, each.taken.doubtful].append(each.taken.id)
        elif each.fate is Fate.WAITING and each.taken.attempts + 1 < MOST_ATTEMPTS:
            _try_again(session, each, worker, now, doubtful=doubtful)
        elif each.on_page:
            sent[Fate.PAGE, False].append(each.taken.id)
        elif each.fate is Fate.WAITING:
            fate = Fate.UNSURE if doubtful else Fate.FAILED
            ended[fate, f"试了{MOST_ATTEMPTS}次：{each.why}"].append(each.taken.id)
        else:
            ended[each.fate, each.why].append(each.taken.id)
    for (fate, before), ids in sent.items():
        _note_sent(session, ids, fate, worker, now, twice=before)
    for (fate, why), ids in ended.items():
        end(session, ids, fate, why, now, worker)
    for (after, before), ids in back.items():
        given = _those(session, ids, worker).values(
            due_at=now + after if after else _ROW["due_at"],
            claimed_until=None,
            claimed_by=worker if before else None,
            attempts=_ROW["attempts"] - 1,
        )
        session.execute(given)


def lay_down(session: Session, ids: Collection[int], worker: str) -> None:
    """Leave to others what this worker began and will hear no more of: it may be out."""
    if ids:
        session.execute(_those(session, list(ids), worker).values(claimed_until=None))


def note_version(session: Session, ids: Sequence[int], version: int) -> None:
    """Note with which version of the words these were tried."""
    if ids:
        session.execute(_those(session, ids).values(version=version))


def end(
    session: Session, ids: Sequence[int], fate: Fate, why: str, now: datetime, worker: str | None = None
) -> None:
    """Let recipients go unsent, with a reason staff can see."""
    those = _those(session, ids, worker)
    session.execute(those.values(dropped_at=now, drop_reason=why, fate=fate, claimed_until=None))


def finish(session: Session, notice: Notice, now: datetime) -> bool:
    """End a notice when nobody waits for it any more. Say whether it did."""
    waits = columns(_ROW["id"]).where(_ROW["notice_id"] == notice.id, *_WAITS).limit(1)
    if session.execute(waits).first() is not None:
        return False
    done = update(Notice).where(col(Notice.id) == notice.id, col(Notice.state) == NoticeState.SENDING)
    session.execute(done.values(state=NoticeState.DONE, ended_at=now))
    _close(session, notice, now)
    return True


def close_stopped(session: Session, now: datetime, *, inherits: bool = True) -> int:
    """Write down, a portion at a time, that nobody else gets a notice that was stopped. Give how many rows it was.

    What somebody is sending, or may be where nothing is inherited, is left to whoever does.
    """
    open_ = select(Notice).where(Notice.state == NoticeState.STOPPED, col(Notice.ended_at).is_(None))
    notice = session.exec(open_.limit(1).with_for_update(skip_locked=True)).first()
    if notice is None:
        return 0
    mine = (_ROW["notice_id"] == notice.id, *_WAITS)
    left = columns(_ROW["id"]).where(*mine, _is_free(now, inherits=inherits)).limit(PORTION)
    stopped = _TABLE.update().where(_ROW["id"].in_(left), *_WAITS)
    closed = session.connection().execute(
        stopped.values(
            dropped_at=now,
            drop_reason=case((_ROW["claimed_by"].is_not(None), "停下时可能已经发出"), else_="停下了，没有发"),
            fate=case((_ROW["claimed_by"].is_not(None), Fate.UNSURE.value), else_=Fate.STOPPED.value),
            claimed_until=None,
        )
    )
    if session.execute(columns(_ROW["id"]).where(*mine).limit(1)).first() is None:
        notice.ended_at = now
        session.add(notice)
        _close(session, notice, now)
    return closed.rowcount


def _close(session: Session, notice: Notice, now: datetime) -> None:
    session.flush()
    session.refresh(notice)
    told = notice_report.remember(session, notice, now)
    notice_chat.tell_over(session, notice, told.reached, sum(told.fates.get(each, 0) for each in LEFT), now)


def _lease() -> timedelta:
    return timedelta(seconds=LEASE_SECONDS)


def _is_free(now: datetime, worker: str = "", *, inherits: bool) -> ColumnElement[bool]:
    until = _ROW["claimed_until"]
    free = or_(until.is_(None), _ROW["claimed_by"] == worker)
    # One that lies further ahead than any lease was written before a clock was set back.
    return or_(free, until <= now, until > now + 2 * _lease()) if inherits else free


def _is_unheard(worker: str) -> ColumnElement[bool]:
    """Say of what a worker takes that it has begun it already, and did not hear so: it never left us."""
    return and_(_ROW["claimed_by"] == worker, _ROW["claimed_until"].is_not(None))


def _those(session: Session, ids: Sequence[int], worker: str | None = None) -> Update:
    """Change these, as long as they wait; where a worker is named, only what it began and has not written down."""
    those = _TABLE.update().where(listed(session, ids)(_ROW["id"]), *_WAITS)
    if worker is None:
        return those
    return those.where(_ROW["claimed_by"] == worker, _ROW["claimed_until"].is_not(None))


def _note_sent(
    session: Session, ids: Sequence[int], fate: Fate, worker: str, now: datetime, *, twice: bool
) -> None:
    """Note that these are out. One that was another worker's by then has perhaps been sent by it, too.

    Who sent it stays written down: told twice, for the answer to a commit was lost, it is not taken for another's.
    """
    sent = _those(session, ids, worker).values(
        sent_at=now, fate=fate, claimed_until=None, perhaps_twice=twice
    )
    noted = set(session.execute(sent.returning(_ROW["id"])).scalars())
    lost = [each for each in ids if each not in noted]
    if lost:
        others = or_(_ROW["sent_at"].is_(None), _ROW["claimed_by"].is_distinct_from(worker))
        twice_ = _TABLE.update().where(listed(session, lost)(_ROW["id"]), others)
        session.execute(twice_.values(perhaps_twice=True))


def _try_again(session: Session, outcome: Outcome, worker: str, now: datetime, *, doubtful: bool) -> None:
    wait = min(timedelta(seconds=FIRST_SECONDS * 2**outcome.taken.attempts), LONGEST_WAIT)
    spread = 1 - JITTER + 2 * JITTER * (outcome.taken.id * 2654435761 % 1000) / 1000
    session.execute(
        _those(session, [outcome.taken.id], worker).values(
            due_at=now + wait * spread, claimed_until=None, claimed_by=worker if doubtful else None
        )
    )
