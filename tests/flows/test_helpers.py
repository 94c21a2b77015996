"""Who helps me: kept, let go with one word, or thought about; in words and on the menu."""

from collections.abc import Callable

from sqlmodel import select

from bot.runner import Runner
from storage import people
from storage.tables import Contact, Relation, Role
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


def a_helped_son(visit: Visit, runner: Runner) -> Visitor:
    """A mother speaks for 小明, who has a phone of his own."""
    visit("mother").tap("plain", "family").say("小明")
    son = visit("son").tap("plain", "self")
    with runner.desk.store.writing() as session:
        person_id = session.exec(select(Relation).where(Relation.role != Role.SELF)).one().person_id
        own = session.exec(select(Relation).where(Relation.role == Role.SELF)).one()
        own.person_id = person_id
        session.add(own)
        people.set_current(session, own.contact_id, person_id)
    son.look()
    return son


def helping(runner: Runner) -> Relation:
    with runner.desk.store.reading() as session:
        return session.exec(select(Relation).where(Relation.role != Role.SELF)).one()


def test_one_word_ends_it_and_the_helper_is_told_kindly_and_not_why(visit: Visit, runner: Runner) -> None:
    son = a_helped_son(visit, runner).say("不让他帮了")
    assert son.asking == "helper_told.told"
    assert helping(runner).revoked_at is not None
    mother = visit("mother")
    assert mother.screen.flow == "home"
    assert mother.screen.hint == "现在不用您帮小明办事了。谢谢您。"
    assert mother.screen.asking_for == ""
    with runner.desk.store.reading() as session:
        assert session.get_one(Contact, helping(runner).contact_id).current_person_id is None


def test_among_ones_own_data_stands_who_helps(visit: Visit, runner: Runner) -> None:
    son = a_helped_son(visit, runner).say("我的信息").tap("helpers")
    assert son.asking == "helpers.keep"
    assert son.screen.text == "还让他帮忙吗？"
    assert son.lines == {"他能帮到哪天": "5 月 20 日，星期四"}
    son.say("我再想想").tap("read")
    assert helping(runner).revoked_at is None
    son.say("谁在帮我", "让他帮")
    assert son.asking == "helper_told.told"


def test_near_the_end_the_menu_asks(visit: Visit, runner: Runner) -> None:
    son = a_helped_son(visit, runner)
    assert not any(option.value.startswith("helper_") for option in son.screen.options)
    with runner.desk.store.writing() as session:
        relation = session.get_one(Relation, helping(runner).id)
        assert relation.ends_at is not None
        relation.ends_at = runner.clock.now().replace(month=12, day=1)
        session.add(relation)
    son.look()
    first = son.screen.options[0]
    assert (first.label, first.note) == ("还让他帮忙吗", "到 12 月 1 日，星期二为止")
    son.tap(first.value)
    assert son.asking == "helpers.keep"


def test_where_nobody_helps_it_says_so(visit: Visit) -> None:
    me = visit().tap("plain", "self").say("不让他帮了")
    assert me.screen.text == "现在没有人帮您办事。"
    me.tap("none")
    assert me.asking == "home.do"
