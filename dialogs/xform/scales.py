"""Which questions of a form are scales, and from which end somebody sees them.

Who reads a list takes its first or its last line more readily than those between (access.md, F10), so half of the
people see a scale from its other end. Which half somebody is in follows from who is asked about, and never changes.
"""

import zlib

from dialogs.xform.form import Control, Item

LOOKS = frozenset({"likert", "rating"})
"""Words of the appearance column that make a list a scale."""

SCORE = "score"
"""The column of a list that says what a step is worth; a list that has it is a scale as well."""

FEWEST = 2
"""Steps with a score that make a list a scale."""


def is_scale(control: Control) -> bool:
    """Whether the options are steps, which stay together."""
    if control.kind != "one":
        return control.kind == "scale"
    return bool(control.looks & LOOKS) or len(_scored(control.items)) >= FEWEST


def steps_of(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Give the steps among the lines of a list: those with a score, all of them where none has one."""
    return _scored(items) or items


def turns(control: Control) -> bool:
    """Whether a scale may be shown from its other end.

    Steps called by a number never are: "1" is the number of the first line on the screen, and would be that of
    another step.
    """
    if control.kind != "one" or not is_scale(control):
        return False
    return not any(item.label.said().plain.isdecimal() for item in steps_of(control.items))


def is_turned(number: int) -> bool:
    """Whether the person of this number sees scales from their other end: one half of all numbers does.

    It is no odd or even number: people of one family often have numbers that follow each other.
    """
    return bool(zlib.crc32(b"scale:%d" % number) & 0x80)


def _scored(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(item for item in items if item.columns.get(SCORE))
