"""Messages due at a time: one row each, judged again when due."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from sqlalchemy import ClauseElement, any_, bindparam, func, literal_column, update
from sqlalchemy import select as pick
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, SQLModel, col, delete, select

from storage.among import one_of
from storage.compiled import Compiled
from storage.finding import Finds, get_one
from storage.outbox import LETTER
from storage.tables import Outbox, Relation, Reminder, ReminderState

HELPER_TIME = "helper_time"

WARN_HELPER = timedelta(days=14)
"""How long before a helper's time ends both are told."""

MORNING = time(10)
"""When reminders of a day are due, in the service's zone."""

_TABLE = SQLModel.metadata.tables["reminder"]
_REMINDER = _TABLE.columns

_BY_KEY: Finds[tuple[Reminder]] = Finds(
    Reminder, build=lambda wanted: wanted.where(_REMINDER["key"] == bindparam("key"))
)

_WAITS = _REMINDER["state"] == literal_column("'due'")
"""What waits, as the index of it says: PostgreSQL does not see that a parameter means the same."""

_EARLIEST = (_REMINDER["due_at"], _REMINDER["id"])


def _take(database: str) -> ClauseElement:
    due = (
        pick(_REMINDER["id"])
        .where(_WAITS, _REMINDER["due_at"] <= bindparam("now"))
        .order_by(*_EARLIEST)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )
    # As an array PostgreSQL finds them once; as a part of the update it might look again, and take more.
    number = _REMINDER["id"]
    these = number.in_(due) if database == "sqlite" else number == any_(func.array(due.scalar_subquery()))
    taken = update(_TABLE).where(these).values(state=ReminderState.SENT)
    return taken.returning(_REMINDER["due_at"], number, _REMINDER["kind"])


_TAKE = Compiled(_take)

_MARK = Compiled(
    lambda _: update(_TABLE).where(one_of(_REMINDER["id"], "numbers")).values(state=bindparam("new_state"))
)

_NEXT = Compiled(
    lambda _: pick(_REMINDER["due_at"]).where(_WAITS).order_by(*_EARLIEST).limit(1),
    gives=(_REMINDER["due_at"],),
)


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
    return morning_of(ends_at.astimezone(zone).date() - WARN_HELPER, zone)


def reminder_at(session: Session, key: str) -> Reminder | None:
    """Give the reminder of a key."""
    found = _BY_KEY.first(session, key=key)
    return None if found is None else found[0]


def look_again(session: Session, row: Reminder, at: datetime) -> None:
    """Judge a reminder once more later."""
    row.due_at, row.state, row.reason = at, ReminderState.DUE, ""
    session.add(row)
    session.flush()


def drop(session: Session, row: Reminder, reason: str) -> None:
    """Let a reminder go, with a reason staff can see."""
    row.state, row.reason = ReminderState.DROPPED, reason
    session.add(row)
    session.flush()


class Due(NamedTuple):
    """A reminder that is due, as it was taken: its number, and of which kind it is."""

    id: int
    kind: str


def take_due(session: Session, now: datetime, most: int) -> list[Due]:
    """Take reminders that are due, the earliest first; until the transaction ends nobody else takes them.

    They are written down as sent here, all at once: whoever does not send one says so.
    """
    return [Due(number, kind) for _, number, kind in sorted(_TAKE.run(session, now=now, most=most))]


def row_of(session: Session, taken: Due) -> Reminder:
    """Give the row of a reminder that was taken: sent, unless whoever handles it says otherwise."""
    row = get_one(session, Reminder, taken.id)
    if row.state is not ReminderState.SENT:
        set_committed_value(row, "state", ReminderState.SENT)  # the session knew it as it was before
    return row


def give_back(session: Session, taken: Collection[Due]) -> None:
    """Let reminders that were taken be due still."""
    _mark_as(session, taken, ReminderState.DUE)


def due_next(session: Session, most: int) -> Sequence[Reminder]:
    """Give the reminders that wait, the next first."""
    wanted = select(Reminder).where(_WAITS)
    return session.exec(wanted.order_by(*_EARLIEST).limit(most)).all()


def dropped_last(session: Session, most: int) -> Sequence[Reminder]:
    """Give the reminders that were not sent, with their reasons, the latest first."""
    wanted = select(Reminder).where(Reminder.state == ReminderState.DROPPED)
    newest = wanted.order_by(col(Reminder.due_at).desc(), col(Reminder.id).desc())
    return session.exec(newest.limit(most)).all()


def letters_next(session: Session, kinds: Collection[str], most: int) -> Sequence[Outbox]:
    """Give the letters of these kinds that wait for their time, the next first."""
    wanted = select(Outbox).where(col(Outbox.kind).in_(kinds), *LETTER)
    return session.exec(wanted.order_by(col(Outbox.due_at), col(Outbox.id)).limit(most)).all()


def letters_dropped(session: Session, kinds: Collection[str], most: int) -> Sequence[Outbox]:
    """Give the letters of these kinds that were not sent, with their reasons, the latest first."""
    wanted = select(Outbox).where(col(Outbox.kind).in_(kinds), col(Outbox.dropped_at).is_not(None))
    return session.exec(wanted.order_by(col(Outbox.due_at).desc(), col(Outbox.id).desc()).limit(most)).all()


def forget_reminders(session: Session, contact_id: int) -> None:
    """Drop every reminder of a contact."""
    session.execute(delete(Reminder).where(col(Reminder.contact_id) == contact_id))


def next_due(session: Session) -> datetime | None:
    """Give when the next reminder is due, or None."""
    found = _NEXT.run(session)
    return found[0][0] if found else None


def _mark_as(session: Session, taken: Collection[Due], state: ReminderState) -> None:
    _MARK.run(session, numbers=[each.id for each in taken], new_state=state)


def contact_of(row: Reminder) -> int:
    """Give whose a reminder is, of a kind that always is somebody's. Raises ValueError for nobody's."""
    if row.contact_id is None:
        raise ValueError(f"reminder {row.id} is nobody's")
    return row.contact_id


def morning_of(day: date, zone: tzinfo | None) -> datetime:
    """Give when reminders of a day are due."""
    return datetime.combine(day, MORNING, zone)
