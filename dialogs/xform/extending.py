"""A flow of ours with a province's own questions from a sheet: what has the name of ours means ours."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dialogs.kinds import Note, Review
from dialogs.model import Answers, Flow, Json, Question
from dialogs.talk import World
from dialogs.xform.flow import FACTS, Walker
from dialogs.xform.foreword import told_first
from dialogs.xform.form import Form


def extended(flow: Flow, form: Form, pictures: Mapping[str, str] | None = None) -> Flow:
    """Give a flow of ours with the questions of a sheet that it does not have, asked before its answers are checked.

    Raises:
        ValueError: when the flow is no list of questions that ends with a check.

    """
    literal = flow.literal or ()
    if not literal or not isinstance(literal[-1], Review):
        raise ValueError(f"{flow.name} has no check at its end to ask before")
    return _Extended(flow, literal, form, pictures)


class _Extended(Flow):
    """The longer flow; it is found, kept and resumed under the name of the shorter one."""

    def __init__(
        self,
        flow: Flow,
        literal: tuple[Question, ...],
        form: Form,
        pictures: Mapping[str, str] | None = None,
    ) -> None:
        self.form = form
        self.own = flow
        self._walker = Walker(form, pictures)
        self._names = frozenset(question.name for question in literal)
        super().__init__(
            flow.name,
            self._questions,
            record=flow.record,
            then=flow.then,
            facts=(*flow.facts, *(name for name in FACTS[1:] if name not in flow.facts)),
            stays=tuple(flow.stays),
            fills=self._fills if flow.fills else None,
            role=flow.role,
            title=flow.title,
            was=flow.was,
            draft=flow.draft,
        )

    @property
    def listed(self) -> tuple[Question, ...]:
        return self.own.listed

    def _fills(self, world: World) -> Mapping[str, Json]:
        own = self.own.fills(world) if self.own.fills else {}
        return {**self._walker.fills(world), **own}

    def _questions(self, answers: Answers, world: World) -> Iterator[Question]:
        literal = self.own.literal or ()
        check = literal[-1]
        yield from literal[:-1]
        if check.when(answers):  # who does not agree, or is a child, is not asked these either
            added = self._added(answers, world)
            yield from told_first(added) if self._walker.is_foreign(world) else added
        yield check

    def _added(self, answers: Answers, world: World) -> Iterator[Question]:
        for question in self._walker.questions(answers, world, self._names):
            if not isinstance(question, Note):
                yield beside_ours(question)


def beside_ours(question: Question) -> Question:
    """Give a question of a sheet as a flow of ours asks it: among those asked on our own page, so that it is one hop."""
    return replace(question, private=True)


def own_questions(flow: Flow, form: Form) -> tuple[str, ...]:
    """Give the names of the questions a sheet adds to a flow of ours."""
    names = {question.name for question in flow.literal or ()}
    return tuple(
        node.key
        for node in form.asked
        if node.key not in names and node.control is not None and node.control.kind != "note"
    )
