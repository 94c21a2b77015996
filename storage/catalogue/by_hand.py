"""What every change by hand of one row has in common: what is untrue of it now, and its version of the catalogue."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage.catalogue.checks import Finding
from storage.catalogue.columns import Column
from storage.catalogue.ledger import Row, Touch, write
from storage.catalogue.tables import CatalogueImport

BY_HAND = "工作台"
"""What stands where an import has the name of its file."""


@dataclass(frozen=True, slots=True)
class Untrue:
    """One value that cannot be true: its heading, what is wrong with it, what would be right."""

    column: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.column}：{self.wrong}。{self.right}。"


class EditRefused(ValueError):
    """Values that cannot be true; nothing was changed."""

    def __init__(self, problems: list[Untrue]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def newly_untrue(
    columns: Sequence[Column], problems: Callable[[Row], Iterable[Finding]], before: Row, after: Row
) -> list[Untrue]:
    """Give what is untrue of a row after a change; what was so before is not the fault of who changes something else."""
    headings = {column.name: column.title for column in columns}
    known = set(problems(before))
    return [
        Untrue(headings.get(name, name), wrong, right)
        for name, wrong, right in problems(after)
        if (name, wrong, right) not in known
    ]


def keep_version(session: Session, kind: str, touch: Touch, *, who: str, now: datetime) -> int | None:
    """Write one row as a version of its own, of the kind of sheet it could have come with; give its number."""
    version = CatalogueImport(
        kind=kind, file=BY_HAND, sha256="", who=who, at=now, rows_read=1, rows_changed=1
    )
    session.add(version)
    session.flush()
    write(session, version.number or 0, [touch])
    return version.number
