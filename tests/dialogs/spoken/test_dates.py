from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.spoken import Misheard
from dialogs.spoken.dates import read_date, years_between
from dialogs.spoken.times import read_time

TODAY = date(2026, 11, 21)  # a Saturday
BIRTHDAY = date(1990, 3, 7)


@pytest.mark.parametrize(
    "said",
    [
        "1990-3-7",
        "1990-03-07",
        "1990/03/07",
        "1990.3.7",
        "1990 3 7",
        "1990，3，7",
        "１９９０－０３－０７",
        "19900307",
        "1990年3月7日",
        "1990 年 3 月 7 日。",
        "1990年3月7号",
        "一九九〇年三月七号",
        "一九九零年三月七日",
        "90年3月7日",
        "九〇年三月七日",
        "我的生日是1990年3月7日",
        "1990年3月7日出生的",
        "公历1990年3月7日",
        "1990年3月7日，星期三",
    ],
)
def test_a_birthday_is_read_in_many_forms(said: str) -> None:
    assert read_date(said, TODAY, prefer="past") == BIRTHDAY


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("今天", date(2026, 11, 21)),
        ("明天", date(2026, 11, 22)),
        ("后天", date(2026, 11, 23)),
        ("大后天", date(2026, 11, 24)),
        ("三天后", date(2026, 11, 24)),
        ("两周以后", date(2026, 12, 5)),
        ("周六", date(2026, 11, 21)),
        ("星期一", date(2026, 11, 23)),
        ("下周三", date(2026, 11, 25)),
        ("下个星期天", date(2026, 11, 29)),
        ("这周日", date(2026, 11, 22)),
        ("下下周一", date(2026, 11, 30)),
        ("12月3日", date(2026, 12, 3)),
        ("12 月 3 日，星期四", date(2026, 12, 3)),
        ("十二月三号", date(2026, 12, 3)),
        ("12-3", date(2026, 12, 3)),
        ("三月七号", date(2027, 3, 7)),
        ("3月7日", date(2027, 3, 7)),
        ("11月21日", date(2026, 11, 21)),
        ("2月29日", date(2028, 2, 29)),
        ("明年三月七号", date(2027, 3, 7)),
        ("25号", date(2026, 11, 25)),
        ("3号", date(2026, 12, 3)),
        ("下个月3号", date(2026, 12, 3)),
        ("28年3月7日", date(2028, 3, 7)),
        ("2026-12-03", date(2026, 12, 3)),
        ("2020-01-01", date(2020, 1, 1)),
    ],
)
def test_a_coming_day_is_read(said: str, day: date) -> None:
    assert read_date(said, TODAY, prefer="future") == day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("昨天", date(2026, 11, 20)),
        ("大前天", date(2026, 11, 18)),
        ("10天前", date(2026, 11, 11)),
        ("上周三", date(2026, 11, 11)),
        ("周日", date(2026, 11, 15)),
        ("今年10月8日", date(2026, 10, 8)),
        ("去年十月八号", date(2025, 10, 8)),
        ("上个月8号", date(2026, 10, 8)),
        ("26年10月8日", date(2026, 10, 8)),
        ("27年10月8日", date(1927, 10, 8)),
    ],
)
def test_a_past_day_is_read(said: str, day: date) -> None:
    assert read_date(said, TODAY, prefer="past") == day


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "not_a_date"),
        ("不记得了", "not_a_date"),
        ("1990年", "not_a_date"),
        ("1990年3月", "not_a_date"),
        ("三五天后", "not_a_date"),
        ("07/03/1990", "not_a_date"),
        ("36", "not_a_date"),
        ("2月30日", "no_such_day"),
        ("1990年2月29日", "no_such_day"),
        ("1990-13-07", "no_such_day"),
        ("19901307", "no_such_day"),
        ("32号", "no_such_day"),
        ("1990年3月7日星期四", "no_such_day"),
        ("农历三月初七", "lunar"),
        ("正月初三", "lunar"),
        ("三月廿二", "lunar"),
        ("除夕", "lunar"),
        ("2030年1月1日", "future"),
        ("明天", "future"),
        ("1890年3月7日", "too_old"),
        ("3月7日", "no_year"),
        ("7号", "no_year"),
    ],
)
def test_what_is_no_past_day_says_why(said: str, reason: str) -> None:
    with pytest.raises(Misheard) as problem:
        read_date(said, TODAY, prefer="past")
    assert problem.value.reason == reason


