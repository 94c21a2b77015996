import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, SQLModel, select

from storage import conversations, outbox, people
from storage.base import Store
from storage.crypto import KeyRing, ring_in_use
from storage.desk import Desk
from storage.keeping.purge import ACTION, PORTION, Purged, is_overdue, last_night, purge
from storage.notices import files as notice_files
from storage.notices import notices
from storage.notices.notices import Words
from storage.notices.tables import NoticeFile, NoticeTold
from storage.tables import (
    Audit,
    Channel,
    Contact,
    Conversation,
    GoToken,
    Inbox,
    Message,
    Notice,
    Outbox,
    Reminder,
    ReminderState,
    Role,
    Topic,
    Wish,
)
from storage.tickets import tickets
from tests.bot.courses import make_course
from tests.databases import on_both

from . import noticed
from .lives import SECOND, YEARS, Life, day, purge_at, rows
from .noticed import clerk
from .rows import NOW

ENDS = date(2026, 12, 25)


def audits(store: Store) -> list[str]:
    with store.reading() as session:
        return [each.detail for each in session.exec(select(Audit).where(Audit.action == ACTION))]


@pytest.fixture
def database(request: pytest.FixtureRequest, keys: KeyRing) -> str:
    """Which night and which row is asked on one; what steps do on PostgreSQL, tests/storage/test_limits.py asks too."""
    assert ring_in_use() is keys
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def life(store: Store) -> Life:
    return Life.begin(store)


def _heard(session: Session, contact: int, at: datetime) -> None:
    conversations.remember_update(session, Channel.WEB, "u1", at, contact_id=contact)


def _link(session: Session, contact: int, at: datetime) -> None:
    row = GoToken(token_hash="x", contact_id=contact, purpose="copy", expires_at=at, created_at=at)
    session.add(row)


def _sent(session: Session, contact: int, at: datetime) -> None:
    outbox.promise(session, contact, "told", {}, now=at)
    session.execute(update(Outbox).values(sent_at=at))


def _dropped(session: Session, contact: int, at: datetime) -> None:
    outbox.promise(session, contact, "told", {}, now=at)
    outbox.drop(session, [session.exec(select(Outbox.id)).one()], at, "晚了")


def _reminded(session: Session, contact: int, at: datetime) -> None:
    state = ReminderState.DROPPED
    session.add(Reminder(kind="x", contact_id=contact, due_at=at, key="x", state=state, created_at=at))


def _told(session: Session, contact: int, at: datetime) -> None:
    session.add(Message(contact_id=contact, text="小明您好", at=at))


def _spoke(session: Session, contact: int, at: datetime) -> None:
    conversations.save_conversation(session, contact, {"typed": "小明"}, 0, at)


def _wished(session: Session, contact: int, at: datetime) -> None:
    session.add(Wish(contact_id=contact, wish="面点", created_at=at))


@pytest.mark.parametrize(
    ("table", "make", "kept"),
    [
        (Inbox, _heard, timedelta(days=7)),
        (GoToken, _link, timedelta(days=1)),
        (Outbox, _sent, timedelta(days=90)),
        (Outbox, _dropped, timedelta(days=90)),
        (Reminder, _reminded, timedelta(days=90)),
        (Message, _told, timedelta(days=183)),
        (Conversation, _spoke, timedelta(days=183)),
        (Wish, _wished, YEARS),
    ],
)
def test_a_row_is_kept_to_the_second_and_then_goes(
    store: Store, table: type[SQLModel], make: Callable[[Session, int, datetime], None], kept: timedelta
) -> None:
    with store.writing() as session:
        contact = people.meet(session, "web", "visitor-1", NOW).id
        session.get_one(Contact, contact).seen_at = NOW + kept
        make(session, contact, NOW)
    assert purge_at(store, NOW + kept) == {}
    assert rows(store, table) == 1
    assert purge_at(store, NOW + kept + SECOND) == {str(table.__tablename__): 1}
    assert rows(store, table) == 0


