import asyncio
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import select
from telegram.error import NetworkError  # noqa: TID251 - what an error of another kind is

from bot.attached import Attached
from bot.channels.broadcast import Broadcast
from bot.channels.pacing import Late, Lease, Pacer, Place
from bot.doors import Busy, Doubtful, Faulty, Unreachable
from bot.letters.letter import Post, write
from bot.letters.table import LETTERS
from bot.postman import Delivered, Postman
from bot.voices import load_voices
from storage import outbox
from storage.afterwards.rating_weeks import WEEKLY
from storage.base import Store
from storage.desk import Desk
from storage.tables import Account, Channel, Outbox, Pace
from tests.bot.conftest import NOW, ZONE
from tests.bot.test_postman import BOOK, on_telegram
from tests.channels.botapi import BotApi
from tests.channels.botapi.records import busiest
from tests.databases import on_both

JITTER = 0.1
"""Seconds that two calls may come closer together on a busy machine."""


class Movable:
    """A clock that runs, and can be set ahead."""

    def __init__(self) -> None:
        self.begin = time.monotonic()
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - self.begin) + self.ahead


@pytest.fixture
def clock() -> Movable:
    return Movable()


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    with closing(Desk(store)) as desk:
        yield desk


@pytest.fixture
def another_desk(store: Store) -> Iterator[Desk]:
    """Another worker's."""
    with closing(Desk(store)) as desk:
        yield desk


Use = Callable[[Broadcast], Awaitable[object]]


@pytest.fixture
def door(api: BotApi, desk: Desk, clock: Movable) -> Callable[..., Broadcast]:
    """Make a door to the tests' Telegram, fast unless told otherwise."""

    def make(desk: Desk = desk, *, url: str = "", **more: float) -> Broadcast:
        fast = {"rate": 1000.0, "per_chat": 0.0, **more}
        return Broadcast(api.token, url or api.url, desk, clock, **fast)

    return make


Make = Callable[..., Broadcast]


def using(broadcast: Broadcast, use: Use) -> None:
    async def go() -> None:
        try:
            await use(broadcast)
        finally:
            await broadcast.close()

    asyncio.run(go())


def sending(broadcast: Broadcast, post: Post = Post("您好。"), chat: str = "77") -> None:  # noqa: B008 - frozen
    using(broadcast, lambda door: door.send(chat, post))


def test_a_message_arrives_with_its_button(api: BotApi, door: Make) -> None:
    person = api.person(77, known=True)
    sending(door(), Post("您有一张表没写完。\n点“接着写”。", "接着写", 12))
    (message,) = person.heard
    assert message.text == "您有一张表没写完。\n点“接着写”。"
    button = message.button("接着写")
    assert button is not None
    assert button.data == "o:12"
    assert api.refusals == []


def test_a_message_without_a_button_has_none(api: BotApi, door: Make) -> None:
    person = api.person(77, known=True)
    sending(door())
    assert (person.heard[0].text, person.keyboard) == ("您好。", [])
    assert [call.method for call in api.calls] == ["sendMessage"]  # it never asks who it is


def test_a_picture_is_sent_up_once_and_a_paper_keeps_its_name(api: BotApi, door: Make) -> None:
    people = [api.person(number, known=True) for number in (77, 78)]
    picture = Attached("1", True, "门口.jpg", "image/jpeg", b"\xff\xd8door")
    paper = Attached("2", False, "安排.pdf", "application/pdf", b"%PDF-1")

    async def send(door: Broadcast) -> None:
        for attached in (picture, paper):
            for person in people:
                await door.send(str(person.user["id"]), Post("周六见。", "看一看", 3, attached=attached))

    using(door(), send)
    assert api.refusals == []
    for person in people:
        shown, kept = person.heard
        assert (shown.kind, shown.text, shown.button("看一看") is not None) == ("photo", "周六见。", True)
        assert kept.extra["document"]["file_size"] == len(paper.body)
    uploads = [call for call in api.calls if "bytes)" in str(call.parameters)]
    assert [call.method for call in uploads] == ["sendPhoto", "sendDocument"]
    assert people[0].heard[1].extra["document"]["file_name"] == "安排.pdf"


