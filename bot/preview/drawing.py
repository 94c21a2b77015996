"""Puts all questions on one page: the web door's own templates, each page in a frame as wide as a phone."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.web.pages import Pages, Visit
from bot.channels.web.static import FOLDER
from bot.forms.places import places
from bot.heard import Heard
from bot.preview.chatting import Chat, chat_of
from bot.preview.sample import ADDRESS, NOW, OFFICE
from bot.preview.walking import Spot, reach, unreached
from dialogs.book import Book
from dialogs.screen import Place, show
from dialogs.sheet_names import EXTENDS, PREFIX
from dialogs.state import State
from dialogs.talk import Reading, Screen, World
from dialogs.xform import Form
from dialogs.xform.extending import own_questions
from dialogs.xform.form import Node

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


@dataclass(frozen=True, slots=True)
class Section:
    """A flow, or a form from a sheet: its name, what people call it, and its questions."""

    name: str
    title: str
    rows: tuple[Row, ...]


def draw_all(book: Book, forms: Sequence[Form] = ()) -> Drawn:
    """Draw every question of every flow of a book, and of forms from sheets.

    Of a form that adds questions to a flow of ours only those are drawn: the others are the flow's.
    """
    pages = _Pages(book)
    sections: list[Section] = []
    missing: list[str] = []
    for flow in sorted(book.flows, key=lambda each: each.name):
        found = reach(book, flow)
        missing += [f"{flow.name}.{name}" for name in unreached(flow, found)]
        rows = tuple(pages.row(flow.name, name, _stops(spot)) for name, spot in found.items())
        sections.append(Section(flow.name, "", rows))
    for form in forms:
        added = book.own(EXTENDS.get(form.name, ""))
        wanted = None if added is None else own_questions(added, form)
        rows = tuple(
            pages.row(f"{PREFIX}{form.name}", node.key, _asked(book, form, node, added=wanted is not None))
            for node in form.asked
            if wanted is None or node.key in wanted
        )
        sections.append(Section(f"{PREFIX}{form.name}", form.title, rows))
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    html = environment.get_template("page.html").render(
        sections=sections, pages=_data(pages.drawn), styles=_data(_styles()), missing=missing
    )
    return Drawn(html, sum(len(each.rows) for each in sections), tuple(missing))


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where somebody stands on our own page, and where in a chat."""

    page: Place
    chat: Place
    state: State


def _stops(spot: Spot) -> Iterator[_Stop]:
    """One question of a flow in every reading."""
    for reading in READINGS:
        yield _Stop(spot.place(reading), spot.place(reading, trusted=False), spot.state())


def _asked(book: Book, form: Form, node: Node, *, added: bool) -> Iterator[_Stop]:
    """One question of a form in every reading; an easy-reader answers a scale in two tiers."""
    for reading in READINGS:
        here, there = (
            places(form, node, World(NOW, reading, trusted=trusted), book, added=added)
            for trusted in (True, False)
        )
        for page, chat in zip(here, there, strict=True):
            yield _Stop(page, chat, State(frames=(page.frame,), prompt=1))


class _Pages:
    """Draws pages with the web door's templates and numbers them."""

    def __init__(self, book: Book) -> None:
        self._pages = Pages(book.voices, OFFICE, ADDRESS)
        self.drawn: list[str] = []

    def row(self, flow: str, name: str, stops: Iterator[_Stop]) -> Row:
        phones: list[Phone] = []
        plain: Screen | None = None
        for stop in stops:
            reading, number = stop.page.world.reading, len(self.drawn)
            screen = show(stop.page, stop.state)
            plain = plain or screen
            heard = Heard(screen, (), "standard", reading, stop.page, contact_id=1)
            self.drawn.append(_alone(self._pages.screen(heard, Visit())))
            same = reading != "plain" and screen.text == plain.text
            phones.append(Phone(number, reading, READINGS[reading], same, chat_of(stop.chat, stop.state)))
        if plain is None:
            raise ValueError(f"{flow}.{name} is asked in no reading")
        return Row(f"{flow}.{name}", name, plain.form, plain.text, tuple(phones))


def _alone(page: str) -> str:
    """A page without what needs a server: its styles are put in by the preview, its script is left out."""
    page = STYLE.sub(r"<!--style:\1-->", LEFT_OUT.sub("", page))
    return GAPS.sub("\n", page)


def _styles() -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.css"))}


def _data(value: object) -> Markup:
    """JSON that can stand inside a script element."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - no "<" is left in it
