import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.spoken.tidy import _ORDINARY, _folded, bare_number, chinese_number, clean, tidy


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        (" 需要 。", "需要"),
        ("ＹＥＳ！", "yes"),
        ("①", "1"),
        ("（１）", "1"),
        ("1️⃣", "1"),
        ("1、", "1"),
        ("\u200b需\u200d要\ufeff", "需要"),
        ("需要👍", "需要"),
        ("\u2f08", "人"),
        ("大\t字\n", "大 字"),
        ("༣", "3"),
        ("……", ""),
    ],
)
def test_one_spelling_is_left_of_many(typed: str, tidied: str) -> None:
    assert tidy(typed) == tidied


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert clean(clean(text)) == clean(text)


def test_ordinary_text_is_cleaned_faster_and_just_the_same() -> None:
    ordinary = [chr(code) for code in range(0x110000) if _ORDINARY.fullmatch(chr(code))]
    assert len(ordinary) > 20_000
    assert [sign for sign in ordinary if clean(sign) != _folded(sign)] == []
    whole = " ".join(ordinary)
    assert clean(whole) == _folded(whole)


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    assert not any(unicodedata.category(character).startswith("C") for character in clean(text))


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("二十三", 23),
        ("两", 2),
        ("十", 10),
        ("十五", 15),
        ("五十", 50),
        ("一百零五", 105),
        ("三百五", 350),
        ("两千三", 2300),
        ("一千零五十", 1050),
        ("一千零五", 1005),
        ("一万二", 12_000),
        ("十二万", 120_000),
        ("12万", 120_000),
        ("3千", 3000),
        ("二〇二六", 2026),
        ("一九九零", 1990),
        ("零", 0),
        ("３个", 3),
        ("3 个人", 3),
        ("二十三岁", 23),
        ("1,000", 1000),
    ],
)
def test_numbers_are_read_in_digits_and_chinese(said: str, number: int) -> None:
    assert chinese_number(said) == number


@pytest.mark.parametrize(
    "said",
    [
        "",
        "需要",
        "三五个",
        "二三十",
        "十二三岁",
        "十几个",
        "5.5",
        "半",
        "百",
        "个",
        "3个5",
        "1,00",
        "9" * 5000,
    ],
)
def test_what_is_no_one_number_gives_none(said: str) -> None:
    assert chinese_number(said) is None


def test_a_bare_number_has_no_measure_word() -> None:
    assert bare_number("三") == 3
    assert bare_number("三个") is None


def _written(number: int) -> str:
    """Write a number below 10 000 in the standard Chinese way."""
    digits, units = "零一二三四五六七八九", ("", "十", "百", "千")
    text = ""
    for place, digit in zip(range(len(str(number)) - 1, -1, -1), str(number), strict=True):
        text += digits[int(digit)] + (units[place] if digit != "0" else "")
    while "零零" in text:
        text = text.replace("零零", "零")
    return text.rstrip("零") or "零"


@given(st.integers(0, 9999))
def test_every_number_written_the_standard_way_is_read_back(number: int) -> None:
    assert chinese_number(_written(number)) == number
    assert chinese_number(str(number)) == number


@given(st.text(alphabet="零〇一二两三五十百千万个0139,. "))
def test_no_row_of_numerals_breaks_the_reader(text: str) -> None:
    assert chinese_number(text) is None or chinese_number(text) == chinese_number(f" {text}。")
