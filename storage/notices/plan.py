"""Lists of recipients made beside the pages: who was chosen is kept at once, and any process that sends makes the list.

    ask(session, notice.id, choice.kept(), member.id, now)    # the press; a later one takes its place
    wanted = take(session, worker, now)                       # a process that sends: one list at a time on all machines
    going = Going(wanted, worker, clock)                      # what `rows.plan` asks in each of its transactions

A process that is killed leaves the lease to run out; whoever runs then begins the list again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage import leases, outbox
from storage.notices import chat as notice_chat
from storage.notices.notices import hold, may_plan
from storage.tables import Notice, NoticeState

LEASE = "notice lists"

LEASE_SECONDS = 15.0
"""After so long without a word from a process another one begins its list again."""

_WAITING = select(Notice).where(Notice.state == NoticeState.PLANNING, col(Notice.ended_at).is_(None))

NOBODY_ASKS = "选人的同事不在了，名单没有排。再选一次。"
BROKEN = "名单没有排成。再选一次。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list that is to be made.

    Args:
        notice_id: of which notice.
        asking: which press it is for.
        choice: who was chosen, as the notice keeps it.
        asked_by: the member who chose: nobody is meant whom they may not choose.

    """

    notice_id: int
    asking: int
    choice: Mapping[str, Any]
    asked_by: int


def ask(
    session: Session, notice_id: int, choice: Mapping[str, Any], staff_id: int, *, in_chat: bool = False
) -> bool:
    """Keep who was chosen; the list is made beside. Say whether it may still be chosen.

    Args:
        session: a writing session.
        notice_id: a draft, or one whose list is made or being made: this choice takes the place of that one.
        choice: as `audience.Choice.kept` gives it.
        staff_id: who chose.
        in_chat: whether in a chat, where they are told when it is ready, and when all is sent.

    """
    notice = hold(session, notice_id)
    if not may_plan(session, notice):
        return False
    notice.state, notice.audience = NoticeState.PLANNING, dict(choice)
    notice.asked_by, notice.asking, notice.in_chat = staff_id, notice.asking + 1, in_chat
    notice.gone_through, notice.alone, notice.halted = 0, 0, ""
    session.add(notice)
    session.flush()
    session.info[outbox.PROMISED] = True
    return True


def waits(session: Session) -> bool:
    """Say whether any list is to be made."""
    return session.exec(_WAITING.limit(1)).first() is not None


def take(session: Session, worker: str, now: datetime) -> Wanted | None:
    """Give the list that has waited longest, where no other process makes one."""
    notice = session.exec(_WAITING.order_by(col(Notice.id)).limit(1)).first()
    if notice is None or notice.asked_by is None:
        return None
    if not leases.hold(session, LEASE, worker, now, LEASE_SECONDS):
        return None
    return Wanted(notice.id, notice.asking, dict(notice.audience), notice.asked_by)


def fail(session: Session, wanted: Wanted, why: str) -> None:
    """Give a list up that cannot be made: the notice is a draft again, and says why."""
    notice = hold(session, wanted.notice_id)
    if _is_newest(notice, wanted):
        notice.state, notice.halted = NoticeState.DRAFT, why
        session.add(notice)
        session.flush()


@dataclass(slots=True)
class Going:
    """A list under way in this process.

    Args:
        wanted: which.
        worker: who makes it.
        clock: what time it is.
        looked: how many people were looked at.
        alone: how many of those meant have nobody who reads for them.

    """

    wanted: Wanted
    worker: str
    clock: Callable[[], datetime]
    looked: int = 0
    alone: int = 0

    def goes_on(self, session: Session, notice: Notice) -> bool:
        """Keep the lease and how far it is. Say whether this list is still the newest, and ours to make."""
        if not _is_newest(notice, self.wanted):
            return False
        if not leases.hold(session, LEASE, self.worker, self.clock(), LEASE_SECONDS):
            return False
        notice.gone_through, notice.alone = self.looked, self.alone
        session.add(notice)
        return True

    def beat(self, session: Session) -> bool:
        """Say that it is still being made, while nobody is found."""
        return self.goes_on(session, hold(session, self.wanted.notice_id))

    def listed(self, session: Session, notice: Notice) -> None:
        """Tell who chose in a chat that the list is ready."""
        notice_chat.tell_listed(session, notice, self.clock())


def _is_newest(notice: Notice, wanted: Wanted) -> bool:
    return notice.state is NoticeState.PLANNING and notice.asking == wanted.asking
