"""Every question of a form as a phone shows it, in plain and in easy words, whether or not it would be asked."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.book import Book
from dialogs.model import Answers, Flow, Question, path
from dialogs.screen import Place, show
from dialogs.state import Frame, State
from dialogs.talk import Reading, Screen, World
from dialogs.xform.asking import Asker
from dialogs.xform.form import Form, Node
from dialogs.xform.held import Held
from dialogs.xform.tiers import NAME, tiers_of

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
        media: pictures that belong to it.

    """

    name: str
    kind: str
    when: str
    phones: tuple[Phone, ...]
    media: tuple[str, ...]


def cards(form: Form, book: Book, now: datetime) -> list[Card]:
    """Draw every question of a form."""
    return [_card(node, book, now) for node in form.asked]


def _card(node: Node, book: Book, now: datetime) -> Card:
    control = node.control
    if control is None:
        raise ValueError(f"nothing is asked about {node.name}")
    whole = copy(node)
    whole.control = replace(control, keeps=None)  # of a filtered list all lines are shown
    phones: list[Phone] = []
    for reading, words in READINGS:
        world = World(now, reading)
        for question in _questions(whole, world):
            screen = _screen(question, world, book)
            plain = phones[0].screen if phones else None
            phones.append(Phone(words, screen, same=plain is not None and plain.text == screen.text))
    pictures = {*control.label.pictures.values()}
    pictures |= {each for item in control.items for each in item.label.pictures.values()}
    when = node.relevant.text if node.relevant else ""
    return Card(node.name, KINDS[control.kind], _shortly(when), tuple(phones), tuple(sorted(pictures)))


def _questions(node: Node, world: World) -> Iterator[Question]:
    held = Held(Answers(), world)
    with held.leniently():
        asker = Asker(node, (1,) * len(node.repeats), held, helping=True)
        tiers = tiers_of(asker.steps) if world.reading == "easy" and asker.is_scale else ()
        if tiers:
            yield asker.tier_question(tiers, NAME.format(key=asker.key))
        yield asker.question(tiers[0] if tiers else None)


def _screen(question: Question, world: World, book: Book) -> Screen:
    flow = Flow("form", question)
    frame = Frame(flow.name)
    way = path(flow, {}, {}, world)
    return show(
        Place(flow, frame, way, question, world, book.voice(world.reading), book), State(frames=(frame,))
    )


def _shortly(text: str) -> str:
    """The condition without the name of the form before every question."""
    return " ".join(text.replace("/xq_form/", "").split())
