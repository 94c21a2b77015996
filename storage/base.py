"""The ground every table stands on: one registry, times that know their zone, one way to open a database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic, sleep

from sqlalchemy import Connection, DateTime, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

# Named constraints: alembic can then find and change every one of them, on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Rows are not validated by pydantic: building validators for every table would be waited for at each start.
SQLModel.model_config["defer_build"] = True

BUSY_SECONDS = 20
"""How long one SQLite writer waits for another before it gives up."""

BUSY_PAUSE = 0.01
"""Seconds before a switch that was refused is tried again."""


class CannotHoldChinese(Exception):
    """Raised for a PostgreSQL database that was made with another encoding than UTF8; says which."""


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in time. Naive values are refused, SQLite's lost zone is given back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored; use an aware datetime")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Store:
    """One open database, SQLite or PostgreSQL, with one way to read it and one to write it."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.get_backend_name() == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.engine: Engine = create_engine(
            self.url,
            pool_pre_ping=not self.is_sqlite,
            hide_parameters=True,  # an error that is logged must not carry what people told us
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _open_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            # First: of a database without an encoding SQLAlchemy cannot even read the version.
            event.listen(self.engine, "connect", _open_postgresql, insert=True)
        self._writer = self.engine.execution_options(writes=True)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look without a lock; nothing done in it is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it is kept when the block ends, or none when it raises.

        On SQLite it takes the writer's lock at once (BEGIN IMMEDIATE): pysqlite's own
        transactions begin late and lose updates.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give the bare connection of such a transaction, for several sessions to share."""
        with self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection; one that a thread still uses is closed when that thread gives it back.

        Whoever uses the store again begins with a pool of its own.
        """
        left = self.engine.pool
        self.engine.dispose()
        event.listen(left, "checkin", _close_given_back)  # not the engine: the new pool would inherit it
        left.dispose()  # what came back in between


def _close_given_back(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    """Close what comes back to a pool that was left: nobody would ever take it out again."""
    entry.invalidate()


def _open_postgresql(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    encoding = connection.info.parameter_status("server_encoding")  # told at the start: nothing is asked
    if encoding != "UTF8":
        connection.close()
        raise CannotHoldChinese(encoding)


def _open_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")  # first: all that follows may have to wait
    _switch_to_wal(cursor)
    for pragma in (
        "synchronous=FULL",  # free with group commit, and a power cut loses nothing
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _switch_to_wal(cursor: DBAPICursor) -> None:
    """Switch a file to WAL. Of two that switch at once, SQLite refuses one without letting it wait."""
    patience = monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if monotonic() > patience:
                raise
            sleep(BUSY_PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
