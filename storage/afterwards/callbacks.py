"""Call-backs: asked in the chat, reminded of twice, then phoned by a named member of staff; and what came of it.

One is planned in the transaction of whatever changes an application, a class or a sign-up for a fair (`plan`). Its
reminder asks it in the chat when it is due, or puts it on the call list; `take_answers` and `log_try` end it.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, func, or_, select

from storage.afterwards.callback_plan import (
    CALLBACK,
    NOT_WANTED,
    callbacks_of,
    drop,
    hour_of,
    judge,
    keep,
    plan,
    plan_fair,
)
from storage.among import among
from storage.fairs.tables import FairSignup
from storage.rules.calendar import WorkDays
from storage.rules.callback_days import (
    MOST_TRIES,
    REMINDERS,
    SPACED,
    asked_again,
    call_at,
    hour_at,
    next_try,
)
from storage.rules.dispositions import AFTER, ANSWERED, OPEN, follow
from storage.tables import AnswerSet, CallbackKind, CallResult, Disposition, Staff
from storage.tickets.owners import area_of, caller
from storage.tickets.tables import Callback, CallTry

__all__ = [
    "CALLBACK", "NOT_WANTED", "call", "callbacks_of", "close", "counts", "drop", "find", "hour_of",
    "is_spent", "judge", "keep", "later", "log_try", "note_asked", "plan", "plan_fair", "refuse",
    "take_answers", "to_call", "wait", "whose",
]  # fmt: skip

TOO_LATE = "过了时间，没有问到"
NOBODY = "打了几次，没有联系上"
NO_NUMBER = "号码不对，没有别的号码"
CLOSED = "到了时间，还没有答"
"""Why somebody counts as not reached."""


def find(session: Session, number: int | None) -> Callback | None:
    """Give a call-back, held until the transaction ends; None for a number there is none of."""
    wanted = select(Callback).where(Callback.id == number).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one_or_none()


def is_spent(callback: Callback) -> bool:
    """Whether somebody was asked and reminded in the chat as often as may be, and said nothing."""
    return callback.state is Disposition.ASKED and callback.asked > REMINDERS


def note_asked(session: Session, callback: Callback, now: datetime) -> None:
    """Write down that somebody is asked in the chat now, in the morning where it is night."""
    callback.state = follow(callback.state, Disposition.ASKED)
    callback.asked += 1
    callback.next_at = asked_again(now, hour_of(session, callback.person_id), now.tzinfo or UTC)
    keep(session, callback)


def wait(session: Session, callback: Callback, until: datetime) -> None:
    """Look at a call-back again later."""
    callback.next_at = until
    keep(session, callback)


def later(session: Session, callback: Callback, now: datetime) -> datetime:
    """Ask again on another day at the same hour, as the person wishes; give when."""
    callback.next_at = hour_at(now.date() + SPACED, now.hour, now.tzinfo)
    callback.state = follow(callback.state, Disposition.LATER)
    keep(session, callback)
    return callback.next_at


def call(session: Session, callback: Callback, now: datetime, days: WorkDays | None = None) -> None:
    """Put somebody on the call list, from the next working hour on, with a named member of staff who calls."""
    callback.state = follow(callback.state, Disposition.TO_CALL)
    callback.next_at = call_at(now, now.tzinfo or UTC, days or WorkDays())
    if callback.staff_id is None:
        member = caller(session, area_of(session, callback))
        callback.staff_id = None if member is None else member.id
    keep(session, callback)


def refuse(session: Session, callback: Callback) -> None:
    """Ask nothing of this class any more: the person does not want it."""
    rows = [callback]
    if callback.application_id is not None:
        rows += [each for each in callbacks_of(session, callback.application_id) if each is not callback]
    for row in rows:
        if row is callback or row.state in OPEN:
            row.state, row.reason = follow(row.state, Disposition.REFUSED), NOT_WANTED
            keep(session, row)


def close(session: Session, callback: Callback) -> None:
    """End a call-back whose time is over: answered in part, not reached, or never asked."""
    if callback.answer_set_id is not None:
        after, reason = Disposition.PARTIAL, ""
    elif callback.asked or callback.tries or callback.state is Disposition.TO_CALL:
        after, reason = Disposition.UNREACHED, CLOSED
    else:
        after, reason = Disposition.DROPPED, TOO_LATE
    callback.state, callback.reason = follow(callback.state, after), reason
    keep(session, callback)


def take_answers(session: Session, callback: Callback, answer_set: AnswerSet, now: datetime) -> None:
    """Keep what somebody answered as this call-back's answer; late after its closing date.

    What was answered half way before is replaced by it and deleted; after a full answer, half of one changes nothing.
    """
    before = None if callback.answer_set_id is None else session.get(AnswerSet, callback.answer_set_id)
    if callback.state is Disposition.COMPLETE and not answer_set.complete:
        return
    if before is not None and before.id != answer_set.id and not before.complete:
        session.delete(before)
    if callback.state is not Disposition.COMPLETE:
        after = Disposition.COMPLETE if answer_set.complete else Disposition.PARTIAL
        callback.state, callback.reason = follow(callback.state, after), ""
        callback.late = answer_set.complete and now > callback.closes_at
    callback.answer_set_id = answer_set.id
    keep(session, callback)


def log_try(
    session: Session,
    callback: Callback,
    result: CallResult,
    member: Staff,
    now: datetime,
    *,
    by_text: bool = False,
    note: str = "",
    next_at: datetime | None = None,
    days: WorkDays | None = None,
) -> CallTry:
    """Write down how a try to reach somebody went, and what follows from it.

    Answers come first: `take_answers` is called before a try that ended with some. After one in vain the next is
    planned for another working day, in the other half of it; after the last one they count as not reached.

    Args:
        session: a writing session; the call-back is held by it (`find`).
        callback: on the call list.
        result: how it went.
        member: who tried.
        now: in the service's zone.
        by_text: whether it was a message and not a call.
        note: what was said; kept sealed.
        next_at: when to try again, as agreed; it is moved to a working day. For a wrong number: there is another.
        days: which days are worked; Monday to Friday when not given.

    Raises:
        ValueError: when somebody is said to have answered and there is no answer.
        CannotFollow: when it cannot be so, as a refusal of who has answered.

    """
    zone, days = now.tzinfo or UTC, days or WorkDays()
    after = AFTER[result]
    if after in ANSWERED and callback.answer_set_id is None:
        raise ValueError(f"call-back {callback.id} has no answer")
    callback.tries += 1
    if next_at is not None:
        next_at = call_at(next_at, zone, days)
    elif after is Disposition.TO_CALL:
        next_at = next_try(now, zone, days)
    if after is Disposition.TO_CALL and callback.tries >= MOST_TRIES and result in IN_VAIN:
        after, next_at = Disposition.UNREACHED, None
        callback.reason = NOBODY
    if next_at is not None and after in (Disposition.UNREACHED, Disposition.PARTIAL):
        after = Disposition.TO_CALL
    if after is Disposition.UNREACHED and callback.answer_set_id is not None:
        after = Disposition.PARTIAL
    if after is Disposition.REFUSED:
        refuse(session, callback)
    elif callback.state is not Disposition.COMPLETE:
        callback.state = follow(callback.state, after)
        if after is Disposition.UNREACHED and not callback.reason:
            callback.reason = NO_NUMBER
    if after is Disposition.TO_CALL and next_at is not None:
        callback.next_at = next_at
    done = CallTry(
        callback_id=callback.id,
        result=result,
        by_text=by_text,
        note=note or None,
        staff_id=member.id,
        at=now,
        next_at=next_at,
    )
    session.add(done)
    keep(session, callback)
    return done


OF_CLASS: Mapped[int] = col(Callback.intake_id)  # type: ignore[arg-type]  # of a fair there is none
IN_VAIN = frozenset({CallResult.NO_ANSWER, CallResult.OFF})
"""Results of which only so many are tried."""


def whose(intake_ids: Collection[int], fair_ids: Collection[str]) -> ColumnElement[bool]:
    """Say that a call-back is about one of these classes or job fairs."""
    of_class = among(OF_CLASS, intake_ids)
    if not fair_ids:
        return of_class
    theirs = select(FairSignup.id).where(col(FairSignup.fair_id).in_(fair_ids))
    return or_(of_class, col(Callback.signup_id).in_(theirs))


def to_call(
    session: Session,
    intake_ids: Collection[int] | None,
    now: datetime,
    *,
    fair_ids: Collection[str] = (),
    own: int | None = None,
) -> Sequence[Callback]:
    """Give who is to be called back, the next first: also those with whom a later time was agreed (`next_at`).

    Args:
        session: a session to read with.
        intake_ids: of which classes; None for all, and for all job fairs.
        now: the moment; whose time is over is not on the list.
        fair_ids: of which job fairs beside these classes.
        own: a member whose own are given too, of whatever class or fair.

    """
    wanted = select(Callback).where(Callback.state == Disposition.TO_CALL, Callback.closes_at > now)
    if intake_ids is not None:
        wanted = wanted.where(or_(whose(intake_ids, fair_ids), col(Callback.staff_id) == own))
    return session.exec(wanted.order_by(col(Callback.next_at), col(Callback.id))).all()


def counts(
    session: Session,
    *,
    intake_ids: Collection[int] | None = None,
    fair_ids: Collection[str] = (),
    kinds: Collection[CallbackKind] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> Counter[Disposition]:
    """Count the call-backs by where they stand; `storage.rules.dispositions.rates` makes rates of it.

    Args:
        session: a session to read with.
        intake_ids: of which classes; None for all, and for all job fairs.
        fair_ids: of which job fairs beside these classes.
        kinds: which call-backs; all when empty.
        since: only those due from then on.
        until: only those due before.

    """
    wanted = select(Callback.state, func.count()).group_by(col(Callback.state))
    if intake_ids is not None:
        wanted = wanted.where(whose(intake_ids, fair_ids))
    if kinds:
        wanted = wanted.where(col(Callback.kind).in_(kinds))
    if since is not None:
        wanted = wanted.where(Callback.due_at >= since)
    if until is not None:
        wanted = wanted.where(Callback.due_at < until)
    return Counter({Disposition(state): count for state, count in session.exec(wanted)})
