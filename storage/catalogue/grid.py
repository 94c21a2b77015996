"""A spreadsheet as rows of cells with their places, whatever file it came in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

ROWS = 20_000
"""Most rows of one sheet."""

CELLS = 4_000_000
"""Most cells of one sheet, empty ones between filled ones counted: a far-off cell makes a huge grid."""

Value = str | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows from the first one down, and the cells (row, column from 0) we must not believe."""

    name: str
    rows: list[list[Value]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    faults: frozenset[tuple[int, int]] = frozenset()
