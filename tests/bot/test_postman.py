import asyncio
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot.doors import Busy, Doubtful, Errand, Faulty, Ran, Unreachable
from bot.letters.letter import Post
from bot.postman import LEASE_SECONDS, Delivered, Postman
from dialogs.book import Book
from dialogs.kinds import Text
from dialogs.model import Flow
from dialogs.words import Voice
from storage import messages, outbox, people
from storage.base import Store
from storage.desk import Desk
from storage.tables import Account, Channel, Outbox, Person
from tests.bot.conftest import NOW, ZONE, Phone
from tests.bot.courses import make_course
from tests.bot.test_applying import apply_for, filed, give_phone
from tests.databases import on_both
from tests.storage.lines import cut_off

BOOK = Book(
    [Flow("home", Text("do", "做什么？"))],
    {
        "plain": Voice("plain", lambda words: words),
        "easy": Voice("easy", lambda words: f"易读：{words}"),
        "en": Voice("en", lambda words: words),
    },
)


class Recorder:
    """A channel that writes down what it sends, and fails when told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Post]] = []
        self.trouble: dict[str, Exception] = {}

    async def send(self, address: str, post: Post) -> None:
        if address in self.trouble:
            raise self.trouble[address]
        self.sent.append((address, post))


class Runner:
    """An errand that writes down what it was sent for, and ends as told to."""

    somebody_waits = True

    def __init__(self) -> None:
        self.ran: list[outbox.Claimed] = []
        self.says: str | Exception = ""

    async def run(self, claimed: outbox.Claimed, now: datetime) -> Ran:
        assert now.tzinfo is not None
        if isinstance(self.says, Exception):
            raise self.says
        self.ran.append(claimed)
        return Ran(self.says)


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    desk = Desk(store)
    yield desk
    desk.close()


@pytest.fixture
def telegram() -> Recorder:
    return Recorder()


@pytest.fixture
def postman(desk: Desk, telegram: Recorder) -> Postman:
    return Postman(desk, BOOK, ZONE, "worker-1", {Channel.TELEGRAM: telegram})


def deliver(postman: Postman, now: datetime = NOW) -> Delivered:
    return asyncio.run(postman.deliver(now))


def tell(phone: Phone, **more: object) -> None:
    with phone.store.writing() as session:
        payload = {"name": "小明", "person": phone.current, "act": "phone"}
        outbox.promise(session, phone.contact_id, "told", payload, now=phone.now, **more)  # type: ignore[arg-type]


def texts(phone: Phone) -> list[str]:
    with phone.store.reading() as session:
        return [message.text for message in messages.messages_of(session, phone.contact_id)]


def row(store: Store, number: int = 1) -> Outbox:
    with store.reading() as session:
        return session.get_one(Outbox, number)


def on_telegram(store: Store, key: str = "77") -> Phone:
    phone = Phone(store, key, channel="telegram")
    phone.finish("newcomer", role="self")
    return phone


def test_on_telegram_a_letter_calls_people_as_at_home_and_on_our_page_by_their_name(
    postman: Postman, telegram: Recorder, store: Store
) -> None:
    phone = on_telegram(store)
    with store.writing() as session:
        people.add_account(session, phone.contact_id, "web", "a-page", NOW)
        payload = {"name": "王小明", "person": phone.current, "act": "phone"}
        outbox.promise(session, phone.contact_id, "told", payload, now=NOW)
    deliver(postman)
    assert telegram.sent[0][1].text.startswith("小明您好。")
    assert texts(phone)[0].startswith("王小明您好。")


def test_a_message_appears_on_the_page_once(mother: Phone, postman: Postman) -> None:
    tell(mother)
    assert deliver(postman).sent == [1]
    assert deliver(postman) == Delivered()
    assert texts(mother) == ["小明您好。有人改了您的电话。不是您要的，就告诉我们。"]
    assert row(mother.store).sent_at == NOW


def test_a_message_is_in_the_words_its_reader_reads(mother: Phone, postman: Postman) -> None:
    tell(mother)
    mother.finish("reading", reading="easy")  # after it was promised: rendered when sent
    deliver(postman)
    assert texts(mother)[0].startswith("易读：")


def test_what_was_read_is_no_longer_new(mother: Phone, postman: Postman) -> None:
    tell(mother)
    deliver(postman)
    with mother.store.writing() as session:
        (new,) = messages.messages_of(session, mother.contact_id, unread=True)
        messages.mark_read(session, mother.contact_id, new.id, NOW)
        assert messages.messages_of(session, mother.contact_id, unread=True) == []
        assert len(messages.messages_of(session, mother.contact_id)) == 1


def test_a_person_is_asked_by_a_message_that_names_no_course(mother: Phone, postman: Postman) -> None:
    son = give_phone(mother)
    apply_for(mother, make_course(mother.store), applicant_role="family")
    assert len(deliver(postman).sent) == 1
    assert texts(son) == ["王小明您好。有人帮您报名上课。想不想去，告诉我们。"]


def test_who_has_answered_already_is_not_asked(mother: Phone, postman: Postman) -> None:
    son = give_phone(mother)
    apply_for(mother, make_course(mother.store), applicant_role="family")
    son.finish("assent", {"application": filed(mother)[0].id}, want="yes")
    assert len(deliver(postman).dropped) == 1
    assert texts(son) == []
    assert row(mother.store).drop_reason == "报名已经不等本人答应了"


def test_nobody_is_disturbed_at_night(mother: Phone, postman: Postman) -> None:
    tell(mother)
    night = NOW.replace(hour=21)
    assert deliver(postman, night).postponed == [1]
    morning = (NOW + timedelta(days=1)).replace(hour=8)
    assert row(mother.store).due_at == morning
    assert deliver(postman, morning - timedelta(seconds=1)) == Delivered()
    assert deliver(postman, morning).sent == [1]


def test_what_is_too_late_is_dropped_with_its_reason(mother: Phone, postman: Postman) -> None:
    tell(mother, not_after=NOW + timedelta(hours=1))
    assert deliver(postman, NOW + timedelta(hours=2)).dropped == [1]
    assert row(mother.store).drop_reason == "过了时间，没有用了"


def test_what_we_cannot_word_is_dropped(mother: Phone, postman: Postman) -> None:
    with mother.store.writing() as session:
        outbox.promise(session, mother.contact_id, "of_an_older_version", {}, now=NOW)
    assert deliver(postman).dropped == [1]


@on_both
def test_one_bad_message_does_not_hold_up_the_others(mother: Phone, postman: Postman) -> None:
    with mother.store.writing() as session:
        outbox.promise(session, mother.contact_id, "told", {"person": mother.current}, now=NOW)
    tell(mother)
    done = deliver(postman)
    assert (done.failed, done.sent) == ([1], [2])
    assert row(mother.store).due_at == NOW + timedelta(seconds=30)


def test_a_channel_sends_to_its_own_addresses(store: Store, postman: Postman, telegram: Recorder) -> None:
    tell(on_telegram(store))
    assert deliver(postman).sent == [1]
    text = "小明您好。有人改了您的电话。不是您要的，就告诉我们。\n点“看一看”。"
    assert telegram.sent == [("77", Post(text, "看一看", 1))]


def test_a_button_is_in_the_words_its_reader_reads(
    store: Store, postman: Postman, telegram: Recorder
) -> None:
    phone = on_telegram(store)
    phone.finish("reading", reading="easy")
    tell(phone)
    deliver(postman)
    ((_, post),) = telegram.sent
    assert post.button == "易读：看一看"
    assert post.text.endswith("\n易读：点“易读：看一看”。")


def test_who_has_both_gets_it_on_the_page_and_on_one_other_channel(
    mother: Phone, postman: Postman, telegram: Recorder
) -> None:
    with mother.store.writing() as session:
        people.add_account(session, mother.contact_id, "telegram", "76", NOW - timedelta(days=9))
        people.add_account(session, mother.contact_id, "telegram", "77", NOW)
    tell(mother)
    assert deliver(postman).sent == [1]
    assert len(texts(mother)) == 1
    assert [address for address, _ in telegram.sent] == ["77"]


def test_who_cannot_be_reached_any_more_goes_on_the_phone_list(
    store: Store, postman: Postman, telegram: Recorder
) -> None:
    tell(on_telegram(store))
    telegram.trouble["77"] = Unreachable()
    assert deliver(postman).dropped == [1]
    assert row(store).drop_reason == "没有能发到的地方，改打电话"
    with store.reading() as session:
        assert not session.exec(select(Account)).one().reachable


def test_a_second_address_is_tried_when_the_first_is_gone(
    store: Store, postman: Postman, telegram: Recorder
) -> None:
    phone = on_telegram(store)
    with store.writing() as session:
        people.add_account(session, phone.contact_id, "telegram", "78", NOW - timedelta(days=9))
    tell(phone)
    telegram.trouble["77"] = Unreachable()
    assert deliver(postman).sent == [1]
    assert telegram.sent[0][0] == "78"


def test_a_busy_channel_makes_everybody_wait_and_loses_nothing(
    store: Store, postman: Postman, telegram: Recorder
) -> None:
    first, second = on_telegram(store, "77"), on_telegram(store, "78")
    tell(first)
    tell(second)
    telegram.trouble["77"] = Busy(30)
    assert deliver(postman).postponed == [1, 2]
    assert telegram.sent == []
    assert (row(store).attempts, row(store).due_at) == (0, NOW + timedelta(seconds=30))
    telegram.trouble.clear()
    assert deliver(postman, NOW + timedelta(seconds=30)).sent == [1, 2]


def test_a_failing_channel_is_tried_again(store: Store, postman: Postman, telegram: Recorder) -> None:
    tell(on_telegram(store))
    telegram.trouble["77"] = TimeoutError()
    assert deliver(postman).failed == [1]
    telegram.trouble.clear()
    assert deliver(postman) == Delivered()
    assert deliver(postman, NOW + timedelta(seconds=30)).sent == [1]


def test_who_erased_their_data_is_told_nothing(mother: Phone, postman: Postman) -> None:
    tell(mother)
    with mother.store.writing() as session:
        person = session.get_one(Person, mother.current)
        people.update_person(session, person, name=None)
        person.erased_at = NOW
    assert deliver(postman).dropped == [1]


def test_what_the_channel_will_never_take_is_dropped_with_its_fault(
    store: Store, postman: Postman, telegram: Recorder
) -> None:
    tell(on_telegram(store))
    telegram.trouble["77"] = Faulty("Message is too long")
    assert deliver(postman).dropped == [1]
    assert row(store).drop_reason == "渠道不收这条消息：话太长了。写短一点，再发（Message is too long）"


def test_what_one_channel_does_not_take_is_on_the_page_all_the_same(
    mother: Phone, postman: Postman, telegram: Recorder
) -> None:
    with mother.store.writing() as session:
        people.add_account(session, mother.contact_id, "telegram", "77", NOW)
    tell(mother)
    telegram.trouble["77"] = Faulty("Message is too long")
    assert deliver(postman).sent == [1]
    assert len(texts(mother)) == 1


@on_both
def test_what_may_be_out_already_is_reported_when_it_is_sent_again(
    store: Store, postman: Postman, telegram: Recorder
) -> None:
    tell(on_telegram(store))
    telegram.trouble["77"] = Doubtful("no answer")
    assert deliver(postman).failed == [1]
    telegram.trouble["77"] = Busy(30)
    assert deliver(postman, NOW + timedelta(minutes=1)).postponed == [1]
    telegram.trouble.clear()
    done = deliver(postman, NOW + timedelta(minutes=2))
    assert (done.sent, done.perhaps_doubled) == ([1], [1])


@pytest.fixture
def runner() -> Runner:
    return Runner()


def send_for(store: Store, desk: Desk, runner: Errand, now: datetime = NOW) -> Delivered:
    """Promise an errand once, and let it be run."""
    with store.writing() as session:
        account = session.exec(select(Account)).first()
        contact_id = account.contact_id if account else people.meet(session, "telegram", "77", NOW).id
        number = account.id if account else people.accounts_of(session, contact_id)[0].id
        outbox.promise(session, contact_id, "fetch", {"file": "a"}, now=NOW, key="fetch:a", account_id=number)
    return deliver(Postman(desk, BOOK, ZONE, "worker-1", {}, {"fetch": runner}), now)


@on_both
def test_an_errand_is_run_once_and_at_night(store: Store, desk: Desk, runner: Runner) -> None:
    night = NOW.replace(hour=23)
    assert send_for(store, desk, runner, night).sent == [1]
    assert send_for(store, desk, runner, night) == Delivered()
    assert [each.payload for each in runner.ran] == [{"file": "a"}]


def test_a_reply_that_is_hours_late_wakes_nobody(store: Store, desk: Desk, runner: Runner) -> None:
    phone, night = Phone(store), NOW.replace(hour=23)
    with store.writing() as session:
        for asked in (night - timedelta(hours=2), night - timedelta(minutes=10)):
            outbox.promise(session, phone.contact_id, "reply", {}, now=asked)
    postman = Postman(desk, BOOK, ZONE, "worker-1", {}, {"reply": runner})
    done = deliver(postman, night)
    assert (done.postponed, done.sent) == ([1], [2])
    morning = NOW.replace(hour=8) + timedelta(days=1)
    assert (row(store).due_at, row(store).attempts) == (morning, 0)
    assert deliver(postman, morning).sent == [1]


def test_an_errand_that_is_of_no_use_says_why(store: Store, desk: Desk, runner: Runner) -> None:
    runner.says = "文件太大"
    assert send_for(store, desk, runner).dropped == [1]
    assert row(store).drop_reason == "文件太大"


def test_an_errand_that_fails_is_run_again_later(store: Store, desk: Desk, runner: Runner) -> None:
    runner.says = TimeoutError()
    assert send_for(store, desk, runner).failed == [1]
    runner.says = Busy(60)
    later = NOW + timedelta(seconds=30)
    assert send_for(store, desk, runner, later).postponed == [1]
    assert (row(store).attempts, row(store).due_at) == (1, later + timedelta(seconds=60))
    runner.says = ""
    assert send_for(store, desk, runner, later + timedelta(seconds=60)).sent == [1]


def test_an_errand_to_somebody_who_is_gone_marks_the_account(
    store: Store, desk: Desk, runner: Runner
) -> None:
    runner.says = Unreachable()
    assert send_for(store, desk, runner).dropped == [1]
    with store.reading() as session:
        assert not session.exec(select(Account)).one().reachable


def test_an_errand_with_a_fault_is_dropped_with_it(store: Store, desk: Desk, runner: Runner) -> None:
    runner.says = Faulty("file is too big")
    assert send_for(store, desk, runner).dropped == [1]
    assert row(store).drop_reason == "渠道不收这条消息：图或者文件太大了。换小一点的，再发（file is too big）"


def test_an_errand_cut_off_is_known_as_begun(store: Store, desk: Desk, runner: Runner) -> None:
    class Killed(BaseException):
        pass

    class Dying:
        somebody_waits = True

        async def run(self, claimed: outbox.Claimed, now: datetime) -> Ran:
            raise Killed(claimed, now)

    with pytest.raises(Killed):
        send_for(store, desk, Dying())
    done = send_for(store, desk, runner, NOW + timedelta(minutes=2))
    assert (done.sent, done.perhaps_doubled) == ([1], [1])
    assert runner.ran[0].interrupted


@on_both
def test_what_was_claimed_too_long_ago_is_given_back_unsent(
    store: Store, postman: Postman, telegram: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.postman.LEASE_SECONDS", 0.5)
    tell(on_telegram(store))

    def slow(commit: int) -> str:
        if commit == 2:  # the one that says that it is begun
            time.sleep(0.5)
        return ""

    with cut_off(store, slow):
        done = deliver(postman)
    assert (done.sent, done.postponed, telegram.sent) == ([], [1], [])
    assert row(store).attempts == 0
    monkeypatch.undo()
    done = deliver(postman)
    assert (done.sent, done.perhaps_doubled, len(telegram.sent)) == ([1], [], 1)


@on_both
def test_what_went_out_as_the_database_went_away_is_written_down_when_it_is_back(
    store: Store, postman: Postman, telegram: Recorder
) -> None:
    tell(on_telegram(store))
    with cut_off(store, lambda commit: "before" if commit > 2 else ""), pytest.raises(OperationalError):
        deliver(postman)
    assert (len(telegram.sent), row(store).sent_at) == (1, None)
    done = deliver(postman, NOW + timedelta(seconds=LEASE_SECONDS))
    assert (done.sent, done.perhaps_doubled, len(telegram.sent)) == ([1], [], 1)
    assert row(store).sent_at is not None


def test_a_postman_told_to_rest_ends_what_is_on_its_way_and_begins_nothing_more(
    store: Store, desk: Desk
) -> None:
    tell(phone := on_telegram(store))
    tell(phone)

    class Slow(Recorder):
        async def send(self, address: str, post: Post) -> None:
            under_way.set()
            await arrived.wait()
            await super().send(address, post)

    under_way, arrived, telegram = asyncio.Event(), asyncio.Event(), Slow()
    postman = Postman(desk, BOOK, ZONE, "worker-1", {Channel.TELEGRAM: telegram})

    async def stop() -> tuple[Delivered, Delivered]:
        delivering = asyncio.create_task(postman.deliver(NOW))
        await under_way.wait()
        resting = asyncio.create_task(postman.rest(40))
        await asyncio.sleep(0)
        assert not resting.done()
        arrived.set()
        await resting
        return await delivering, await postman.deliver(NOW)

    done, after = asyncio.run(stop())
    assert (done.sent, done.postponed, after) == ([1], [2], Delivered())
    assert (len(telegram.sent), row(store, 2).claimed_by, row(store, 2).attempts) == (1, None, 0)
