"""A column of numbers that is one of some: few, very many, or none, on both databases."""

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
