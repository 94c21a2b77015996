from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.catalogue.cells import Reader, Unfit, ident, link, phone, text, texts, truth
from storage.catalogue.coded import OneOf, SomeOf
from storage.catalogue.grid import Value
from storage.catalogue.measures import clock, day, hours, spans, weekday, whole

THE_DAY = date(2026, 12, 14)


@pytest.mark.parametrize(
    "cell",
    [
        THE_DAY,
        datetime(2026, 12, 14, 9, 30),  # noqa: DTZ001 (spreadsheets know no zones)
        "2026-12-14",
        "2026/12/14",
        "2026.12.14",
        "2026年12月14日",
        " 2026年 12月 14日 ",
        "２０２６－１２－１４",
        "20261214",
        "2026-12-14 00:00:00",
        46370.0,
        "46370",
    ],
)
def test_a_date_may_be_written_in_many_ways(cell: Value) -> None:
    assert day(cell) == THE_DAY


@pytest.mark.parametrize(
    "cell", ["2026/13/40", "12月14日", "14/12/2026", "下周一", "26.12.14", 3.5, True, "明天"]
)
def test_what_is_no_date_is_said_with_an_example(cell: Value) -> None:
    with pytest.raises(Unfit) as caught:
        day(cell)
    assert "不是日期" in caught.value.wrong
    assert caught.value.right == "写成 2026-12-14 这样的日期"


@pytest.mark.parametrize("cell", [time(9, 30), "09:30", "9：30", "9点半", "9点30分", "9:30:00", 9.5 / 24])
def test_a_time_may_be_written_in_many_ways(cell: Value) -> None:
    assert clock(cell) == time(9, 30)


@pytest.mark.parametrize("cell", ["25:00", "九点", 1.5, "09:77", ""])
def test_what_is_no_time_is_said(cell: Value) -> None:
    with pytest.raises(Unfit, match="不是时间"):
        clock(cell)


@pytest.mark.parametrize("cell", [30.0, 30, "30", "３０", "30人", " 30 个", "第30班", "30.0"])
def test_a_number_may_come_with_its_unit(cell: Value) -> None:
    assert whole(1, 100)(cell) == 30


@pytest.mark.parametrize(
    ("cell", "right"),
    [
        ("四十", "写成 40"),
        ("一百二十", "写成 120"),
        ("十五人", "写成 15"),
        ("很多", "写1到200的整数"),
        (True, "写1到200的整数"),
        ("2.5", "写1到200的整数"),
        (0.0, "写1到200的整数"),
        ("201", "写1到200的整数"),
        (float("inf"), "写1到200的整数"),
    ],
)
def test_what_is_no_number_is_said_with_what_to_write(cell: Value, right: str) -> None:
    with pytest.raises(Unfit) as caught:
        whole(1, 200)(cell)
    assert caught.value.right == right


def test_hours_may_be_halves() -> None:
    assert hours(8)("1.5课时") == 1.5
    with pytest.raises(Unfit):
        hours(8)(0.0)


@pytest.mark.parametrize("cell", ["是", "1", 1.0, True, "有", "√", "YES"])
def test_yes_is_understood(cell: Value) -> None:
    assert truth(cell) is True


@pytest.mark.parametrize("cell", ["否", "0", 0.0, False, "无", "不提供"])
def test_no_is_understood(cell: Value) -> None:
    assert truth(cell) is False


def test_neither_yes_nor_no_is_said() -> None:
    with pytest.raises(Unfit, match="看不懂"):
        truth("也许")


@pytest.mark.parametrize(
    "cell",
    [
        "028-00001101",
        "02800001101",
        "0838-00001102转8",
        "15400009001",
        "154 0000 9001",
        "400-000-0000",
        "12385",
    ],
)
def test_phones_of_every_kind_are_taken(cell: str) -> None:
    assert phone(cell).replace("-", "").startswith(cell[:2])


@pytest.mark.parametrize(
    "cell", ["8.38E+11", "2.80E+10", 15400009001.0, "028", "电话见下", "154000090011111"]
)
def test_a_phone_that_a_spreadsheet_spoiled_is_not_taken(cell: Value) -> None:
    with pytest.raises(Unfit):
        phone(cell)


