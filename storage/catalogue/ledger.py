"""Writes rows of the catalogue and what they were before, so that every import can be told and undone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from sqlalchemy import insert, text, update
from sqlmodel import Session, SQLModel

from storage.catalogue.tables import CatalogueChange, CourseSession, Fair, Intake, Position, Project

MODELS: Mapping[str, type[SQLModel]] = {
    "project": Project,
    "intake": Intake,
    "session": CourseSession,
    "fair": Fair,
    "position": Position,
}
"""The table behind each kind of row."""

Row = dict[str, object]
"""The columns of a row, its number apart."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One row an import writes: where it stands now (None when it is new), and what it becomes."""

    kind: str
    key: str
    stored: SQLModel | None
    after: Row


def one_at_a_time(session: Session) -> None:
    """Wait until no other transaction imports or takes back: two at once would miss each other's rows.

    On SQLite the writer's lock already does this. Readers never wait.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE catalogue_import IN SHARE ROW EXCLUSIVE MODE"))


def row_of(stored: SQLModel) -> Row:
    """Return a stored row's columns, its number apart."""
    return {name: getattr(stored, name) for name in _columns(type(stored))}


@cache
def _columns(model: type[SQLModel]) -> tuple[str, ...]:
    return tuple(name for name in model.model_fields if name != "id")


def write(session: Session, number: int, touches: Iterable[Touch]) -> None:
    """Store every touched row, and beside it what import `number` did to it."""
    added: dict[str, list[Row]] = {kind: [] for kind in MODELS}
    changes: list[dict[str, Any]] = []
    differing: list[tuple[SQLModel, Row]] = []
    for touch in touches:
        before = None if touch.stored is None else pack(row_of(touch.stored))
        changes.append(
            {
                "number": number,
                "kind": touch.kind,
                "key": touch.key,
                "before": before,
                "after": pack(touch.after),
            }
        )
        if touch.stored is None:
            added[touch.kind].append(touch.after)
        else:
            differing.append((touch.stored, touch.after))
    for kind, rows in added.items():  # projects before their intakes, intakes before their sessions
        if rows:
            session.execute(insert(MODELS[kind]), rows)
    if changes:
        session.execute(insert(CatalogueChange), changes)
    assign(session, differing)


def assign(session: Session, rows: Iterable[tuple[SQLModel, Mapping[str, object]]]) -> None:
    """Set the columns that differ, those of ten thousand rows with a few statements."""
    session.flush()
    alike: defaultdict[tuple[type[SQLModel], frozenset[str]], list[tuple[SQLModel, Row]]] = defaultdict(list)
    for stored, values in rows:
        new = {name: value for name, value in values.items() if getattr(stored, name) != value}
        if new:
            alike[type(stored), frozenset(new)].append((stored, new))
    for (model, _), some in alike.items():
        key = key_of(model)
        session.execute(update(model), [{key: getattr(stored, key), **new} for stored, new in some])
        for stored, _ in some:
            session.expire(stored)


@cache
def key_of(model: type[SQLModel]) -> str:
    """Return the column a row of a table is known by."""
    (key,) = SQLModel.metadata.tables[str(model.__tablename__)].primary_key
    return key.name


def pack(row: Row) -> dict[str, Any]:
    """Return a row as JSON values."""
    return {
        name: value.isoformat() if isinstance(value, date | time) else value for name, value in row.items()
    }


def unpack(kind: str, packed: Mapping[str, Any]) -> Row:
    """Return JSON values as the columns of a row of that kind."""
    columns = SQLModel.metadata.tables[str(MODELS[kind].__tablename__)].columns
    row: Row = {}
    for name, value in packed.items():
        python_type = columns[name].type.python_type
        dated = value is not None and python_type in {date, time}
        row[name] = python_type.fromisoformat(value) if dated else value
    return row
