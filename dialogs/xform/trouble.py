"""What is wrong with a sheet, said by question and column so that whoever wrote it finds the cell."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that a sheet may not have.

    Args:
        name: the question's name in the sheet; "" for the sheet as a whole.
        column: the column of the sheet (relevant, constraint, type, …).
        wrong: what is wrong, one sentence.
        right: what would be right, one sentence.
        sheet: the sheet of the workbook it is on.

    """

    name: str
    column: str
    wrong: str
    right: str
    sheet: str = "survey"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at; the form works all the same."""

    name: str
    column: str
    text: str
    sheet: str = "survey"


class SheetRefused(ValueError):
    """A form that cannot be used; carries everything that is wrong with it."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        super().__init__("；".join(f"{each.name} {each.column}: {each.wrong}" for each in troubles))
        self.troubles = tuple(troubles)


class BadExpression(ValueError):
    """An expression that cannot be worked out; carries what is wrong and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.right = right