@on_both
def test_twice_is_the_same_as_once_and_one_row_says_what_was_done(life: Life) -> None:
    life.apply(make_course(life.store, ends=ENDS))
    life.agree(given=True)
    late = day(2030, 1, 1)
    counts = purge_at(life.store, late)
    assert counts == {"people_erased": 1, "contacts_forgotten": 1}
    assert purge_at(life.store, late) == {}
    assert audits(life.store) == ["people_erased=1 contacts_forgotten=1"]


def test_a_night_with_nothing_to_do_is_written_down_too_and_once(store: Store) -> None:
    for _ in range(2):
        purge_at(store, NOW)
    assert audits(store) == [""]


def old_updates(store: Store, many: int) -> None:
    with store.writing() as session:
        for number in range(many):
            conversations.remember_update(session, Channel.WEB, str(number), NOW)


@on_both
def test_two_machines_at_once_take_each_row_once(store: Store) -> None:
    many = 5 * PORTION + 1
    old_updates(store, many)

    async def both() -> list[Purged]:
        with closing(Desk(store)) as one, closing(Desk(store)) as other:
            return await asyncio.gather(*(purge(desk, NOW + timedelta(days=8)) for desk in (one, other)))

    done = asyncio.run(both())
    assert [each.failed for each in done] == [{}, {}]
    assert sum(each.counts.get("inbox", 0) for each in done) == many
    assert rows(store, Inbox) == 0
    assert sum(int(detail.removeprefix("inbox=") or 0) for detail in audits(store)) == many


@on_both
def test_what_cannot_be_opened_keeps_nothing_else(store: Store) -> None:
    old_updates(store, 1)
    with store.writing() as session:
        tickets.make_ticket(session, "complaint", "门口有台阶", NOW)
        _wished(session, people.meet(session, "web", "visitor-1", NOW).id, NOW)
        session.execute(text("UPDATE ticket SET words = :damaged"), {"damaged": b"damaged" * 9})
    with closing(Desk(store)) as desk:
        done = asyncio.run(purge(desk, NOW + YEARS + SECOND))
    assert done.failed == {"tickets_emptied": "SecretError"}
    assert {"inbox": 1, "wish": 1}.items() <= done.counts.items()


def test_a_night_begins_at_half_past_three_in_the_zone_of_the_service(store: Store) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    before, after = datetime(2026, 11, 21, 3, 29, tzinfo=zone), datetime(2026, 11, 21, 3, 30, tzinfo=zone)
    assert (last_night(before), last_night(after)) == (after - timedelta(days=1), after)
    with store.reading() as session:
        assert is_overdue(session, before)
    purge_at(store, before)
    with store.reading() as session:
        assert not is_overdue(session, before)
        assert is_overdue(session, after)


def test_a_file_no_notice_was_kept_with_goes_the_next_night_and_the_others_with_their_notice(
    store: Store,
) -> None:
    with store.writing() as session:
        by = clerk(session)
        kept, unused = (
            notice_files.keep_file(session, "路", "image/jpeg", b"way", by, noticed.NOW, is_photo=True)
            for _ in range(2)
        )
        words = Words("招聘会", "周六见。", file_id=kept, file_words="路")
        number = notices.write(session, Topic.JOBS, words, by, noticed.NOW).id
        told = people.add_person(session, noticed.meet(session, 1), Role.SELF, "小明", noticed.NOW)
        session.add(NoticeTold(notice_id=number, person_id=told.id, staff_id=by, at=noticed.NOW))
    purge_at(store, noticed.NOW + timedelta(days=2))
    with store.reading() as session:
        assert [each.id for each in session.exec(select(NoticeFile))] == [kept]
        assert session.get(NoticeFile, unused) is None
    purge_at(store, day(2031, 11, 23))
    assert [rows(store, each) for each in (Notice, NoticeFile, NoticeTold)] == [0, 0, 0]
