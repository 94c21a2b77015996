"""A column of numbers that is one of some: few, very many, or none, on both databases."""

import pytest
from sqlalchemy import text
from sqlmodel import col, or_, select

from storage.among import MANY, among
from storage.base import Store
from storage.tables import Staff, StaffRole
from tests.databases import on_both
from tests.storage.filed import clerk


@on_both
def test_rows_are_found_among_few_numbers_among_many_and_among_none(store: Store) -> None:
    first, second = clerk(store), clerk(store, StaffRole.ADMIN)
    many = set(range(first, first + 20 * MANY)) - {second}
    with store.reading() as session:
        for numbers, found in (({second}, [second]), (many, [first]), (set(), [])):
            wanted = select(Staff.id).where(among(col(Staff.id), numbers))
            assert session.exec(wanted).all() == found
            either = select(Staff.id).where(or_(Staff.role == StaffRole.ADMIN, among(col(Staff.id), numbers)))
            assert set(session.exec(either).all()) == {second, *found}


def test_an_index_leads_to_few_numbers(store: Store) -> None:
    with store.reading() as session:
        wanted = select(Staff.id).where(among(col(Staff.id), {1}))
        assert "= 1" not in str(wanted.compile(session.connection()))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_takes_the_numbers_for_a_constant_and_does_not_read_them_again_for_each_row(
    store: Store,
) -> None:
    with store.reading() as session:
        wanted = select(Staff.id).where(among(col(Staff.id), range(20)))
        sent = wanted.compile(session.connection(), compile_kwargs={"render_postcompile": True})
        plan = "".join(session.execute(text(f"EXPLAIN {sent}")).scalars())
    assert "ANY ('{0,1,2," in plan
