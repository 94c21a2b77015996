"""The engine: what was said is kept by name, and the position is derived from it."""

from dataclasses import replace

from dialogs.kinds import Choice, Many, Note, Review, Text, YesNo
from dialogs.model import Answers, Flow, Option, Skip
from dialogs.talk import Again, Begin, Said, Tapped, World
from dialogs.words import Own
from tests.talking import Chat, book_of

FRUIT = tuple(Option(name, label) for name, label in (("apple", "苹果"), ("pear", "梨"), ("grape", "葡萄")))
TEN = tuple(Option(f"o{n}", Own(f"第{n}样")) for n in range(1, 11))


def where_to(answers: Answers, _: World) -> Begin | None:
    return {"shop": Begin("shop"), "ask": Begin("ask", (("person", 7),))}.get(answers.text("do"))


home = Flow(
    "home",
    Choice("do", "做什么？", (Option("shop", "买"), Option("ask", "问"))),
    then=where_to,
    stays=("do",),
)
shop = Flow(
    "shop",
    Choice("fruit", "要什么？", FRUIT),
    YesNo("bag", "要袋子吗？"),
    Text(
        "colour", "什么颜色的袋子？", when=lambda a: a["bag"] == "yes", skip=Skip(label="都行", value="any")
    ),
    Many("extras", "还要什么？", (*TEN, Option("none", "都不要")), exclusive=("none",)),
    Review("check", "对不对？"),
    record="order",
    draft=True,
)
ask = Flow("ask", Text("words", "想问什么？", most=50), Note("thanks", "知道了。"))


def chat() -> Chat:
    return Chat(book_of(home, shop, ask)).begin("home")


def test_a_question_is_asked_only_of_those_it_concerns() -> None:
    it = chat().tap("买", "苹果", "否")
    assert it.asking == "extras"
    it.back().tap("是")
    assert it.asking == "colour"


def test_answers_can_be_said_in_any_way() -> None:
    for said in ("2", "二", "２", "梨", "第二个", "我要梨"):
        assert chat().tap("买").say(said).answers == {"fruit": "pear"}, said


def test_a_long_list_comes_in_pages_and_goes_on_counting() -> None:
    it = chat().tap("买", "苹果", "否")
    assert (it.screen.page, it.screen.pages) == (1, 3)
    assert [option.number for option in it.screen.options] == [1, 2, 3, 4]
    it.say("下一页")
    assert [option.number for option in it.screen.options] == [5, 6, 7, 8]


def test_ticks_stay_through_pages_and_are_an_answer_only_when_done() -> None:
    it = chat().tap("买", "苹果", "否").tick("o1", "o2", done=False)
    assert "extras" not in it.answers
    it.tick("o5")
    assert it.answers["extras"] == ["o1", "o2", "o5"]
    assert it.asking == "check"


def test_one_tap_in_a_list_says_what_it_added_and_what_it_took_out() -> None:
    it = chat().tap("买", "苹果", "否", "o1")
    added = it.screen.options[0].label
    assert it.said == (f"加上了：{added}",)
    it.tap("@drop")._do(Tapped(it.screen.prompt, "o1"))
    assert it.said == (f"去掉了：{added}",)
    assert not it.tick("o1", done=False).said, "on a page the boxes show it"


def test_what_is_private_is_not_said_as_added_where_others_hear_it() -> None:
    needs = Flow("needs", Many("how", "要什么？", TEN, private=True))
    it = Chat(book_of(home, shop, ask, needs), trusted=False).begin("needs")
    it._do(Tapped(it.screen.prompt, "o1"))
    assert it.state.frames[-1].view["picked"] == ["o1"]
    assert not it.said


def test_typed_numbers_pick_several() -> None:
    assert chat().tap("买", "苹果", "否").say("1 3").answers["extras"] == ["o1", "o3"]


def test_what_stands_alone_is_not_picked_with_others() -> None:
    it = chat().tap("买", "苹果", "否").tick("o1", done=False).say("下一页").tick("none")
    assert it.asking == "extras"
    assert it.error


def test_a_finished_flow_is_submitted_once_and_home_is_asked_again() -> None:
    it = chat().tap("买", "苹果", "否").tick("o1").tap("对，发出去")
    assert [submit.record for submit in it.submitted] == ["order"]
    assert it.asking == "do"


