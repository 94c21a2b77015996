"""The list of a notice's recipients: written in portions for everybody meant, opened again for who was not reached.

plan(desk, notice.id, contact_ids, now)         # one outbox row each; from a thread, not from an event loop
resend(desk, notice.id, staff_id, now)          # once more to those it surely did not reach, and nobody else
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from sqlmodel import Session, col, func

from storage.desk import Desk
from storage.notices import recipients
from storage.notices.notices import NOT_REACHED, OVER, hold, may_plan, move, resume
from storage.tables import Notice, NoticeState

GoesOn = Callable[[Session, Notice], bool]
"""Whether a list that is being made is still wanted; asked in each transaction that adds to it."""

Listed = Callable[[Session, Notice], None]
"""What is done in the transaction that ends a list."""


def plan(
    desk: Desk,
    notice_id: int,
    contact_ids: Iterable[int],
    now: datetime,
    *,
    audience: Mapping[str, Any] | None = None,
    goes_on: GoesOn = may_plan,
    listed: Listed | None = None,
) -> int | None:
    """Write a row for each recipient, in portions; flat in memory, and a million in well under a minute.

    Who refused the topic, and who cannot be reached, gets a row too, which says so. Cut off in the middle it is
    begun again with the same or other recipients: nobody is planned twice, and who is not meant any more is not
    sent it. Nothing goes out before `send`. Call it from a thread without an event loop.

    Args:
        desk: where it is kept.
        notice_id: a draft, or a notice planned before that nobody said to send.
        contact_ids: everybody, in any order; repeated ones and unknown ones do not count.
        now: the moment.
        audience: the choice of recipients, kept with the notice.
        goes_on: whether this list is still wanted; it implies `may_plan`.
        listed: what else is done when it is ready.

    Returns:
        how many recipients it has now, those left out included; None when somebody else sent it meanwhile, or the
        list is not wanted any more.

    """

    def wanted(session: Session) -> Notice | None:
        notice = hold(session, notice_id)
        return notice if goes_on(session, notice) else None

    def begin(session: Session) -> bool:
        notice = wanted(session)
        if notice is None:
            return False
        if notice.state is NoticeState.PLANNED:
            notice.state = NoticeState.DRAFT
        if audience is not None:
            notice.audience = dict(audience)
        session.add(notice)
        return True

    def add(session: Session, portion: Sequence[int]) -> bool:
        notice = wanted(session)
        if notice is not None:
            recipients.add(session, notice, portion, now)
        return notice is not None

    def leave_out(session: Session) -> int:
        """Take a portion of those out that an earlier plan meant and this one does not."""
        return 0 if wanted(session) is None else recipients.leave_out(session, notice_id, now)

    def end(session: Session) -> int | None:
        notice = wanted(session)
        if notice is None:
            return None
        notice.state, notice.planned_at = NoticeState.PLANNED, now
        session.add(notice)
        if listed is not None:
            listed(session, notice)
        return recipients.count(session, notice_id)

    if not desk.do_now(begin):
        return None
    for portion in _portions(contact_ids):
        if not desk.do_now(partial(add, portion=portion)):
            return None
    while desk.do_now(leave_out):
        pass
    return desk.do_now(end)


def resend(desk: Desk, notice_id: int, staff_id: int, now: datetime) -> int | None:
    """Send a notice that is over once more, with its newest words, to those it surely did not reach.

    Who may have got it (`Fate.UNSURE`) is not sent it again. From a thread without an event loop.

    Returns:
        how many it goes to; None when it is not over, or somebody else pressed first.

    """
    if not desk.do_now(lambda session: _reopen(session, notice_id, staff_id, now)):
        return None
    opened = 0
    while done := desk.do_now(lambda session: recipients.open_again(session, notice_id, NOT_REACHED, now)):
        opened += done
    desk.do_now(lambda session: resume(session, notice_id))
    return opened


def _reopen(session: Session, notice_id: int, staff_id: int, now: datetime) -> bool:
    """Let nothing go out while recipients are opened again: cut off there, `resume` and `resend` go on.

    One that was stopped before its time begins now.
    """
    return move(
        session,
        notice_id,
        col(Notice.state).in_(OVER),
        state=NoticeState.PAUSED,
        ended_at=None,
        sent_by=staff_id,
        started_at=func.coalesce(Notice.started_at, now),
        counts={},
    )


def _portions(contact_ids: Iterable[int]) -> Iterator[list[int]]:
    left = iter(contact_ids)
    while portion := list(islice(left, recipients.PORTION)):
        yield portion
