import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.spoken import Misheard
from dialogs.spoken.numbers import read_number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("5", 5),
        ("５", 5),
        ("⑤", 5),
        ("五", 5),
        ("五个", 5),
        ("5年", 5),
        ("5 个。", 5),
        ("大概5个", 5),
        ("大概有五个左右吧", 5),
        ("我家一共五口人", 5),
        ("十五", 15),
        ("今年三十五岁", 35),
        ("一百零五", 105),
        ("1,000", 1000),
        ("零", 0),
        ("-3", -3),
        ("负三", -3),
        ("我今年三十五", 35),
        ("我今年三十五岁了", 35),
        ("他今年三十五", 35),
        ("我儿子今年二十三", 23),
        ("我妈妈今年六十一岁，谢谢", 61),
        ("小明今年十八岁", 18),
        ("我三十五周岁", 35),
        ("虚岁三十五", 35),
        ("我的年龄是35", 35),
        ("I'm 35 years old", 35),
        ("I am 35.", 35),
    ],
)
def test_a_number_is_read_in_many_forms(said: str, number: int) -> None:
    assert read_number(said, -10, 1000) == number


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "not_a_number"),
        ("很多", "not_a_number"),
        ("三五个", "not_a_number"),
        ("二十多", "not_a_number"),
        ("5.5", "not_a_number"),
        ("5年3个月", "not_a_number"),
        ("我快四十岁了", "not_a_number"),
        ("三十多岁", "not_a_number"),
        ("我二三十岁", "not_a_number"),
        ("他五岁半", "not_a_number"),
        ("他五岁，我八岁", "not_a_number"),
        ("今年三五", "not_a_number"),
        ("0", "too_small"),
        ("-5", "too_small"),
        ("11", "too_big"),
        ("十一个", "too_big"),
        ("9" * 5000, "too_big"),
    ],
)
def test_what_is_no_number_in_bounds_says_why(said: str, reason: str) -> None:
    with pytest.raises(Misheard) as problem:
        read_number(said, 1, 10)
    assert problem.value.reason == reason


@given(st.integers(-10_000, 10_000))
def test_every_number_in_digits_is_read_back(number: int) -> None:
    assert read_number(str(number), -10_000, 10_000) == number


@given(st.text())
def test_no_text_breaks_the_reader(said: str) -> None:
    try:
        assert 0 <= read_number(said, 0, 100) <= 100
    except Misheard:
        return
