"""Statements of the hot path: built from the tables, compiled once, run on the driver's own cursor.

They cost a tenth of a session's. Values go through the columns' own types all the same, so what is sensitive
is sealed. Errors are SQLAlchemy's, without the values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ClauseElement,
    Column,
    ColumnClause,
    ColumnElement,
    Connection,
    Dialect,
    Float,
    bindparam,
    literal_column,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

Row = tuple[Any, ...]
Change = Callable[[Any], Any]

DONE: ColumnClause[int] = literal_column("1")
"""What a statement returns that only wants to know whether it did something."""


FLOAT8 = 701
"""PostgreSQL's number of the type in which it keeps a Float."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement as one kind of database wants it."""

    sql: str
    order: tuple[str, ...] | None
    fixed: dict[str, Any]
    binds: dict[str, Change]
    results: tuple[Change | None, ...]

    def parameters(self, values: dict[str, Any]) -> Any:  # noqa: ANN401 - as the driver wants them
        bound = self.fixed | values
        for name, change in self.binds.items():
            bound[name] = change(bound[name])
        return bound if self.order is None else [bound[name] for name in self.order]

    def row(self, raw: Row) -> Row:
        return tuple(
            [
                value if change is None or value is None else change(value)
                for value, change in zip(raw, self.results, strict=True)
            ]
        )


class Compiled:
    """One statement. `build` makes it for the database named (`sqlite`, `postgresql`); its values are bindparams."""

    def __init__(self, build: Callable[[str], ClauseElement], gives: Sequence[Column[Any]] = ()) -> None:
        self._build = build
        self._gives = gives
        self._ready: dict[str, _Ready] = {}

    def run(self, session: Session, **values: Any) -> list[Row]:  # noqa: ANN401 - as the columns' types
        """Run it in the session's transaction, after what the session still has to write; give its rows."""
        rows, ready = self.run_raw(session, values)
        return [ready(row) for row in rows] if self._gives else rows

    def run_raw(self, session: Session, values: dict[str, Any]) -> tuple[list[Row], Callable[[Row], Row]]:
        """Do the same, but give the rows as the driver has them, and what makes their values of one."""
        session.flush()  # nothing, where nothing is changed: cheaper than asking first
        bind = session.bind
        connection = bind if isinstance(bind, Connection) else session.connection()
        ready = self._ready.get(connection.dialect.name) or self._prepare(connection.dialect)
        rows = execute(connection, ready.sql, ready.parameters(values))
        return rows, ready.row

    def run_many(self, session: Session, many: Sequence[dict[str, Any]]) -> None:
        """Run it once for each of these values; it gives no rows."""
        session.flush()
        bind = session.bind
        connection = bind if isinstance(bind, Connection) else session.connection()
        ready = self._ready.get(connection.dialect.name) or self._prepare(connection.dialect)
        execute(connection, ready.sql, [ready.parameters(values) for values in many], many=True)

    def _prepare(self, dialect: Dialect) -> _Ready:
        compiled = self._build(dialect.name).compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        binds = {name: _to_database(bind.type, dialect) for name, bind in compiled.binds.items()}
        ready = _Ready(
            sql=compiled.string,
            order=tuple(compiled.positiontup) if compiled.positiontup else None,
            fixed={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
            binds={name: change for name, change in binds.items() if change is not None},
            results=tuple(_from_database(column.type, dialect) for column in self._gives),
        )
        self._ready[dialect.name] = ready
        return ready


def _to_database(kind: TypeEngine[Any], dialect: Dialect) -> Change | None:
    change: Change | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return change


def _from_database(kind: TypeEngine[Any], dialect: Dialect) -> Change | None:
    stored_as = (
        FLOAT8 if isinstance(kind, Float) else None
    )  # PostgreSQL's types ask for it; others do not look
    change: Change | None = kind.dialect_impl(dialect).result_processor(dialect, stored_as)
    return change


def execute(
    connection: Connection,
    sql: str,
    parameters: Any = (),  # noqa: ANN401
    *,
    many: bool = False,
) -> list[Row]:
    """Run the driver's own SQL with the driver's own parameters; with `many`, once for each of a list of them."""
    cursor = connection.connection.cursor()
    try:
        if many:
            cursor.executemany(sql, parameters)
            return []
        cursor.execute(sql, parameters)
        return list(cursor.fetchall()) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        base = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(sql, None, error, base, dialect=connection.dialect) from error
    finally:
        cursor.close()


def add_once(session: Session, table: type[SQLModel], **values: Any) -> bool:  # noqa: ANN401 - of any column
    """Insert a row with exactly these values; give False when a unique rule says it is already there.

    Of two workers adding the same row at once, the later one waits for the earlier one's transaction.
    """
    return bool(_adding(table, tuple(values), None).run(session, **values))


def add_numbered(session: Session, table: type[SQLModel], **values: Any) -> int | None:  # noqa: ANN401
    """Do the same and give the number the row got; None when it is already there."""
    number = SQLModel.metadata.tables[str(table.__tablename__)].c.id
    added = _adding(table, tuple(values), number).run(session, **values)
    return int(added[0][0]) if added else None


def add_all_once(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows with exactly these values, all of the same columns; those already there are passed over."""
    if rows:
        _adding(table, tuple(rows[0]), None, tells=False).run_many(session, rows)


@cache
def _adding(
    table: type[SQLModel], names: tuple[str, ...], number: Column[Any] | None, *, tells: bool = True
) -> Compiled:
    gives = DONE if number is None else number

    def build(database: str) -> ClauseElement:
        given: dict[str, ColumnElement[Any]] = {name: bindparam(name) for name in names}
        # Only the dialect in use is imported: the other one would cost the first page a tenth of a second.
        if database == "sqlite":
            from sqlalchemy.dialects.sqlite import insert

            adding = insert(table).values(given).on_conflict_do_nothing()
            return adding.returning(gives) if tells else adding
        from sqlalchemy.dialects.postgresql import insert as insert_there

        there = insert_there(table).values(given).on_conflict_do_nothing()
        return there.returning(gives) if tells else there

    return Compiled(build)
