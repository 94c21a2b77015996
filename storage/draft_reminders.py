"""Half-filled forms: soon reminded of, warned of after weeks, then let go."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session

from storage.finding import new_row
from storage.reminders import drop, morning_of, reminder_at
from storage.tables import Reminder, ReminderState

DRAFT_WARNING = "draft_warning"
DRAFT_EXPIRY = "draft_expiry"

WARN_AFTER = timedelta(days=23)
KEPT_AFTER_WARNING = timedelta(days=7)
"""A draft nobody touched is warned of after 23 days and gone a week later, after 30."""

DRAFT_NUDGE = "draft_nudge"

NUDGES = "nudge:"
"""How the key of the two soon reminders begins; that of the draft follows."""

NOT_WANTED = "本人不要提醒"

NUDGED = frozenset({"apply"})
"""Flows whose drafts are reminded of soon: what they lead to may be full or over by the time of the warning."""

NUDGE_AFTER = (timedelta(days=1), timedelta(days=3))
"""When somebody who stopped half way is reminded, counted from their last word; then no more until the warning."""


def watch_draft(
    session: Session, contact_id: int, flow: str, about: Mapping[str, int | str], touched: str, now: datetime
) -> None:
    """Keep the warning of a draft at 23 days after it was last touched; of an application, two reminders as well.

    Args:
        session: a writing session.
        contact_id: whose draft it is.
        flow: which flow was begun.
        about: what it is about.
        touched: the day something was last said in it, ISO 8601; today when empty.
        now: in the service's zone.

    """
    day = date.fromisoformat(touched) if touched else now.date()
    due = morning_of(day + WARN_AFTER, now.tzinfo)
    row = find_draft(session, contact_id, flow, about)
    if row is not None and due <= row.due_at:
        return  # said today already; or the person asked for more time, which is never made less
    if row is None:
        new_row(
            session,
            Reminder,
            kind=DRAFT_WARNING,
            contact_id=contact_id,
            about={"flow": flow, "about": dict(about)},
            due_at=due,
            key=_draft_key(contact_id, flow, about),
            created_at=now,
        )
    else:
        _warn_at(session, row, due)
    if flow in NUDGED:
        _nudge(session, contact_id, flow, about, day, now)
    session.flush()


def find_draft(
    session: Session, contact_id: int, flow: str, about: Mapping[str, int | str]
) -> Reminder | None:
    """Give the reminder of a draft."""
    return reminder_at(session, _draft_key(contact_id, flow, about))


def forget_draft(session: Session, contact_id: int, flow: str, about: Mapping[str, int | str]) -> None:
    """Drop the reminder of a draft that was sent in or thrown away."""
    for key in (_draft_key(contact_id, flow, about), _nudge_key(contact_id, flow, about)):
        found = reminder_at(session, key)
        if found is not None:
            session.delete(found)
            session.flush()


def nudge_again(session: Session, row: Reminder, now: datetime) -> None:
    """After the first time, remind of a draft once more, counted from the same last word; then no more.

    After a standstill, when the second time is over too, the first one stands for both.
    """
    again_at = row.due_at + NUDGE_AFTER[1] - NUDGE_AFTER[0]
    if row.about["times"] or again_at <= now:
        row.state = ReminderState.SENT
    else:
        row.due_at, row.state = again_at, ReminderState.DUE
    row.about = {**row.about, "times": row.about["times"] + 1}
    session.add(row)
    session.flush()


def extend_draft(session: Session, contact_id: int, reminder_id: int, now: datetime) -> bool:
    """Keep a draft 30 days from now. Say whether there was such a draft of this contact."""
    row = session.get(Reminder, reminder_id)
    if row is None or row.contact_id != contact_id or row.kind not in (DRAFT_WARNING, DRAFT_EXPIRY):
        return False
    _warn_at(session, row, morning_of(now.date() + WARN_AFTER, now.tzinfo))
    return True


def stop_nudging(session: Session, reminder_id: int) -> None:
    """Remind of a draft no more, by the number of its warning, which is still given."""
    draft = session.get_one(Reminder, reminder_id)
    row = reminder_at(session, f"{NUDGES}{draft.key}")
    if row is not None and row.state is ReminderState.DUE:
        drop(session, row, NOT_WANTED)


def expire_next(session: Session, row: Reminder, now: datetime) -> None:
    """After the warning, let the draft go a week later; never without that week, however late the warning."""
    row.kind, row.state = DRAFT_EXPIRY, ReminderState.DUE
    row.due_at = max(row.due_at, now) + KEPT_AFTER_WARNING
    session.add(row)
    session.flush()


def _nudge(
    session: Session, contact_id: int, flow: str, about: Mapping[str, int | str], day: date, now: datetime
) -> None:
    """Keep the one row of both reminders of a draft, at so many mornings after its last word."""
    row = reminder_at(session, _nudge_key(contact_id, flow, about))
    due = morning_of(day + NUDGE_AFTER[0 if row is None else min(row.about["times"], 1)], now.tzinfo)
    if row is None and due > now:
        new_row(
            session,
            Reminder,
            kind=DRAFT_NUDGE,
            contact_id=contact_id,
            about={"flow": flow, "about": dict(about), "times": 0},
            due_at=due,
            key=_nudge_key(contact_id, flow, about),
            created_at=now,
        )
    elif row is not None and row.state is ReminderState.DUE and due > row.due_at:
        row.due_at = due
        row.version_of += 1
        session.add(row)


def _warn_at(session: Session, row: Reminder, due: datetime) -> None:
    row.kind = DRAFT_WARNING
    row.due_at = due
    row.version_of += 1
    session.add(row)
    session.flush()


def _nudge_key(contact_id: int, flow: str, about: Mapping[str, int | str]) -> str:
    return f"{NUDGES}{_draft_key(contact_id, flow, about)}"


def _draft_key(contact_id: int, flow: str, about: Mapping[str, int | str]) -> str:
    named = ",".join(f"{name}={value}" for name, value in sorted(about.items()))
    return f"draft:{contact_id}:{flow}:{named}"
