"""Values of expressions as XPath 1.0 and the ODK XForms specification have them, and how they turn into each other."""

import math
import re
from datetime import date, datetime, timedelta
from typing import TypeAlias

Value: TypeAlias = str | float | bool | list[str]
"""A text, a number, a truth value, or the texts of several nodes."""


class Flag(str):
    """A truth value as it is kept: "1" or "0"; it goes on being one where it is looked at."""

    __slots__ = ()


class Digits(str):
    """A number as it is kept; 0 is not true."""

    __slots__ = ()


NAN = math.nan
EPOCH = date(1970, 1, 1)

_NUMBER = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T.*)?")

LONGEST = 10_000
"""Characters of the longest text an expression may make: what doubles itself must end somewhere."""


class TooLong(ValueError):
    """An expression made a text nobody can want."""


def as_text(value: Value) -> str:
    if isinstance(value, Flag):
        return "true" if value == "1" else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return value[0] if value else ""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) else repr(value)


def as_number(value: Value) -> float:
    """Give the number a value stands for; a day is how many days it is after 1 January 1970."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, (int, float)):
        return float(value)
    text = value if isinstance(value, str) else as_text(value)
    if _NUMBER.fullmatch(text):
        return float(text)
    found = _DAY.fullmatch(text)
    if found is None:
        return NAN
    return days_of(text)


def as_truth(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value == value and value != 0.0  # noqa: PLR0124 - not a number is not true
    if isinstance(value, (Flag, Digits)):
        return as_truth(as_number(value))
    return bool(value)


def as_kept(value: Value) -> str:
    """Give a value as the field it is worked out for keeps it; nothing for what is no number."""
    if isinstance(value, bool):
        return Flag("1" if value else "0")
    if isinstance(value, float):
        return "" if math.isnan(value) else Digits(as_text(value))
    if isinstance(value, (Flag, Digits)):
        return value
    return as_text(value)


def days_of(text: str) -> float:
    """Give the days since 1970 of an ISO 8601 day or moment; NaN for what is none."""
    try:
        if "T" not in text:
            return float((date.fromisoformat(text) - EPOCH).days)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return NAN
    return (moment.replace(tzinfo=None) - datetime(1970, 1, 1)) / timedelta(days=1)  # noqa: DTZ001 - local days count


def as_day(value: Value) -> str:
    """Give a value as an ISO 8601 day; "" for what is no day."""
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) > 2_000_000:
            return ""
        try:
            return (EPOCH + timedelta(days=math.floor(value))).isoformat()
        except OverflowError:
            return ""
    text = as_text(value).strip()
    if _NUMBER.fullmatch(text):
        return as_day(float(text))
    found = _DAY.fullmatch(text)
    if found is None:
        return ""
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ""


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal: by truth, by number, or by text; of several nodes any may be."""
    if isinstance(one, list):
        return any(same(each, other) for each in one)
    if isinstance(other, list):
        return any(same(one, each) for each in other)
    if isinstance(one, (bool, Flag)) or isinstance(other, (bool, Flag)):
        return as_truth(one) == as_truth(other)
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return as_number(one) == as_number(other)


def differ(one: Value, other: Value) -> bool:
    """Whether two values are unequal; of several nodes any may be."""
    if isinstance(one, list):
        return any(differ(each, other) for each in one)
    if isinstance(other, list):
        return any(differ(one, each) for each in other)
    return not same(one, other)


def bounded(text: str) -> str:
    """Give a text back that is not too long.

    Raises:
        TooLong: when it is.

    """
    if len(text) > LONGEST:
        raise TooLong
    return text
