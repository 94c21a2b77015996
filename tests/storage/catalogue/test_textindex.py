from hypothesis import given
from hypothesis import strategies as st

from storage.catalogue.textindex import TextIndex, bits_of, documents_of, plain, split_words

LETTERS = st.sampled_from("按摩手语培训班绣A1")
TEXTS = st.lists(st.lists(st.text(LETTERS, max_size=8), max_size=4), max_size=40)


@given(st.sets(st.integers(0, 500)))
def test_a_set_of_documents_comes_back_in_order(numbers: set[int]) -> None:
    assert list(documents_of(bits_of(numbers, 501))) == sorted(numbers)


@given(TEXTS, st.text(LETTERS, min_size=1, max_size=5))
def test_a_word_is_found_in_exactly_the_texts_that_hold_it(texts: list[list[str]], word: str) -> None:
    index = TextIndex(list(enumerate(texts)), len(texts))
    expected = {at for at, of in enumerate(texts) if any(plain(word) in plain(text) for text in of)}
    assert set(documents_of(index.find(plain(word)))) == expected


def test_words_of_very_many_documents_are_found_exactly() -> None:
    texts = [[f"第{number}期培训班", "保健按摩" if number % 3 else "摩保健按"] for number in range(1000)]
    index = TextIndex(list(enumerate(texts)), len(texts))
    assert index.find("培训").bit_count() == 1000
    assert set(documents_of(index.find("健按摩"))) == {number for number in range(1000) if number % 3}
    assert list(documents_of(index.find("第777期培训"))) == [777]
    assert index.find("训班第") == 0
    assert index.find("") == 0


def test_what_people_type_is_split_into_words() -> None:
    assert split_words(" 按摩、手语，长沙 ＡＢＣ/x ") == ["按摩", "手语", "长沙", "abc", "x"]
    assert split_words("  ") == [""]
