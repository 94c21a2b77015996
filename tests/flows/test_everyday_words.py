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


def test_what_one_looks_for_is_understood_wherever_one_says_it(visit: Visit) -> None:
    me = visit().tap("plain", "self").say("我想学按摩")
    assert me.asking == "browse.project"
    assert "学盲人按摩" in {name for option in me.screen.options for name in option.names}
    assert me.back().asking == "home.do"
    assert me.tap("browse").say("成都").asking == "browse.project"
    found = {name for option in me.screen.options for name in option.names}
    assert me.back().back().asking == "browse.how"
    assert me.say("想去成都上课").asking == "browse.project"
    assert {name for option in me.screen.options for name in option.names} >= found
    me.back().back().say("谢谢你们")
    assert me.asking == "browse.how"
    assert "没听懂" in me.screen.error


def test_who_would_learn_anything_sees_every_course(visit: Visit) -> None:
    me = visit().tap("plain", "self", "browse", "unemployed", "all")
    every = me.screen.text
    me.back().tick("words").tap("any")
    assert me.screen.text == every


def courses(me: Visitor) -> list[str]:
    return [option.value for option in me.screen.options]


def test_who_wants_what_is_near_is_asked_once_where_she_lives(visit: Visit, runner: Runner) -> None:
    me = visit().tap("plain", "self", "browse", "unemployed", "all")
    assert me.screen.hint.endswith("想先看离家近的，就说“近的”。")
    before = courses(me)
    me.say("近的")
    assert me.asking == "browse.lives"
    me.say("武侯区红牌楼")
    assert me.asking == "browse.project"
    assert me.screen.hint == "课是这样排的：先看能报名的课。再看离您近的课。"
    shelf = runner.shelf.current
    first = [shelf.project(number) for number in courses(me)[:3]]
    assert [card.first.city for card in first if card] == ["成都市"] * 3
    assert courses(me) != before
    me.tap(courses(me)[0])
    assert me.asking == "card.do"
    again = me.stop().tap("browse").tap("all")
    assert again.screen.hint.endswith("再看离您近的课。"), "it is known now, and not asked again"
    assert me.begin("mydata").lines["住处"] == "武侯区红牌楼"


def test_nobody_has_to_say_where_they_live(visit: Visit) -> None:
    me = visit().tap("plain", "self", "browse", "unemployed", "near", "unsaid")
    assert me.asking == "browse.project"
    assert me.screen.hint == "课是这样排的：先看能报名的课。再看开课早的课。"
    assert "@near" not in {option.value for option in me.screen.options}
    me.change("lives").say("火星")
    assert me.screen.hint.startswith("没看出“火星”在哪里。")


def test_a_place_that_was_chosen_or_said_is_what_near_means(visit: Visit) -> None:
    me = visit().tap("plain", "self", "browse", "unemployed").tick("city").say("长沙市")
    assert me.screen.hint.endswith("再看离长沙市近的课。")
    me.change("how").tick("words").say("想去成都上课")
    assert me.screen.hint.endswith("再看离成都市近的课。")


def test_another_person_and_the_end_of_ones_data_are_a_word_away(visit: Visit) -> None:
    me = visit().tap("plain", "self")
    for words, asks in {
        "换一个人": "whose.person", "换人": "whose.person", "删除": "mydata.do", "删掉我的信息": "erase.sure",
        "注销": "erase.sure",
    }.items():  # fmt: skip
        assert me.stop().say(words).asking == asks, words
    me.stop().tap("browse", "unemployed").tick("words").say("换人")
    assert me.asking == "browse.words", "asked back: it may be the answer"
    assert me.say("换人").asking == "whose.person"


def test_a_file_where_only_words_will_do_is_not_told_to_choose(visit: Visit) -> None:
    me = visit().tap("plain", "family")
    assert not me.screen.options
    assert me.send("document", b"%PDF-1.7").screen.error == "这里要文字，不是文件。写出来就行。"