def test_the_weeks_ratings_arrive_as_a_photo_with_their_sentence(api: BotApi, door: Make) -> None:
    clerk = api.person(77, known=True)
    month = {"month": 12, "points": 4.3, "n": 12}
    payload = {"staff": 1, "now": month, "before": [{**month, "month": 11, "points": 3.2}], "low": 1}
    words, picture = write(LETTERS[WEEKLY], payload, load_voices()["plain"]), LETTERS[WEEKLY].picture
    assert picture is not None
    sending(door(), Post(words, attached=picture(payload)))
    (message,) = clerk.heard
    assert (message.kind, message.text) == ("photo", words)
    assert "4.3 分" in words
    assert api.refusals == []


def known(api: BotApi, count: int) -> list[int]:
    """Numbers of so many people who have written to us before."""
    for number in range(1, count + 1):
        api.person(number, known=True)
    return list(range(1, count + 1))


def send_many(doors: Sequence[Broadcast], chats: Sequence[int]) -> None:
    async def go() -> None:
        tasks = [
            doors[number % len(doors)].send(str(chat), Post("您好。")) for number, chat in enumerate(chats)
        ]
        await asyncio.gather(*tasks)
        for each in doors:
            await each.close()

    asyncio.run(go())


def check_pace(api: BotApi, rate: float, count: int) -> None:
    times = [call.at for call in api.called("sendMessage")]
    assert len(times) == count
    for window in (0.1, 0.2):
        assert busiest(times, window) <= rate * (window + JITTER) + 1
    assert max(times) - min(times) > (count - 1) / rate - JITTER


@on_both
def test_messages_are_evenly_spaced(api: BotApi, door: Make) -> None:
    send_many([door(rate=150)], known(api, 90))
    check_pace(api, 150, 90)


@on_both
def test_workers_share_one_pace(api: BotApi, door: Make, another_desk: Desk) -> None:
    send_many([door(rate=150), door(another_desk, rate=150)], known(api, 90))
    check_pace(api, 150, 90)


def test_one_chat_has_a_pause_between_messages(api: BotApi, door: Make) -> None:
    api.person(77, known=True)
    api.person(78, known=True)
    send_many([door(per_chat=0.3)], [77, 77, 77, 78])
    times = [call.at for call in api.calls if call.parameters["chat_id"] == 77]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 2
    assert min(gaps) > 0.29


@on_both
def test_a_place_that_came_too_late_is_not_used(desk: Desk, clock: Movable) -> None:
    pacer = Pacer(desk, "telegram", clock, 10, 0)

    asked = threading.Event()

    def slow(session: object) -> None:
        assert session is not None
        assert asked.wait(40)
        clock.ahead += timedelta(seconds=1)

    async def go() -> None:
        before = asyncio.create_task(desk.do(slow))  # the database takes a second for it
        await asyncio.sleep(0)
        turn = asyncio.create_task(_turn(pacer))
        await asyncio.sleep(0)
        asked.set()
        await asyncio.gather(before, turn)

    asyncio.run(go())
    with desk.store.reading() as session:
        free_at = session.exec(select(Pace.free_at)).one()
    assert free_at > NOW + timedelta(seconds=1)


async def _turn(pacer: Pacer) -> None:
    async with pacer.turn(77):
        pass


def test_what_may_be_another_workers_by_now_is_not_sent(api: BotApi, door: Make, clock: Movable) -> None:
    api.person(77, known=True)
    now, steady, hour = clock(), time.monotonic(), timedelta(hours=1)
    late = (
        Lease(steady - 1, now + hour),  # this process stood still
        Lease(steady + 3600, now - hour),  # the machine did
    )
    for lease in late:
        with pytest.raises(Late):
            using(door(), _at(Place(now, lease)))
    assert api.calls == []
    using(door(), _at(Place(now, Lease(steady + 3600, now + hour))))
    assert len(api.calls) == 1


