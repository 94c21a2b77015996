"""What `doctor` looks at where a token is set: whether Telegram answers, how it finds us, what it costs."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.commands.finding import Finding, fail, ok, warn

if TYPE_CHECKING:
    from bot.settings import Settings

PATIENCE = 10.0
"""Seconds Telegram gets to answer."""

PORTS = frozenset({None, 443, 80, 88, 8443})
"""Where Telegram itself posts to; None is the usual one."""

MEGABYTE = 1024**2


def telegram(settings: "Settings") -> Iterator[Finding]:
    """Telegram answers, finds us, and everybody knows where private answers are given; off without a token."""
    if settings.telegram_token is None:
        yield ok("telegram", "Telegram 没有开。要开，写 XUNQIAO_TELEGRAM_TOKEN。")
        return
    yield from _answers(settings, settings.telegram_token.get_secret_value())
    yield from _mode(settings)
    yield from _private(settings)


def _answers(settings: "Settings", token: str) -> Iterator[Finding]:
    """Both libraries are imported here, and here only: what they take is told."""
    before = _memory()
    from bot.channels.broadcast import Broadcast
    from bot.channels.telegram import Telegram
    from bot.doors import Barred
    from bot.settings import Clock

    async def ask() -> str:
        hears = Telegram(token, settings.telegram_api)
        starts = Broadcast(token, settings.telegram_api, None, Clock(settings).now)  # type: ignore[arg-type]  # it sends nothing, so it needs no desk
        try:
            return await asyncio.wait_for(hears.name(), PATIENCE)
        finally:
            await hears.close()
            await starts.close()

    do = "看一看网络。网页照常能用，消息留着，通了再发。"
    try:
        yield ok("telegram", f"Telegram 回答了。机器人是 @{asyncio.run(ask())}。")
    except Barred:
        yield fail(
            "telegram", "Telegram 不认这个令牌。", "问 @BotFather 要新的，写进 XUNQIAO_TELEGRAM_TOKEN。"
        )
    except Exception as problem:  # noqa: BLE001 - whatever it is: Telegram does not answer
        yield fail("telegram", f"Telegram 没有回答（{type(problem).__name__}）。", do)
    after = _memory()
    if before and after:
        more = after - before
        yield ok("memory", f"开了 Telegram，内存 {after:.0f} MB，比不开多 {more:.0f} MB。")


def _mode(settings: "Settings") -> Iterator[Finding]:
    url = urlsplit(settings.address)
    if settings.telegram_mode == "polling":
        yield ok("telegram", "我们自己去 Telegram 取消息（polling）。不用公开地址。")
    elif settings.telegram_api:
        yield ok("telegram", f"自己的 Bot API 服务器把消息送到 {settings.address}/telegram/webhook。")
    elif url.scheme != "https" or url.port not in PORTS:
        told = f"Telegram 送不到 {settings.address}/telegram/webhook。"
        yield fail("telegram", told, "公开地址要用 https，端口是 443、80、88 或 8443。")
    else:
        yield ok("telegram", f"Telegram 把消息送到 {settings.address}/telegram/webhook。")


def _private(settings: "Settings") -> Iterator[Finding]:
    """What private answers mean in this configuration."""
    if settings.private_where == "chat":
        yield warn(
            "private",
            "残疾情况、证号这些，问过本人同意，就在 Telegram 里答，要经过 Telegram 的服务器。",
            "想在自己的网页上答，就写 XUNQIAO_PUBLIC_URL。",
        )
    elif settings.public_url.startswith("https://"):
        yield ok("private", f"残疾情况、证号这些，在 {settings.address} 上答，不经过 Telegram。")
    else:
        yield warn(
            "private",
            f"残疾情况、证号这些，要打开 {settings.address} 答。别人的手机可能打不开，路上的人能看到。",
            "写一个 https 的 XUNQIAO_PUBLIC_URL。",
        )


def _memory() -> float:
    """Megabytes this process holds now; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not sys.platform.startswith("linux") or not status.exists():
        return 0
    line = next((line for line in status.read_text().splitlines() if line.startswith("VmRSS:")), "")
    return int(line.split()[1]) * 1024 / MEGABYTE if line else 0
