"""`chat`: hold a conversation on this terminal or through a pipe; every line is kept as soon as it is read."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.commands.guard import WRONG_USAGE, Sorry, read_settings
from bot.commands.telling import note, say

if TYPE_CHECKING:
    from bot.channels.terminal import Terminal
    from dialogs.book import Book
    from dialogs.talk import About

SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    "intake": ("intake",),
    "project": ("project", "intake"),
    "application": ("application",),
}
"""A fact a flow asks for -> what it can be named by, the usual first."""


def hold(flow: str, about: Sequence[str], reading: str | None, name: str) -> int:
    """Talk until the lines end; what was said is there next time."""
    from bot.app import open_service
    from bot.channels.terminal import Terminal

    told = _about(about)
    with open_service(read_settings()) as service:
        _check(service.book, flow, told)
        terminal = Terminal(service.runner, name)
        for line in terminal.show(terminal.open(reading, flow, told)):
            say(line)
        try:
            _talk(terminal)
        except KeyboardInterrupt:
            note("")
        note("停在这里了，说过的都记下了。下次接着来。")
    return 0


def _talk(terminal: "Terminal") -> None:
    from bot.channels.terminal import NoFile

    asks = sys.stdin.isatty()
    if asks:
        note("写数字或者几个字，按回车。要走，按 Ctrl-D。")
    while True:
        try:
            line = input("> ") if asks else next(sys.stdin)
        except (EOFError, StopIteration):
            return
        try:
            heard = terminal.hear(line)
        except NoFile as problem:
            say(str(problem))
            continue
        for shown in terminal.show(heard):
            say(shown)


def _check(book: "Book", flow: str, about: "About") -> None:
    """Refuse a flow that does not exist, or that speaks of something that was not named."""
    if not flow:
        return
    found = book.find(flow)
    if found is None or found.role == "staff":
        names = "、".join(sorted(each.name for each in book.flows if each.role != "staff"))
        raise Sorry(f"没有叫“{flow}”的对话。有这些：{names}", WRONG_USAGE)
    named = {name for name, _ in about}
    for fact, ways in SPEAKS_OF.items():
        if fact in found.facts and not named & set(ways):
            raise Sorry(f"“{flow}”要知道是哪一个。加上：--about {ways[0]}=编号", WRONG_USAGE)


def _about(parts: Sequence[str]) -> "About":
    found: list[tuple[str, int | str]] = []
    for part in parts:
        name, equals, value = part.partition("=")
        if not name or not equals or not value:
            raise Sorry(f"--about 写成 intake=3 这样。现在写的是 {part}。", WRONG_USAGE)
        found.append((name, int(value) if value.isascii() and value.isdigit() else value))
    return tuple(found)
