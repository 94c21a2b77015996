"""getUpdates: nothing is lost before it is confirmed, and only one may ask."""

import asyncio

import pytest
from aiogram import Bot  # noqa: TID251 - the server is tried by the real library
from aiogram.exceptions import TelegramConflictError  # noqa: TID251 - the server is tried by the real library

from tests.channels.botapi import BotApi
from tests.channels.botapi.driving import hearing, plain


def ids(api: BotApi, **parameters: object) -> list[int]:
    return [update["update_id"] for update in plain(api, "getUpdates", **parameters).json()["result"]]


def test_updates_come_again_until_they_are_confirmed(api: BotApi) -> None:
    for words in ("一", "二", "三"):
        api.person(101).says(words)
    first = ids(api)
    assert len(first) == 3
    assert ids(api) == first
    assert ids(api, limit=2) == first[:2]
    assert ids(api, offset=first[1]) == first[1:]
    assert ids(api, offset=first[2] + 1) == []
    assert api.updates == []


def test_a_negative_offset_keeps_the_newest(api: BotApi) -> None:
    for words in ("一", "二", "三"):
        api.person(101).says(words)
    last = ids(api)[-1]
    assert ids(api, offset=-1) == [last]
    assert ids(api) == [last]


def test_only_wanted_kinds_are_kept(api: BotApi) -> None:
    assert ids(api, allowed_updates=["message"]) == []
    person = api.person(101)
    person.says("你好")
    person.blocks()
    assert [list(update) for update in api.updates] == [["update_id", "message"]]
    ids(api, allowed_updates=[])
    person.returns(start=False)
    assert "my_chat_member" in api.updates[-1]


def test_a_long_poll_ends_when_something_comes(api: BotApi) -> None:
    async def wait() -> None:
        async with hearing(api) as bot:
            polling = asyncio.create_task(bot.get_updates(timeout=50))
            await asyncio.to_thread(api.waits_until, lambda: api.called("getUpdates"))
            api.person(101).says("你好")
            assert [update.message.text for update in await polling if update.message] == ["你好"]

    asyncio.run(wait())


def test_of_two_polls_the_first_is_ended(api: BotApi) -> None:
    async def both() -> None:
        async with hearing(api) as bot, hearing(api) as other:
            first = asyncio.create_task(bot.get_updates(timeout=50))
            await asyncio.to_thread(api.waits_until, lambda: api.polling)
            second = asyncio.create_task(other.get_updates(timeout=50))
            with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
                await first
            api.person(101).says("你好")
            assert len(await second) == 1

    asyncio.run(both())
    assert [call.status for call in api.refusals] == [409]


def test_a_poll_whose_bot_is_gone_takes_no_update_with_it(api: BotApi) -> None:
    async def gone() -> None:
        async with hearing(api) as bot:
            polling = asyncio.create_task(bot.get_updates(timeout=50))
            await asyncio.to_thread(api.waits_until, lambda: api.polling)
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
        await asyncio.to_thread(api.waits_until, lambda: not api.polling)
        api.person(101).says("你好")
        async with hearing(api) as bot:
            await heard(bot)

    async def heard(bot: Bot) -> None:
        assert len(await bot.get_updates(timeout=50)) == 1

    asyncio.run(gone())
    assert api.refusals == []


def test_no_polling_beside_a_webhook(api: BotApi) -> None:
    async def hook() -> None:
        async with hearing(api) as bot:
            polling = asyncio.create_task(bot.get_updates(timeout=50))
            await asyncio.to_thread(api.waits_until, lambda: api.polling)
            await bot.set_webhook("http://127.0.0.1:9/hook")
            with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
                await polling
            with pytest.raises(
                TelegramConflictError, match="can't use getUpdates method while webhook is active"
            ):
                await bot.get_updates()
            await bot.delete_webhook()
            assert await bot.get_updates() == []

    asyncio.run(hook())
