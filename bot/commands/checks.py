"""What `doctor` looks at, one function each; nothing is made, changed or sent."""

import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.commands.finding import Finding, fail, ok, warn
from bot.commands.inside import database
from bot.commands.on_telegram import telegram

if TYPE_CHECKING:
    from bot.settings import Settings
    from dialogs.model import Flow

LITTLE_SPACE = 1024**3
NO_SPACE = 200 * 1024**2
"""Bytes of free disk below which we warn, and below which the service would soon stop."""

RELEASED = 2026
"""The year of this release: a clock before it is wrong."""


def secret_key(settings: "Settings") -> Iterator[Finding]:
    """There is a key, it can be read, and by nobody else."""
    from storage.crypto import KEY_FILE, KEY_VARIABLE, KeyRing, SecretError

    file = settings.home / KEY_FILE
    try:
        if settings.key_text:
            KeyRing.parse(settings.key_text)
            yield ok("key", f"密钥在环境变量 {KEY_VARIABLE} 里。")
        elif settings.database_url.startswith("postgres"):
            yield fail("key", "没有密钥。", f"用 PostgreSQL 时，密钥写进 {KEY_VARIABLE}，每台机器写同一个。")
        elif not file.exists():
            yield ok("key", f"还没有密钥。第一次启动时，会做一个放在 {file}。")
        elif (mode := stat.S_IMODE(file.stat().st_mode)) & 0o077:
            yield fail("key", f"别人也能读密钥 {file}（{mode:o}）。", f"chmod 600 {file}")
        else:
            KeyRing.parse(file.read_text("ascii", errors="replace").strip())
            yield ok("key", f"密钥在 {file}，只有自己能读。备份里没有它，另外存好。")
    except (SecretError, OSError) as problem:
        yield fail("key", str(problem), f"看 {KEY_VARIABLE} 或者 {file}。")


def disk(settings: "Settings") -> Iterator[Finding]:
    """There is room for what people send."""
    place = next(folder for folder in (settings.home, *settings.home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    told = f"{place} 还有 {free / 1024**3:.1f} GB。"
    if free < NO_SPACE:
        yield fail("disk", told, "快满了。先腾出地方。")
    elif free < LITTLE_SPACE:
        yield warn("disk", told, "不多了。早点腾出地方。")
    else:
        yield ok("disk", told)


def clock(settings: "Settings") -> Iterator[Finding]:
    """The time that deadlines and reminders go by."""
    from bot.settings import Clock

    now = Clock(settings).now()
    told = f"{settings.timezone} 现在是 {now:%Y-%m-%d %H:%M}。"
    if settings.clock:
        yield warn(
            "clock", f"{told}这是 XUNQIAO_CLOCK 调的，不是真的时间。", "真用的时候，去掉 XUNQIAO_CLOCK。"
        )
    elif now.year < RELEASED:
        yield fail("clock", told, "机器的时间不对。先对时。")
    else:
        yield ok("clock", told)


def office(settings: "Settings") -> Iterator[Finding]:
    """People can always reach a person."""
    if settings.help_phone:
        yield ok("help", f"求助电话是 {settings.help_phone}。")
    else:
        yield warn(
            "help", "没有写求助电话。页面上没有号码可以打。", "写 XUNQIAO_HELP_PHONE，如 0371-00001100。"
        )
    if not settings.help_sms:
        yield warn("help", "没有写短信号码。不能打电话的人，找不到您。", "写 XUNQIAO_HELP_SMS。")


def wordings(_: "Settings") -> Iterator[Finding]:
    """Every question has its easy and its English wording."""
    from bot.app import whole_book
    from bot.voices import LOCALES
    from bot.voices import wordings as catalogue

    asked = set(_asked(whole_book().flows))
    for reading, locale in LOCALES.items():
        missing = sorted(asked - catalogue(locale).keys())
        name = {"easy": "简单的话", "en": "英文"}.get(reading, reading)
        if missing:
            place = files("dialogs") / "locale" / locale / "LC_MESSAGES" / "messages.po"
            yield warn(
                "wordings", f"{name}少 {len(missing)} 句，比如“{missing[0][:20]}”。", f"补进 {place}。"
            )
        else:
            yield ok("wordings", f"{name}都有，一共 {len(asked)} 句。")


def _asked(flows: "Iterable[Flow]") -> Iterator[str]:
    """The source wordings of questions and their fixed options."""
    for flow in flows:
        for question in flow.literal or ():
            options = getattr(question, "options", ())
            words = [question.text, question.brief, question.hint]
            words += [question.skip.label] if question.skip else []
            words += [] if callable(options) else [option.label for option in options]
            yield from (each for each in words if isinstance(each, str) and each and not each.isascii())


def port(settings: "Settings") -> Iterator[Finding]:
    """The port is free, or it is ourselves who use it."""
    from bot.serving import CannotListen, take_port

    try:
        take_port(settings).close()
    except CannotListen as problem:
        if _is_us(settings):
            yield ok("port", f"训桥正开着，在 http://{settings.host}:{settings.port}/。")
        else:
            yield fail("port", str(problem), "换一个端口，或者先停掉别的程序。")
    else:
        yield ok("port", f"端口 {settings.port} 空着。")


def _is_us(settings: "Settings") -> bool:
    from http.client import HTTPConnection, HTTPException

    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared only
    asking = HTTPConnection(host, settings.port, timeout=2)
    try:
        asking.request("GET", "/livez")
        return asking.getresponse().read() == b'{"status":"ok"}'
    except (OSError, HTTPException):
        return False
    finally:
        asking.close()


def public_url(settings: "Settings") -> Iterator[Finding]:
    """People's phones can find us, and nobody on the way can read along."""
    url = urlsplit(settings.public_url)
    if not settings.public_url:
        yield warn(
            "address",
            f"没有写公开地址。别的手机打不开 {settings.address}/。",
            "试用不用写。真用时写 XUNQIAO_PUBLIC_URL。",
        )
    elif url.hostname in ("localhost", "127.0.0.1", "::1", "0.0.0.0"):  # noqa: S104 - compared only
        yield fail("address", f"公开地址 {settings.public_url} 只有这台机器能打开。", "写别人能打开的网址。")
    elif url.scheme != "https":
        yield warn(
            "address",
            f"公开地址 {settings.public_url} 不是 https。路上的人能看到。",
            "在前面放一个有证书的网关。",
        )
    else:
        yield ok("address", f"公开地址是 {settings.public_url}。")


CHECKS: tuple[Callable[["Settings"], Iterator[Finding]], ...] = (
    secret_key, database, disk, clock, office, wordings, port, public_url, telegram,
)  # fmt: skip
"""In the order they are shown."""
