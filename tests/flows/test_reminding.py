"""What a reminder of class leads to: place, support and a word whether one comes; how one wants to be reminded."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.runner import Runner
from storage.tables import Application, Coming, NeedAnswer, Refusal, Reminder, ReminderState, ReminderWish
from tests.staff_side import StaffSide
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def wang(runner: Runner) -> StaffSide:
    return StaffSide(runner)


@pytest.fixture
def me(visit: Visit, wang: StaffSide) -> Visitor:
    """Somebody with a seat, at the menu."""
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(**APPLICATION).tap("send", "read")
    wang.promise(NeedAnswer.CAN, "每次课都有")
    wang.accept()
    return me.stop()


def open_reminder(me: Visitor) -> Visitor:
    with me.runner.desk.store.reading() as session:
        application = session.exec(select(Application.id)).one()
    return me.begin("class", (("application", application),))


def coming(me: Visitor) -> Coming | None:
    with me.runner.desk.store.reading() as session:
        return session.exec(select(Application)).one().coming


def due(me: Visitor) -> list[int]:
    """How many days before class she is going to be reminded."""
    with me.runner.desk.store.reading() as session:
        rows = session.exec(select(Reminder).where(Reminder.kind == "class").order_by(Reminder.key)).all()
        return [int(row.about["days"]) for row in rows if row.state is ReminderState.DUE]


def test_she_sees_where_what_to_bring_and_which_support_is_there(me: Visitor) -> None:
    open_reminder(me)
    assert me.asking == "class.come"
    assert me.lines["手语翻译"] == "可以提供。每次课都有"
    assert "身份证" in me.lines["要带什么"]
    assert {"什么课", "什么时候上课", "在哪里", "怎么去", "打电话问"} <= set(me.lines)
    me.say("会来")
    assert (me.asking, me.screen.text) == ("class_answered.told", "好的，到时候见。")
    assert coming(me) is Coming.YES
    me.tap("read")
    assert me.asking == "application.do"


def test_who_cannot_come_keeps_the_seat_and_may_say_so_again(me: Visitor, wang: StaffSide) -> None:
    open_reminder(me).say("想换时间")
    assert "工作人员会和您商量" in me.screen.text
    assert (coming(me), wang.state()) == (Coming.OTHER, "accepted")
    open_reminder(me).say("2")
    assert coming(me) is Coming.NO


def test_no_more_reminders_of_this_course_by_one_word(me: Visitor, wang: StaffSide) -> None:
    assert due(me) == [1, 7]
    open_reminder(me).say("不要再提醒")
    assert me.screen.text == "好的，这门课不再提醒。位子还是您的。"
    assert (due(me), wang.state()) == ([], "accepted")


def test_who_has_no_seat_any_more_is_told_so(me: Visitor, wang: StaffSide) -> None:
    wang.decline("这个班不办了")
    open_reminder(me)
    assert (me.asking, me.screen.text) == ("class.gone", "这门课现在不用回答了。")
    assert me.lines["现在"] == "这次没有选上"


def test_days_and_hour_are_chosen_in_two_questions(me: Visitor) -> None:
    me.tap("settings").say("上课前怎么提醒")
    assert me.asking == "reminding.days"
    me.say("2 4").say("晚上")
    assert me.screen.text == "好的，到时候提醒您。"
    assert due(me) == [0, 3]
    with me.runner.desk.store.reading() as session:
        assert session.exec(select(ReminderWish.hour)).one() == 19
    me.begin("reminding").say("不要提醒")
    assert me.screen.text == "好的，上课前不再提醒您。"
    assert due(me) == []


def refused_by(me: Visitor) -> list[str]:
    with me.runner.desk.store.reading() as session:
        return sorted(session.exec(select(Refusal.topic)).all())


def test_one_word_ends_notices_of_a_kind_and_another_brings_them_back(visit: Visit) -> None:
    me = visit().tap("plain", "self").say("退订")
    assert me.asking == "notices.unwanted"
    me.say("2 3")
    assert me.screen.text == "好的，不再发这些。您自己报名的事，还会告诉您。"
    assert refused_by(me) == ["jobs", "policy"]
    me.begin("notices").say("招聘会")
    assert refused_by(me) == ["jobs"]
    me.begin("notices").say("都想收")
    assert (me.screen.text, refused_by(me)) == ("好的，都会告诉您。", [])
