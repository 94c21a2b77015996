"""Says what stands in a column, as people write it: words for codes, 是 and 否; an import reads it back."""

from collections.abc import Iterable, Mapping
from datetime import date, time

from storage.catalogue import codes
from storage.catalogue.coded import OneOf, SomeOf
from storage.catalogue.columns import PROJECT_COLUMNS, SESSION_COLUMNS, Column
from storage.catalogue.fair_columns import FAIR_COLUMNS, POSITION_COLUMNS

KINDS = {
    "projects": "项目",
    "sessions": "课次",
    "fairs": "招聘会",
    "positions": "岗位",
    "project": "项目",
    "intake": "班次",
    "session": "课次",
    "fair": "招聘会",
    "position": "岗位",
}
"""What is imported, and the rows it comes to -> how people call it."""

STORED = {"day": "date"}
"""A column of a table -> its name in a sheet, where they differ."""

_COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "project": {column.name: column for column in PROJECT_COLUMNS},
    "intake": {column.name: column for column in PROJECT_COLUMNS},
    "session": {column.name: column for column in SESSION_COLUMNS},
    "fair": {column.name: column for column in FAIR_COLUMNS},
    "position": {column.name: column for column in POSITION_COLUMNS},
}


def title(kind: str, name: str) -> str:
    """Give the heading of a column of a stored row; its own name when no sheet has it."""
    column = _COLUMNS[kind].get(STORED.get(name, name))
    return column.title if column else name


def shown(kind: str, name: str, value: object) -> str:
    """Say what stands in a column of a stored row of a kind (project, intake, session, fair, position); "" for nothing."""
    return say(_COLUMNS[kind].get(STORED.get(name, name)), value)


def say(column: Column | None, value: object) -> str:
    """Say what stands in a cell. `value` is as `column` reads it, or as JSON keeps that."""
    words = _words(column, value)
    if isinstance(value, list | tuple) and len(value) == 1 and "、" in words:
        return f"{words}；"  # one thing with a stroke in its name is not two
    return words


def _words(column: Column | None, value: object) -> str:
    read = column.read if column else None
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "；".join(_word(read, each) for each in value)
    return _word(read, value)


def _word(read: object, value: object) -> str:
    return codes.label(read.name, str(value)) if isinstance(read, OneOf | SomeOf) else str(value)


def differences(
    kind: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterable[tuple[str, str, str]]:
    """Give heading, former and new words of every column that two stored rows do not share."""
    for name, value in after.items():
        if before.get(name) != value:
            yield title(kind, name), shown(kind, name, before.get(name)), shown(kind, name, value)
