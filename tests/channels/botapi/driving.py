"""The two real libraries, pointed at the tests' own Bot API."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
from aiogram import Bot  # noqa: TID251 - the server is tried by the real library
from aiogram.client.session.aiohttp import AiohttpSession  # noqa: TID251 - the server is tried by the real library
from aiogram.client.telegram import TelegramAPIServer  # noqa: TID251 - the server is tried by the real library
from aiogram.types import Update  # noqa: TID251 - the server is tried by the real library
from telegram.ext import ExtBot  # noqa: TID251 - the server is tried by the real library

from tests.channels.botapi.api import BotApi


@asynccontextmanager
async def hearing(api: BotApi) -> AsyncIterator[Bot]:
    """Give aiogram's bot."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
    try:
        yield Bot(api.token, session)
    finally:
        if session._session is not None:  # its own close() sleeps for the sake of https
            await session._session.close()


@asynccontextmanager
async def sending(api: BotApi) -> AsyncIterator[ExtBot[None]]:
    """Give python-telegram-bot's bot."""
    bot: ExtBot[None] = ExtBot(api.token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot")
    async with bot:
        yield bot


async def poll(bot: Bot, handle: Callable[[Update], Awaitable[object]], times: int) -> None:
    """Fetch and handle so many updates, one after another, then confirm them."""
    offset = None
    done = 0
    while done < times:
        for update in await bot.get_updates(offset=offset, timeout=20):
            await handle(update)
            offset = update.update_id + 1
            done += 1
    await bot.get_updates(offset=offset, timeout=0)


def plain(api: BotApi, method: str, **parameters: object) -> httpx.Response:
    """Call a method with JSON, as nobody's library would."""
    return httpx.post(f"{api.url}/bot{api.token}/{method}", json=parameters, timeout=20, verify=False)
