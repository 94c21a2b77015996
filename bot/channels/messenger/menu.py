"""What a messenger shows beside the conversation: the commands of its menu, and what the bot is."""

from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.book import Book

COMMANDS = (
    ("again", "重说一遍"),
    ("back", "返回"),
    ("stop", "停下来"),
    ("human", "找人帮忙"),
    ("me", "我的报名"),
)
"""The menu (T10): each command does what its word does, at any question."""

DESCRIPTION = "训桥帮您找培训课、报名。一次问一个问题，打字、按按钮都行。会自动回话，也可以找人帮忙。"
SHORT = "找培训课，报名，问进度。"


@dataclass(frozen=True, slots=True)
class Menu:
    """Commands and descriptions for one language; "" is everybody whose language we do not speak."""

    language: str
    commands: tuple[tuple[str, str], ...]
    description: str
    short: str


def menus(book: Book) -> Iterator[Menu]:
    """Give the menus, Chinese for everybody and English for who has set it."""
    for language, reading in (("", "plain"), ("en", "en")):
        voice = book.voices[reading]  # type: ignore[index]  # both are there
        yield Menu(
            language,
            tuple((name, voice.say(text)) for name, text in COMMANDS),
            voice.say(DESCRIPTION),
            voice.say(SHORT),
        )
