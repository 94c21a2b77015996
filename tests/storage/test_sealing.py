from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, select, type_coerce

from storage.base import Store
from storage.crypto import EncryptedBytes, KeyRing
from storage.keeping import every_table

from .rows import fill, mark, sealed_columns


def test_every_sealed_column_is_sealed_in_the_database(store: Store, keys: KeyRing) -> None:
    with store.writing() as session:
        fill(session)
    with store.reading() as session:
        for column in sealed_columns():
            raw: bytes = session.execute(select(type_coerce(column, LargeBinary))).scalars().all()[-1]
            assert mark(column).encode() not in raw, column
            assert mark(column).encode() in keys.open(raw, f"{column.table.name}.{column.name}"), column


def test_a_statement_compiled_once_seals_through_the_bind_processor(store: Store, keys: KeyRing) -> None:
    """Compiled statements bypass the types: whoever binds by hand must take the type's own processor."""
    dialect = store.engine.dialect
    for column in sealed_columns():
        bind: Any = column.type.bind_processor(dialect)
        stored = bind(b"bytes" if isinstance(column.type, EncryptedBytes) else "text")
        raw = getattr(stored, "obj", stored)  # psycopg wraps bytes
        assert keys.open(raw, f"{column.table.name}.{column.name}")


def test_nothing_sensitive_can_be_read_in_the_raw_file(tmp_path: Path, keys: KeyRing) -> None:
    assert keys.newest == 1
    store = Store(f"sqlite:///{tmp_path / 'raw.db'}")
    every_table.metadata.create_all(store.engine)
    with store.writing() as session:
        fill(session)
    files = list(tmp_path.glob("raw.db*"))
    assert any(file.name.endswith("-wal") for file in files)
    raw = b"".join(file.read_bytes() for file in files)
    for column in sealed_columns():
        for coding in ("utf-8", "utf-16-le", "gb18030"):
            assert mark(column).encode(coding) not in raw, column
        assert mark(column).encode("unicode_escape") not in raw, column
    store.close()
