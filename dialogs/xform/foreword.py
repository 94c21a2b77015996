"""What an English reader is told before the questions of a sheet that has no English: which language they are in."""

import re
from collections.abc import Iterator
from dataclasses import replace

from dialogs.model import Question
from dialogs.words import Own
from dialogs.xform.form import Form, Wording

HAN = re.compile(r"[\u4e00-\u9fff]")

CHINESE_ONLY = (
    "The questions here are in Chinese only. Somebody you trust can read them to you, or you can choose Help."
)


def is_chinese(form: Form) -> bool:
    """Whether a form is in Chinese and has no English words for any question."""
    labels = [node.control.label for node in form.asked if node.control is not None]
    return not any(label.en for label in labels) and any(map(_has_han, labels))


def told_first(questions: Iterator[Question]) -> Iterator[Question]:
    """Give the questions, the first one with the sentence before its hint."""
    for question in questions:
        hint = question.hint if isinstance(question.hint, Own) else Own(question.hint)
        english = "\n".join(filter(None, (CHINESE_ONLY, hint.en or hint.plain)))
        yield replace(question, hint=replace(hint, en=english))
        break
    yield from questions


def _has_han(label: Wording) -> bool:
    return any(HAN.search(piece) for piece in label.plain if isinstance(piece, str))
