import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dialogs.spoken import Misheard
from dialogs.spoken.certificate import check_digit, group, mask, read_certificate

TODAY = date(2026, 11, 21)
VECTORS = Path(__file__).parents[2] / "data" / "cert_test_vectors.csv"
WITH_REASONS = list(csv.DictReader(VECTORS.read_text(encoding="utf-8-sig").splitlines()))


def test_all_vectors_are_there() -> None:
    assert len(WITH_REASONS) == 26


@pytest.mark.parametrize("case", WITH_REASONS, ids=lambda case: f"{case['input']} {case['reason']}")
def test_every_vector_gives_its_result(case: dict[str, str]) -> None:
    if case["expect_valid"] == "0":
        with pytest.raises(Misheard) as problem:
            read_certificate(case["input"], TODAY)
        assert problem.value.family == case["reason"]
        return
    read = read_certificate(case["input"], TODAY)
    assert read.number == case["normalised"]
    assert read.birth_date == date.fromisoformat(case["birth_date"])
    assert read.sex == case["sex"]
    assert (read.category, read.level) == (int(case["category"]), int(case["level"]))
    assert read.reissue == (int(case["reissue_no"]) if case["reissue_no"] else None)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("99000119900307001X", "id_only"),
        ("99000119900307001x。", "id_only"),
        ("990001900307001", "old_id"),
        ("99000190030700143", "old_id"),
        ("99000119900307001X430", "one_more"),
        ("99000119900307001XA3", "characters"),
        ("9900011990030700AX43", "characters"),
        ("没有", "length"),
        ("", "length"),
        ("我有两个：99000119900307001X43 和 99000119850612002912", "length"),
    ],
)
def test_the_narrow_reason_tells_what_was_mixed_up(said: str, reason: str) -> None:
    with pytest.raises(Misheard) as problem:
        read_certificate(said, TODAY)
    assert problem.value.reason == reason


@pytest.mark.parametrize(
    "said",
    [
        "99000119900307001X43",
        "990001-1990-0307-001X-43",
        "990001 1990-03-07 001X 43",
        "我的残疾人证号是：99000119900307001x43。",
        "九九零零零一一九九零零三零七零零一x四三",
    ],
)
def test_a_number_is_read_with_what_stands_around_it(said: str) -> None:
    assert read_certificate(said, TODAY).number == "99000119900307001X43"


def test_the_day_of_birth_may_be_today_but_not_tomorrow() -> None:
    born = "99000120261121001"
    number = f"{born}{check_digit(born)}11"
    assert read_certificate(number, TODAY).birth_date == TODAY
    with pytest.raises(Misheard, match="birth_date"):
        read_certificate(number, date(2026, 11, 20))


def test_a_number_is_grouped_for_its_owner() -> None:
    assert group("99000119900307001X43") == "990001 1990-03-07 001X 43"
    assert group("99000119900307001X43B12") == "990001 1990-03-07 001X 43 B12"


def test_a_number_is_masked_for_lists() -> None:
    assert mask("99000119900307001X43") == "990001****1X43"
    assert mask("99000119900307001X43B1") == "990001****1X43"


def test_the_id_part_stays_when_the_card_is_reissued() -> None:
    first = read_certificate("99000119900307001X43", TODAY)
    again = read_certificate("99000119900307001X42B1", TODAY)
    assert first.id_number == again.id_number == "99000119900307001X"


NUMBERS = st.builds(
    lambda day, order, category, level: (
        (first := f"990001{day:%Y%m%d}{order:03}") + check_digit(first) + f"{category}{level}"
    ),
    st.dates(date(1907, 1, 1), TODAY),
    st.integers(0, 999),
    st.integers(1, 7),
    st.integers(1, 4),
)


@given(NUMBERS)
def test_what_is_grouped_can_be_read_again(number: str) -> None:
    read = read_certificate(group(number), TODAY)
    assert read.number == number
    assert read.sex == ("男" if int(number[16]) % 2 else "女")


@given(NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_no_single_wrong_digit_of_the_id_part_passes(number: str, place: int, shift: int) -> None:
    wrong = str((int(number[place]) + shift) % 10)
    with pytest.raises(Misheard):
        read_certificate(number[:place] + wrong + number[place + 1 :], TODAY)


@given(NUMBERS, st.integers(0, 15))
def test_no_two_neighbours_changed_over_pass(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(Misheard):
        read_certificate(swapped, TODAY)


@given(st.text() | st.text(alphabet="0123456789XxBb ", min_size=15, max_size=24))
def test_no_text_breaks_the_reader(said: str) -> None:
    try:
        assert read_certificate(said, TODAY).number
    except Misheard:
        return
