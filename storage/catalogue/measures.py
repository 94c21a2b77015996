"""Reads one cell as a number, a date or a time; or says what is wrong with it and what would be right."""

import re
from datetime import date, datetime, time, timedelta

from storage.catalogue.cells import Reader, Unfit, half_width, said
from storage.catalogue.grid import Value

_EXCEL_EPOCH = date(1899, 12, 30)
_UNITS = "人名个元天日岁课时小时次期班年"
_DAY = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00)?)?")
_CLOCK = re.compile(r"(\d{1,2})[::.时点](?:(\d{1,2})分?|(半))?(?::00)?")


def whole(low: int, high: int) -> Reader:
    def read(value: Value) -> int:
        number = _number(value, f"写{low}到{high}的整数")
        if not number.is_integer() or not low <= number <= high:
            raise Unfit(f"“{said(value)}”不在范围里", f"写{low}到{high}的整数")
        return int(number)

    return read


def hours(high: int) -> Reader:
    """A number of lesson hours, halves allowed."""

    def read(value: Value) -> float:
        number = _number(value, f"写0到{high}的数，可以有半个")
        if not 0 < number <= high:
            raise Unfit(f"“{said(value)}”课时不在范围里", f"写大于0、不超过{high}的数")
        return number

    return read


def _number(value: Value, right: str) -> float:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return float(value)
    words = half_width(value).removeprefix("第").rstrip(_UNITS).strip().replace(",", "")
    if re.fullmatch(r"-?\d{1,9}(\.\d{1,3})?", words):
        return float(words)
    spelt = _chinese_number(words)
    raise Unfit(f"“{said(value)}”不是数字", f"写成 {spelt}" if spelt else right)


def _chinese_number(words: str) -> int | None:
    """Read 四十 or 一百二十 so that we can say what to write; None when it is not such a number."""
    total, digit = 0, 0
    for sign in words:
        worth = "零一二三四五六七八九".find(sign)
        if worth >= 0:
            digit = worth
        elif sign in "十百":
            total, digit = total + max(digit, 1) * (10 if sign == "十" else 100), 0
        else:
            return None
    return total + digit or None


def day(value: Value) -> date:
    """A date: a real one, `2026-12-14`, `2026.12.14`, `2026年12月14日`, `20261214`, or a serial number."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    words = "" if isinstance(value, time | bool) else re.sub(r"\s*([年月日])\s*", r"\1", half_width(value))
    if re.fullmatch(r"[34567]\d{4}", words):
        return _EXCEL_EPOCH + timedelta(days=int(words))
    found = _DAY.fullmatch(words) or re.fullmatch(r"(20\d\d)(\d\d)(\d\d)", words)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass  # a thirteenth month: said below like any other text that is no date
    raise Unfit(f"“{said(value)}”不是日期", "写成 2026-12-14 这样的日期")


def clock(value: Value) -> time:
    """A time of day: a real one, `09:00`, `9点`, `9点半`, or a part of a day from a spreadsheet."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, float) and 0 <= value < 1:
        minutes = min(round(value * 24 * 60), 24 * 60 - 1)
        return time(minutes // 60, minutes % 60)
    found = _CLOCK.fullmatch(half_width(value).replace(" ", "")) if isinstance(value, str) else None
    try:
        if found:
            return time(int(found[1]), 30 if found[3] else int(found[2] or 0))
    except ValueError:
        pass  # 25:00: said below
    raise Unfit(f"“{said(value)}”不是时间", "写成 09:00 这样，用24小时")


WEEKDAYS = "一二三四五六日"


def weekday(value: Value) -> int:
    """A day of the week, 0 for Monday: 一, 周一, 星期一."""
    found = WEEKDAYS.find(re.sub("^(星期|礼拜|周)", "", said(value)).replace("天", "日") or "?")
    if found < 0:
        raise Unfit(f"“{said(value)}”不是星期几", "写“一”到“日”")
    return found


def spans(value: Value) -> list[str]:
    """Closed days as `first/last`: single days or spans, between | or ；."""
    found: list[str] = []
    for part in re.split(r"[|；;\n]", said(value)):
        ends = [day(end.strip()) for end in re.split(r"[~至到—]|/(?=20\d\d-)", part.strip()) if end.strip()]
        if not 1 <= len(ends) <= 2 or ends[0] > ends[-1]:
            raise Unfit(f"“{part}”不是一段日期", "写成 2027-01-01/2027-01-03 这样")
        found.append(f"{ends[0].isoformat()}/{ends[-1].isoformat()}")
    return found
