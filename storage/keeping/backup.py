"""Puts the whole database into one file, and back into an empty one, of either kind. Never the secret key."""

import os
import secrets
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Table, delete, func, insert, literal, select, text

from storage import crypto, guards, schema
from storage.base import Store
from storage.crypto import KEY_VARIABLE, EncryptedBytes, Sealed, SecretError, key_number
from storage.keeping import every_table
from storage.keeping.archive import (
    MANIFEST,
    BackupError,
    Manifest,
    Part,
    Row,
    check_sums,
    open_archive,
    raw_table,
    read_manifest,
    read_part,
    write_part,
)

Progress = Callable[[str, int, int], None]
"""Told after every row: the table, how many of it are done, how many there are."""

AT_ONCE = 500
"""Rows held in memory; of a table of files, one."""


def backup(store: Store, file: Path, now: datetime, on_row: Progress | None = None) -> Manifest:
    """Write all rows, as they are at one moment, into a new file that only its owner can read (mode 600).

    What is sealed stays sealed and the secret key is not in it: keep the key elsewhere (`archive.KEY_NOTE`).
    People can go on working meanwhile. Raises BackupError.
    """
    revision = schema.revision(store)
    if revision != schema.HEAD:
        raise BackupError(f"数据库是 {revision} 版，程序是 {schema.HEAD} 版。先运行一次程序，再备份。")
    if file.exists():
        raise BackupError(f"{file} 已经有了。换一个名字。")
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, one_moment(store) as connection:
                manifest = _write(archive, connection, now, on_row)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def restore(store: Store, file: Path, *, replace: bool = False, on_row: Progress | None = None) -> Manifest:
    """Put a backup into an empty database, or (`replace`) in the place of what is there; all or nothing.

    The ring that opens it must be installed; afterwards open the vault again. Raises BackupError for another
    revision, a damaged file or a database that holds rows, SecretError for a missing or wrong key.
    """
    with open_archive(file) as archive:
        manifest = read_manifest(archive)
        if manifest.revision != schema.HEAD:
            raise BackupError(
                f"备份是 {manifest.revision} 版，程序是 {schema.HEAD} 版。"
                f"先装 {manifest.revision} 版的程序，放回备份，再升级。"
            )
        for table in every_table.metadata.sorted_tables:
            part = manifest.tables.get(table.name)
            if part is None or part.columns != tuple(table.columns.keys()):
                raise BackupError(f"备份里的 {table.name} 和程序对不上。换一份完好的备份。")
        check_sums(archive, manifest)
        _check_keys(archive, manifest)
        schema.migrate(store)
        with store.transaction() as connection, guards.lifted(connection):
            _make_room(connection, replace=replace)
            for table in every_table.metadata.sorted_tables:
                _fill(connection, archive, table, manifest.tables[table.name], on_row)
    return manifest


@contextmanager
def one_moment(store: Store) -> Iterator[Connection]:
    """A connection that sees the database as it was when it first looked, whatever happens meanwhile."""
    options = {} if store.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    with store.engine.connect().execution_options(**options) as connection:
        yield connection


def _write(
    archive: zipfile.ZipFile, connection: Connection, now: datetime, on_row: Progress | None
) -> Manifest:
    keys: set[int] = set()
    parts = {}
    for table in every_table.metadata.sorted_tables:
        rows, digest = write_part(archive, table, _rows(connection, table, keys, on_row))
        parts[table.name] = Part(tuple(table.columns.keys()), rows, digest, last_number(connection, table))
    manifest = Manifest(now.isoformat(), schema.HEAD, tuple(sorted(keys)), parts)
    archive.writestr(MANIFEST, manifest.dump())
    return manifest


def _rows(connection: Connection, table: Table, keys: set[int], on_row: Progress | None) -> Iterator[Row]:
    """Read a table row by row; note which keys sealed it."""
    raw = raw_table(table)
    sealed = [place for place, column in enumerate(table.columns) if isinstance(column.type, Sealed)]
    total = connection.execute(select(func.count()).select_from(raw)).scalar_one()
    ask = select(raw).order_by(*raw.primary_key.columns).execution_options(yield_per=at_once(table))
    with connection.execute(ask) as found:
        for count, row in enumerate(found, 1):
            keys.update(key_number(row[place]) for place in sealed if row[place] is not None)
            yield list(row)
            if on_row is not None:
                on_row(table.name, count, total)


def _check_keys(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    ring = crypto.ring_in_use()
    missing = sorted(set(manifest.keys) - ring.numbers)
    if missing:
        wanted = "、".join(map(str, missing))
        raise SecretError(f"这个备份要用 {wanted} 号密钥打开。把它加进 {KEY_VARIABLE}。")
    vault = every_table.metadata.tables["vault"]
    for row in read_part(archive, raw_table(vault)):
        ring.open(row["value"], "vault.value")


def check_empty(connection: Connection, instead: str) -> None:
    """Raise BackupError when a table holds rows; it ends with what to do instead."""
    for table in every_table.metadata.sorted_tables:
        if connection.execute(select(literal(1)).select_from(table).limit(1)).first():
            raise BackupError(f"数据库不是空的（{table.name} 里有内容）。{instead}")


def _make_room(connection: Connection, *, replace: bool) -> None:
    if not replace:
        check_empty(connection, "要全部换掉，加上 --replace。")
        return
    for table in reversed(every_table.metadata.sorted_tables):
        connection.execute(delete(table))


def _fill(
    connection: Connection, archive: zipfile.ZipFile, table: Table, part: Part, on_row: Progress | None
) -> None:
    raw = raw_table(table)
    rows = read_part(archive, raw)
    done = 0
    while batch := list(islice(rows, at_once(table))):
        connection.execute(insert(raw), batch)
        for _ in batch:
            done += 1
            if on_row is not None:
                on_row(table.name, done, part.rows)
    count_on(connection, table, part.last_number)


def at_once(table: Table) -> int:
    """How many rows to hold in memory: of files, that may be 20 MB each, one."""
    return 1 if any(isinstance(column.type, EncryptedBytes) for column in table.columns) else AT_ONCE


def last_number(connection: Connection, table: Table) -> int:
    """Give the last number a row got, even when that row is gone: no other row may get it."""
    column = table.autoincrement_column
    if column is None:
        return 0
    highest = connection.execute(select(func.max(column))).scalar_one() or 0
    if connection.dialect.name == "sqlite":
        ask = "SELECT seq FROM sqlite_sequence WHERE name = :table"
    else:
        ask = "SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column))"
    given = connection.execute(text(ask), {"table": table.name, "column": column.name}).scalar() or 0
    return max(highest, given)


def count_on(connection: Connection, table: Table, last: int) -> None:
    """Let the next row get the number after `last`."""
    column = table.autoincrement_column
    if column is None or not last:
        return
    if connection.dialect.name != "sqlite":
        set_to = "SELECT setval(pg_get_serial_sequence(:table, :column), :last)"
        connection.execute(text(set_to), {"table": table.name, "column": column.name, "last": last})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"),
            {"table": table.name, "last": last},
        )
