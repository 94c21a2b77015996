"""A form laid out whole, for somebody who fills it in while talking: every question that may still be asked, in order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dialogs.model import Answers, Json, NotYet, Question
from dialogs.talk import World
from dialogs.xform.flow import SheetFlow
from dialogs.xform.form import Scope
from dialogs.xform.held import Held
from dialogs.xform.values import as_truth


@dataclass(frozen=True, slots=True)
class Laid:
    """One question of a form laid out whole.

    Args:
        question: as it is asked in plain words.
        sure: whether it is asked; False while that hangs on an answer that is not given yet.
        needed: whether the form wants an answer.
        value: what was said to it; None for nothing.

    """

    question: Question
    sure: bool
    needed: bool
    value: Json


Said: TypeAlias = Callable[[Question, Answers, bool], Json]
"""Gives what was said to a question, in the shape of an answer, knowing what counts so far and whether it is needed."""


def lay_out(
    flow: SheetFlow, world: World, said: Said, given: Mapping[str, Json] | None = None
) -> Iterator[Laid]:
    """Give every question that is asked or may be; what an answer rules out is left out.

    A question that hangs on one not answered yet is there, for who talks sees at once what follows. Rows of a repeat
    whose number is not known yet come with that number.

    Args:
        flow: the form.
        world: today, and what the system knows of whom it is about.
        said: gives what was said to a question; None for nothing.
        given: what is known and therefore not asked.

    """
    walker = flow.walker
    known = {**walker.fills(world), **(given or {})}
    answers = Answers(given=known)
    held = Held(answers, world)
    steps = walker.steps(held)
    while True:
        try:
            node, rows = next(steps)
        except (NotYet, StopIteration):
            return
        sure = True
        try:
            if not held.come_to(node, rows):
                continue
        except NotYet:
            sure = False
        if node.key in known:
            answers.counted[node.key] = known[node.key]
            continue
        # Its words are looked at as if nothing more were ever said: what they hang on may not be answered yet.
        whole = Held(answers, world, whole=True)
        question = walker.ask(node, rows, whole, world)
        needed = node.required is not None and as_truth(node.required.run(Scope(whole, rows, rows)))
        value = said(question, answers, needed)
        if value is not None and sure:
            answers.counted[question.name] = value
        yield Laid(question, sure, needed, value)
