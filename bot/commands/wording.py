"""How texts of the catalogue are held against the rules of plain language: a warning, never a refusal."""

from collections.abc import Iterator

from dialogs.plain_language import Reading, check

GRADED = frozenset({"subsidy_note"})
"""Columns whose words are judged by grade; the others are full of names, which are said as they stand."""

MAY_BE_LONG = frozenset({"title", "address"})
"""Columns that are names themselves."""


def warnings(column: str, text: str) -> Iterator[str]:
    """What to mind about one cell: as `check_text` of an import."""
    if column in MAY_BE_LONG:
        return
    reading: Reading = "easy" if column.endswith("_easy") else "plain"
    for finding in check(text, reading):
        if finding.rule != "R5" or column in GRADED:
            yield finding.why
