"""Holds the snapshot in use and swaps it for a newer one, while everyone goes on reading."""

from collections.abc import Mapping
from datetime import date
from threading import Lock

from sqlmodel import Session, col, func, select

from storage.catalogue.snapshot import Snapshot
from storage.catalogue.tables import CatalogueImport

Stamp = tuple[date, int, int]
"""The day, the newest import, and how many imports were taken back."""


class Shelf:
    """One place to take the current snapshot from. Readers never wait: a swap is one assignment."""

    def __init__(self) -> None:
        self._current: Snapshot | None = None
        self._stamp: Stamp | None = None
        self._rebuilding = Lock()

    @property
    def current(self) -> Snapshot:
        """The snapshot in use. Raises LookupError before the first rebuild."""
        if self._current is None:
            raise LookupError("the shelf is empty: rebuild it first")
        return self._current

    def rebuild(self, session: Session, today: date, taken: Mapping[int, int] | None = None) -> Snapshot:
        """Build a snapshot and put it in use. Safe in a thread of its own; one is built at a time."""
        with self._rebuilding:
            stamp = _stamp(session, today)
            self._current = Snapshot.build(session, today=today, taken=taken or {})
            self._stamp = stamp
            return self._current

    def is_stale(self, session: Session, today: date) -> bool:
        """Whether the day changed, or an import came or went, on this machine or another."""
        return self._stamp != _stamp(session, today)


def _stamp(session: Session, today: date) -> Stamp:
    newest, undone = session.exec(
        select(func.max(CatalogueImport.number), func.count(col(CatalogueImport.taken_back_at)))
    ).one()
    return today, newest or 0, undone
