"""Somebody of 14 to 17: their own word and a parent's are needed, asked in the talk or on another phone."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.runner import Runner
from storage.tables import Application
from storage.tickets.tables import Ticket
from tests.databases import on_both
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]

SIXTEEN = {**APPLICATION, "cert_no": "99000120100612001943"}


def at_the_question(visit: Visit) -> Visitor:
    """A girl of 16 who is told that a parent has to agree."""
    me = visit("a-girl").tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(**SIXTEEN)
    assert me.asking == "apply.parent_how"
    assert "18" in me.screen.text
    return me


def states(runner: Runner) -> list[str]:
    with runner.desk.store.reading() as session:
        return [str(each.state) for each in session.exec(select(Application))]


def test_a_parent_who_is_there_answers_and_it_is_sent(visit: Visit, runner: Runner) -> None:
    me = at_the_question(visit).tap("beside").say("王大山")
    me.answer(**SIXTEEN)
    assert me.asking == "apply.parent_agreed"
    me.tap("yes")
    assert me.asking == "apply.check"
    me.tap("send")
    assert me.asking == "receipt.told"
    assert states(runner) == ["submitted"]
    me.tap("read")
    assert me.asking == "home.do"


def test_a_parent_who_says_no_ends_it_kindly(visit: Visit, runner: Runner) -> None:
    me = at_the_question(visit).tap("beside").say("王大山").answer(**SIXTEEN).tap("no")
    assert me.asking == "apply.parent_refused"
    me.tap("read")
    assert me.asking == "ticket_made.told"
    assert states(runner) == []
    with runner.desk.store.reading() as session:
        assert "家长没有同意" in session.exec(select(Ticket)).one().words


@on_both
@pytest.mark.parametrize("how", ["phone", "later"])
def test_a_parent_elsewhere_is_waited_for_and_the_ways_to_ask_are_shown(
    visit: Visit, runner: Runner, how: str
) -> None:
    me = at_the_question(visit).tap(how)
    if how == "phone":
        me.say("王大山", "15400000007")
    me.answer(**SIXTEEN)
    me.tap("send")
    assert "家长" in me.screen.text
    assert states(runner) == ["awaiting_assent"]
    me.tap("read")
    assert me.asking == "ask.how"
    assert [option.value for option in me.screen.options] == ["parent_now", "parent_link", "later"]
    me.tap("parent_link")
    assert me.asking == "parent_link_ready.told"
    assert me.lines["用到哪天"].startswith("11 月 24 日")
    me.tap("read", "mine")
    assert me.screen.options[0].note == "等家长同意"
    me.tap(me.screen.options[0].value)
    assert me.lines["现在"] == "等家长同意"
    me.tap("assent", "parent_now", "parent", "yes")
    assert me.asking == "parent_word_done.told"
    assert states(runner) == ["submitted"]


def test_who_hands_the_phone_to_nobody_is_asked_nothing(visit: Visit, runner: Runner) -> None:
    me = at_the_question(visit).tap("later").answer(**SIXTEEN)
    me.tap("send", "read", "parent_now", "other")
    assert me.asking == "home.do"
    assert states(runner) == ["awaiting_assent"]


def test_at_eighteen_and_where_the_age_is_not_said_no_parent_is_asked(visit: Visit) -> None:
    for key, age in (("one", "18"), ("two", "unsaid")):
        me = visit(key).tap("plain", "self").begin("card", (("project", "P003"),))
        me.tap(me.screen.options[0].value).answer(**{**APPLICATION, "cert_have": "none", "age": age})
        assert me.asking == "apply.check"


def test_a_mother_who_applies_is_not_asked_as_a_parent_and_a_sister_is(visit: Visit, runner: Runner) -> None:
    for key, relation in (("mother", "parent"), ("sister", "sibling")):
        helper = visit(key).tap("plain", "family").say("小明").begin("card", (("project", "P003"),))
        helper.tap(helper.screen.options[0].value)
        helper.tap(helper.screen.options[1].value)
        helper.answer(**{**SIXTEEN, "helper_relation": relation, "parent_how": "later"}).tap("send", "read")
        assert helper.asking == "ask.how"
        offered = [option.value for option in helper.screen.options]
        wanted = ["now", "link", "later"]
        assert offered == (
            wanted if key == "mother" else ["now", "link", "parent_now", "parent_link", "later"]
        )
    helper.tap("parent_now", "parent", "yes")
    helper.tap("read", "mine")
    helper.tap(helper.screen.options[0].value)
    assert helper.lines["现在"] == "等本人答应"
    helper.tap("assent", "now", "beside", "yes")
    assert states(runner) == ["awaiting_assent", "submitted"]
