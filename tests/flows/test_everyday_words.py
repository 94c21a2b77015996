"""Looking for a course in one's own words, also in a whole spoken sentence; what was said is kept as the wish."""

from collections.abc import Callable

from sqlmodel import select

from bot.runner import Runner
from storage.tables import Wish
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


def looking_for(visit: Visit, words: str) -> Visitor:
    me = visit().tap("plain", "self", "browse", "unemployed").tick("words").say(words)
    assert me.asking == "browse.project"
    return me


def test_it_says_openly_that_it_is_not_the_very_thing(visit: Visit) -> None:
    me = looking_for(visit, "种菜")
    assert me.screen.text == "没找到“种菜”。和它差不多的，有 3 个课。您想看哪一个？"
    assert "学种大棚菜" in {name for option in me.screen.options for name in option.names}


def test_who_reads_english_finds_courses_by_english_words(visit: Visit) -> None:
    me = visit().tap("en", "self", "browse", "unemployed").tick("words").say("baking")
    assert me.screen.text.startswith("Nothing is called “baking”.")
    assert "学做面点" in {name for option in me.screen.options for name in option.names}
    me.back().say("massage")
    assert "学盲人按摩" in {name for option in me.screen.options for name in option.names}
    me.back().say("massage lessons, or bamboo weaving perhaps")
    assert "“massage, weaving”" in me.screen.text


def test_a_long_sentence_is_taken_and_kept_whole_as_a_wish(visit: Visit, runner: Runner) -> None:
    sentence = (
        "我今年四十多岁了，以前在老家种过地，现在腿不太方便，想找一个能坐着学修手表的地方，最好离家近一点"
    )
    assert len(sentence) > 40
    me = looking_for(visit, sentence).tap("@wish")
    assert me.asking == "wish.how_far"
    me.tap("any", "any")
    assert me.asking == "wish_kept.told"
    with runner.desk.store.reading() as session:
        assert session.exec(select(Wish)).one().wish == sentence
