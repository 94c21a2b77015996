"""One condition for "among so many numbers": they go to the database as one value, however many they are."""

import json
from collections.abc import Collection
from typing import Any, Self

from sqlalchemy import BindParameter, Boolean, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

MANY = 100
"""Numbers above which SQLite reads a list in its own order and looks at each row, instead of one by one."""


class Numbers(TypeDecorator[Collection[int]]):
    """Whole numbers as one value: a JSON array for SQLite, an array's text for PostgreSQL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> str:
        listed = json.dumps(sorted(map(int, value or ())))
        return listed if dialect.name == "sqlite" else f"{{{listed[1:-1]}}}"


class Among(FunctionElement[bool]):
    """A column of numbers is one of some."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002 - SQLAlchemy's own
        """Stand as it is: SQLAlchemy would write `= 1` behind a function, and no index would be used."""
        return self


class AmongMany(Among):
    """The same, of so many that no index leads to them."""

    inherit_cache = True


def among(column: Mapped[int], numbers: Collection[int]) -> ColumnElement[bool]:
    """Say that a column is one of some numbers: written once per statement, not once per number."""
    kind = AmongMany if len(numbers) > MANY else Among
    return kind(column, bindparam(None, numbers, Numbers, unique=True))


class OneOf(Among):
    """The same in a statement that is compiled once, so that the numbers cannot be written into it."""

    inherit_cache = True


def one_of(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Say that a column is one of the numbers given under a name when the statement is run."""
    return OneOf(column, bindparam(name, type_=Numbers))


@compiles(Among, "sqlite")
def _one_of(element: Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - the compiler's own
    column, numbers = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - compiled parts, no values


@compiles(AmongMany, "sqlite")
def _one_of_many(element: AmongMany, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - the compiler's own
    # A unary plus keeps SQLite, which does not know how many they are, from sorting all it finds by the index.
    return "+" + _one_of(element, compiler, **how)


@compiles(Among, "postgresql")
def _any_of(element: Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - the compiler's own
    column, numbers = element.clauses
    # Written into the statement: only of a constant does PostgreSQL make a hash table. Of a parameter it would
    # read the whole array again for each row it looks at, seconds for some thousand rows and numbers.
    written = numbers.render_literal_execute() if isinstance(numbers, BindParameter) else numbers
    return f"{compiler.process(column, **how)} = ANY (CAST({compiler.process(written, **how)} AS INTEGER[]))"


@compiles(OneOf, "postgresql")
def _one_of_given(element: OneOf, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - the compiler's own
    column, numbers = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY (CAST({numbers} AS INTEGER[]))"
