"""Every wording has an easy-read and an English twin, and the twins keep the rules."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import meta

from bot.voices import LOCALES, load_voices
from dialogs.plain_language import Finding, check, check_english, check_error
from tests.dialogs.collecting import HAN, broken_up, wordings
from tests.dialogs.judging import glossary_of
from tests.dialogs.names import NAMES
from tests.locale_sync import read_catalogue

EASY, ENGLISH = LOCALES["easy"], LOCALES["en"]
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
CHINESE_IN_ENGLISH = ("管城回族区城西街道", "文件")
"""A place, and the word to type in the terminal."""


def twins(locale: str) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in read_catalogue(locale) if message.id}


def pieces(text: str) -> list[str]:
    """The parts of a wording that are said in one case or another."""
    return [piece for piece in TAG.split(text) if piece.strip()]


@pytest.mark.parametrize("locale", LOCALES.values())
def test_every_wording_is_there_and_none_is_left_over(locale: str) -> None:
    kept, said = twins(locale), wordings()
    assert [text for text in said if not kept.get(text)] == [], "run `make locale`, then translate these"
    assert [text for text in kept if text not in said] == [], "run `make locale`: nobody says these any more"


def test_no_sentence_is_put_together_from_pieces() -> None:
    assert broken_up() == []


@pytest.mark.parametrize("locale", LOCALES.values())
def test_a_twin_has_no_gap_that_its_source_does_not_fill(locale: str) -> None:
    environment = load_voices()["plain"]._jinja

    def gaps(text: str) -> set[str]:
        return meta.find_undeclared_variables(environment.parse(text))

    assert [text for text, twin in twins(locale).items() if not gaps(twin) <= gaps(text)] == []


@pytest.mark.parametrize("reading", ["easy", "en"])
def test_every_wording_can_be_compiled(reading: str) -> None:
    voice = {str(name): voice for name, voice in load_voices().items()}[reading]
    for text in wordings():
        voice._jinja.from_string(voice.own(text))


def test_easy_wordings_keep_the_rules_even_alone() -> None:
    findings: list[tuple[str, Finding]] = []
    for twin in twins(EASY).values():
        for piece in pieces(twin):
            found = check(piece, "easy", consent=True, glossary=glossary_of("easy"), names=NAMES)
            findings += [(piece, finding) for finding in found]
    assert findings == []


def test_plain_sentences_keep_the_rules_even_alone() -> None:
    findings: list[tuple[str, Finding]] = []
    for text in wordings():
        for piece in pieces(text):
            if piece.endswith(("。", "？")):  # a label is judged with its question
                found = check(piece, "plain", consent=True, glossary=glossary_of("plain"), names=NAMES)
                findings += [(piece, finding) for finding in found]
    assert findings == []


def test_english_wordings_keep_the_rules() -> None:
    findings = [
        found for twin in twins(ENGLISH).values() for piece in pieces(twin) for found in check_english(piece)
    ]
    assert findings == []


def test_english_wordings_are_in_english() -> None:
    def left(text: str) -> str:
        for word in CHINESE_IN_ENGLISH:
            text = text.replace(word, "")
        return text

    assert [twin for twin in twins(ENGLISH).values() if HAN.search(left(TAG.sub("", twin)))] == []


def errors() -> Iterator[str]:
    """What is said about an answer that could not be read."""
    for text, places in wordings().items():
        if any(place.startswith("dialogs/kinds/") for place in places) and text.count("。") == 2:
            yield text


def test_no_sentence_about_an_answer_blames_anybody() -> None:
    easy = twins(EASY)
    told = list(errors())
    assert len(told) > 20
    assert [found for text in told for found in (*check_error(text), *check_error(easy[text]))] == []
