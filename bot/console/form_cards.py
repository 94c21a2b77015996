"""Every question of a form as a phone shows it, in plain and in easy words, whether or not it would be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.forms.places import places
from dialogs.book import Book
from dialogs.screen import show
from dialogs.state import State
from dialogs.talk import Reading, Screen, World
from dialogs.xform.form import Form, Node

READINGS: tuple[tuple[Reading, str], ...] = (("plain", "一般的字"), ("easy", "简单的话"))

KINDS = {
    "note": "只看，不用答", "one": "选一个", "many": "选几个", "scale": "打分", "agree": "点一下知道了",
    "text": "写几个字", "whole": "写一个整数", "decimal": "写一个数", "date": "哪一天", "time": "几点",
    "photo": "照片", "sound": "录音", "place": "地方",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phone:
    """One screen: in which words, and what is on it."""

    words: str
    screen: Screen
    same: bool = False
    """Whether it says what the plain one says."""


@dataclass(frozen=True, slots=True)
class Card:
    """One question of the sheet.

    Args:
        name: as the sheet has it.
        kind: what kind of question it is, in words.
        row: its row in the sheet.
        when: the condition under which it is asked, as the sheet has it.
        phones: how it looks.
        missing: names of pictures that belong to it and were not brought.

    """

    name: str
    kind: str
    when: str
    phones: tuple[Phone, ...]
    missing: tuple[str, ...]


def cards(form: Form, book: Book, now: datetime, pictures: Mapping[str, str]) -> list[Card]:
    """Draw every question of a form; `pictures` are those that were brought, by the name they have in the sheet."""
    return [_card(form, node, book, now, pictures) for node in form.asked]


def _card(form: Form, node: Node, book: Book, now: datetime, brought: Mapping[str, str]) -> Card:
    control = node.control
    if control is None:
        raise ValueError(f"nothing is asked about {node.name}")
    phones: list[Phone] = []
    for reading, words in READINGS:
        for here in places(form, node, World(now, reading), book, brought):
            screen = show(here, State(frames=(here.frame,)))
            plain = phones[0].screen if phones else None
            phones.append(Phone(words, screen, same=plain is not None and plain.text == screen.text))
    pictures = {*control.label.pictures.values()}
    pictures |= {each for item in control.items for each in item.label.pictures.values()}
    missing = tuple(sorted(pictures - brought.keys()))
    when = node.relevant.text if node.relevant else ""
    return Card(node.name, KINDS[control.kind], _shortly(when), tuple(phones), missing)


def _shortly(text: str) -> str:
    """The condition without the name of the form before every question."""
    return " ".join(text.replace("/xq_form/", "").split())
