"""Compares the numbered versions of the catalogue, and takes an import back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, func, select

from storage.catalogue.ledger import assign, one_at_a_time, unpack
from storage.catalogue.tables import CatalogueChange, CatalogueImport, CourseSession, Intake, Project
from storage.changes import note_moves


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one row before and after. A new row is one change: no column, all of it after."""

    key: str  # "P001", "P001/2" or "P001/2/15"
    column: str
    before: Any
    after: Any
    kind: str  # "project", "intake" or "session"


class CannotTakeBack(ValueError):
    """An import that cannot be taken back; the text says why and what to do first."""


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
        for found in _differences(kind, key, before, after)
    ]


def some_changes(session: Session, number: int, first: int, most: int) -> list[Change]:
    """Return what import `number` changed in some of its rows: `most` of them from row `first` (0 is the first)."""
    wanted = select(CatalogueChange).where(CatalogueChange.number == number).order_by(col(CatalogueChange.id))
    return [
        found
        for row in session.exec(wanted.offset(first).limit(most))
        for found in _differences(row.kind, row.key, row.before, row.after)
    ]


def count_changes(session: Session, number: int) -> int:
    """Return how many rows import `number` changed."""
    wanted = select(func.count()).select_from(CatalogueChange)
    return session.exec(wanted.where(CatalogueChange.number == number)).one()


def _differences(
    kind: str, key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> Iterable[Change]:
    if before is None:
        return [Change(key, "", None, dict(after), kind)]
    return [
        Change(key, name, before.get(name), value, kind)
        for name, value in after.items()
        if before.get(name) != value
    ]


def take_back(session: Session, number: int, *, now: datetime, who: str) -> list[Change]:
    """Undo one import: its columns get their former values, its new rows go. Returns what it undid.

    A new intake others hold on to (applications, sessions) stays, withdrawn. Raises CannotTakeBack when there is no such
    import, when it was taken back before, or when a later one touched one of its rows.
    """
    one_at_a_time(session)
    version = session.get(CatalogueImport, number)
    if version is None:
        raise CannotTakeBack(f"没有第{number}次导入。看一看导入的记录。")
    if version.taken_back_at is not None:
        raise CannotTakeBack(f"第{number}次导入已经撤回了。")
    _refuse_if_touched_later(session, number)
    changes = select(CatalogueChange).where(CatalogueChange.number == number)
    undone = compare(session, number)
    for change in session.exec(changes.order_by(col(CatalogueChange.id).desc())):
        stored = _stored(session, change)
        if stored is None:
            continue
        if change.before is None:
            _remove(session, stored, change.key)
        else:
            former = {name: was for name, was in change.before.items() if change.after.get(name) != was}
            assign(stored, unpack(change.kind, former))
    version.taken_back_at, version.taken_back_by = now, who
    session.flush()
    note_moves(session, number, now, undone=True)
    return undone


def _refuse_if_touched_later(session: Session, number: int) -> None:
    mine = (
        select(CatalogueChange.kind, CatalogueChange.key).where(CatalogueChange.number == number).subquery()
    )
    later = (
        select(CatalogueChange.number, CatalogueChange.key)
        .join(CatalogueImport)
        .join(mine, (mine.c.kind == CatalogueChange.kind) & (mine.c.key == CatalogueChange.key))
        .where(col(CatalogueImport.taken_back_at).is_(None), col(CatalogueChange.number) > number)
        .order_by(col(CatalogueChange.number).desc())
    )
    found = session.exec(later).first()
    if found:
        raise CannotTakeBack(f"第{found[0]}次导入又改了 {found[1]}。先撤回第{found[0]}次导入。")


def _stored(session: Session, change: CatalogueChange) -> SQLModel | None:
    """Return the row a change is about, by its key."""
    project, *rest = change.key.split("/")
    if change.kind == "project":
        return session.get(Project, project)
    intakes = select(Intake).where(Intake.project_id == project, Intake.intake_no == int(rest[0]))
    intake = session.exec(intakes).first()
    if change.kind == "intake" or intake is None:
        return intake
    meetings = select(CourseSession).where(CourseSession.intake_id == intake.id)
    return session.exec(meetings.where(CourseSession.session_no == int(rest[1]))).first()


def _remove(session: Session, stored: SQLModel, key: str) -> None:
    """Delete a new row; one that others hold on to stays: an intake is withdrawn, its project is kept."""
    try:
        with session.begin_nested():
            session.delete(stored)
    except IntegrityError:
        if isinstance(stored, CourseSession):
            raise CannotTakeBack(f"{key} 这次课已经有签到。把它标成取消，再导入一次。") from None
        if isinstance(stored, Intake):
            stored.status = "withdrawn"
