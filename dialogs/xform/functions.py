"""What expressions may call: the functions of XPath 1.0 and ODK XForms that need nothing but their arguments."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TypeAlias

from dialogs.xform.values import NAN, Value, as_day, as_number, as_text, as_truth, bounded, days_of

Function: TypeAlias = Callable[..., Value]


def _texts(values: Sequence[Value]) -> list[str]:
    """The texts of all arguments, node by node."""
    found: list[str] = []
    for value in values:
        found += value if isinstance(value, list) else [as_text(value)]
    return found


def _numbers(values: Sequence[Value]) -> list[float]:
    return [number for text in _texts(values) if not math.isnan(number := as_number(text))]


def _concat(*values: Value) -> Value:
    return bounded("".join(_texts(values)))


def _join(between: Value, *values: Value) -> Value:
    return bounded(as_text(between).join(_texts(values)))


def _substr(text: Value, start: Value, end: Value = math.inf) -> Value:
    """From `start` (from 0) to before `end`, as ODK has it."""
    whole = as_text(text)
    first, last = as_number(start), as_number(end)
    if math.isnan(first) or math.isnan(last):
        return ""
    size = len(whole)
    begin = int(max(-size, min(size, first)))
    stop = int(max(-size, min(size, last)))
    return whole[begin:stop]


def _substring(text: Value, start: Value, length: Value = math.inf) -> Value:
    """From `start` (from 1), `length` characters, as XPath 1.0 has it."""
    first, many = _halves(as_number(start)), _halves(as_number(length))
    if math.isnan(first) or math.isnan(many):
        return ""
    return "".join(each for place, each in enumerate(as_text(text), 1) if first <= place < first + many)


def _halves(number: float) -> float:
    """Round as XPath does: a half goes up."""
    return number if not math.isfinite(number) else float(math.floor(number + 0.5))


def _round(number: Value, places: Value = 0.0) -> Value:
    """Round to so many places, as ODK does: a half goes away from zero."""
    value, digits = as_number(number), as_number(places)
    if not math.isfinite(value) or math.isnan(digits):
        return value
    try:
        exact = Decimal(repr(value)).quantize(
            Decimal(1).scaleb(-int(max(-20, min(20, digits)))), ROUND_HALF_UP
        )
    except InvalidOperation:
        return value
    return float(exact)


def _translate(text: Value, from_: Value, to: Value) -> Value:
    old, new = as_text(from_), as_text(to)
    table: dict[int, int | None] = {}
    for place, letter in enumerate(old):
        table.setdefault(ord(letter), ord(new[place]) if place < len(new) else None)
    return as_text(text).translate(table)


def _before(text: Value, mark: Value) -> Value:
    whole, found = as_text(text), as_text(mark)
    return whole.partition(found)[0] if found and found in whole else ""


def _after(text: Value, mark: Value) -> Value:
    whole, found = as_text(text), as_text(mark)
    return whole.partition(found)[2] if found else whole


def _selected(chosen: Value, one: Value) -> Value:
    return as_text(one).strip() in as_text(chosen).split()


def _selected_at(chosen: Value, place: Value) -> Value:
    found, wanted = as_text(chosen).split(), as_number(place)
    return found[int(wanted)] if wanted == wanted and 0 <= wanted < len(found) else ""  # noqa: PLR0124 - not NaN


def _checklist(least: Value, most: Value, *values: Value) -> Value:
    return _within(float(sum(as_truth(each) for each in values)), least, most)


def _weighted(least: Value, most: Value, *values: Value) -> Value:
    pairs = zip(values[::2], values[1::2], strict=False)
    return _within(sum(as_number(weight) for each, weight in pairs if as_truth(each)), least, most)


def _within(count: float, least: Value, most: Value) -> bool:
    low, high = as_number(least), as_number(most)
    return (low < 0 or count >= low) and (high < 0 or count <= high)


def _power(base: Value, exponent: Value) -> Value:
    try:
        found = math.pow(as_number(base), as_number(exponent))
    except OverflowError:
        return math.inf
    except ValueError:
        return NAN
    return found


def _number_of(calculate: Callable[[float], float]) -> Function:
    def function(value: Value) -> Value:
        try:
            return float(calculate(as_number(value)))
        except OverflowError:
            return math.inf
        except ValueError:
            return NAN

    return function


def _int(value: Value) -> Value:
    number = as_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


DAYS = "一二三四五六日"

_MARKS: Mapping[str, Callable[[datetime], str]] = {
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "n": lambda at: str(at.month),
    "b": lambda at: f"{at.month}月",
    "d": lambda at: f"{at.day:02}",
    "e": lambda at: str(at.day),
    "a": lambda at: f"周{DAYS[at.weekday()]}",
    "W": lambda at: str(at.isocalendar().week),
    "H": lambda at: f"{at.hour:02}",
    "h": lambda at: str(at.hour),
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "3": lambda at: f"{at.microsecond // 1000:03}",
    "%": lambda _: "%",
}
"""Marks of format-date (ODK XForms specification, 8.2)."""


def _format(value: Value, pattern: Value) -> Value:
    text = as_text(value)
    try:
        at = datetime.fromisoformat(text if "T" in text else as_day(value))
    except ValueError:
        return ""
    return re.sub("%(.)", lambda mark: _MARKS[mark[1]](at) if mark[1] in _MARKS else "", as_text(pattern))


def _day_number(value: Value) -> Value:
    text = as_text(value)
    return days_of(text) if "T" in text else as_number(as_day(value))


def _time_number(value: Value) -> Value:
    found = re.search(r"(?:^|T)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", as_text(value))
    if found is None:
        return NAN
    return (int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)) / 86400


def _mean(how: Callable[[list[float]], float]) -> Function:
    def function(*values: Value) -> Value:
        found = _numbers(values)
        return float(how(found)) if found else NAN

    return function


def _count(value: Value) -> Value:
    return float(len(value)) if isinstance(value, list) else 1.0


def _count_filled(value: Value) -> Value:
    return float(sum(bool(text) for text in _texts([value])))


def _coalesce(one: Value, other: Value) -> Value:
    return one if as_text(one) else other


_MANY = 50

FUNCTIONS: Mapping[str, tuple[int, int, Function]] = {
    "string": (1, 1, as_text),
    "concat": (1, _MANY, _concat),
    "join": (1, _MANY, _join),
    "substr": (2, 3, _substr),
    "substring": (2, 3, _substring),
    "substring-before": (2, 2, _before),
    "substring-after": (2, 2, _after),
    "translate": (3, 3, _translate),
    "string-length": (1, 1, lambda text: float(len(as_text(text)))),
    "normalize-space": (1, 1, lambda text: " ".join(as_text(text).split())),
    "contains": (2, 2, lambda text, part: as_text(part) in as_text(text)),
    "starts-with": (2, 2, lambda text, part: as_text(text).startswith(as_text(part))),
    "ends-with": (2, 2, lambda text, part: as_text(text).endswith(as_text(part))),
    "coalesce": (2, 2, _coalesce),
    "once": (1, 1, lambda value: value),
    "true": (0, 0, lambda: True),
    "false": (0, 0, lambda: False),
    "boolean": (1, 1, as_truth),
    "boolean-from-string": (1, 1, lambda text: as_text(text).lower() in ("true", "1")),
    "not": (1, 1, lambda value: not as_truth(value)),
    "checklist": (3, _MANY, _checklist),
    "weighted-checklist": (4, _MANY, _weighted),
    "number": (1, 1, as_number),
    "int": (1, 1, _int),
    "floor": (1, 1, _number_of(math.floor)),
    "ceiling": (1, 1, _number_of(math.ceil)),
    "sum": (1, 1, lambda values: float(sum(as_number(text) for text in _texts([values]) if text))),
    "max": (1, _MANY, _mean(max)),
    "min": (1, _MANY, _mean(min)),
    "round": (1, 2, _round),
    "pow": (2, 2, _power),
    "log": (1, 1, _number_of(math.log)),
    "log10": (1, 1, _number_of(math.log10)),
    "abs": (1, 1, _number_of(abs)),
    "sin": (1, 1, _number_of(math.sin)),
    "cos": (1, 1, _number_of(math.cos)),
    "tan": (1, 1, _number_of(math.tan)),
    "asin": (1, 1, _number_of(math.asin)),
    "acos": (1, 1, _number_of(math.acos)),
    "atan": (1, 1, _number_of(math.atan)),
    "atan2": (2, 2, lambda up, along: math.atan2(as_number(up), as_number(along))),
    "sqrt": (1, 1, _number_of(math.sqrt)),
    "exp": (1, 1, _number_of(math.exp)),
    "exp10": (1, 1, _number_of(lambda number: math.pow(10, number))),
    "pi": (0, 0, lambda: math.pi),
    "count": (1, 1, _count),
    "count-non-empty": (1, 1, _count_filled),
    "date": (1, 1, as_day),
    "date-time": (1, 1, lambda value: as_text(value) if "T" in as_text(value) else as_day(value)),
    "format-date": (2, 2, _format),
    "format-date-time": (2, 2, _format),
    "decimal-date-time": (1, 1, _day_number),
    "decimal-time": (1, 1, _time_number),
    "selected": (2, 2, _selected),
    "selected-at": (2, 2, _selected_at),
    "count-selected": (1, 1, lambda chosen: float(len(as_text(chosen).split()))),
}
"""Name -> fewest arguments, most arguments, what it does."""
