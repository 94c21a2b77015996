"""Finds days that one text of a notice names and its plain words do not: left over when only those were corrected."""

import re
from calendar import month_name
from collections.abc import Iterator, Mapping

_MONTHS: Mapping[str, int] = {name.casefold(): number for number, name in enumerate(month_name) if name}
_NAMES = "|".join(_MONTHS)
_DAY = re.compile(
    r"(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<n2>{_NAMES})"
    rf"|(?P<n3>{_NAMES})\s+(?P<d3>\d{{1,2}})"
    r"|\d{4}-(?P<m4>\d{2})-(?P<d4>\d{2})",
    re.IGNORECASE,
)


def days_in(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Give the days a text names, in Chinese, in English or in digits: as written, with month and day."""
    for found in _DAY.finditer(text):
        said = found.groupdict()
        month = said["m"] or said["m4"] or _MONTHS[(said["n2"] or said["n3"]).casefold()]
        day = said["d"] or said["d2"] or said["d3"] or said["d4"]
        yield found.group(), (int(month), int(day))


def other_days(text: str, plain: str) -> list[str]:
    """Give the days of a text, as written, that the plain words do not name; nothing where those name no day."""
    named = {day for _, day in days_in(plain)}
    return [written for written, day in days_in(text) if named and day not in named]
