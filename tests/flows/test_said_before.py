"""What was just said is offered as a ready answer: nobody says the same name and number three times."""

from collections.abc import Callable

import pytest

from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]

ACCOMPANIED = {**APPLICATION, "companion": "own", "helper_relation": "parent"}


def labels(me: Visitor) -> list[str]:
    return [option.label for option in me.screen.options]


def up_to(me: Visitor, *questions: str) -> Visitor:
    """Answer everything before these questions."""
    me.begin("card", (("project", "P003"),)).tap(me.screen.options[0].value)
    if me.screen.flow == "whose":
        me.tap(me.screen.options[1].value)
    answers = ACCOMPANIED if questions else APPLICATION
    return me.answer(**{name: value for name, value in answers.items() if name not in questions})


@pytest.fixture
def mother(visit: Visit) -> Visitor:
    return visit("mother").tap("plain", "family").say("小明")


def test_a_mother_says_her_name_and_number_once(mother: Visitor) -> None:
    asked = ("companion_name", "companion_phone", "phone", "emergency_name", "emergency_phone")
    me = up_to(mother, *asked)
    assert me.asking == "apply.companion_name"
    assert labels(me) == ["我自己，李大梅", "以后再说"]
    me.tap(me.screen.options[0].value)
    assert me.asking == "apply.companion_phone"
    me.say("15400000007")
    up_to_phone = {name: value for name, value in ACCOMPANIED.items() if name not in asked}
    me.answer(**up_to_phone)
    assert me.asking == "apply.phone"
    assert labels(me) == ["154 0000 0007", "没有电话"]
    me.say("没有").answer(**up_to_phone)
    assert me.asking == "apply.emergency_name"
    assert labels(me) == ["我自己，李大梅", "不想说"]
    me.say("我自己")
    assert me.asking == "apply.emergency_phone"
    assert labels(me) == ["154 0000 0007", "没有电话"]
    me.say("1").answer(words="none")
    assert me.asking == "apply.check"
    assert [me.line(name).value for name in ("companion_name", "emergency_name")] == ["李大梅", "李大梅"]
    assert me.line("emergency_phone").value == "154 0000 0007"


def test_typed_words_are_an_answer_as_before(mother: Visitor) -> None:
    me = up_to(mother, "companion_name").say("王大山")
    assert me.heard.said == ("记下了：王大山",)
    assert me.asking == "apply.companion_phone"


def test_somebody_else_in_an_emergency_is_not_given_the_number_of_the_first(visit: Visit) -> None:
    me = up_to(
        visit().tap("plain", "self"), "companion_name", "companion_phone", "emergency_name", "emergency_phone"
    )
    me.say("王大山", "15400000007").answer(
        **{n: v for n, v in ACCOMPANIED.items() if not n.startswith("emergency")}
    )
    assert labels(me) == ["王大山", "不想说"]
    me.tap("@ready0")
    assert labels(me) == ["154 0000 0007", "没有电话"]


def test_who_names_nobody_for_an_emergency_is_not_asked_for_his_number(visit: Visit) -> None:
    asked = ("companion", "emergency_name", "emergency_phone", "words")
    me = up_to(visit().tap("plain", "self"), *asked).tap("no")
    me.answer(**{name: value for name, value in ACCOMPANIED.items() if name not in asked})
    assert me.asking == "apply.emergency_name"
    assert me.say("不想说").asking == "apply.words"


def test_what_the_record_holds_is_offered_for_the_next_course(mother: Visitor) -> None:
    up_to(mother).tap("send", "read").begin("card", (("project", "P004"),))
    me = mother.tap(mother.screen.options[0].value).tap(mother.screen.options[1].value)
    me.answer(**{**APPLICATION, "companion": "own", "helper_name": "@keep", "access_other": "@keep"})
    assert me.asking == "apply.companion_name"
    assert labels(me) == ["我自己，李大梅", "李大山", "以后再说"]
    me.tap("@ready1")
    assert labels(me) == ["154 0001 0001", "以后再说"]
