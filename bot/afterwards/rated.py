"""Which questions of a form are counted, and what they and their answers are called."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from storage.afterwards import ratings
from storage.afterwards.ratings import Closed
from storage.forms import Given
from storage.rules.twins import contradictions
from storage.tables import AnswerSet, SheetForm

if TYPE_CHECKING:
    from dialogs.xform import Form

KINDS = frozenset({"one", "many", "scale"})
"""Kinds of control with answers to choose from; free words, numbers and days are not counted."""

WORDS = frozenset({"text"})
SOUND = frozenset({"sound"})

SCALES = "scales"
"""Under which it is kept with a set of answers from which end its scales were seen."""

LISTED, TURNED = "listed", "turned"
"""As the sheet lists the steps, or from the last to the first."""

MOST_STEPS = 11
"""A range with more steps is a number, and not counted."""

MOST_VALUES = 60
"""Answers of one question that are counted; a longer list is no rating."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as staff read it.

    Args:
        closed: what is counted of it.
        label: the question.
        labels: what each answer is called.

    """

    closed: Closed
    label: str
    labels: Mapping[str, str]

    @property
    def is_scored(self) -> bool:
        return bool(self.closed.points)


@dataclass(frozen=True, slots=True)
class Questions:
    """What a version of a form asks.

    Args:
        title: of the form.
        asked: the questions that are counted, in order.
        words: the questions that are answered in words or by voice: name and label.
        turns: whether it has a scale that half of the people see from its other end.

    """

    title: str
    asked: tuple[Asked, ...]
    words: Mapping[str, str]
    turns: bool = False

    @property
    def closed(self) -> tuple[Closed, ...]:
        return tuple(each.closed for each in self.asked)

    def contradicted(self, answers: Mapping[str, object]) -> tuple[str, ...]:
        """Give the questions that were answered in one way, and with their twin in another."""
        options = {each.name: each.values for each in self.closed if not each.many}
        return tuple(name for name, apart in contradictions(answers, options).items() if apart)


NOTHING = Questions("", (), {})


@lru_cache(maxsize=32)
def questions_of(xform: str) -> Questions:
    """Read what a form asks; the same version is read once."""
    from dialogs.xform import read_form

    form, _ = read_form(xform)
    return questions_in(form)


def questions_in(form: "Form") -> Questions:
    """The same of a form that is read already."""
    from dialogs.xform.offering import numbers
    from dialogs.xform.scales import turns

    asked: list[Asked] = []
    words: dict[str, str] = {}
    for node in form.asked:
        control = node.control
        if control is None or node.repeats:
            continue
        label = control.label.said(None).plain
        if control.kind in WORDS | SOUND:
            words[node.key] = label
        if control.kind not in KINDS:
            continue
        items = numbers(control) if control.kind == "scale" else control.items
        if len(items) > (MOST_STEPS if control.kind == "scale" else MOST_VALUES):
            continue
        labels = {item.value: item.label.said(None).plain for item in items}
        points = {
            item.value: int(score) for item in items if (score := item.columns.get("score", "")).isdigit()
        }
        asked.append(Asked(Closed(node.key, tuple(labels), control.kind == "many", points), label, labels))
    turning = any(node.control is not None and turns(node.control) for node in form.asked)
    return Questions(form.title or form.name, tuple(asked), words, turning)


def questions_for(session: Session, form: str, version: str) -> Questions:
    """Give what one version of a form asks; nothing where there is none."""
    wanted = select(SheetForm.xform).where(SheetForm.name == form, SheetForm.version == version)
    xform = session.exec(wanted).one_or_none()
    return NOTHING if xform is None else questions_of(xform)


def newest(session: Session, form: str) -> Questions:
    """Give what the version of a form asks that was put to use last."""
    used = select(SheetForm.xform).where(SheetForm.name == form, col(SheetForm.live_at).is_not(None))
    xform = session.exec(used.order_by(col(SheetForm.live_at).desc()).limit(1)).first()
    return NOTHING if xform is None else questions_of(xform)


def with_order(session: Session, given: Given) -> Given:
    """Give answers with the end from which scales were seen, where the form has one, so that it can be weighed."""
    number = given.person_id or given.contact_id
    if number is None or not questions_for(session, given.form, given.version).turns:
        return given
    from dialogs.xform.scales import is_turned

    return replace(given, about={**(given.about or {}), SCALES: TURNED if is_turned(number) else LISTED})


def count(session: Session, kept: AnswerSet, now: datetime) -> None:
    """Count answers that were just kept, in the same transaction."""
    ratings.count(session, kept, questions_for(session, kept.form, kept.version).closed, now.tzinfo)
