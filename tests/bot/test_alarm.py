import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlmodel import Session, col, select

from bot.alarm import Alarm, ring
from bot.forgetting import without_draft
from bot.letters.letter import Post
from bot.postman import Postman
from bot.settings import Clock, Settings
from dialogs.state import Frame, State
from storage import conversations, draft_reminders, messages, outbox
from storage.base import Store
from storage.desk import Desk
from storage.tables import Audit, Channel, Inbox, Outbox, Reminder, ReminderState
from tests.bot.conftest import NOW, ZONE, Phone
from tests.bot.test_postman import BOOK, on_telegram
from tests.databases import on_both

ABOUT = (("person", 1), ("intake", 2))


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    desk = Desk(store)
    yield desk
    desk.close()


def asleep(desk: Desk) -> Alarm:
    return Alarm(desk, Postman(desk, BOOK, ZONE, "worker-1", {}), Clock(Settings(clock="2026-11-21T10:00")))


def tick(desk: Desk, *moments: datetime) -> None:
    async def ticking() -> None:
        alarm = asleep(desk)
        for now in moments:
            await alarm.tick(now)

    asyncio.run(ticking())


def begin_draft(phone: Phone, touched: str = "2026-11-01") -> None:
    draft = Frame("apply", ABOUT, {"name": "小明"}, touched=touched)
    state = State(frames=(Frame("home"),), waiting=(draft, Frame("wish", (), {"wish": "面点"})))
    with phone.store.writing() as session:
        conversations.save_conversation(session, phone.contact_id, state.dump(), 0, NOW)
        draft_reminders.watch_draft(session, phone.contact_id, "apply", dict(ABOUT), touched, NOW)


def waiting(phone: Phone) -> list[str]:
    with phone.store.reading() as session:
        kept = conversations.read_conversation(session, phone.contact_id, lock=False).state
    return [frame.flow for frame in State.load(kept).waiting]


def texts(phone: Phone) -> list[str]:
    with phone.store.reading() as session:
        return [message.text for message in messages.messages_of(session, phone.contact_id)]


@on_both
def test_a_draft_is_warned_of_once_and_goes_a_week_later(phone: Phone, desk: Desk) -> None:
    begin_draft(phone)
    tick(desk, at(11, 24, 9))
    assert texts(phone) == []
    tick(desk, at(11, 24), at(11, 24), at(11, 30))
    assert texts(phone) == ["您有一张表没写完。12 月 1 日，星期二会删掉。还想要，就接着写。"]
    assert waiting(phone) == ["apply", "wish"]
    tick(desk, at(12, 1))
    assert waiting(phone) == ["wish"]
    with phone.store.reading() as session:
        assert session.exec(select(Reminder)).all() == []
    assert len(texts(phone)) == 1


def test_after_weeks_of_silence_the_warning_still_comes_a_week_before(phone: Phone, desk: Desk) -> None:
    begin_draft(phone)
    tick(desk, at(12, 24))
    assert waiting(phone) == ["apply", "wish"]
    assert texts(phone) == ["您有一张表没写完。12 月 31 日，星期四会删掉。还想要，就接着写。"]
    tick(desk, at(12, 31))
    assert waiting(phone) == ["wish"]


def test_who_goes_on_in_the_meantime_is_not_warned(phone: Phone, desk: Desk) -> None:
    begin_draft(phone)
    tick(desk, at(11, 24, 22))  # at night: the warning waits for the morning
    with phone.store.writing() as session:
        draft_reminders.watch_draft(
            session, phone.contact_id, "apply", dict(ABOUT), "2026-11-25", at(11, 25, 7)
        )
    tick(desk, at(11, 25, 8))
    assert texts(phone) == []
    with phone.store.reading() as session:
        assert session.exec(select(Outbox)).one().drop_reason == "已经接着写了"
    tick(desk, at(12, 3))
    assert waiting(phone) == ["apply", "wish"]


