"""Messages due at a time: one row each, judged again when due; half-filled forms are warned of, then let go."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, delete, select

from storage.finding import Finds
from storage.tables import Relation, Reminder, ReminderState

DRAFT_WARNING = "draft_warning"
DRAFT_EXPIRY = "draft_expiry"

WARN_AFTER = timedelta(days=23)
KEPT_AFTER_WARNING = timedelta(days=7)
"""A draft nobody touched is warned of after 23 days and gone a week later, after 30."""

DRAFT_NUDGE = "draft_nudge"

NUDGED = frozenset({"apply"})
"""Flows whose drafts are reminded of soon: what they lead to may be full or over by the time of the warning."""

NUDGE_AFTER = (timedelta(days=1), timedelta(days=3))
"""When somebody who stopped half way is reminded, counted from their last word; then no more until the warning."""

HELPER_TIME = "helper_time"

WARN_HELPER = timedelta(days=14)
"""How long before a helper's time ends both are told."""

MORNING = time(10)
"""When reminders of a day are due, in the service's zone."""

_BY_KEY: Finds[tuple[Reminder]] = Finds(
    Reminder,
    build=lambda wanted: wanted.where(
        SQLModel.metadata.tables["reminder"].columns["key"] == bindparam("key")
    ),
)


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
    due = _morning(day + WARN_AFTER, now.tzinfo)
    row = find_draft(session, contact_id, flow, about)
    if row is not None and due <= row.due_at:
        return  # said today already; or the person asked for more time, which is never made less
    if row is None:
        session.add(
            Reminder(
                kind=DRAFT_WARNING,
                contact_id=contact_id,
                about={"flow": flow, "about": dict(about)},
                due_at=due,
                key=_draft_key(contact_id, flow, about),
                created_at=now,
            )
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
    found = _BY_KEY.first(session, key=_draft_key(contact_id, flow, about))
    return None if found is None else found[0]


def forget_draft(session: Session, contact_id: int, flow: str, about: Mapping[str, int | str]) -> None:
    """Drop the reminder of a draft that was sent in or thrown away."""
    for key in (_draft_key(contact_id, flow, about), _nudge_key(contact_id, flow, about)):
        found = _BY_KEY.first(session, key=key)
        if found is not None:
            session.delete(found[0])
            session.flush()


def nudge_again(session: Session, row: Reminder) -> None:
    """After the first time, remind of a draft once more, counted from the same last word; then no more."""
    if row.about["times"]:
        row.state = ReminderState.SENT
    else:
        row.due_at += NUDGE_AFTER[1] - NUDGE_AFTER[0]
    row.about = {**row.about, "times": row.about["times"] + 1}
    session.add(row)
    session.flush()


def extend_draft(session: Session, contact_id: int, reminder_id: int, now: datetime) -> bool:
    """Keep a draft 30 days from now. Say whether there was such a draft of this contact."""
    row = session.get(Reminder, reminder_id)
    if row is None or row.contact_id != contact_id or row.kind not in (DRAFT_WARNING, DRAFT_EXPIRY):
        return False
    _warn_at(session, row, _morning(now.date() + WARN_AFTER, now.tzinfo))
    return True


def expire_next(session: Session, row: Reminder, now: datetime) -> None:
    """After the warning, let the draft go a week later; never without that week, however late the warning."""
    row.kind = DRAFT_EXPIRY
    row.due_at = max(row.due_at, now) + KEPT_AFTER_WARNING
    session.add(row)
    session.flush()


def watch_helper(session: Session, relation: Relation, now: datetime) -> None:
    """Keep the one reminder of a helper's time; where it moves later on, the row is judged again when due."""
    key = f"helper:{relation.id}"
    found = _BY_KEY.first(session, key=key)
    row = None if found is None else found[0]
    if relation.ends_at is None:
        if row is not None:
            session.delete(row)
            session.flush()
        return
    if row is None:
        about = {"relation": relation.id, "about": {"person": relation.person_id}}
        row = Reminder(
            kind=HELPER_TIME,
            contact_id=relation.contact_id,
            about=about,
            due_at=now,
            key=key,
            created_at=now,
        )
    row.due_at = helper_warned_at(relation.ends_at, now.tzinfo)
    row.state, row.reason = ReminderState.DUE, ""
    session.add(row)
    session.flush()


def helper_warned_at(ends_at: datetime, zone: tzinfo | None) -> datetime:
    """Give the morning on which both are told that a helper's time ends."""
    return _morning(ends_at.astimezone(zone).date() - WARN_HELPER, zone)


def look_again(session: Session, row: Reminder, at: datetime) -> None:
    """Judge a reminder once more later."""
    row.due_at = at
    session.add(row)
    session.flush()


def drop(session: Session, row: Reminder, reason: str) -> None:
    """Let a reminder go, with a reason staff can see."""
    row.state, row.reason = ReminderState.DROPPED, reason
    session.add(row)
    session.flush()


def take_due(session: Session, now: datetime, most: int) -> list[Reminder]:
    """Take reminders that are due; until the transaction ends nobody else takes them."""
    due = (
        select(Reminder)
        .where(Reminder.state == ReminderState.DUE, Reminder.due_at <= now)
        .order_by(col(Reminder.due_at), col(Reminder.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(session.exec(due).all())


def due_next(session: Session, most: int) -> Sequence[Reminder]:
    """Give the reminders that wait, the next first."""
    wanted = select(Reminder).where(Reminder.state == ReminderState.DUE)
    return session.exec(wanted.order_by(col(Reminder.due_at), col(Reminder.id)).limit(most)).all()


def dropped_last(session: Session, most: int) -> Sequence[Reminder]:
    """Give the reminders that were not sent, with their reasons, the latest first."""
    wanted = select(Reminder).where(Reminder.state == ReminderState.DROPPED)
    newest = wanted.order_by(col(Reminder.due_at).desc(), col(Reminder.id).desc())
    return session.exec(newest.limit(most)).all()


def forget_reminders(session: Session, contact_id: int) -> None:
    """Drop every reminder of a contact."""
    session.execute(delete(Reminder).where(col(Reminder.contact_id) == contact_id))


def next_due(session: Session) -> datetime | None:
    """Give when the next reminder is due, or None."""
    waiting = select(Reminder.due_at).where(Reminder.state == ReminderState.DUE)
    return session.exec(waiting.order_by(col(Reminder.due_at)).limit(1)).one_or_none()


def _nudge(
    session: Session, contact_id: int, flow: str, about: Mapping[str, int | str], day: date, now: datetime
) -> None:
    """Keep the one row of both reminders of a draft, at so many mornings after its last word."""
    found = _BY_KEY.first(session, key=_nudge_key(contact_id, flow, about))
    row = None if found is None else found[0]
    due = _morning(day + NUDGE_AFTER[0 if row is None else min(row.about["times"], 1)], now.tzinfo)
    if row is None and due > now:
        session.add(
            Reminder(
                kind=DRAFT_NUDGE,
                contact_id=contact_id,
                about={"flow": flow, "about": dict(about), "times": 0},
                due_at=due,
                key=_nudge_key(contact_id, flow, about),
                created_at=now,
            )
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


def _morning(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, MORNING, zone)


def _nudge_key(contact_id: int, flow: str, about: Mapping[str, int | str]) -> str:
    return f"nudge:{_draft_key(contact_id, flow, about)}"


def _draft_key(contact_id: int, flow: str, about: Mapping[str, int | str]) -> str:
    named = ",".join(f"{name}={value}" for name, value in sorted(about.items()))
    return f"draft:{contact_id}:{flow}:{named}"
