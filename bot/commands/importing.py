"""`import projects`, `import sessions` and `import survey`: take a sheet in, and say of every bad row what would be right."""

import getpass
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.guard import FAILED, IN_PART, WRONG_USAGE, Sorry, read_settings
from bot.commands.telling import note, say, say_json, working

if TYPE_CHECKING:
    from storage.catalogue.report import Note, Report

MOST_NOTES = 40
"""Warnings shown in full; the rest are counted. Bad rows are always all shown."""


def take_in(kind: str, file: Path, *, strict: bool, as_json: bool) -> int:
    """Import one sheet; dates stay as they are written. Gives 0, 1 (nothing taken in) or 3 (in part)."""
    from functools import partial

    from bot.app import open_store
    from bot.commands.wording import warnings
    from bot.settings import Clock
    from storage.catalogue.importing import import_projects, import_sessions

    data = _read(file)
    settings = read_settings()
    store = open_store(settings)
    take = partial(import_projects, check_text=warnings) if kind == "projects" else import_sessions
    try:
        with working(f"正在导入 {file.name}（{len(data) / 1024:.0f} KB）"), store.writing() as session:
            report = take(session, data, file.name, now=Clock(settings).now(), who=who(), strict=strict)
    finally:
        store.close()
    if as_json:
        say_json(report.as_json())
    else:
        _show(report)
    if report.number is None:
        return FAILED
    return IN_PART if report.problems else 0


def take_survey(file: Path, *, as_json: bool) -> int:
    """Import one form and ask it from now on. Gives 0, or 1 when something in it keeps it from being asked."""
    from bot.app import open_store
    from bot.settings import Clock
    from bot.taking_forms import take_form
    from storage.catalogue.report import FileRefused

    data = _read(file)
    settings = read_settings()
    store = open_store(settings)
    try:
        with working(f"正在导入 {file.name}（{len(data) / 1024:.0f} KB）"), store.writing() as session:
            taken = take_form(session, data, Clock(settings).now(), who(), live=True)
    except FileRefused as refused:
        raise Sorry(str(refused)) from None
    finally:
        store.close()
    if as_json:
        say_json(taken.as_json())
    else:
        for problem in taken.problems:
            say(str(problem))
        _notes("提醒（不影响使用）", taken.notes)
        say(taken.told)
    return FAILED if taken.problems else 0


def who() -> str:
    """Who imports: the account of this machine, where it has a name."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise Sorry(f"没有这个文件：{file}。看一看名字写对没有。", WRONG_USAGE) from None
    except IsADirectoryError:
        raise Sorry(f"{file} 是一个文件夹。写里面的表格文件。", WRONG_USAGE) from None


def _show(report: "Report") -> None:
    for problem in report.problems:
        say(str(problem))
    _notes("没有读的", report.skipped)
    _notes("提醒（不影响导入）", report.warnings)
    if report.number is None:
        say(f"没有导入：有 {report.refused} 行不对。改好再导入，或者不写 --strict。")
        return
    say(
        f"第 {report.number} 次导入：新增 {report.added} 行，改了 {report.changed} 行，"
        f"没变 {report.unchanged} 行，不对 {report.refused} 行。"
    )
    if report.problems:
        say("不对的行没有导入。改好这几行，再导入一次就行。")


def _notes(title: str, notes: Iterable["Note"]) -> None:
    told = list(notes)
    if told:
        note(f"{title}，{len(told)} 处：")
    for each in told[:MOST_NOTES]:
        note(f"  {each}")
    if len(told) > MOST_NOTES:
        note(f"  ……还有 {len(told) - MOST_NOTES} 处。加上 --json 看全部。")