def test_a_line_of_the_review_can_be_changed_by_word_or_by_button() -> None:
    it = chat().tap("买", "苹果", "否").tick("o1")
    assert [line.question for line in it.screen.lines] == ["fruit", "bag", "extras"]
    assert it.say("改1").asking == "fruit"
    assert it.tap("梨").asking == "check"
    assert it.change("bag").asking == "bag"
    assert it.tap("是").asking == "colour"
    assert it.say("都行").asking == "check"


def test_an_old_page_changes_nothing_and_says_so() -> None:
    it = chat()
    old = it.screen.prompt
    it.tap("买", "苹果")
    before = it.state.frames
    it._do(Tapped(old, "ask"))
    assert it.state.frames == before
    assert it.said
    it._do(Said("绿的", old))
    assert it.state.frames == before


def test_a_word_that_works_everywhere_works_in_a_choice() -> None:
    it = chat().tap("买", "苹果").say("返回")
    assert it.asking == "fruit"


def test_in_free_words_it_is_asked_back() -> None:
    it = chat().tap("问").say("返回")
    assert len(it.options) == 2
    assert it.say("写进回答里").answers == {"words": "返回"}
    again = chat().tap("问").say("返回").tap("做这件事")
    assert again.asking == "do"


def test_stopping_keeps_the_draft_and_beginning_again_goes_on() -> None:
    it = chat().tap("买", "苹果").stop()
    assert it.asking == "do"
    assert [frame.flow for frame in it.state.waiting] == ["shop"]
    it.tap("买")
    assert it.asking == "bag"
    assert not it.state.waiting


def test_what_is_about_somebody_else_is_another_draft() -> None:
    it = chat().begin("shop", (("person", 1),)).tap("苹果").begin("shop", (("person", 2),))
    assert it.asking == "fruit"
    it.begin("shop", (("person", 1),))
    assert it.asking == "bag"


def test_errors_are_never_the_same_twice_and_keep_what_was_typed() -> None:
    it = chat().tap("买")
    errors = [it.say("香蕉").error for _ in range(3)]
    assert len(set(errors)) == 3
    assert it.screen.typed == "香蕉"


def test_the_number_grows_only_when_the_screen_changes() -> None:
    it = chat().tap("买")
    number = it.screen.prompt
    assert it.again().screen.prompt == number
    it._do(Again())
    assert it.screen.prompt == number
    assert it.say("香蕉").screen.prompt == number + 1


def test_progress_is_said_only_while_the_total_is_sure() -> None:
    it = chat().tap("买")
    assert it.screen.total is None
    it.tap("苹果", "否")
    assert it.screen.number == 3
    assert it.screen.total == 4


def test_when_a_deploy_moved_the_question_it_is_asked_again_and_nothing_is_filed() -> None:
    it = chat().tap("买", "苹果")
    fresh = Choice("fresh", "新的问题？", (Option("yes", "甲"), Option("no", "乙")))
    it.book = book_of(home, Flow("shop", fresh, *(shop.literal or ()), record="order", draft=True), ask)
    assert it.say("1").answers == {"fruit": "apple"}
    assert it.asking == "fresh"
    assert it.said
    assert it.say("1").answers == {"fruit": "apple", "fresh": "yes"}


def test_a_renamed_question_keeps_its_answer() -> None:
    it = chat().tap("买", "苹果")
    first, *rest = shop.literal or ()
    it.book = book_of(
        home, Flow("shop", replace(first, name="fruits", was=("fruit",)), *rest, draft=True), ask
    )
    assert it.again().asking == "bag"


def test_a_flow_that_is_gone_leads_home() -> None:
    it = chat().tap("买", "苹果")
    it.book = book_of(home, ask)
    assert it.again().asking == "do"


def test_words_of_danger_get_a_calm_sentence_and_a_person_and_the_talk_goes_on() -> None:
    it = chat().tap("问").say("他打我，不让我走")
    assert [submit.record for submit in it.submitted] == ["safeguard"]
    assert "110" in it.said[0]
    assert it.asking == "thanks"


def test_coming_back_to_a_list_shows_the_page_one_was_on() -> None:
    shelf = Flow(
        "shelf",
        Choice("book", "哪一本？", TEN),
        then=lambda a, _: Begin("ask", (("book", a.text("book")),)),
        stays=("book",),
    )
    it = Chat(book_of(home, shelf, ask)).begin("home").begin("shelf").say("下一页").tap("o6")
    assert it.asking == "words"
    assert it.back().asking == "book"
    assert it.screen.page == 2
