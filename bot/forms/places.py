"""Where a phone stands at every question of a form, whether or not the answers would lead there."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace

from dialogs.book import Book
from dialogs.model import Answers, Flow, Question, path
from dialogs.screen import Place
from dialogs.sheet_names import PREFIX
from dialogs.state import Frame
from dialogs.talk import World
from dialogs.words import Own
from dialogs.xform.asking import Asker, Way
from dialogs.xform.extending import beside_ours
from dialogs.xform.form import Form, Node
from dialogs.xform.held import Held
from dialogs.xform.tiers import NAME, tiers_of


def places(
    form: Form,
    node: Node,
    world: World,
    book: Book,
    pictures: Mapping[str, str] | None = None,
    *,
    added: bool = False,
) -> Iterator[Place]:
    """Give the place of one question: two for a scale that an easy-reader answers in two tiers.

    Args:
        form: the form.
        node: one of what it asks (`Form.asked`); all lines of a filtered list are shown.
        world: today, how is read, and whether the channel is ours.
        book: has the voices.
        pictures: those that were brought: the name in the sheet -> what channels call it.
        added: whether it is asked within a flow of ours.

    Raises:
        ValueError: when nothing is asked about the node.

    """
    if node.control is None:
        raise ValueError(f"nothing is asked about {node.name}")
    whole = copy(node)
    whole.control = replace(node.control, keeps=None)
    for asked in _questions(whole, world, pictures or {}):
        question = beside_ours(asked) if added else asked
        flow = Flow(f"{PREFIX}{form.name}", question, title=Own(form.title or form.name))
        way = path(flow, {}, {}, world)
        yield Place(flow, Frame(flow.name), way, question, world, book.voice(world.reading), book)


def _questions(node: Node, world: World, pictures: Mapping[str, str]) -> Iterator[Question]:
    held = Held(Answers(), world)
    with held.leniently():
        way = Way(world.reading, helping=True)
        asker = Asker(node, (1,) * len(node.repeats), held, way, pictures)
        tiers = tiers_of(asker.steps) if world.reading == "easy" and asker.is_scale else ()
        if tiers:
            yield asker.tier_question(tiers, NAME.format(key=asker.key))
        yield asker.question(tiers[0] if tiers else None)
