"""A question that somebody of staff listens to: whatever is written goes to them, until it ends."""

from dataclasses import dataclass
from typing import ClassVar

from dialogs.kinds.text import Text
from dialogs.model import Skip

OVER = "end"
"""The answer that ends it."""

ENDS = Skip(
    label="说完了",
    value=OVER,
    also=("停下来", "停", "暂停", "说好了", "没有了", "不说了", "再见", "stop", "/stop"),
)
"""The way out: at once, and never asked back."""


@dataclass(frozen=True, slots=True)
class Relay(Text):
    """Words for a member of staff who is there: the bot steps aside, and is back at 停下来."""

    skip: Skip | None = ENDS
    most: int = 2000
    long: bool = True
    voice: bool = True

    kind: ClassVar[str] = "relay"
