"""Dates and times as people say them (R10): 12 月 3 日，星期四，上午 9 点."""

from collections.abc import Sequence
from datetime import date, datetime, time

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOON = 12
HALF = 30


def read(when: date | str) -> date:
    """A day, also from a flow's answers, which are JSON and keep it as ISO 8601."""
    return date.fromisoformat(when) if isinstance(when, str) else when


def read_moment(when: datetime | str) -> datetime:
    """A moment, also from a letter's payload, which is JSON and keeps it as ISO 8601 on the reader's clock."""
    return datetime.fromisoformat(when) if isinstance(when, str) else when


def day(when: date | str) -> str:
    when = read(when)
    return f"{when.month} 月 {when.day} 日，{WEEKDAYS[when.weekday()]}"


def clock(when: time) -> str:
    part = (
        "晚上" if when.hour >= 18 else "下午" if when.hour > NOON else "中午" if when.hour == NOON else "上午"
    )
    hour = when.hour - NOON if when.hour > NOON else when.hour
    minutes = "半" if when.minute == HALF else f" {when.minute} 分" if when.minute else ""
    return f"{part} {hour} 点{minutes}"


def moment(when: datetime | str) -> str:
    when = read_moment(when)
    return f"{day(when)}，{clock(when.time())}"


def period(first: date, last: date) -> str:
    """From one day to another, as two dates and never as a range with a dash."""
    if first == last:
        return day(first)
    return f"{first.month} 月 {first.day} 日到 {last.month} 月 {last.day} 日"


def day_en(when: date | str) -> str:
    when = read(when)
    return f"{when:%A} {when.day} {when:%B}"


def clock_en(when: time) -> str:
    hour = when.hour % NOON or NOON
    half = "am" if when.hour < NOON else "pm"
    return f"{hour}:{when.minute:02d} {half}" if when.minute else f"{hour} {half}"


def moment_en(when: datetime | str) -> str:
    when = read_moment(when)
    return f"{day_en(when)}, {clock_en(when.time())}"


def period_en(first: date, last: date) -> str:
    if first == last:
        return day_en(first)
    return f"{first.day} {first:%B} to {last.day} {last:%B}"


def weekdays(days: Sequence[int]) -> str:
    """Days of the week, in order, 0 for Monday: three and more that follow each other as the first and the last."""
    return _weekdays(days, WEEKDAYS, every="每天", to="到", between="、", last="和")


def weekdays_en(days: Sequence[int]) -> str:
    return _weekdays(days, WEEKDAYS_EN, every="every day", to=" to ", between=", ", last=" and ")


def _weekdays(
    days: Sequence[int], names: Sequence[str], *, every: str, to: str, between: str, last: str
) -> str:
    if len(days) == len(names):
        return every
    called = [names[each] for each in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{called[0]}{to}{called[-1]}"
    return last.join(filter(None, (between.join(called[:-1]), called[-1])))
