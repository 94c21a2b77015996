"""The pace of a channel, shared by all workers through one row: evenly spaced, and stopped for all at once.

It is the generic cell rate algorithm without a burst: the row holds when the next message may go, and whoever
takes that place moves it on by one gap.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ClauseElement, bindparam
from sqlalchemy import select as columns
from sqlalchemy import update as change
from sqlmodel import Session, SQLModel

from storage.compiled import Compiled, add_once
from storage.tables import Pace

FURTHEST = timedelta(minutes=1)
"""Nobody takes a place further ahead. One that lies beyond was taken before a clock was set back."""

NEVER = datetime.fromtimestamp(0, UTC)

TABLE = SQLModel.metadata.tables["pace"]


def reserve(session: Session, name: str, now: datetime, rate: float, places: int = 1) -> float:
    """Take the next place of a channel, or several, in a transaction that is committed before anything is sent.

    Args:
        session: a writing session.
        name: which channel.
        now: the earliest moment wanted, by clocks that agree: machines apart by a second may together send a
            second's messages too many.
        rate: messages a second, of all workers together.
        places: how many, each 1 / rate seconds after the one before.

    Returns:
        Seconds from `now` until the first place taken; while the channel is stopped, at least until it goes on.

    """
    free_at, stopped_until = _pace(session, name, now)
    if free_at > now + FURTHEST:
        free_at = now
    place = max(free_at, stopped_until, now)
    _MOVE.run(session, of=name, free_at=place + timedelta(seconds=places / rate))
    return (place - now).total_seconds()


def stop(session: Session, name: str, now: datetime, until: datetime) -> None:
    """Let nobody send before a moment; a stop that lasts longer stays."""
    _, stopped_until = _pace(session, name, now)
    _STOP.run(session, of=name, stopped_until=max(stopped_until, until))


def stopped_until(session: Session, name: str) -> datetime:
    """Give until when nobody sends; a moment of the past where a channel is not stopped."""
    found = _LOOK.run(session, of=name)
    return found[0][0] if found else NEVER


def _pace(session: Session, name: str, now: datetime) -> tuple[datetime, datetime]:
    """Give from when on the channel is free and may go on, and hold its row until the transaction ends."""
    if found := _HOLD.run(session, of=name):
        return found[0]
    add_once(session, Pace, name=name, free_at=now, stopped_until=NEVER)
    return _HOLD.run(session, of=name)[0]


def _hold(_: str) -> ClauseElement:
    wanted = columns(TABLE.c.free_at, TABLE.c.stopped_until).where(TABLE.c.name == bindparam("of"))
    return wanted.with_for_update()  # says nothing on SQLite, where a writer is alone


def _look(_: str) -> ClauseElement:
    return columns(TABLE.c.stopped_until).where(TABLE.c.name == bindparam("of"))


def _move(_: str) -> ClauseElement:
    return change(TABLE).where(TABLE.c.name == bindparam("of")).values(free_at=bindparam("free_at"))


def _stop(_: str) -> ClauseElement:
    return (
        change(TABLE).where(TABLE.c.name == bindparam("of")).values(stopped_until=bindparam("stopped_until"))
    )


_HOLD = Compiled(_hold, gives=(TABLE.c.free_at, TABLE.c.stopped_until))
_LOOK = Compiled(_look, gives=(TABLE.c.stopped_until,))
_MOVE = Compiled(_move)
_STOP = Compiled(_stop)
