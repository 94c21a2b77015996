"""Words in which what can be opened or called becomes a link: our own pages, one-time links of ours, numbers."""

import re
from collections.abc import Callable, Collection
from urllib.parse import quote

from markupsafe import Markup, escape

NUMBER = r"(?<![\dA-Za-z/._-])(?P<number>0\d{2,3}-\d{7,8}|1\d{10}|400-?\d{3}-?\d{4}|12385)(?![\dA-Za-z/_-]|\.\d| ?元)"
"""Telephone numbers as they are published; what people tell us of themselves is shown in groups and is none."""

CHAT = r"(?P<chat>https://t\.me/\w+\?start=[A-Za-z0-9_-]+)"
"""The address of a chat on Telegram that follows a link."""

TO_TEXT = re.compile(r"(?:短信|\btext)[:： ]*$")
"""What stands before a number that is for text messages only."""

DIALLED = re.compile(r"[^0-9+]")


def linker(address: str) -> Callable[[str, Collection[str]], Markup]:
    """Make what turns words into words with links.

    Args:
        address: where people find us.

    Returns:
        A function of the words and of the one-time links that our own flow gave, whole: no other one becomes
        a link, whoever wrote it.

    """
    ours = (
        r"(?<![A-Za-z0-9._~:/@-])"
        rf"(?:{re.escape(address)})?(?P<path>(?:/go|/console/enter)/[A-Za-z0-9_-]+|/catalogue(?:/[A-Za-z0-9_-]+)?)(?![A-Za-z0-9_/-])"
    )
    either = re.compile(f"{ours}|{CHAT}|{NUMBER}")

    def link(words: str, given: Collection[str]) -> Markup:
        made = []
        end = 0
        for match in either.finditer(words):
            found = _called(match, words) if match["number"] else _opened(match, given, address)
            if found is not None:
                made += [escape(words[end : match.start()]), found]
                end = match.end()
        return Markup().join((*made, escape(words[end:])))

    return link


def organiser_path(name: str) -> str:
    """The lasting address of an organiser; browsers would take a name such as ".." for a way up."""
    if {".", ".."}.isdisjoint(name.split("/")):
        return f"/organisers/{quote(name)}"
    return f"/organisers?name={quote(name, safe='')}"


def dialled(number: str) -> str:
    """A number as a telephone takes it."""
    return DIALLED.sub("", number)


def _opened(match: re.Match[str], given: Collection[str], address: str) -> Markup | None:
    path = match["path"]
    if path is None:
        return _anchor(match["chat"], match["chat"]) if match["chat"] in given else None
    if not path.startswith(("/go/", "/console/enter/")):
        return _anchor(path, match[0])
    # Shown whole, so that it can be copied and opened elsewhere.
    return _anchor(path, address + path) if address + path in given else None


def _called(match: re.Match[str], words: str) -> Markup:
    scheme = "sms" if TO_TEXT.search(words[: match.start()]) else "tel"
    return _anchor(f"{scheme}:{dialled(match['number'])}", match["number"])


def _anchor(to: str, shown: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(to, shown)