def test_the_oldest_day_is_120_years_back() -> None:
    assert read_date("1906-11-21", TODAY, prefer="past") == date(1906, 11, 21)
    with pytest.raises(Misheard, match="too_old"):
        read_date("1905-11-21", TODAY, prefer="past")


@given(st.dates(date(1907, 1, 1), TODAY))
def test_every_day_is_read_back_from_every_form(day: date) -> None:
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(digit)] for digit in str(day.year))
    forms = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{year}年{day.month}月{day.day}号",
    ]
    assert {read_date(form, TODAY, prefer="past") for form in forms} == {day}


@given(st.dates(TODAY, TODAY + timedelta(days=364)))
def test_a_day_without_a_year_is_the_next_one(day: date) -> None:
    assert read_date(f"{day.month}月{day.day}日", TODAY, prefer="future") == day


@given(st.text() | st.text(alphabet="0123456789年月日号周天后前一二三十零上下-/. "))
def test_no_text_breaks_the_readers(said: str) -> None:
    for prefer in ("past", "future"):
        try:
            read_date(said, TODAY, prefer=prefer)
        except Misheard:
            continue
    try:
        read_time(said)
    except Misheard:
        return


def test_full_years_turn_on_the_birthday() -> None:
    assert years_between(date(2008, 11, 22), TODAY) == 17
    assert years_between(date(2008, 11, 21), TODAY) == 18
    assert years_between(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert years_between(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        ("9:30", time(9, 30)),
        ("９：３０", time(9, 30)),
        ("09:30", time(9, 30)),
        ("0930", time(9, 30)),
        ("9.30", time(9, 30)),
        ("九点半", time(9, 30)),
        ("上午九点半", time(9, 30)),
        ("上午 9 点", time(9)),
        ("早上8点", time(8)),
        ("八点钟", time(8)),
        ("8", time(8)),
        ("九点一刻", time(9, 15)),
        ("下午三点三刻", time(15, 45)),
        ("九点零五分", time(9, 5)),
        ("九点二十", time(9, 20)),
        ("下午3点", time(15)),
        ("15点", time(15)),
        ("下午15点", time(15)),
        ("3pm", time(15)),
        ("9:30 a.m.", time(9, 30)),
        ("03:00", time(3)),
        ("晚上8点", time(20)),
        ("晚上12点", time(0)),
        ("凌晨12点", time(0)),
        ("24点", time(0)),
        ("中午", time(12)),
        ("中午12点半", time(12, 30)),
        ("中午一点", time(13)),
        ("大概下午三点吧", time(15)),
    ],
)
def test_a_time_is_read_in_many_forms(said: str, clock: time) -> None:
    assert read_time(said) == clock


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "not_a_time"),
        ("早上", "not_a_time"),
        ("9点到10点", "not_a_time"),
        ("差十分九点", "not_a_time"),
        ("25点", "no_such_time"),
        ("9:75", "no_such_time"),
        ("24:30", "no_such_time"),
        ("上午15点", "no_such_time"),
        ("中午9点", "no_such_time"),
        ("3点", "am_or_pm"),
        ("三点半", "am_or_pm"),
    ],
)
def test_what_is_no_time_says_why(said: str, reason: str) -> None:
    with pytest.raises(Misheard) as problem:
        read_time(said)
    assert problem.value.reason == reason
