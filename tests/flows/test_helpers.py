"""Who helps me: kept, let go with one word, or thought about; in words and on the menu."""

from collections.abc import Callable

from sqlmodel import Session, select

from bot.applications import asked_elsewhere
from bot.applications.asked_elsewhere import Place
from bot.runner import Runner
from storage import gotokens, people
from storage.tables import Contact, Relation, Role
from tests.databases import on_both
from tests.visiting import APPLICATION, Visitor

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


@on_both
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


def a_girl_whose_parent_is_asked_by_link(visit: Visit) -> tuple[Visitor, str]:
    """A girl of 16 who made a link for her parent; and its secret."""
    girl = visit("a-girl").tap("plain", "self").begin("card", (("project", "P003"),))
    girl.tap(girl.screen.options[0].value)
    girl.answer(**{**APPLICATION, "cert_no": "99000120100612001943", "parent_how": "later"})
    girl.tap("send", "read", "parent_link")
    return girl, girl.lines["地址"].removeprefix("/go/")


def open_link(runner: Runner, secret: str) -> None:
    def opening(session: Session) -> None:
        now = runner.clock.now()
        token = gotokens.find_token(session, secret, now)
        assert token is not None
        assert asked_elsewhere.open_link(session, token, secret, Place("web", "", "a-parent"), "parent", now)

    runner.desk.do_now(opening)


def test_a_parent_asked_by_a_link_is_told_apart_and_can_be_ended(visit: Visit, runner: Runner) -> None:
    girl, secret = a_girl_whose_parent_is_asked_by_link(visit)
    with runner.desk.store.writing() as session:
        people.meet(session, "web", "an-aunt", runner.clock.now())
        aunt = people.find_contact(session, "web", "an-aunt")
        me = people.find_contact(session, "web", "a-girl")
        assert aunt is not None
        assert me is not None
        session.add(
            Relation(
                contact_id=aunt.id, person_id=me.current_person_id or 0, role=Role.FAMILY,
                powers=list(people.HELPER_POWERS), granted_by="", started_at=runner.clock.now(),
            )
        )  # fmt: skip
    girl.say("谁在帮我")
    assert [(each.label, each.note) for each in girl.screen.options] == [
        ("家长，还没打开地址", "11 月 21 日，星期六给的地址"),
        ("家里人", ""),
    ]
    open_link(runner, secret)
    girl.look()
    assert girl.screen.options[0].label == "家长，打开过地址"
    girl.tap(girl.screen.options[0].value)
    assert girl.screen.text == "还让家长看您的报名吗？"
    girl.tap("no")
    assert girl.asking == "helper_told.told"
    parent = visit("a-parent")
    assert parent.heard.contact_id is not None
    with runner.desk.store.reading() as session:
        assert people.people_of(session, parent.heard.contact_id, runner.clock.now()) == []