def _at(place: Place) -> Use:
    """Send something at a place."""

    async def use(broadcast: Broadcast) -> None:
        await broadcast.send("77", Post("您好。"), place)

    return use


def test_who_blocked_us_or_is_not_there_cannot_be_reached(api: BotApi, door: Make) -> None:
    api.person(77, known=True).blocks()
    for chat in ("77", "78", "sample-12"):
        with pytest.raises(Unreachable):
            sending(door(), chat=chat)


def test_a_fault_in_a_message_is_named(api: BotApi, door: Make) -> None:
    api.person(77, known=True)
    with pytest.raises(Faulty, match="essage is too long"):
        sending(door(), Post("长" * 5000))


def test_an_error_of_the_server_is_for_another_try(api: BotApi, door: Make) -> None:
    person = api.person(77, known=True)
    api.fail("sendMessage")
    with pytest.raises(NetworkError, match="Internal Server Error"):
        sending(door())
    assert person.heard == []


@pytest.mark.parametrize("trouble", [BotApi.reset_before, BotApi.reset_after, BotApi.garbage, BotApi.hang])
def test_without_an_answer_a_message_may_be_out(
    api: BotApi, door: Make, trouble: Callable[[BotApi, str], object]
) -> None:
    api.person(77, known=True)
    trouble(api, "sendMessage")
    with pytest.raises(Doubtful):
        sending(door(answer_seconds=0.3))


def test_what_a_gateway_says_is_no_answer(api: BotApi, door: Make) -> None:
    api.person(77, known=True)
    api.fail("sendMessage", status=502)
    with pytest.raises(Doubtful, match="502"):
        sending(door())


def test_a_stop_without_a_time_is_a_short_one(api: BotApi, door: Make) -> None:
    api.person(77, known=True)
    api.fail("sendMessage", status=429)
    with pytest.raises(Busy) as stopped:
        sending(door())
    assert stopped.value.seconds == 5


def test_a_revoked_token_makes_everybody_wait(api: BotApi, door: Make) -> None:
    person = api.person(77, known=True)
    api.revoke()
    with pytest.raises(Busy) as refused:
        sending(door())
    assert refused.value.seconds == 60
    api.server.revoked = False
    sending(door())
    assert len(person.heard) == 1


def test_telegram_being_down_makes_everybody_wait(api: BotApi, door: Make) -> None:
    person = api.person(77, known=True)
    api.down()
    with pytest.raises(Busy) as refused:
        sending(door())
    assert refused.value.seconds == 60
    api.up()
    sending(door())
    assert len(person.heard) == 1


def test_an_address_that_is_none_is_never_quoted(api: BotApi, door: Make) -> None:
    with pytest.raises(Doubtful) as refused:
        sending(door(url="http://:-1"))
    assert api.token not in str(refused.value)


@on_both
def test_a_stop_holds_for_those_who_have_a_place_already(api: BotApi, door: Make) -> None:
    chats = known(api, 10)
    api.flood(30)

    async def go(broadcast: Broadcast) -> None:
        answers = await asyncio.gather(
            *(broadcast.send(str(chat), Post("您好。")) for chat in chats), return_exceptions=True
        )
        assert [type(each) for each in answers] == [Busy] * 10

    using(door(rate=10), go)
    assert len(api.calls) == 1


# ---- with the postman: rows in, messages out ----


