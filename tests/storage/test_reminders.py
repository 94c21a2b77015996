from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from storage import draft_reminders, people, reminders
from storage.base import Store
from storage.tables import Reminder

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=ZONE)
ABOUT = {"person": 1, "intake": 2}


def contact(session: Session, key: str = "visitor-1") -> int:
    return people.meet(session, "web", key, NOW).id


def watch(session: Session, touched: str, about: dict[str, int | str] | None = None) -> Reminder:
    draft_reminders.watch_draft(session, contact(session), "apply", about or {**ABOUT}, touched, NOW)
    row = draft_reminders.find_draft(session, contact(session), "apply", about or {**ABOUT})
    assert row is not None
    return row


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=ZONE)


def test_a_draft_is_warned_of_on_the_23rd_morning(store: Store) -> None:
    with store.writing() as session:
        assert watch(session, "2026-11-01").due_at == at(11, 24)
        assert watch(session, "", {"person": 9}).due_at == at(12, 14)


def test_one_draft_has_one_reminder_however_often_it_is_touched(store: Store) -> None:
    with store.writing() as session:
        watch(session, "2026-11-01")
        version = watch(session, "2026-11-01").version_of
        row = watch(session, "2026-11-05")
        assert (row.due_at, row.version_of) == (at(11, 28), version + 1)
        assert len(session.exec(select(Reminder)).all()) == 1
        watch(session, "2026-11-05", {"intake": 2, "person": 1})
        assert len(session.exec(select(Reminder)).all()) == 1
        watch(session, "2026-11-05", {"person": 1, "intake": 3})
        assert len(session.exec(select(Reminder)).all()) == 2


def test_what_is_due_is_taken_and_what_is_not_waits(store: Store) -> None:
    with store.writing() as session:
        watch(session, "2026-11-01")
        assert reminders.next_due(session) == at(11, 24)
        assert reminders.take_due(session, at(11, 24) - timedelta(seconds=1), 10) == []
        assert len(reminders.take_due(session, at(11, 24), 10)) == 1


def test_after_the_warning_a_week_is_left_however_late_it_came(store: Store) -> None:
    with store.writing() as session:
        row = watch(session, "2026-11-01")
        draft_reminders.expire_next(session, row, at(11, 24))
        assert (row.kind, row.due_at) == (draft_reminders.DRAFT_EXPIRY, at(12, 1))
        late = watch(session, "2026-10-01", {"person": 5})
        draft_reminders.expire_next(session, late, at(12, 24))
        assert late.due_at == at(12, 31)


def test_who_goes_on_after_the_warning_is_warned_anew(store: Store) -> None:
    with store.writing() as session:
        row = watch(session, "2026-11-01")
        draft_reminders.expire_next(session, row, at(11, 24))
        row = watch(session, "2026-11-26")
        assert (row.kind, row.due_at) == (draft_reminders.DRAFT_WARNING, at(12, 19))


def test_more_time_is_not_taken_back_by_an_old_touch(store: Store) -> None:
    with store.writing() as session:
        row = watch(session, "2026-11-01")
        assert draft_reminders.extend_draft(session, contact(session), row.id, NOW)
        assert watch(session, "2026-11-01").due_at == at(12, 14)
        assert not draft_reminders.extend_draft(session, contact(session, "stranger"), row.id, NOW)
        assert not draft_reminders.extend_draft(session, contact(session), 404, NOW)


def test_a_draft_that_was_sent_in_is_not_warned_of(store: Store) -> None:
    with store.writing() as session:
        watch(session, "2026-11-01")
        draft_reminders.forget_draft(session, contact(session), "apply", ABOUT)
        draft_reminders.forget_draft(session, contact(session), "apply", ABOUT)
        assert reminders.next_due(session) is None
