"""`import projects`, `sessions`, `fairs`, `positions`, `survey`: take a sheet in; of bad rows, say what would be right."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.grouping import AsJson, Command, group
from bot.commands.guard import FAILED, IN_PART, Sorry, check_is_file, read_settings
from bot.commands.telling import note, say, say_json, working

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from storage.catalogue.report import Note, Report

MOST_NOTES = 40
"""Warnings shown in full; the rest are counted. Bad rows are always all shown."""


importing = group(
    "导入表格：目录，招聘会，问卷。", "Import sheets: the catalogue, job fairs, forms of questions."
)

Sheet = Annotated[Path, typer.Argument(metavar="FILE", help="表格文件：.xlsx 或 .csv。")]
Strict = Annotated[bool, typer.Option("--strict", help="有一行不对，就整张表都不导入。")]


@importing.command("projects", cls=Command, help="导入项目和班次。\n\nImport projects and their intakes.")
def projects(file: Sheet, *, strict: Strict = False, json: AsJson = False) -> int:
    return _take_in("projects", file, strict=strict, as_json=json)


@importing.command(
    "sessions", cls=Command, help="导入课次：哪天上课。\n\nImport the dated sessions of intakes."
)
def sessions(file: Sheet, *, strict: Strict = False, json: AsJson = False) -> int:
    return _take_in("sessions", file, strict=strict, as_json=json)


@importing.command("fairs", cls=Command, help="导入招聘会。\n\nImport job fairs.")
def fairs(file: Sheet, *, strict: Strict = False, json: AsJson = False) -> int:
    return _take_in("fairs", file, strict=strict, as_json=json)


@importing.command(
    "positions",
    cls=Command,
    help="导入岗位：招聘会的，也有单独的。\n\nImport positions, at a fair or without one.",
)
def positions(file: Sheet, *, strict: Strict = False, json: AsJson = False) -> int:
    return _take_in("positions", file, strict=strict, as_json=json)


def _take_in(kind: str, file: Path, *, strict: bool, as_json: bool) -> int:
    """Import one sheet; dates stay as they are written. Gives 0, 1 (nothing taken in) or 3 (in part)."""
    from functools import partial

    from bot.commands.wording import warnings
    from storage.catalogue.importing import import_fairs, import_positions, import_projects, import_sessions

    takers: Mapping[str, Callable[..., Report]] = {
        "projects": partial(import_projects, check_text=warnings),
        "sessions": import_sessions,
        "fairs": partial(import_fairs, check_text=warnings),
        "positions": import_positions,
    }
    with _writing(file) as (session, data, now):
        report = takers[kind](session, data, file.name, now=now, who=who(), strict=strict)
    if as_json:
        say_json(report.as_json())
    else:
        _show(report)
    if report.number is None:
        return FAILED
    return IN_PART if report.problems else 0


@importing.command(
    "survey",
    cls=Command,
    help="导入一张问卷（XLSForm）。\n\nImport a form of questions (XLSForm: .xlsx, or .zip with its pictures).",
)
def survey(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="表格文件：.xlsx；有图的，和图一起压成 .zip。")
    ],
    *,
    json: AsJson = False,
) -> int:
    """Import one form and ask it from now on. Gives 0, or 1 when something in it keeps it from being asked."""
    from bot.forms.taking import take_form
    from storage.catalogue.report import FileRefused

    try:
        with _writing(file) as (session, data, now):
            taken = take_form(session, data, now, who(), live=True)
    except FileRefused as refused:
        raise Sorry(str(refused)) from None
    if json:
        say_json(taken.as_json())
    else:
        for problem in taken.problems:
            say(str(problem))
        _notes("提醒（不影响使用）", taken.notes)
        say(taken.told)
    return FAILED if taken.problems else 0


def who() -> str:
    """Who imports: the account of this machine, where it has a name."""
    import getpass

    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"


@contextmanager
def _writing(file: Path) -> "Iterator[tuple[Session, bytes, datetime]]":
    """Read a file, and open the database to take it in; say how long that takes."""
    from bot.app import open_store
    from bot.settings import Clock

    data = _read(file)
    settings = read_settings()
    with (
        closing(open_store(settings)) as store,
        working(f"正在导入 {file.name}（{len(data) / 1024:.0f} KB）"),
        store.writing() as session,
    ):
        yield session, data, Clock(settings).now()


def _read(file: Path) -> bytes:
    check_is_file(file)
    return file.read_bytes()


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
