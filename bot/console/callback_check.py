"""What somebody answered the first time, read back to be compared with what they say when they are asked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.console.callback_sheet import place_at, read_sheet
from bot.console.words import written
from dialogs.book import Book
from dialogs.xform import SheetRefused, flow_of, read_form
from storage import forms
from storage.tables import AnswerSet
from storage.tickets.tables import Callback


@dataclass(frozen=True, slots=True)
class Earlier:
    """The answers of a call-back.

    Args:
        kept: how and when they were given.
        said: each question with its answer.

    """

    kept: AnswerSet
    said: Sequence[tuple[str, str]]


def earlier_answers(session: Session, book: Book, callback: Callback, now: datetime) -> Earlier | None:
    """Read back what was answered, in the words of the version that was asked; None where there is nothing."""
    kept = session.get(AnswerSet, callback.answer_set_id) if callback.answer_set_id is not None else None
    if kept is None:
        return None
    sheet = forms.find_version(session, kept.form, kept.version)
    try:
        form = read_form(sheet.xform)[0] if sheet is not None else None
    except SheetRefused:
        form = None
    if form is None:
        return Earlier(kept, [(name, str(value)) for name, value in kept.answers.items()])
    lines = read_sheet(place_at(flow_of(form), kept.answers, kept.answers, book, now), kept.answers).lines
    return Earlier(
        kept,
        [
            (
                line.words,
                "、".join(tick.words for tick in line.ticks if tick.chosen) or written(line.typed) or "跳过",
            )
            for line in lines
            if line.answered and line.shape != "note"
        ],
    )