def test_an_application_left_half_way_is_reminded_of_the_next_day_and_once_more(
    phone: Phone, desk: Desk
) -> None:
    begin_draft(phone, "2026-11-21")
    tick(desk, at(11, 22, 9))
    assert texts(phone) == []
    tick(desk, at(11, 22), at(11, 22), at(11, 23), at(11, 24), at(12, 1))
    assert texts(phone) == ["您有一张表没写完，写的都在。想接着写，随时可以。"] * 2
    tick(desk, at(12, 14))
    assert sum("会删掉" in text for text in texts(phone)) == 1


def test_after_a_standstill_the_same_words_about_a_draft_come_once(phone: Phone, desk: Desk) -> None:
    begin_draft(phone, "2026-11-21")
    tick(desk, at(12, 1), at(12, 1, 11), at(12, 2))
    assert texts(phone) == ["您有一张表没写完，写的都在。想接着写，随时可以。"]


def test_who_went_on_with_it_is_reminded_later_and_who_finished_is_not(phone: Phone, desk: Desk) -> None:
    begin_draft(phone, "2026-11-21")
    with phone.store.writing() as session:
        draft_reminders.watch_draft(
            session, phone.contact_id, "apply", dict(ABOUT), "2026-11-22", at(11, 22, 9)
        )
    tick(desk, at(11, 22))
    assert texts(phone) == []
    with phone.store.writing() as session:
        draft_reminders.forget_draft(session, phone.contact_id, "apply", dict(ABOUT))
    tick(desk, at(11, 23), at(11, 25))
    assert texts(phone) == []


def test_one_press_keeps_a_draft_for_thirty_days(phone: Phone, desk: Desk) -> None:
    begin_draft(phone)
    tick(desk, at(11, 24))
    with phone.store.reading() as session:
        draft = session.exec(select(Reminder)).one().id
    phone.now = at(11, 30)
    phone.finish("keep_draft", {"draft": draft})
    tick(desk, at(12, 22))
    assert (len(texts(phone)), waiting(phone)) == (1, ["apply", "wish"])
    tick(desk, at(12, 23))
    assert len(texts(phone)) == 2


def test_who_wants_no_more_words_about_a_draft_is_only_told_before_it_goes(phone: Phone, desk: Desk) -> None:
    begin_draft(phone, "2026-11-21")
    with phone.store.writing() as session:
        draft_reminders.watch_draft(
            session, phone.contact_id, "apply", dict(ABOUT), "2026-11-21", at(11, 21, 9)
        )
        draft = session.exec(select(Reminder).where(Reminder.kind == "draft_warning")).one().id
    tick(desk, at(11, 22))
    assert len(texts(phone)) == 1
    phone.now = at(11, 22, 11)
    phone.finish("quiet_draft", {"draft": draft})
    tick(desk, at(11, 24), at(11, 27))
    assert len(texts(phone)) == 1
    tick(desk, at(12, 16))
    assert len(texts(phone)) == 2, "before it goes"


def test_a_reminder_nobody_knows_is_dropped_with_its_reason(phone: Phone) -> None:
    with phone.store.writing() as session:
        row = Reminder(
            kind="of_an_older_version", contact_id=phone.contact_id, due_at=NOW, key="x", created_at=NOW
        )
        session.add(row)
        session.flush()
        assert ring(session, NOW) == 1
        assert (row.state, row.reason) == (ReminderState.DROPPED, "不认识的提醒")
        assert ring(session, NOW) == 0


def test_a_draft_on_the_screen_goes_too() -> None:
    state = State(frames=(Frame("home"), Frame("apply", ABOUT, {"name": "小明"})), typed="小")
    assert without_draft(state, "apply", dict(ABOUT)) == State(frames=(Frame("home"),))
    assert without_draft(state, "apply", {}) is state


