"""Knows a sheet of one kind that was handed in as another: some of its headings mean something there, too."""

from collections.abc import Mapping, Sequence

from storage.catalogue.cells import said
from storage.catalogue.columns import PROJECT_COLUMNS, SESSION_COLUMNS, Column, by_heading, plain_heading
from storage.catalogue.fair_columns import FAIR_COLUMNS, POSITION_COLUMNS
from storage.catalogue.grid import Value

_CALLED: Mapping[str, tuple[Column, ...]] = {
    "项目": PROJECT_COLUMNS,
    "课次": SESSION_COLUMNS,
    "招聘会": FAIR_COLUMNS,
    "岗位": POSITION_COLUMNS,
}


def another_kind(header: Sequence[Value], columns: tuple[Column, ...]) -> str:
    """Name the kind of sheet whose header this is, when it lacks what `columns` need, or give ""."""
    spelt = {plain_heading(said(cell)) for cell in header}
    if not _lacking(columns, spelt):
        return ""
    ours = _known(columns, spelt)
    for called, others in _CALLED.items():
        if not _lacking(others, spelt) and _known(others, spelt) > ours:
            return called
    return ""


def _lacking(columns: tuple[Column, ...], spelt: set[str]) -> bool:
    known = by_heading(columns)
    there = {known[heading].name for heading in spelt if heading in known}
    return any(column.required and column.name not in there for column in columns)


def _known(columns: tuple[Column, ...], spelt: set[str]) -> int:
    return len(spelt & by_heading(columns).keys())
