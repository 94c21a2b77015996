"""Check answers: every line with a way to change it, then send."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from dialogs.kinds.choice import Choice
from dialogs.model import Option, OptionsSource
from dialogs.spoken.choosing import pick_one
from dialogs.talk import Line

CHANGE_WORDS = ("我要改", "要改", "修改", "改", "换", "change ")


@dataclass(frozen=True, slots=True)
class Review(Choice):
    """The answers so far, read back before they are sent. Names in `leaves_out` are not listed."""

    options: OptionsSource = (
        Option("send", "对，发出去", also=("对", "发", "发出去", "没问题", "好", "send", "yes")),
    )
    leaves_out: tuple[str, ...] = field(default=(), kw_only=True)

    kind: ClassVar[str] = "review"
    form: ClassVar[str] = "review"

    def change_meant(self, said: str, lines: Sequence[Line]) -> str:
        """The question somebody wants to change by saying 改 3 or 改电话; "" when that was not said."""
        for start in CHANGE_WORDS:
            if said.strip().casefold().startswith(start):
                found = pick_one(said.strip()[len(start) :], [(line.label,) for line in lines])
                return "" if found is None else lines[found].question
        return ""
