"""Rows of the hot path as the session's own objects: found by a statement compiled once, not by the ORM's machinery.

An object found here is the same one that the session would have loaded: known by its number, written back when
it is changed, and not read over what was changed in it already.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ClauseElement, Select, Table, bindparam, inspect, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Mapper, configure_mappers
from sqlalchemy.orm.attributes import instance_dict, instance_state, set_committed_value
from sqlmodel import Session, SQLModel

from storage.ahead import portion_of
from storage.among import one_of
from storage.compiled import Compiled, Row, add_numbered
from storage.desk import TryAgain

One = TypeVar("One", bound=SQLModel)
Found = TypeVar("Found", bound=tuple[SQLModel, ...])


class Finds(Generic[Found]):
    """One statement that finds rows of one table, or of several side by side.

    Args:
        *kinds: the tables, in the order in which a row gives their objects.
        build: narrows the selection of all their columns down, or gives another statement that returns them;
            what is asked for are bindparams.

    """

    def __init__(
        self, *kinds: type[SQLModel], build: Callable[[Select[tuple[Any, ...]]], ClauseElement]
    ) -> None:
        columns = [column for kind in kinds for column in _table(kind).columns]
        self._kinds = kinds
        self._compiled = Compiled(lambda _: build(select(*columns)), gives=columns)

    def all(self, session: Session, **values: Any) -> list[Found]:  # noqa: ANN401 - as the columns' types
        """Give every row found, in the statement's order."""
        rows, ready = self._compiled.run_raw(session, values)
        return [cast("Found", self._objects(session, row, ready)) for row in rows]

    def first(self, session: Session, **values: Any) -> Found | None:  # noqa: ANN401 - as the columns' types
        """Give the first row, or None."""
        found = self.all(session, **values)
        return found[0] if found else None

    def values(self, session: Session, **values: Any) -> Row | None:  # noqa: ANN401 - as the columns' types
        """Give what the first row holds, as the database has it now; None where there is none."""
        rows, ready = self._compiled.run_raw(session, values)
        return ready(rows[0]) if rows else None

    def _objects(self, session: Session, raw: Row, ready: Callable[[Row], Row]) -> tuple[SQLModel, ...]:
        """Give the session's objects of a row; its values are only opened where the session has not got them."""
        objects: list[SQLModel] = []
        values: Row = ()
        start = 0
        for kind in self._kinds:
            shape = _shape(kind)
            key = shape.key(raw[start + shape.number])
            known = session.identity_map.get(key)
            if known is None:
                values = values or ready(raw)
                known = shape.make(session, key, values[start : start + len(shape.names)])
            objects.append(known)
            start += len(shape.names)
        return tuple(objects)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a table's rows become objects: its attributes in the columns' order, and which of them is the number."""

    mapper: Mapper[Any]
    names: tuple[str, ...]
    number: int

    def key(self, number: int) -> tuple[Any, ...]:
        return self.mapper.identity_key_from_primary_key((number,))

    def make(self, session: Session, key: tuple[Any, ...], values: Row) -> SQLModel:
        """Make an object that is as if the session had loaded it, in the steps of the ORM's own loader.

        Adding it like any other costs four times as much, and opens a transaction of the session's own.
        """
        made: SQLModel = self.mapper.class_manager.new_instance()
        instance_dict(made).update(zip(self.names, values, strict=True))
        state = instance_state(made)
        state.key, state.session_id = key, session.hash_key
        session.identity_map.add(state)
        return made


@cache
def _shape(kind: type[SQLModel]) -> _Shape:
    configure_mappers()  # no query of the ORM's own may have come before
    mapper: Mapper[Any] = inspect(kind)
    names = tuple(mapper.get_property_by_column(column).key for column in _table(kind).columns)
    (key,) = mapper.primary_key
    return _Shape(mapper, names, names.index(mapper.get_property_by_column(key).key))


def _table(kind: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(kind.__tablename__)]


def new_row(session: Session, kind: type[One], /, **values: Any) -> One:  # noqa: ANN401 - of any column
    """Insert a row and give it as an object of the session; what is not given is as the table has it by default.

    Adding an object costs many times as much.

    Raises:
        TryAgain: when a unique rule says that somebody has added it meanwhile.

    """
    row = {name: make() for name, make in _defaults(kind).items()} | values
    number = add_numbered(session, kind, **row)
    if number is None:
        raise TryAgain
    shape = _shape(kind)
    row[shape.names[shape.number]] = number
    made = shape.make(session, shape.key(number), tuple(row[name] for name in shape.names))
    return cast("One", made)


@cache
def _defaults(kind: type[SQLModel]) -> Mapping[str, Callable[[], Any]]:
    """Give what makes the value of each column that has one by default, except the number."""
    fields = {name: kind.model_fields[name] for name in _shape(kind).names}
    return {
        name: cast("Callable[[], Any]", field.default_factory or partial(_same, field.default))
        for name, field in fields.items()
        if not field.is_required() and name != "id"
    }


def _same(value: object) -> object:
    return value


def get(session: Session, kind: type[One], number: int | None) -> One | None:
    """Give the row of a number, as `session.get` does."""
    if number is None:
        return None
    key = _shape(kind).key(number)
    known = cast("One | None", session.identity_map.get(key))
    if known is not None:
        return known
    portion = portion_of(session)
    if portion is not None and key in portion.rows:
        return None
    found = _by_number(kind).first(session, number=number)
    return None if found is None else found[0]


def get_one(session: Session, kind: type[One], number: int) -> One:
    """Give the row of a number, as `session.get_one` does. Raises NoResultFound."""
    found = get(session, kind, number)
    return session.get_one(kind, number) if found is None else found


def read_ahead(session: Session, kind: type[One], numbers: Iterable[int | None]) -> list[One]:
    """Give the rows of these numbers, read at once; until the portion ends `get` knows which there are."""
    portion = portion_of(session)
    assert portion is not None, "only within a portion"
    shape = _shape(kind)
    keys = {number: shape.key(number) for number in numbers if number is not None}
    unread = [number for number, key in keys.items() if key not in portion.rows]
    if unread:
        portion.rows.update((keys[number], None) for number in unread)
        for (row,) in _among(kind).all(session, numbers=unread):
            portion.rows[shape.key(getattr(row, shape.names[shape.number]))] = row
    return [cast("One", row) for key in keys.values() if (row := portion.rows[key]) is not None]


@cache
def _among(kind: type[One]) -> Finds[tuple[One]]:
    (key,) = _table(kind).primary_key
    return Finds(kind, build=lambda all_: all_.where(one_of(key, "numbers")))


def read_again(session: Session, known: SQLModel) -> None:
    """Read an object of the session's over, as `session.refresh` does. Raises NoResultFound."""
    shape = _shape(type(known))
    number = getattr(known, shape.names[shape.number])
    values = _by_number(type(known)).values(session, number=number)
    if values is None:
        raise NoResultFound(f"{type(known).__name__} {number} is gone")
    for name, value in zip(shape.names, values, strict=True):
        set_committed_value(known, name, value)


@cache
def _by_number(kind: type[One]) -> Finds[tuple[One]]:
    (key,) = _table(kind).primary_key
    return Finds(kind, build=lambda all_: all_.where(key == bindparam("number")))
