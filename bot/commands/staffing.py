"""`staff add`, `list`, `link` and `revoke`: who is staff, and their one-time links."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.grouping import AsJson, Command, group
from bot.commands.guard import WRONG_USAGE, Sorry, read_settings
from bot.commands.importing import who
from bot.commands.telling import note, say, say_json

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from bot.settings import Settings
    from storage.tables import Staff, StaffRole

ROLES = ("clerk", "teacher", "evaluator", "admin")


members = group("管工作人员：加、停用、给链接。", "Staff: add, let go, give a link.")

Who = Annotated[str, typer.Argument(metavar="NAME", help="姓名。")]


@members.command(
    "add",
    cls=Command,
    help="加一位工作人员，印出一次性的链接。\n\nAdd a member of staff and print a one-time link.",
)
def add(
    name: Who,
    *,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="clerk 经办，teacher 老师，evaluator 评估，admin 管理员。")
    ] = "clerk",
    region: Annotated[str, typer.Option(metavar="PLACE", help="管哪个地方，如 郑州市。")] = "",
    project: Annotated[
        list[str] | None, typer.Option(metavar="P025", help="老师教哪个项目。可以写几个。")
    ] = None,
) -> int:
    """Add a member of staff and print their link; say so when nothing in the catalogue is their business."""
    from bot.console.permissions import reach_of
    from storage.catalogue.snapshot import Snapshot
    from storage.staff import staff

    name, kind, projects = " ".join(name.split()), _role(role), project or []
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
        idle = reach_of(member, Snapshot.build(session, today=now.date())).intakes == frozenset()
    if idle:
        note(f"目录里现在没有归{name}管的课。看一看写得对不对：{region or '、'.join(projects)}。")
    _show(name, address)
    return 0


@members.command("list", cls=Command, help="看有哪些工作人员。\n\nList the staff.")
def show_all(*, json: AsJson = False) -> int:
    """Print who is staff, and who was."""
    from storage.staff import staff

    with _writing() as (session, settings, _):
        found = staff.all_staff(session)
        if json:
            say_json([each.model_dump(mode="json", exclude={"contact_id"}) for each in found])
            return 0
        for each in found:
            reach = each.region or "、".join(each.projects) or "全部"
            left = f"，{each.revoked_at.astimezone(settings.zone):%Y-%m-%d} 停用" if each.revoked_at else ""
            say(f"{each.name}，{each.role.value}，{reach}{left}")
    if not found:
        say("还没有工作人员。先加一位：xunqiao staff add 名字 --role admin")
    return 0


@members.command("link", cls=Command, help="给一个新链接。\n\nPrint a new one-time link.")
def link(
    name: Who,
    *,
    chat: Annotated[
        bool, typer.Option("--chat", help="连上聊天用的字。Print the word that links a chat.")
    ] = False,
) -> int:
    """Print a new link for a member of staff, or the word that links their chat."""
    if chat:
        return _chat_word(name)
    from storage.staff import staff

    with _writing() as (session, settings, now):
        address = link_to(settings, staff.make_link(session, _one(session, name), now))
    _show(name, address)
    return 0


@members.command("revoke", cls=Command, help="停用一位工作人员。\n\nEnd somebody's access at once.")
def revoke(name: Who) -> int:
    """Let a member of staff go: what they have open is closed at once."""
    from storage.staff import staff

    with _writing() as (session, _, now):
        staff.revoke_staff(session, _one(session, name), now, actor=who())
    say(f"{name}停用了。打开的网页马上失效。")
    return 0


def _chat_word(name: str) -> int:
    """Print the word that makes the chat in which it is said a member's."""
    from storage.staff import chats as staff_chats

    with _writing() as (session, _, now):
        word = staff_chats.make_chat_word(session, _one(session, name), now)
    note(f"{name}用手机办事的字，十五分钟内有效，只能用一次，只发给本人。")
    note("在聊天里先说“我是工作人员”，再写这些字。在 Telegram 里，也可以写 /start 和这些字：")
    say(word)
    return 0


def link_to(settings: "Settings", secret: str) -> str:
    """Give the address a link's secret opens."""
    return f"{settings.address}/console/enter/{secret}"


@contextmanager
def _writing() -> Iterator[tuple["Session", "Settings", "datetime"]]:
    from bot.app import open_store
    from bot.settings import Clock

    settings = read_settings()
    with closing(open_store(settings)) as store, store.writing() as session:
        yield session, settings, Clock(settings).now()


def _role(role: str) -> "StaffRole":
    from storage.tables import StaffRole

    try:
        return StaffRole(role)
    except ValueError:
        raise Sorry(f"没有 {role} 这种人员。写一个：{'、'.join(ROLES)}。", WRONG_USAGE) from None


def _one(session: "Session", name: str) -> "Staff":
    from storage.staff import staff

    found = staff.find_staff(session, " ".join(name.split()))
    if not found:
        raise Sorry(f"没有叫{name}的工作人员。用 xunqiao staff list 看有谁。")
    if len(found) > 1:
        raise Sorry(f"叫{name}的有 {len(found)} 位。在工作台的“人员”里办。")
    return found[0]


def _show(name: str, address: str) -> None:
    note(f"{name}的链接，十五分钟内有效，只能用一次，只发给本人：")
    say(address)
