import csv
import re
from collections import Counter
from importlib.resources import files

import pytest

from storage.catalogue import codes

from .making import demo_rows

HAN = re.compile("[\u3400-\u9fff]")
LONGEST_ENGLISH = 50
"""Characters: more would not fit on a button of a phone."""


def test_a_word_is_known_by_code_by_label_and_by_easy_word() -> None:
    assert codes.code_of("service", "sign_interp") == "sign_interp"
    assert codes.code_of("service", "手语翻译") == "sign_interp"
    assert codes.code_of("service", "有人打手语") == "sign_interp"


def test_full_width_letters_spaces_and_quotes_do_not_matter() -> None:
    assert codes.code_of("delivery", "三单联动") == "three_orders"
    assert codes.code_of("service", " 文字速录／实时字幕 ") == "cart"
    assert codes.code_of("subcategory", "１＋Ｘ双证") == "1+X双证"


def test_an_unknown_word_has_no_code_but_may_have_a_near_one() -> None:
    assert codes.code_of("service", "手语") is None
    near = codes.near("service", "手语")
    assert near is not None
    assert near.code == "sign_interp"
    assert codes.near("service", "完全无关的话") is None


def test_labels_come_in_two_wordings_and_fall_back() -> None:
    assert codes.label("category", "massage") == "盲人按摩培训"
    assert codes.easy("category", "massage") == "学按摩"
    assert codes.easy("delivery", "project") == codes.label("delivery", "project")
    assert codes.label("category", "not a code") == "not a code"


def test_every_code_has_a_short_english_label_of_its_own() -> None:
    rows = list(csv.DictReader(files("storage.catalogue").joinpath("codes.csv").read_text().splitlines()))
    for row in rows:
        assert 0 < len(row["label_en"]) <= LONGEST_ENGLISH, row
        assert not HAN.search(row["label_en"]), row
    told = Counter((row["list"], row["label_en"]) for row in rows)
    assert [label for label, times in told.items() if times > 1] == []


def test_an_english_label_is_found_by_its_code() -> None:
    assert codes.english("venue_type", "village") == "In a village"
    assert codes.english("category", "not a code") == "not a code"


def test_services_know_what_they_help_with_and_for_whom() -> None:
    by_code = {service.code: service for service in codes.services()}
    assert by_code["braille"].function == "see"
    assert by_code["braille"].default_for == ("1",)
    assert by_code["sign_interp"].default_for == ("2", "3")


def test_a_list_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        codes.words("colours")


def test_every_situation_names_categories_that_exist() -> None:
    for situation in codes.words("situation").values():
        assert situation.note
        assert set(situation.default_for) <= codes.words("category").keys()


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("category_code", "category"),
        ("subcategory", "subcategory"),
        ("industry", "industry"),
        ("level", "level"),
        ("audience", "audience"),
        ("venue_type", "venue_type"),
        ("delivery", "delivery"),
        ("programme", "programme"),
        ("tags", "tag"),
        ("services_available", "service"),
    ],
)
def test_every_word_of_the_demo_stands_in_the_vocabulary(column: str, name: str) -> None:
    used = {word for row in demo_rows() for word in row[column].split("|") if word}
    assert used <= codes.words(name).keys()
