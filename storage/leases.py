"""What only one machine does at a time: whoever holds the lease does it, the others stand by."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, update

from storage.compiled import add_once
from storage.tables import Lease


def hold(session: Session, name: str, holder: str, now: datetime, seconds: float) -> bool:
    """Take a lease, or keep it for longer. Say whether it is this holder's now."""
    until = now + timedelta(seconds=seconds)
    if add_once(session, Lease, name=name, holder=holder, until=until):
        return True
    free = or_(col(Lease.holder) == holder, col(Lease.until) <= now)
    taking = update(Lease).where(col(Lease.name) == name, free).values(holder=holder, until=until)
    return session.connection().execute(taking).rowcount == 1


def let_go(session: Session, name: str, holder: str, now: datetime) -> None:
    """Give a lease back, so that the next machine need not wait for its end."""
    mine = update(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder)
    session.connection().execute(mine.values(until=now))
