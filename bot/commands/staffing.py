"""`staff add`, `list`, `link` and `revoke`: who is staff, and their one-time links."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.commands.guard import WRONG_USAGE, Sorry, read_settings
from bot.commands.importing import who
from bot.commands.telling import note, say, say_json

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from bot.settings import Settings
    from storage.tables import Staff, StaffRole

ROLES = ("clerk", "teacher", "evaluator", "admin")


def add(name: str, role: str, region: str, projects: Sequence[str]) -> int:
    """Add a member of staff and print their link."""
    from storage import staff

    name, kind = " ".join(name.split()), _role(role)
    if not name:
        raise Sorry("写上名字：xunqiao staff add 名字 --role clerk --region 郑州市", WRONG_USAGE)
    if kind.value in ("clerk", "evaluator") and not region:
        raise Sorry(f"{role} 要写管哪个地方：--region 郑州市", WRONG_USAGE)
    if kind.value == "teacher" and not projects:
        raise Sorry("老师要写教哪些项目：--project P025", WRONG_USAGE)
    with _writing() as (session, settings, now):
        if staff.find_staff(session, name):
            raise Sorry(f"已经有一位叫{name}的工作人员。要新链接：xunqiao staff link {name}")
        member = staff.add_staff(session, name, kind, now, region=region, projects=projects, actor=who())
        address = link_to(settings, staff.make_link(session, member, now))
    _show(name, address)
    return 0


def link(name: str) -> int:
    """Print a new link for a member of staff."""
    from storage import staff

    with _writing() as (session, settings, now):
        address = link_to(settings, staff.make_link(session, _one(session, name), now))
    _show(name, address)
    return 0


def chat_word(name: str) -> int:
    """Print the word that makes the chat in which it is said a member's."""
    from storage import staff_chats

    with _writing() as (session, _, now):
        word = staff_chats.make_chat_word(session, _one(session, name), now)
    note(f"{name}用手机办事的字，十五分钟内有效，只能用一次，只发给本人。")
    note("在聊天里先说“我是工作人员”，再写这些字。在 Telegram 里，也可以写 /start 和这些字：")
    say(word)
    return 0


def show_all(*, as_json: bool) -> int:
    """Print who is staff, and who was."""
    from storage import staff

    with _writing() as (session, settings, _):
        found = staff.all_staff(session)
        if as_json:
            say_json([each.model_dump(mode="json", exclude={"contact_id"}) for each in found])
            return 0
        for each in found:
            reach = each.region or "、".join(each.projects) or "全部"
            left = f"，{each.revoked_at.astimezone(settings.zone):%Y-%m-%d} 停用" if each.revoked_at else ""
            say(f"{each.name}，{each.role.value}，{reach}{left}")
    if not found:
        say("还没有工作人员。先加一位：xunqiao staff add 名字 --role admin")
    return 0


def revoke(name: str) -> int:
    """Let a member of staff go: what they have open is closed at once."""
    from storage import staff

    with _writing() as (session, _, now):
        staff.revoke_staff(session, _one(session, name), now, actor=who())
    say(f"{name}停用了。打开的网页马上失效。")
    return 0


def link_to(settings: "Settings", secret: str) -> str:
    """Give the address a link's secret opens."""
    return f"{settings.address}/console/enter/{secret}"


@contextmanager
def _writing() -> Iterator[tuple["Session", "Settings", "datetime"]]:
    from bot.app import open_store
    from bot.settings import Clock

    settings = read_settings()
    store = open_store(settings)
    try:
        with store.writing() as session:
            yield session, settings, Clock(settings).now()
    finally:
        store.close()


def _role(role: str) -> "StaffRole":
    from storage.tables import StaffRole

    try:
        return StaffRole(role)
    except ValueError:
        raise Sorry(f"没有 {role} 这种人员。写一个：{'、'.join(ROLES)}。", WRONG_USAGE) from None


def _one(session: "Session", name: str) -> "Staff":
    from storage import staff

    found = staff.find_staff(session, " ".join(name.split()))
    if not found:
        raise Sorry(f"没有叫{name}的工作人员。用 xunqiao staff list 看有谁。")
    if len(found) > 1:
        raise Sorry(f"叫{name}的有 {len(found)} 位。在工作台的“人员”里办。")
    return found[0]


def _show(name: str, address: str) -> None:
    note(f"{name}的链接，十五分钟内有效，只能用一次，只发给本人：")
    say(address)
