"""Takes a form in from a spreadsheet: looked at first, or asked at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.forms.pictures import keys_of
from bot.forms.surveys import ReadSurvey, read_survey
from storage import forms
from storage.catalogue.report import Note, Problem
from storage.tables import FormState, SheetForm


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file.

    Args:
        form: the version it is kept as; None where something keeps it from being asked.
        problems: what that is.
        notes: what should be looked at.
        told: the same in a sentence.
        questions: how many questions it asks.

    """

    form: SheetForm | None
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
    told: str
    questions: int = 0
    kept: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            **self.kept,
            "questions": self.questions,
            "problems": [asdict(each) for each in self.problems],
            "warnings": [asdict(each) for each in self.notes],
            "refused": len({(each.sheet, each.row) for each in self.problems}),
        }


def take_form(session: Session, data: bytes, now: datetime, by: str, *, live: bool) -> Taken:
    """Read a file and keep what it asks; with `live` it is asked from now on.

    Raises:
        FileRefused: when it is no workbook that can be read.

    """
    return keep_form(session, read_survey(data), data, now, by, live=live)


def keep_form(
    session: Session, found: ReadSurvey, data: bytes, now: datetime, by: str, *, live: bool
) -> Taken:
    """Keep what was read of a file, if it can be asked."""
    if found.form is None:
        rows = len({(each.sheet, each.row) for each in found.problems})
        return Taken(None, found.problems, found.notes, f"没有导入：有 {rows} 行不对。改好再导入。")
    form, sheet = found.form, _sheet(found, data)
    try:
        row = forms.propose(session, sheet, by, now)
        if row.live_at is not None and keys_of(row, form) != keys_of(row, form, data):
            raise forms.Frozen(f"{form.name} {form.version}")
    except forms.Frozen:
        problem = Problem(
            "settings", 2, "version", f"第 {form.version} 版已经问过人了，题不能再变", "换一个 version 再导入"
        )
        return Taken(None, (problem,), found.notes, "没有导入：这一版已经问过人了。")
    was_live = row.state is FormState.LIVE
    if live:
        forms.go_live(session, row, now)
    told = "和现在用的一样，没有变。" if was_live else "现在开始用了。" if live else "还没有开始用。"
    asked = len(form.asked)
    return Taken(
        row,
        (),
        found.notes,
        f"{form.title or form.name}，第 {form.version} 版，{asked} 个题。{told}",
        asked,
        {"form": form.name, "version": form.version, "title": form.title},
    )


def _sheet(found: ReadSurvey, data: bytes) -> forms.Sheet:
    form = found.form
    if form is None:
        raise ValueError("nothing was read")
    remarks = [asdict(note) for note in found.notes]
    return forms.Sheet(form.name, form.version, form.title, found.xform, data, remarks)
