"""Rows of the hot path as the session's own objects: found by a statement compiled once, not by the ORM's machinery.

An object found here is the same one that the session would have loaded: known by its number, written back when
it is changed, and not read over what was changed in it already.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Select, Table, bindparam, inspect, select
from sqlalchemy.orm import Mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict
from sqlmodel import Session, SQLModel

from storage.compiled import Compiled, Row

One = TypeVar("One", bound=SQLModel)
Found = TypeVar("Found", bound=tuple[SQLModel, ...])


class Finds(Generic[Found]):
    """One statement that finds rows of one table, or of several side by side.

    Args:
        *kinds: the tables, in the order in which a row gives their objects.
        build: narrows the selection of all their columns down; what is asked for are bindparams.

    """

    def __init__(
        self, *kinds: type[SQLModel], build: Callable[[Select[tuple[Any, ...]]], Select[tuple[Any, ...]]]
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

    def _objects(self, session: Session, raw: Row, ready: Callable[[Row], Row]) -> tuple[SQLModel, ...]:
        """Give the session's objects of a row; its values are only opened where the session has not got them."""
        objects: list[SQLModel] = []
        values: Row = ()
        start = 0
        for kind in self._kinds:
            shape = _shape(kind)
            known = session.identity_map.get(shape.key(raw[start + shape.number]))
            if known is None:
                values = values or ready(raw)
                known = shape.make(session, values[start : start + len(shape.names)])
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

    def make(self, session: Session, values: Row) -> SQLModel:
        """Make an object that is as if the session had loaded it."""
        made: SQLModel = self.mapper.class_manager.new_instance()
        instance_dict(made).update(zip(self.names, values, strict=True))
        make_transient_to_detached(made)
        session.add(made)
        return made


@cache
def _shape(kind: type[SQLModel]) -> _Shape:
    mapper: Mapper[Any] = inspect(kind)
    names = tuple(mapper.get_property_by_column(column).key for column in _table(kind).columns)
    return _Shape(mapper, names, names.index("id"))


def _table(kind: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(kind.__tablename__)]


def get(session: Session, kind: type[One], number: int | None) -> One | None:
    """Give the row of a number, as `session.get` does."""
    if number is None:
        return None
    known = cast("One | None", session.identity_map.get(_shape(kind).key(number)))
    if known is not None:
        return known
    found = _by_number(kind).first(session, number=number)
    return None if found is None else found[0]


def get_one(session: Session, kind: type[One], number: int) -> One:
    """Give the row of a number, as `session.get_one` does. Raises NoResultFound."""
    found = get(session, kind, number)
    return session.get_one(kind, number) if found is None else found


@cache
def _by_number(kind: type[One]) -> Finds[tuple[One]]:
    key = _table(kind).columns["id"]
    return Finds(kind, build=lambda all_: all_.where(key == bindparam("number")))