class Bell:
    """A channel that says when something was sent."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    async def send(self, address: str, post: Post) -> None:
        assert address
        assert post.text
        self.rung.set()


def test_what_is_due_is_sent_without_anybody_asking(store: Store, desk: Desk) -> None:
    phone = on_telegram(store)
    clock = Clock(Settings(clock="2026-11-21T10:00"))
    with store.writing() as session:
        payload = {"name": "小明", "person": phone.current, "act": "phone"}
        outbox.promise(session, phone.contact_id, "told", payload, now=clock.now())

    async def wait() -> None:
        bell = Bell()
        alarm = Alarm(desk, Postman(desk, BOOK, ZONE, "worker-1", {Channel.TELEGRAM: bell}), clock)
        alarm.start()
        await asyncio.wait_for(bell.rung.wait(), timeout=60)
        alarm.stop()

    asyncio.run(wait())


T = TypeVar("T")


class SlowToTell(Desk):
    """A desk that has looked, but does not say what it saw until it is let: what comes meanwhile is news."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.looked, self.tell = asyncio.Event(), asyncio.Event()

    async def look(self, look: Callable[[Session], T]) -> T:
        seen = await super().look(look)
        self.looked.set()
        await self.tell.wait()
        return seen


@pytest.mark.parametrize("nudged_first", [True, False])
def test_what_was_given_back_while_we_looked_is_looked_at_when_it_is_due(
    store: Store, *, nudged_first: bool
) -> None:
    phone = on_telegram(store)
    clock = Clock(Settings(clock="2026-11-21T10:00"))
    sent_by, until = "worker-1", clock.now() + timedelta(hours=1)

    async def wait() -> None:
        bell = Bell()
        with closing(SlowToTell(store)) as desk:
            payload = {"name": "小明", "person": phone.current, "act": "phone"}
            now = clock.now()
            await desk.do(
                lambda session: outbox.promise(
                    session,
                    phone.contact_id,
                    "told",
                    payload,
                    now=now,
                    claimed_by=sent_by,
                    claimed_until=until,
                )
            )
            alarm = Alarm(desk, Postman(desk, BOOK, ZONE, "worker-1", {Channel.TELEGRAM: bell}), clock)
            alarm.start()
            await desk.looked.wait()
            await desk.do(lambda session: outbox.lay_down(session, sent_by, clock.now()))
            for act in (alarm.nudge, desk.tell.set) if nudged_first else (desk.tell.set, alarm.nudge):
                act()
            await asyncio.wait_for(bell.rung.wait(), timeout=20)
            alarm.stop()

    asyncio.run(wait())


def nights(store: Store, alarm: Alarm, *moments: datetime) -> list[str]:
    """Let an update become old before each moment; give what each purge says it did."""
    for now in moments:
        with store.writing() as session:
            conversations.remember_update(session, Channel.WEB, now.isoformat(), now - timedelta(days=8))
        asyncio.run(alarm.clear_out(now))
    with store.reading() as session:
        return [each.detail for each in session.exec(select(Audit).order_by(col(Audit.id)))]


@on_both
def test_once_a_night_what_is_over_goes_and_a_missed_night_is_made_up_for(store: Store, desk: Desk) -> None:
    alarm, night = asleep(desk), at(11, 22, 3) + timedelta(minutes=30)
    minute = timedelta(minutes=1)
    assert nights(store, alarm, at(11, 21, 10)) == ["inbox=1"]
    assert nights(store, alarm, at(11, 21, 23), night - minute) == ["inbox=1"]
    assert nights(store, alarm, night) == ["inbox=1", "inbox=3"]
    with closing(Desk(store)) as elsewhere:
        assert nights(store, asleep(elsewhere), night, night + minute) == ["inbox=1", "inbox=3"]
    with store.reading() as session:
        assert len(session.exec(select(Inbox)).all()) == 2


def test_after_a_night_it_sleeps_until_the_next(desk: Desk) -> None:
    async def wake() -> timedelta:
        alarm = asleep(desk)
        alarm.start()
        await alarm._wake_at_night()
        job = alarm._scheduler.get_job("night")
        alarm.stop()
        wait: timedelta = job.trigger.interval
        return wait

    hours = asyncio.run(wake()) / timedelta(hours=1)  # from ten in the morning
    assert 17 < hours <= 17.5
