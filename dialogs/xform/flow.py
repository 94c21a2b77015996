"""The flow a form becomes: its questions in order, with the rows of its repeats, as far as they matter."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from itertools import islice

from dialogs.model import Answers, Flow, Json, Path, Question
from dialogs.talk import World
from dialogs.words import Own
from dialogs.xform.asking import Asker, is_fixed
from dialogs.xform.form import Form, Node
from dialogs.xform.held import Held, Rows, given_texts
from dialogs.xform.tiers import NAME, tiers_of

PREFIX = "survey:"
"""How the name of a flow begins that came from a sheet."""

RECORD = "survey"

MOST_ASKED = 1000
"""Questions of one conversation, the rows of repeats counted."""

MOST_KEPT = 128
"""Walks that are remembered for each form."""

FACTS = ("record",)
"""What the system knows of who is asked, by name: `hidden` fields are filled from it."""


class SheetFlow(Flow):
    """A form from a sheet as a flow; how far somebody has come is worked out once for the same answers.

    Args:
        form: what the sheet says.

    """

    def __init__(self, form: Form) -> None:
        self.form = form
        self.walker = Walker(form)
        self._walks: OrderedDict[object, Path] = OrderedDict()
        super().__init__(
            f"{PREFIX}{form.name}",
            self.walker.questions,
            record=RECORD,
            facts=FACTS,
            fills=self.walker.fills,
            title=Own(form.title or form.name),
            draft=True,
        )

    def path(self, said: Mapping[str, Json], given: Mapping[str, Json], world: World) -> Path:
        """Derive the position; the same answers lead to the same place, so it is remembered."""
        key = (
            _frozen(said),
            _frozen(given),
            world.today,
            world.reading,
            bool(world.facts.get("for_whom")),
            _record(world),
        )
        found = self._walks.get(key)
        if found is None:
            found = super().path(said, given, world)
            self._walks[key] = found
            while len(self._walks) > MOST_KEPT:
                self._walks.popitem(last=False)
        return found


class Walker:
    """Goes through a form question by question."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._ready: dict[tuple[Node, bool, bool], Question] = {}
        groups = (form.root, *(node for node in form.root.every() if node.is_repeat))
        self._flat = {group: _flat(group) for group in groups}
        self._given = frozenset(node.key for node in form.given)

    def fills(self, world: World) -> Mapping[str, Json]:
        """What the system knows, for the hidden fields of that name."""
        record = world.facts.get("record")
        known = given_texts(record) if isinstance(record, Mapping) else {}
        return {name: value for name, value in known.items() if name in self._given}

    def questions(
        self, answers: Answers, world: World, leaves_out: frozenset[str] = frozenset()
    ) -> Iterator[Question]:
        """Give the questions that are asked, in order, as the answers grow.

        Args:
            answers: what counts so far.
            world: today, and how the person reads.
            leaves_out: fields that are asked elsewhere.

        """
        held = Held(answers, world)
        helping = bool(world.facts.get("for_whom"))
        easy = world.reading == "easy"
        steps = self._steps(self.form.root, (), held)
        for node, rows in islice(steps, MOST_ASKED):
            if node.key in leaves_out or not held.come_to(node, rows):
                continue
            ready = None if rows else self._ready.get((node, helping, easy))
            if ready is not None:
                yield ready
            else:
                yield from self._asked(node, rows, held, answers, easy=easy, helping=helping)

    def _steps(self, group: Node, rows: Rows, held: Held) -> Iterator[tuple[Node, Rows]]:
        """Give the fields that are asked about, repeats row by row."""
        for node in self._flat[group]:
            if not node.is_repeat:
                yield node, rows
                continue
            held.at = node.order
            row = 1
            while row <= held.count(node, rows):  # how many there are may hang on an answer inside
                yield from self._steps(node, (*rows, row), held)
                row += 1

    def _asked(
        self, node: Node, rows: Rows, held: Held, answers: Answers, *, easy: bool, helping: bool
    ) -> Iterator[Question]:
        """Give the question of one field, or the two tiers of a scale for an easy-reader."""
        key = node.key_at(rows)
        asker = Asker(node, rows, held, helping=helping)
        tier = None
        tiers = tiers_of(asker.steps) if easy and asker.is_scale else ()
        if tiers:
            first = asker.tier_question(tiers, NAME.format(key=key))
            yield first
            chosen = answers.counted.get(first.name)
            tier = next((each for each in tiers if each.value == chosen), None)
            if tier is None and chosen is not None:  # left open, as a whole
                answers.counted[key] = chosen
            elif tier is not None and len(tier.items) == 1:
                answers.counted[key] = tier.items[0].value
            if key in answers.counted:
                return
        question = asker.question(tier)
        if not tiers and is_fixed(node):
            self._ready[node, helping, easy] = question
        yield question


def _flat(group: Node) -> tuple[Node, ...]:
    """The fields that are asked about and the repeats inside a group, groups without rows dissolved."""
    found: list[Node] = []
    for node in group.children.values():
        if node.is_repeat or node.control is not None:
            found.append(node)
        elif node.children:
            found += _flat(node)
    return tuple(found)


def flow_of(form: Form) -> SheetFlow:
    """Give the flow of a form."""
    return SheetFlow(form)


def _frozen(answers: Mapping[str, Json]) -> tuple[object, ...]:
    return tuple(
        (name, tuple(map(str, value)) if isinstance(value, list) else value)
        for name, value in answers.items()
    )


def _record(world: World) -> object:
    record = world.facts.get("record")
    if not isinstance(record, Mapping):
        return None
    return tuple(
        (name, tuple(value) if isinstance(value, (list, tuple)) else value) for name, value in record.items()
    )