def test_an_id_that_became_a_number_is_not_taken_but_other_numbers_are() -> None:
    with pytest.raises(Unfit, match="编号成了数字1001"):
        ident(1001.0)
    assert ident("ｐ001") == "p001"
    assert text(50)(101.0) == "101"


@pytest.mark.parametrize("cell", ["P 001", "P/001", "<b>", "=A1", "x" * 33])
def test_an_id_is_plain(cell: str) -> None:
    with pytest.raises(Unfit):
        ident(cell)


def test_a_text_that_is_a_formula_is_not_taken() -> None:
    with pytest.raises(Unfit, match="公式"):
        text(100)('=HYPERLINK("http://example.invalid","大棚")')


def test_a_text_loses_marks_no_one_sees_and_keeps_its_own_spelling() -> None:
    assert text(50)(" 学\u200b做\x07面点（１）\u3000") == "学做面点（１）"


def test_a_text_that_is_too_long_says_how_long() -> None:
    with pytest.raises(Unfit) as caught:
        text(5)("学做网店图片")
    assert (caught.value.wrong, caught.value.right) == ("有6个字，太长", "最多写5个字")


def test_lists_of_texts_are_split_outside_brackets() -> None:
    assert texts("身份证、残疾人证、卡（社保卡、银行卡）") == ["身份证", "残疾人证", "卡（社保卡、银行卡）"]
    assert texts("求职技巧|心理健康") == ["求职技巧", "心理健康"]


@pytest.mark.parametrize(
    "cell",
    [
        "shuttle|pace|cart",
        "接送车；放慢节奏、重复讲解；文字速录/实时字幕",
        "接送车、放慢节奏、重复讲解、文字速录/实时字幕",
        "接送车,讲慢一点,文字速录/实时字幕",
        "有车接送\n放慢节奏、重复讲解\n老师说的话变成字",
    ],
)
def test_services_are_read_however_they_are_strung_together(cell: str) -> None:
    assert SomeOf("service")(cell) == ["shuttle", "pace", "cart"]


def test_an_unknown_word_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(Unfit) as caught:
        SomeOf("service")("接送车|手语|会飞")
    assert caught.value.wrong == "代码表里没有“手语”“会飞”"
    assert caught.value.right == "可以写“手语翻译”（sign_interp）"
    with pytest.raises(Unfit, match="代码表里没有“乱写”"):
        OneOf("level")("乱写")


def test_no_limit_is_an_empty_list() -> None:
    assert SomeOf("employment_status")("any") == []
    assert SomeOf("disability_category")("不限") == []
    assert SomeOf("subsidy_type")("无") == ["none"]


@pytest.mark.parametrize(
    "cell", ["http://example.invalid/x", "example.invalid", "https://", "https://a b.invalid"]
)
def test_a_link_is_https_and_whole(cell: str) -> None:
    with pytest.raises(Unfit, match="https"):
        link(cell)


def test_closed_days_are_spans() -> None:
    assert spans("2027-01-01/2027-01-03|2027-02-01") == ["2027-01-01/2027-01-03", "2027-02-01/2027-02-01"]
    assert spans("2027年1月1日至2027年1月3日") == ["2027-01-01/2027-01-03"]
    with pytest.raises(Unfit):
        spans("2027-01-03/2027-01-01")


@pytest.mark.parametrize("cell", ["一", "周一", "星期一", "礼拜一"])
def test_days_of_the_week_count_from_monday(cell: str) -> None:
    assert weekday(cell) == 0
    assert weekday("星期天") == 6


READERS: list[Callable[..., object]] = [
    text(100), texts, ident, phone, truth, whole(0, 9), hours(8), day, clock, weekday, link, spans,
    OneOf("service"), SomeOf("service"),
]  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=40),
        st.floats(),
        st.booleans(),
        st.dates(),
        st.times(),
        st.timedeltas(),
        st.datetimes(),
    ),
    st.sampled_from(READERS),
)
def test_no_cell_whatever_breaks_a_reader(cell: Value, read: Reader) -> None:
    refused = ("wrong", "right")
    try:
        read(cell)
    except Unfit as unfit:
        refused = (unfit.wrong, unfit.right)
    assert all(refused)
