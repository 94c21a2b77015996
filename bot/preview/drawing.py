"""Puts all questions on one page: the web door's own templates, each page in a frame as wide as a phone."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.web.pages import Pages, Visit
from bot.channels.web.static import FOLDER
from bot.preview.chatting import Chat, chat_of
from bot.preview.sample import ADDRESS, OFFICE
from bot.preview.walking import Spot, reach, unreached
from bot.runner import Heard
from dialogs.book import Book
from dialogs.model import Flow
from dialogs.screen import show
from dialogs.talk import Reading, Screen

READINGS: Mapping[Reading, str] = {"plain": "一般的字", "easy": "简单的话", "en": "English"}

STYLE = re.compile(r'<link rel="stylesheet" href="/static/([a-z]+\.css)[^"]*">')
LEFT_OUT = re.compile(r'<script\b.*?</script>|<link rel="icon"[^>]*>', re.DOTALL)
GAPS = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True)
class Phone:
    """One page as a phone shows it: its number among all pages, and whether its wording is only the plain one."""

    number: int
    reading: Reading
    name: str
    same_as_plain: bool
    chat: Chat


@dataclass(frozen=True, slots=True)
class Row:
    """One question in all wordings."""

    anchor: str
    question: str
    form: str
    text: str
    phones: tuple[Phone, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The whole page, and what could not be reached: `flow.question`."""

    html: str
    questions: int
    missing: tuple[str, ...]


def draw_all(book: Book) -> Drawn:
    """Draw every question of every flow of a book."""
    pages = _Pages(book)
    sections: list[tuple[Flow, list[Row]]] = []
    missing: list[str] = []
    for flow in sorted(book.flows, key=lambda each: each.name):
        found = reach(book, flow)
        missing += [f"{flow.name}.{name}" for name in unreached(flow, found)]
        sections.append((flow, [pages.row(name, spot) for name, spot in found.items()]))
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    html = environment.get_template("page.html").render(
        sections=sections, pages=_data(pages.drawn), styles=_data(_styles()), missing=missing
    )
    return Drawn(html, sum(len(rows) for _, rows in sections), tuple(missing))


class _Pages:
    """Draws pages with the web door's templates and numbers them."""

    def __init__(self, book: Book) -> None:
        self._pages = Pages(book.voices, OFFICE, ADDRESS)
        self.drawn: list[str] = []

    def row(self, name: str, spot: Spot) -> Row:
        screens = dict(self._screens(spot))
        plain = screens["plain"]
        phones = tuple(
            Phone(
                number,
                reading,
                READINGS[reading],
                reading != "plain" and screen.text == plain.text,
                chat_of(spot, reading),
            )
            for number, (reading, screen) in enumerate(screens.items(), len(self.drawn) - len(screens))
        )
        return Row(f"{spot.flow}.{name}", name, plain.form, plain.text, phones)

    def _screens(self, spot: Spot) -> Iterator[tuple[Reading, Screen]]:
        for reading in READINGS:
            here = spot.place(reading)
            screen = show(here, spot.state())
            heard = Heard(screen, (), "standard", reading, here, contact_id=1)
            self.drawn.append(_alone(self._pages.screen(heard, Visit())))
            yield reading, screen


def _alone(page: str) -> str:
    """A page without what needs a server: its styles are put in by the preview, its script is left out."""
    page = STYLE.sub(r"<!--style:\1-->", LEFT_OUT.sub("", page))
    return GAPS.sub("\n", page)


def _styles() -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.css"))}


def _data(value: object) -> Markup:
    """JSON that can stand inside a script element."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - no "<" is left in it
