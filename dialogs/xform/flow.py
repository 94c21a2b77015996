"""The flow a form becomes: its questions in order, with the rows of its repeats, as far as they matter."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from dialogs.kinds import Note
from dialogs.model import Answers, Flow, Json, Path, Question
from dialogs.sheet_names import PREFIX, RECORD
from dialogs.talk import World
from dialogs.words import Own
from dialogs.xform.asking import Asker, Way, is_fixed
from dialogs.xform.foreword import is_chinese, told_first
from dialogs.xform.form import Form, Node
from dialogs.xform.held import Held, Rows, given_texts
from dialogs.xform.tiers import NAME, tiers_of

ROW = re.compile(r"^(?:[^/\[]+\[[0-9]+\]/)+")
"""The rows an answer stands in, before the name of its field."""

PART = NAME.format(key="")

MOST_ASKED = 1000
"""Questions of one conversation, the rows of repeats counted."""

MOST_KEPT = 128
"""Walks that are remembered for each form."""

UNASKED = "hidden-from-chat"
"""The appearance of a question that is not asked where the system knows the answer."""

FACTS = ("record", "helping", "turned")
"""What the system knows of who is asked: what fills `hidden` fields by name, whether they answer for somebody, and
from which end they see scales."""


class SheetFlow(Flow):
    """A form from a sheet as a flow; how far somebody has come is worked out once for the same answers.

    Args:
        form: what the sheet says.
        pictures: its pictures: the name in the sheet -> what channels call it.

    """

    def __init__(self, form: Form, pictures: Mapping[str, str] | None = None) -> None:
        self.form = form
        self.walker = Walker(form, pictures)
        self._walks: OrderedDict[object, Path] = OrderedDict()
        super().__init__(
            f"{PREFIX}{form.name}",
            self._questions,
            record=RECORD,
            facts=FACTS,
            fills=self.walker.fills,
            title=Own(form.title or form.name),
            draft=True,
        )

    def _questions(self, answers: Answers, world: World) -> Iterator[Question]:
        asked = self.walker.questions(answers, world)
        return told_first(asked) if self.walker.is_foreign(world) else asked

    def path(self, said: Mapping[str, Json], given: Mapping[str, Json], world: World) -> Path:
        """Derive the position; the same answers lead to the same place, so it is remembered."""
        key = (
            repr(said),
            repr(given),
            world.today,
            Way.into(world),
            _record(world),
        )
        found = self._walks.get(key)
        if found is None:
            found = self._closed(super().path(said, given, world), said, given, world)
            if found.next is None:
                # A version before this one asked it, and it was answered: that is kept with the rest.
                before = {name: value for name, value in said.items() if not self.walker.knows(name)}
                found.answers.counted.update(before)
            self._walks[key] = found
            while len(self._walks) > MOST_KEPT:
                self._walks.popitem(last=False)
        return found

    def _closed(self, found: Path, said: Mapping[str, Json], given: Mapping[str, Json], world: World) -> Path:
        """Give the end where only words of thanks are left: whoever answered all and closes the page has answered."""
        notes, step = [], found
        is_answered = any(not isinstance(each, Note) for each in found.answered)
        while is_answered and isinstance(note := step.next, Note) and not note.picture:
            notes.append(note)
            said = {**said, note.name: "read"}
            step = super().path(said, given, world)
        return replace(step, closing=tuple(notes)) if notes and step.next is None else found


class Walker:
    """Goes through a form question by question."""

    def __init__(self, form: Form, pictures: Mapping[str, str] | None = None) -> None:
        self.form = form
        self._pictures = pictures or {}
        self._ready: dict[Way, dict[Node, Question]] = {}
        groups = (form.root, *(node for node in form.root.every() if node.is_repeat))
        self._flat = {group: _flat(group) for group in groups}
        unasked = (node for node in form.asked if node.control is not None and UNASKED in node.control.looks)
        self._given = frozenset(node.key for node in (*form.given, *unasked))
        self._keys = frozenset(node.key for node in form.root.every())
        self._is_chinese = is_chinese(form)

    def knows(self, name: str) -> bool:
        """Whether an answer of this name belongs to a field of the form, in whatever row."""
        within = ROW.sub("", name)
        return within in self._keys or within.removesuffix(PART) in self._keys

    def is_foreign(self, world: World) -> bool:
        """Whether whoever reads it reads English, and it is in Chinese."""
        return world.reading == "en" and self._is_chinese

    def fills(self, world: World) -> Mapping[str, Json]:
        """What the system knows, for the fields of that name that are hidden, or not asked where it knows."""
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
        way = Way.into(world)
        kept = self._ready.setdefault(way, {})
        for node, rows in self.steps(held):
            if node.key in leaves_out or not held.come_to(node, rows):
                continue
            ready = None if rows else kept.get(node)
            if ready is not None:
                yield ready
            else:
                yield from self._asked(node, rows, held, answers, way)

    def steps(self, held: Held) -> Iterator[tuple[Node, Rows]]:
        """Give every field that is asked about, rows of repeats as far as their number is known, whether asked or not."""
        return islice(self._steps(self.form.root, (), held), MOST_ASKED)

    def ask(self, node: Node, rows: Rows, held: Held, world: World) -> Question:
        """Give the question of one field, a scale in one piece."""
        return Asker(node, rows, held, Way.into(world), self._pictures).question()

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

    def _asked(self, node: Node, rows: Rows, held: Held, answers: Answers, way: Way) -> Iterator[Question]:
        """Give the question of one field, or the two tiers of a scale for an easy-reader."""
        key = node.key_at(rows)
        asker = Asker(node, rows, held, way, self._pictures)
        tier = None
        tiers = tiers_of(asker.steps) if way.reading == "easy" and asker.is_scale else ()
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
            self._ready[way][node] = question
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


def flow_of(form: Form, pictures: Mapping[str, str] | None = None) -> SheetFlow:
    """Give the flow of a form, with its pictures: the name in the sheet -> what channels call it."""
    return SheetFlow(form, pictures)


def _record(world: World) -> object:
    record = world.facts.get("record")
    if not isinstance(record, Mapping):
        return None
    return tuple(
        (name, tuple(value) if isinstance(value, (list, tuple)) else value) for name, value in record.items()
    )
