"""None of these is asked in one way everywhere; an age in a sentence; after choosing a person, home."""

from collections.abc import Callable

from dialogs.facts.people import me as me_of
from dialogs.kinds import Many
from tests.talking import whole_book
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]


def at(visit: Visit, question: str, key: str = "a-visitor", **other: str | tuple[str, ...]) -> Visitor:
    me = visit(key).tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value)
    me.answer(**{name: value for name, value in {**APPLICATION, **other}.items() if name != question})
    assert me.asking == f"apply.{question}"
    return me


def test_none_of_these_is_never_a_box_to_tick() -> None:
    every = [question for flow in whole_book().flows for question in flow.literal or ()]
    several = [question for question in every if isinstance(question, Many)]
    assert several
    assert [question.name for question in several if question.exclusive or question.skip is None] == []


def test_none_of_these_stands_below_every_page(visit: Visit) -> None:
    me = at(visit, "needs_area")
    assert me.screen.pages == 2
    assert me.screen.options[-1].label == "都不要"
    me.say("下一页")
    assert me.screen.options[-1].label == "都不要"
    me.tap("none").answer(**APPLICATION)
    assert me.asking == "apply.check"
    assert me.line("needs_area").value == "都不要"
    assert not any(line.question.startswith("need_") for line in me.screen.lines)


def test_none_of_these_may_be_said(visit: Visit) -> None:
    for words in ("都不要", "都不用", "没有"):
        assert at(visit, "needs_area", words).say(words).asking == "apply.access_other", words


def test_what_was_left_open_is_shown_when_asked_again(visit: Visit) -> None:
    me = at(visit, "check", needs_area="none").change("needs_area")
    assert [option.label for option in me.screen.options if option.picked] == ["都不要"]


def test_an_age_is_read_from_a_sentence(visit: Visit) -> None:
    me = at(visit, "age", cert_have="none").say("我今年三十五")
    assert me.error == ""
    assert me.asking == "apply.phone"


def test_after_choosing_another_person_she_is_at_the_menu(visit: Visit) -> None:
    me = visit().tap("plain", "family").say("小明").tap("settings", "whose", "new").say("小红").tap("family")
    assert me.asking == "home.do"
    assert me.screen.asking_for == "小红"


def test_somebody_new_goes_back_to_the_question_before_and_never_past_the_first(visit: Visit) -> None:
    me = visit().tap("easy")
    assert me.asking == "who.role"
    me.say("返回")
    assert me.asking == "reading.reading"
    me.say("返回")
    assert me.asking == "reading.reading"
    me.tap("plain", "family").back()
    assert me.asking == "who.role"
    me.tap("self").begin("reading").say("返回")
    assert me.asking == "home.do", "who looks at it again comes back to where he was"


def test_a_word_asked_back_about_is_meant_when_it_is_said_again_and_no_answer_when_another_is_given(
    visit: Visit,
) -> None:
    me = visit().tap("plain", "family").say("返回")
    assert me.screen.text.startswith("您说“返回”")
    me.say("返回")
    assert me.asking == "who.role"
    me.tap("family").say("返回", "停下来")
    assert me.asking == "home.do"
    other = visit("b").tap("plain", "family").say("返回", "小明")
    assert other.asking == "home.do"
    assert [each.name for each in me_of(other.heard.here.world).people] == ["小明"]
