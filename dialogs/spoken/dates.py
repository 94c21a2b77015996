"""Dates as people say them: written out, in digits, in Chinese numerals, or counted from today."""

import re
from datetime import date, timedelta
from typing import Literal

from dialogs.spoken import Misheard
from dialogs.spoken.tidy import bare_number, clean, tidy

Prefer = Literal["past", "future"]

_OLDEST = 120  # years; domain rule for birth dates
_PLANNED = 10  # years: "28年" in a plan is 2028, "90年" never is 2090
_LUNAR = re.compile(
    r"农历|阴历|旧历|老历|正月|腊月|冬月|闰|廿|卅|初\s*[一二三四五六七八九十0-9]"
    r"|大年|除夕|春节|元宵|端午|七夕|中秋|重阳"
)
_BEFORE = re.compile(
    r"(?:我|他|她|的|出生日期|出生|生日|日期|公历|阳历|新历|时间|大概|大约|就|是|在|于|从|:)*"
)
_AFTER = re.compile(r"(?:那天|出生|生人|生|的|吧|左右|前后|开始|谢谢)*$")
_YEAR_BY_DIGITS = re.compile("[零一二三四五六七八九]{2,4}(?=年)")
_NUMERALS = re.compile("[零一二两三四五六七八九十百千]+")
_SAID_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")

_WEEK = "(?:周|星期|礼拜)"
_WITH_WEEKDAY = re.compile(rf"(?P<day>.*[0-9日号])[,(]*{_WEEK}(?P<weekday>[1-7日天])\)?")
_FULL = re.compile(r"([0-9]{4})[-/.,、年]([0-9]{1,2})[-/.,、月]([0-9]{1,2})[日号]?")
_RUN = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHORT_YEAR = re.compile(r"([0-9]{2})年([0-9]{1,2})月([0-9]{1,2})[日号]?")
_OF_YEAR = re.compile(r"(前年|去年|今年|明年|后年)?([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?")
_OF_MONTH = re.compile(r"(上个?月|本月|这个?月|下个?月)?([0-9]{1,2})[日号]")
_OF_WEEK = re.compile(rf"(上上|上|这|本|下下|下)?个?{_WEEK}([1-7日天])")
_COUNTED = re.compile(rf"([0-9]{{1,4}})(天|日|个?{_WEEK})(?:以|之)?(后|前)")

_NEAR = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0,
    "明天": 1, "明日": 1, "后天": 2, "后日": 2, "大后天": 3,
}  # fmt: skip
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}


def read_date(said: str, today: date, *, prefer: Prefer) -> date:
    """Read one day. `prefer` says where a day without a year lies, and "past" also bounds it.

    Raises Misheard: not_a_date; no_such_day (2月30日, or a weekday that day is not); lunar; and with
    prefer="past" also future, too_old (over 120 years) and no_year: "3月7日" may be a birthday, which
    must not be guessed. With prefer="future" a day said with its year may lie in the past.
    """
    if _LUNAR.search(clean(said)):
        raise Misheard("lunar")
    text = _spelled(said)
    weekday = None
    if found := _WITH_WEEKDAY.fullmatch(text):
        text, weekday = found["day"], _weekday(found["weekday"])
    day = _near(text, today, prefer) or _with_year(text, today, prefer) or _without_year(text, today, prefer)
    if day is None:
        raise Misheard("not_a_date")
    if weekday is not None and day.weekday() != weekday:
        raise Misheard("no_such_day")
    if prefer == "past" and day > today:
        raise Misheard("future")
    if prefer == "past" and years_between(day, today) > _OLDEST:
        raise Misheard("too_old")
    return day


def years_between(birth: date, today: date) -> int:
    """Count the full years from one day to another; who is born on 29 February turns on 1 March."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def arabic_numerals(text: str) -> str:
    """Write each Chinese numeral of cleaned text in digits; a row that is no one number stays."""
    text = text.replace("〇", "零").replace("○", "零")
    text = _YEAR_BY_DIGITS.sub(lambda found: found[0].translate(_SAID_DIGITS), text)
    return _NUMERALS.sub(lambda found: _in_digits(found[0]), text)


def _in_digits(numeral: str) -> str:
    number = bare_number(numeral)
    return numeral if number is None else str(number)


def _spelled(said: str) -> str:
    text = arabic_numerals(tidy(said))
    text = re.sub(r"(?<=[0-9])\s+(?=[0-9])", "-", text)
    text = "".join(text.split())
    return _AFTER.sub("", _BEFORE.sub("", text, count=1))


def _weekday(name: str) -> int:
    return 6 if name in "日天7" else int(name) - 1


def _near(text: str, today: date, prefer: Prefer) -> date | None:
    if text in _NEAR:
        return today + timedelta(days=_NEAR[text])
    if found := _COUNTED.fullmatch(text):
        days = int(found[1]) * (1 if found[2] in {"天", "日"} else 7)
        return today + timedelta(days=days if found[3] == "后" else -days)
    if found := _OF_WEEK.fullmatch(text):
        monday, weekday = today - timedelta(days=today.weekday()), _weekday(found[2])
        if found[1]:
            return monday + timedelta(weeks=_WEEKS[found[1]], days=weekday)
        ahead = (weekday - today.weekday()) % 7
        return today + timedelta(days=ahead if prefer == "future" or ahead == 0 else ahead - 7)
    return None


def _with_year(text: str, today: date, prefer: Prefer) -> date | None:
    if found := _FULL.fullmatch(text) or _RUN.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT_YEAR.fullmatch(text):
        year = today.year // 100 * 100 + int(found[1])
        latest = today.year + (_PLANNED if prefer == "future" else 0)
        return _day(year if year <= latest else year - 100, int(found[2]), int(found[3]))
    if (found := _OF_YEAR.fullmatch(text)) and found[1]:
        return _day(today.year + _YEARS[found[1]], int(found[2]), int(found[3]))
    if (found := _OF_MONTH.fullmatch(text)) and found[1]:
        months = today.year * 12 + today.month - 1 + {"上": -1, "下": 1}.get(found[1][0], 0)
        return _day(months // 12, months % 12 + 1, int(found[2]))
    return None


def _without_year(text: str, today: date, prefer: Prefer) -> date | None:
    of_year, of_month = _OF_YEAR.fullmatch(text), _OF_MONTH.fullmatch(text)
    if of_year is None and of_month is None:
        return None
    if of_year:
        month, day = int(of_year[2]), int(of_year[3])
        _day(2000, month, day)  # a leap year: what it refuses no year has
        tries = [(year, month, day) for year in range(today.year, today.year + 9)]
    else:
        assert of_month is not None
        _day(2000, 1, int(of_month[2]))
        start = today.year * 12 + today.month - 1
        tries = [(n // 12, n % 12 + 1, int(of_month[2])) for n in range(start, start + 3)]
    if prefer == "past":
        raise Misheard("no_year")
    for year, month, day in tries:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise Misheard("no_such_day")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Misheard("no_such_day") from None
