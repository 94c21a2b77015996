"""Compares the numbered versions of the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from storage.catalogue.tables import CatalogueChange, CatalogueImport


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one row before and after. A new row is one change: no column, all of it after."""

    key: str  # "P001", "P001/2", "P001/2/15", "F01" or "F01-02"
    column: str
    before: Any
    after: Any
    kind: str  # "project", "intake", "session", "fair" or "position"


def imports(session: Session) -> list[CatalogueImport]:
    """Return every import, the newest first."""
    return list(session.exec(select(CatalogueImport).order_by(col(CatalogueImport.number).desc())))


def compare(session: Session, number: int, since: int | None = None) -> list[Change]:
    """Return what import `number` changed; with `since`, all that changed after import `since` up to it.

    Imports that were taken back do not count, unless the one asked for is such an import.
    """
    wanted = select(CatalogueChange).order_by(col(CatalogueChange.id))
    if since is None:
        wanted = wanted.where(CatalogueChange.number == number)
    else:
        wanted = (
            wanted.join(CatalogueImport)
            .where(col(CatalogueImport.taken_back_at).is_(None))
            .where(since < col(CatalogueChange.number), col(CatalogueChange.number) <= number)
        )
    rows: dict[tuple[str, str], tuple[Mapping[str, Any] | None, Mapping[str, Any]]] = {}
    for change in session.exec(wanted):
        first = rows.get((change.kind, change.key))
        rows[change.kind, change.key] = (first[0] if first else change.before, change.after)
    return [
        found
        for (kind, key), (before, after) in rows.items()
        for found in differences_of(kind, key, before, after)
    ]


def some_changes(session: Session, number: int, first: int, most: int) -> list[Change]:
    """Return what import `number` changed in some of its rows: `most` of them from row `first` (0 is the first)."""
    wanted = select(CatalogueChange).where(CatalogueChange.number == number).order_by(col(CatalogueChange.id))
    return [
        found
        for row in session.exec(wanted.offset(first).limit(most))
        for found in differences_of(row.kind, row.key, row.before, row.after)
    ]


def count_changes(session: Session, number: int) -> int:
    """Return how many rows import `number` changed."""
    wanted = select(func.count()).select_from(CatalogueChange)
    return session.exec(wanted.where(CatalogueChange.number == number)).one()


def differences_of(
    kind: str, key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> Iterable[Change]:
    """Return what one row's change is made of, column by column."""
    if before is None:
        return [Change(key, "", None, dict(after), kind)]
    return [
        Change(key, name, before.get(name), value, kind)
        for name, value in after.items()
        if before.get(name) != value
    ]
