"""What an import says afterwards: bad cells with what would be right, warnings, lines left out, counts."""

from dataclasses import asdict, dataclass
from typing import Any


class FileRefused(ValueError):
    """A file that cannot be read at all; the text is one clear sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One bad cell: where it is, what is wrong with it, what would be right."""

    sheet: str
    row: int  # as the spreadsheet counts, from 1
    column: str  # its heading in the file
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row},{self.column}: {self.wrong}; {self.right}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to look at, or a line left out: nothing was refused because of it."""

    sheet: str
    row: int  # 0: the whole sheet
    column: str
    text: str

    def __str__(self) -> str:
        column = f",{self.column}" if self.column else ""
        return f"{self.sheet}!{self.row}{column}: {self.text}" if self.row else f"{self.sheet}: {self.text}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one import. `number` is None when nothing was taken in (strict, and a bad row)."""

    kind: str
    file: str
    number: int | None
    added: int
    changed: int
    unchanged: int
    problems: tuple[Problem, ...]
    warnings: tuple[Note, ...]
    skipped: tuple[Note, ...]

    @property
    def refused(self) -> int:
        """How many rows have at least one problem."""
        return len({(problem.sheet, problem.row) for problem in self.problems})

    def as_json(self) -> dict[str, Any]:
        """Return the whole report as plain JSON values, with the row count `refused`."""
        return asdict(self) | {"refused": self.refused}
