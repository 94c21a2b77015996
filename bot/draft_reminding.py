"""Tells people of what they left half way: of each draft soon, before it goes, and when it went."""

from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.classes import offering
from bot.forgetting import change_conversation, without_draft
from storage import draft_reminders, outbox, reminders
from storage.rules.calendar import next_allowed
from storage.tables import Reminder


def warn(session: Session, row: Reminder, now: datetime) -> None:
    """Promise the warning; the draft goes a week after it, not sooner."""
    draft_reminders.expire_next(session, row, now)
    until = row.due_at.astimezone(now.tzinfo).date()
    outbox.promise(
        session,
        reminders.contact_of(row),
        "draft_warning",
        {"draft": row.id, "version": row.version_of, "until": until.isoformat()},
        now=now,
        key=f"{row.key}:{row.version_of}",
        not_after=row.due_at,
    )


def nudge(session: Session, row: Reminder, now: datetime) -> None:
    """Promise a word about what was left half way, once the next day and once more; at night it waits."""
    flow, about = str(row.about["flow"]), dict(row.about["about"])
    draft = draft_reminders.find_draft(session, reminders.contact_of(row), flow, about)
    if draft is None:
        reminders.drop(session, row, "已经写完，或者不写了")
        return
    due_at = next_allowed(now, offering.zone_of(now))
    outbox.promise(
        session,
        reminders.contact_of(row),
        "draft_nudge",
        {"draft": draft.id, "nudge": row.id, "version": row.version_of},
        now=now,
        due_at=due_at,
        key=f"{row.key}:{row.about['times']}",
        not_after=due_at + timedelta(days=1),
    )
    draft_reminders.nudge_again(session, row, now)


def let_go(session: Session, row: Reminder, now: datetime) -> None:
    flow, about = str(row.about["flow"]), dict(row.about["about"])
    change_conversation(
        session, reminders.contact_of(row), partial(without_draft, flow=flow, about=about), now
    )
    session.delete(row)
    session.flush()
