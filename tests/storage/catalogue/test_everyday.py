"""Everyday words find courses that are called otherwise; a spoken sentence is cut to the words we know."""

import pytest

from storage.catalogue.everyday import everyday, known_in
from storage.catalogue.snapshot import Page, Snapshot


def ids(page: Page) -> set[str]:
    return {card.project_id for card in page.cards}


@pytest.mark.parametrize(
    ("word", "among"),
    [
        ("种菜", "学种大棚菜"),
        ("做饭", "学做面点"),
        ("做衣服", "下班后学缝纫"),
        ("卖东西", "学做网店客服"),
        ("推拿", "学盲人按摩"),
        ("绣花", "学羌绣"),
        ("手工活", "学竹编"),
    ],
)
def test_an_everyday_word_leads_to_what_courses_call_it(snapshot: Snapshot, word: str, among: str) -> None:
    page = snapshot.find(words=word, limit=40)
    assert among in {card.title_easy for card in page.cards}
    assert page.instead == (word,)


def test_what_is_called_so_stands_for_itself(snapshot: Snapshot) -> None:
    page = snapshot.find(words="按摩")
    assert (page.instead, page.read_as, page.total) == ((), (), 2)


def test_few_of_the_very_word_are_joined_by_what_is_like_it(snapshot: Snapshot) -> None:
    page = snapshot.find(words="衣服", limit=40)
    assert (page.exact, page.instead) == (1, ("衣服",))
    assert page.total > 1


def test_a_spoken_sentence_is_cut_to_what_we_know(snapshot: Snapshot) -> None:
    page = snapshot.find(words="我想学一个能在家里做的手工活", limit=40)
    assert (page.instead, page.read_as) == (("手工活",), ("在家", "手工活"))
    page = snapshot.find(words="我儿子想去眉山学盲人按摩，他坐轮椅，要能进得去才行", limit=40)
    assert ids(page) == {"P003"}
    page = snapshot.find(words="我们家住在成都，儿子特别想去成都学保健按摩，就是学这个", limit=40)
    assert ids(page) == {"P003", "P014"}, "what is taught counts before the place"


def test_a_sentence_that_says_nothing_finds_nothing(snapshot: Snapshot) -> None:
    for words in ("没有这样的课", "你好", "按摩 面点", "啊" * 300, "种菜 没有的地方"):
        assert snapshot.find(words=words).total == 0, words


def test_filters_hold_for_what_is_like_it_too(snapshot: Snapshot) -> None:
    page = snapshot.find(words="种菜", where={"city": frozenset({"德阳市"})}, limit=40)
    assert {card.title_easy for card in page.cards} == {"学种大棚菜"}


def test_no_everyday_word_leads_to_itself_alone() -> None:
    assert all(leads and leads != (word,) for word, leads in everyday().items())
    assert known_in("想学种菜和做饭，种菜", everyday()) == ("种菜", "做饭")


@pytest.mark.parametrize(
    ("words", "among"),
    [
        ("massage", "学盲人按摩"),
        ("Massages", "学盲人按摩"),
        ("sew", "下班后学缝纫"),
        ("I’d like to learn massage", "学盲人按摩"),
        ("a course in bamboo weaving, please", "学竹编"),
        ("online", "学做网店客服"),
    ],
)
def test_english_words_find_what_the_vocabulary_calls_so(snapshot: Snapshot, words: str, among: str) -> None:
    page = snapshot.find(words=words, limit=40)
    assert among in {card.title_easy for card in page.cards}
    assert page.total < snapshot.find().total


def test_two_english_words_are_both_looked_for(snapshot: Snapshot) -> None:
    page = snapshot.find(words="sign language", limit=40)
    assert page.total == snapshot.find(words="手语", limit=40).total > 0


@pytest.mark.parametrize(("word", "among"), [("baking", "学做面点"), ("vegetables", "学种大棚菜")])
def test_an_everyday_english_word_leads_to_what_courses_call_it(
    snapshot: Snapshot, word: str, among: str
) -> None:
    page = snapshot.find(words=word, limit=40)
    assert among in {card.title_easy for card in page.cards}
    assert page.instead == (word,)


def test_an_english_sentence_is_cut_to_what_we_know(snapshot: Snapshot) -> None:
    page = snapshot.find(words="My daughter dreams of massage in Chengdu", limit=40)
    assert ids(page) == ids(snapshot.find(words="massage", limit=40))
    assert page.read_as == ("massage",)


def test_part_of_an_english_word_is_not_its_middle(snapshot: Snapshot) -> None:
    for words in ("assage", "zzz", "hello there", "a"):
        assert snapshot.find(words=words).total in (0, snapshot.find().total), words
    assert snapshot.find(words="assage").total == 0
