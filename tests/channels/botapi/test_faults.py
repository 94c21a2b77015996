"""Every fault strikes as often as was asked, and not once more."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiogram import Bot  # noqa: TID251 - the server is tried by the real library
from aiogram.exceptions import (  # noqa: TID251 - the server is tried by the real library
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from telegram.error import RetryAfter  # noqa: TID251 - the server is tried by the real library

from tests.channels.botapi import BotApi
from tests.channels.botapi.driving import hearing, plain, sending


def by_aiogram(api: BotApi, use: Callable[[Bot], Awaitable[object]]) -> None:
    async def run() -> None:
        async with hearing(api) as bot:
            await use(bot)

    asyncio.run(run())


@pytest.fixture
def known(api: BotApi) -> BotApi:
    api.person(101, known=True)
    return api


def test_failing_twice(known: BotApi) -> None:
    known.fail("sendMessage", status=500, times=2)

    async def use(bot: Bot) -> None:
        for _ in range(2):
            with pytest.raises(TelegramServerError):
                await bot.send_message(101, "一")
        assert (await bot.get_me()).is_bot
        await bot.send_message(101, "二")

    by_aiogram(known, use)
    assert [message.text for message in known.person(101).heard] == ["二"]
    assert [call.status for call in known.called("sendMessage")] == [500, 500, 200]
    assert known.refusals == []


def test_a_connection_reset_after_it_was_carried_out(known: BotApi) -> None:
    known.reset_after("sendMessage")

    async def use(bot: Bot) -> None:
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(101, "一")
        await bot.send_message(101, "二")

    by_aiogram(known, use)
    assert [message.text for message in known.person(101).heard] == ["一", "二"]
    assert [call.taken for call in known.called("sendMessage")] == [True, True]


def test_a_connection_cut_before(known: BotApi) -> None:
    known.reset_before("sendMessage")

    async def use(bot: Bot) -> None:
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(101, "一")

    by_aiogram(known, use)
    assert known.person(101).heard == []
    assert known.refusals == []


def test_garbage(known: BotApi) -> None:
    known.garbage("sendMessage")

    async def use(bot: Bot) -> None:
        with pytest.raises(ClientDecodeError):
            await bot.send_message(101, "一")

    by_aiogram(known, use)
    assert len(known.person(101).heard) == 1


def test_a_flood(known: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    known.flood(retry_after=3, times=2)

    async def use(bot: Bot) -> None:
        with pytest.raises(TelegramRetryAfter) as flooded:
            await bot.send_message(101, "一")
        assert flooded.value.retry_after == 3

    by_aiogram(known, use)

    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the library warns of what it will do some day

    async def other() -> None:
        with pytest.raises(RetryAfter):  # as it asks who it is
            async with sending(known):
                pass

    asyncio.run(other())
    assert known.refusals == []


def test_a_call_that_hangs_until_it_is_let_go(known: BotApi) -> None:
    hung = known.hang("sendMessage")

    async def use(bot: Bot) -> None:
        sending_ = asyncio.create_task(bot.send_message(101, "一"))
        await asyncio.to_thread(known.waits_until, lambda: known.called("sendMessage"))
        assert known.person(101).heard == []
        known.let_go(hung)
        assert (await sending_).text == "一"

    by_aiogram(known, use)


def test_a_call_that_hangs_to_the_end_keeps_nobody(known: BotApi) -> None:
    known.hang("sendMessage")

    async def use(bot: Bot) -> None:
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(101, "一", request_timeout=0.05)  # type: ignore[arg-type]

    by_aiogram(known, use)
    assert known.person(101).heard == []


def test_a_delay(known: BotApi) -> None:
    known.delay("sendMessage", 0.01)
    assert plain(known, "sendMessage", chat_id=101, text="一").status_code == 200
    (call,) = known.called("sendMessage")
    assert call.answered_at is not None
    assert call.answered_at - call.at >= 0.01


def test_calm_forgets_what_has_not_struck(known: BotApi) -> None:
    known.fail(times=100)
    known.calm()
    assert plain(known, "getMe").status_code == 200


def test_updates_delivered_twice_under_one_number(api: BotApi) -> None:
    api.deliver_twice()
    api.person(101).says("一")
    api.person(101).says("二")
    first = plain(api, "getUpdates").json()["result"]
    assert [update["message"]["text"] for update in first] == ["一", "二"]
    offset = first[-1]["update_id"] + 1
    assert plain(api, "getUpdates", offset=offset).json()["result"] == first[:1]
    assert plain(api, "getUpdates", offset=offset).json()["result"] == []


def test_updates_out_of_order(api: BotApi) -> None:
    api.shuffle(times=2)
    api.person(101).says("一")
    assert api.updates == []
    api.person(101).says("二")
    api.person(101).says("三")
    assert [update["message"]["text"] for update in api.updates] == ["二", "一", "三"]
    numbers = [update["update_id"] for update in api.updates]
    assert numbers == sorted(numbers)


def test_updates_an_hour_late(api: BotApi) -> None:
    person = api.person(101)
    api.late(hours=1, times=1)
    old, new = person.says("一"), person.says("二")
    assert 3599 <= new.date - old.date <= 3601
    rows = {"inline_keyboard": [[{"text": "1 好", "callback_data": "1"}]]}
    plain(api, "sendMessage", chat_id=101, text="好吗？", reply_markup=rows)
    api.late(hours=1)
    (query,) = person.taps("1 好")
    answer = plain(api, "answerCallbackQuery", callback_query_id=query.id)
    assert "query is too old" in answer.json()["description"]
    assert api.refusals == [], "the lateness was the test's doing"


def test_updates_held_back_come_together(api: BotApi) -> None:
    with api.held():
        api.person(101).says("一")
        api.person(102).says("二")
        assert plain(api, "getUpdates").json()["result"] == []
    assert len(plain(api, "getUpdates").json()["result"]) == 2


def test_a_revoked_token(known: BotApi) -> None:
    known.revoke()

    async def use(bot: Bot) -> None:
        with pytest.raises(TelegramUnauthorizedError):
            await bot.get_me()

    by_aiogram(known, use)


def test_gone_and_back_at_the_same_address(known: BotApi) -> None:
    async def use(bot: Bot) -> None:
        polling = asyncio.create_task(bot.get_updates(timeout=50))
        await asyncio.to_thread(known.waits_until, lambda: known.polling)
        await asyncio.to_thread(known.down)
        with pytest.raises(TelegramNetworkError):
            await polling
        with pytest.raises(TelegramNetworkError):
            await bot.get_me()
        await asyncio.to_thread(known.up)
        assert (await bot.get_me()).is_bot

    by_aiogram(known, use)


def test_the_most_in_a_second_is_counted(known: BotApi) -> None:
    assert known.rate() == 0
    for _ in range(3):
        plain(known, "sendMessage", chat_id=101, text="一")
    assert 1 <= known.rate() <= 3
