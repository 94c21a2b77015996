"""Copies a whole database into an empty one of either kind, and compares the two: rows and sums of every table."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from storage import guards, schema
from storage.base import Store
from storage.keeping import every_table
from storage.keeping.archive import BackupError, raw_table
from storage.keeping.backup import at_once, check_empty, count_on, last_number, one_moment

Progress = Callable[[str, int], None]
"""Told after every portion: the table, and how many of its rows are done."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: how many rows, and the SHA-256 of all of them in the order of their keys."""

    rows: int
    sha256: str


def transfer(source: Store, target: Store, on_portion: Progress | None = None) -> dict[str, Sum]:
    """Copy every row as it is at one moment; what is sealed stays sealed. All or nothing.

    Nobody may write to the source meanwhile: what is written after that moment is not copied.

    Returns:
        what each table holds, in both of them alike.

    Raises:
        BackupError: when the source is of another revision, the target holds rows, or the copy is not the same.

    """
    revision = schema.revision(source)
    if revision != schema.HEAD:
        raise BackupError(f"数据库是 {revision} 版，程序是 {schema.HEAD} 版。先运行一次程序，再搬。")
    schema.migrate(target)
    with (
        one_moment(source) as here,
        target.transaction() as there,
        guards.lifted(there),
    ):
        check_empty(there, "新建一个空的库，再搬。")
        found = {}
        for table in every_table.metadata.sorted_tables:
            found[table.name] = _copy(here, there, table, on_portion)
            if (same := sum_of(there, table)) != found[table.name]:
                raise BackupError(
                    f"{table.name} 搬过去不一样：{found[table.name].rows} 行，那边 {same.rows} 行。"
                )
    return found


def sum_of(connection: Connection, table: Table) -> Sum:
    """Say what a table holds; the same rows give the same sum in either kind of database."""
    digest, rows = hashlib.sha256(), 0
    for row in _rows(connection, table):
        digest.update(_line(row))
        rows += 1
    return Sum(rows, digest.hexdigest())


def _copy(here: Connection, there: Connection, table: Table, on_portion: Progress | None) -> Sum:
    raw, names = raw_table(table), list(table.columns.keys())
    digest, done = hashlib.sha256(), 0
    rows = _rows(here, table)
    while portion := list(islice(rows, at_once(table))):
        there.execute(insert(raw), [dict(zip(names, row, strict=True)) for row in portion])
        for row in portion:
            digest.update(_line(row))
        done += len(portion)
        if on_portion is not None:
            on_portion(table.name, done)
    count_on(there, table, last_number(here, table))
    return Sum(done, digest.hexdigest())


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    raw = raw_table(table)
    ask = select(raw).order_by(*raw.primary_key.columns).execution_options(yield_per=at_once(table))
    with connection.execute(ask) as found:
        for row in found:
            yield tuple(row)


def _line(row: tuple[Any, ...]) -> bytes:
    return "\x1f".join(map(_plain, row)).encode() + b"\x1e"


def _plain(value: Any) -> str:  # noqa: ANN401 - of any column
    """Write a value as both kinds of database have it: their drivers give moments and bytes in their own types."""
    match value:
        case bytes() | memoryview():
            return bytes(value).hex()
        case datetime() | date() | time():
            return value.isoformat()
    return repr(value)
