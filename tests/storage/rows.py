"""One row in every table, with a mark in every sealed column: for tests that look at all we keep."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, LargeBinary, Numeric, Time, insert
from sqlmodel import Session

from storage.base import UTCDateTime
from storage.crypto import EncryptedBytes, EncryptedJson, Sealed
from storage.keeping import every_table
from storage.tables import Code

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def mark(column: Column[Any]) -> str:
    """A text that stands nowhere else: what a leak of this column would show."""
    return f"秘密:{column.table.fullname}.{column.name}:不外传"


def sealed_columns() -> list[Column[Any]]:
    return [
        column
        for table in every_table.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]


def fill(session: Session, number: int = 1) -> None:
    """Insert row `number` into every table; the rows of one number belong together."""
    for table in every_table.metadata.sorted_tables:
        session.execute(insert(table).values({column: _value(column, number) for column in table.columns}))


def _value(column: Column[Any], number: int) -> Any:
    for foreign in column.foreign_keys:
        return _value(foreign.column, number)
    if column.primary_key and isinstance(column.type, Integer):
        return number
    kind = column.type
    if isinstance(kind, Sealed):
        return {EncryptedJson: {"said": mark(column)}, EncryptedBytes: mark(column).encode()}.get(
            type(kind), mark(column)
        )
    if column.nullable:
        return None
    if isinstance(kind, Code):
        return min(kind.kind.__members__.values())
    for types, value in _PLAIN:
        if isinstance(kind, types):
            return value
    return f"{column.name}-{number}"


_PLAIN: tuple[tuple[type | tuple[type, ...], Any], ...] = (
    (UTCDateTime, NOW),
    (Date, date(2026, 11, 21)),
    (Time, time(9, 30)),
    (Boolean, False),
    ((Integer, Float, Numeric), 1),
    (JSON, ["一", "二"]),
    (LargeBinary, b"bytes"),
)
