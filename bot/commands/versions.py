"""`catalogue versions`, `compare` and `take-back`: what each import did, and undoing one."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.grouping import AsJson, Command, group
from bot.commands.guard import Sorry, read_settings
from bot.commands.importing import who
from bot.commands.telling import say, say_json

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from storage.base import Store
    from storage.catalogue.tables import CatalogueImport
    from storage.catalogue.versions import Change


catalogue = group("看目录的每一次导入，比较，撤回。", "See, compare and take back imports.")

Number = Annotated[int, typer.Argument(metavar="N", help="第几次导入。用 versions 看。")]


@catalogue.command(cls=Command, help="看每一次导入。\n\nList the imports, newest first.")
def versions(*, json: AsJson = False) -> int:
    """Print every import, newest first."""
    from storage.catalogue.versions import imports

    with _open() as (store, now), store.reading() as session:
        found = imports(session)
        if json:
            say_json([each.model_dump(mode="json") for each in found])
            return 0
        for each in found:
            say(_line(each, now))
    if not found:
        say("还没有导入过。先用 xunqiao import projects 导入目录。")
    return 0


@catalogue.command(cls=Command, help="看一次导入改了什么。\n\nShow what an import changed.")
def compare(
    number: Number,
    since: Annotated[int | None, typer.Option(metavar="N", help="从第几次以后算起。")] = None,
    *,
    json: AsJson = False,
) -> int:
    """Print what an import changed, or all changes after import `since` up to it."""
    from storage.catalogue import versions as kept

    with _open() as (store, _), store.reading() as session:
        _known(session, number)
        _print(kept.compare(session, number, since), as_json=json)
    return 0


@catalogue.command("take-back", cls=Command, help="撤回一次导入。\n\nUndo an import.")
def take_back(number: Number, *, json: AsJson = False) -> int:
    """Undo one import and print what was undone."""
    from storage.catalogue import taking_back

    with _open() as (store, now), store.writing() as session:
        undone = taking_back.take_back(session, number, now=now, who=who())
    _print(undone, as_json=json)
    if not json:
        say(f"第 {number} 次导入撤回了。")
    return 0


@contextmanager
def _open() -> "Iterator[tuple[Store, datetime]]":
    from bot.app import open_store
    from bot.settings import Clock

    settings = read_settings()
    with closing(open_store(settings)) as store:
        yield store, Clock(settings).now()


def _known(session: "Session", number: int) -> None:
    from storage.catalogue.tables import CatalogueImport

    if session.get(CatalogueImport, number) is None:
        raise Sorry(f"没有第 {number} 次导入。看有哪些：xunqiao catalogue versions")


def _line(version: "CatalogueImport", now: "datetime") -> str:
    from storage.catalogue.showing import KINDS

    at = version.at.astimezone(now.tzinfo)
    counts = (
        f"新增 {version.rows_added}，改 {version.rows_changed}，"
        f"没变 {version.rows_unchanged}，不对 {version.rows_refused}"
    )
    back = "（撤回了）" if version.taken_back_at else ""
    return f"{version.number}  {at:%Y-%m-%d %H:%M}  {KINDS[version.kind]}  {version.file}：{counts}{back}"


def _print(changes: "Iterable[Change]", *, as_json: bool) -> None:
    from storage.catalogue.showing import KINDS, shown, title

    found = list(changes)
    if as_json:
        say_json([asdict(change) for change in found])
        return
    for change in found:
        kind = KINDS[change.kind]
        if change.column:
            before, after = (
                shown(change.kind, change.column, value) or "（空）"
                for value in (change.before, change.after)
            )
            say(f"{kind} {change.key}  {title(change.kind, change.column)}：{before} → {after}")
        else:
            say(f"{kind} {change.key}  新的")
    if not found:
        say("没有改动。")
