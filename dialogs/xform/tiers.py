"""A scale in two tiers, for who reads easy words: first the part of it, then the step."""

from collections.abc import Sequence
from dataclasses import dataclass

from dialogs.words import Own
from dialogs.xform.form import Item

MOST_AT_ONCE = 3
"""Steps an easy-reader sees at once (R11)."""

NAME = "{key}.part"
"""How the first tier's answer is kept, beside that of the question itself."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One part of a scale: its steps, and what it is called."""

    value: str
    label: Own
    items: tuple[Item, ...]


def tiers_of(steps: Sequence[Item]) -> tuple[Tier, ...]:
    """Cut a scale into its good end, its middle and its bad end; nothing where it is short enough as it is."""
    many = len(steps)
    if many <= MOST_AT_ONCE:
        return ()
    end = max(many // 3 + (many % 3 == 2), 2 if many > 3 else 1)
    cuts = [steps[:end], steps[end : many - end], steps[many - end :]]
    return tuple(
        Tier(part[0].value, _label(part, place), tuple(part)) for place, part in enumerate(cuts) if part
    )


def _label(part: Sequence[Item], place: int) -> Own:
    """A part is called by its milder step where there are two, by all of them where there are more."""
    if len(part) == 1:
        return part[0].label.said()
    if len(part) == 2 and place != 1:
        return part[1 if place == 0 else 0].label.said()
    said = [item.label.said() for item in part]
    return Own("、".join(each.plain for each in said), "、".join(each.easy or each.plain for each in said))
