import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.spoken import Misheard
from dialogs.spoken.phones import mask_phone, read_phone, show_phone, speak_phone

MOBILE = "15400000001"
LANDLINE = "02800001101"


@pytest.mark.parametrize(
    "said",
    [
        "15400000001",
        "154 0000 0001",
        "154-0000-0001",
        "１５４０００００００１",
        "+8615400000001",
        "+86 154 0000 0001",
        "(+86)154-0000-0001",
        "0086-15400000001",
        "86 15400000001",
        "015400000001",
        "一五四〇〇〇〇〇〇〇一",
        "幺五四零零零零零零零幺",
        "我的手机号是15400000001",
        "电话：15400000001，谢谢。",
        "tel:15400000001",
    ],
)
def test_a_mobile_number_is_read_in_many_forms(said: str) -> None:
    assert read_phone(said) == MOBILE


@pytest.mark.parametrize(
    ("said", "phone"),
    [
        ("028-00001101", LANDLINE),
        ("02800001101", LANDLINE),
        ("（028）00001101", LANDLINE),
        ("028 0000 1101", LANDLINE),
        ("028-0000-1101", LANDLINE),
        ("+86 28 00001101", LANDLINE),
        ("+86 (0)28 00001101", LANDLINE),
        ("零二八，零零零零一一零一".replace("，", " "), LANDLINE),
        ("028-00001101转123", "02800001101-123"),
        ("028-00001101 分机 123", "02800001101-123"),
        ("028-00001101-123", "02800001101-123"),
        ("0731-00001101", "073100001101"),
        ("0731-0000110", "07310000110"),
        ("010-00001101", "01000001101"),
    ],
)
def test_a_landline_number_keeps_its_area_code(said: str, phone: str) -> None:
    assert read_phone(said) == phone


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "not_a_phone"),
        ("没有电话", "not_a_phone"),
        ("15400000001或者02800001101", "not_a_phone"),
        ("+852 0000 0001", "not_a_phone"),
        ("15400000001转12", "not_a_phone"),
        ("1540000000", "too_short"),
        ("12385", "too_short"),
        ("110", "too_short"),
        ("028-000011", "too_short"),
        ("154000000012", "too_long"),
        ("028-000011011", "too_long"),
        ("154000000011540000000115", "too_long"),
        ("86001101", "no_area_code"),
        ("00001101", "no_area_code"),
        ("28 00001101", "no_area_code"),
        ("000000110111", "not_a_phone"),
    ],
)
def test_what_is_no_phone_number_says_why(said: str, reason: str) -> None:
    with pytest.raises(Misheard) as problem:
        read_phone(said)
    assert problem.value.reason == reason


def test_numbers_are_shown_for_eyes() -> None:
    assert show_phone(MOBILE) == "154 0000 0001"
    assert show_phone(LANDLINE) == "028-00001101"
    assert show_phone("073100001101-123") == "0731-00001101 转 123"


def test_numbers_are_spoken_digit_by_digit() -> None:
    assert speak_phone(MOBILE) == "1 5 4，0 0 0 0，0 0 0 1"
    assert speak_phone("02800001101-12") == "0 2 8，0 0 0 0 1 1 0 1，转 1 2"


def test_masked_numbers_keep_only_both_ends() -> None:
    assert mask_phone(MOBILE) == "154****0001"
    assert mask_phone(LANDLINE) == "028****1101"
    assert mask_phone("02800001101-123") == "028****1101"


@given(st.from_regex(r"\A(1[0-9]{10}|0(10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}(-[0-9]{1,6})?)\Z"))
def test_what_is_shown_can_be_read_again(phone: str) -> None:
    phone = "".join(phone.split())
    assert read_phone(phone) == phone
    assert read_phone(show_phone(phone)) == phone


@given(st.text() | st.text(alphabet="0123456789+- 转()一二幺零"))
def test_no_text_breaks_the_reader(said: str) -> None:
    try:
        phone = read_phone(said)
    except Misheard:
        return
    assert re.fullmatch(r"1[0-9]{10}|0[0-9]{9,11}(-[0-9]{1,6})?", phone)
