"""How a command is declared: help pages in Chinese throughout, groups of commands, options that several have."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Context

IN_CHINESE = {
    "Usage:": "用法 Usage:",
    "Options:": "选项 Options:",
    "Arguments:": "要写的 Arguments:",
    "Commands:": "命令 Commands:",
    "Show this message and exit.": "看这段说明。",
    "[required]": "（一定要写）",
}
"""What typer writes into a help page -> what a clerk reads."""

AsJson = Annotated[bool, typer.Option("--json", help="写成 JSON，给程序看。")]


class Command(TyperCommand):
    """A command whose help page is in Chinese throughout."""

    def get_help(self, ctx: "Context") -> str:
        return _translated(super().get_help(ctx))


class _Group(TyperGroup):
    """The same for a group of commands."""

    def get_help(self, ctx: "Context") -> str:
        return _translated(super().get_help(ctx))


def _translated(page: str) -> str:
    for english, chinese in IN_CHINESE.items():
        page = page.replace(english, chinese)
    return page


def group(chinese: str, english: str) -> typer.Typer:
    """Make a group of commands that is told in Chinese and in English."""
    return typer.Typer(
        cls=_Group,
        help=f"{chinese}\n\n{english}",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