class Round:
    """Two workers and the people they write to."""

    def __init__(self, store: Store, api: BotApi, clock: Movable, doors: Sequence[Broadcast]) -> None:
        self.store, self.api, self.clock = store, api, clock
        self._doors = doors
        self.people = {number: api.person(number, known=True) for number in known(api, 4)}
        self.phones = [on_telegram(store, str(number)) for number in self.people]

    def tell_all(self) -> None:
        with self.store.writing() as session:
            for phone in self.phones:
                payload = {"name": "小明", "person": phone.current, "act": "phone"}
                outbox.promise(session, phone.contact_id, "told", payload, now=NOW)

    async def deliver(self, desks: Sequence[Desk]) -> list[Delivered]:
        postmen = [
            Postman(desk, BOOK, ZONE, f"worker-{number}", {Channel.TELEGRAM: door})
            for number, (desk, door) in enumerate(zip(desks, self._doors, strict=True))
        ]
        return [await postman.deliver(self.clock()) for postman in postmen]

    async def close(self) -> None:
        for door in self._doors:
            await door.close()

    def heard(self) -> Counter[int]:
        return Counter({number: len(person.heard) for number, person in self.people.items()})

    def rows(self) -> Sequence[Outbox]:
        with self.store.reading() as session:
            return session.exec(select(Outbox)).all()


@pytest.fixture
def team(store: Store, api: BotApi, clock: Movable, door: Make, another_desk: Desk) -> Round:
    return Round(store, api, clock, [door(), door(another_desk)])


@on_both
def test_a_storm_of_stops_loses_nothing_and_nobody_is_sent_to_meanwhile(
    team: Round, api: BotApi, clock: Movable, desk: Desk, another_desk: Desk
) -> None:
    storm = 3
    api.flood(30, times=storm)

    async def go() -> None:
        for number in range(storm):
            team.tell_all()  # something new is due: the other worker would send it
            for done in await team.deliver([desk, another_desk]):
                assert done.sent == done.failed == done.dropped == []
            assert len(api.calls) == number + 1
            clock.ahead += timedelta(seconds=31)
        while any(await team.deliver([desk, another_desk])):
            pass
        await team.close()

    asyncio.run(go())
    assert team.heard() == Counter(dict.fromkeys(team.people, storm))
    assert all(row.sent_at is not None for row in team.rows())


@on_both
def test_what_was_taken_without_an_answer_is_sent_again_and_reported(
    team: Round, api: BotApi, clock: Movable, desk: Desk, another_desk: Desk
) -> None:
    team.tell_all()
    api.fail("sendMessage")
    api.reset_after("sendMessage", times=2)
    suspected: list[int] = []

    async def go() -> None:
        for _ in range(2):
            for done in await team.deliver([desk, another_desk]):
                suspected.extend(done.perhaps_doubled)
            clock.ahead += timedelta(minutes=1)
        await team.close()

    asyncio.run(go())
    doubled = {chat for chat, times in team.heard().items() if times == 2}
    assert set(team.heard().values()) == {1, 2}
    assert len(doubled) == 2
    assert len(suspected) == 2
    assert all(row.sent_at is not None for row in team.rows())


@on_both
def test_faults_that_do_not_pass_are_told_apart(
    team: Round, api: BotApi, desk: Desk, another_desk: Desk
) -> None:
    team.people[2].blocks()
    team.tell_all()
    api.fail("sendMessage", status=400, words="Bad Request: BUTTON_DATA_INVALID")
    asyncio.run(_once(team, [desk, another_desk]))
    dropped = sorted(row.drop_reason for row in team.rows() if row.dropped_at is not None)
    assert dropped == [
        "没有能发到的地方，改打电话",
        "渠道不收这条消息：按钮发不了。去掉按钮，再发（Button_data_invalid）",
    ]
    with team.store.reading() as session:
        lost = session.exec(select(Account.id).where(Account.reachable == False)).all()  # noqa: E712 - SQL
    assert len(lost) == 1


async def _once(team: Round, desks: Sequence[Desk]) -> None:
    await team.deliver(desks)
    await team.close()


def test_the_library_is_imported_only_for_a_door() -> None:
    program = "import sys, bot.app, bot.alarm, bot.postman; sys.exit('telegram' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False).returncode
        == 0
    )
