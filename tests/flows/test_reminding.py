"""What a reminder of class leads to: place, support and a word whether one comes; how one wants to be reminded."""

from collections.abc import Callable
from datetime import datetime, time

import pytest
from sqlmodel import Session, select

from bot.letters.table import LETTERS
from bot.runner import Runner
from storage import people
from storage.catalogue.tables import CourseSession, Intake
from storage.classes import reminders as class_reminders
from storage.classes import results
from storage.tables import (
    Account,
    Application,
    Channel,
    Coming,
    NeedAnswer,
    Refusal,
    Relation,
    Reminder,
    ReminderState,
    ReminderWish,
    Role,
    Staff,
    Wanted,
)
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


def helper_of(me: Visitor, neighbour: Visitor, *powers: str) -> Application:
    """Let a neighbour help her, who wishes that helpers are reminded too; give her application."""
    now = me.runner.clock.now()
    with me.runner.desk.store.writing() as session:
        found = people.find_contact(session, neighbour.address.channel, neighbour.address.key)
        assert found is not None
        filed = session.exec(select(Application)).one()
        helping = Relation(contact_id=found.id, person_id=filed.person_id, role=Role.HELPER, started_at=now)
        helping.powers, helping.granted_by = list(powers), "person"
        session.add(helping)
        keep(session, filed.person_id, now, too=True)
    return filed


def keep(session: Session, person: int, now: datetime, *, too: bool) -> None:
    wanted = ReminderWish(person_id=person, days=[1], hour=10, helpers_too=too)
    class_reminders.keep_wish(session, wanted, now)


def open_as_told(neighbour: Visitor, filed: Application) -> Visitor:
    """Open what the letter to who helps leads to."""
    begins = LETTERS["class_of_other"].begins
    assert begins is not None
    leads_to = begins({"person": filed.person_id, "application": filed.id})
    return neighbour.begin(leads_to.flow, leads_to.about)


def test_who_is_reminded_too_reads_when_where_and_what_to_bring_and_nothing_else(
    me: Visitor, visit: Visit
) -> None:
    neighbour = visit("neighbour").tap("plain", "family")
    filed = helper_of(me, neighbour, *people.HELPER_POWERS)
    open_as_told(neighbour, filed)
    assert neighbour.asking == "class.come"
    assert set(neighbour.lines) == {
        *("什么课", "什么时候上课", "第一天几点", "在哪里", "怎么去", "要带什么", "打电话问"),
    }
    about = (("application", filed.id),)
    nothing = (("application", filed.id + 1000),)
    for flow in ("application", "moved", "offer", "withdraw", "certificate"):
        seen = neighbour.begin(flow, about).screen
        none = neighbour.begin(flow, nothing).screen
        assert (seen.text, seen.lines, seen.options) == (none.text, none.lines, none.options), flow
    assert open_as_told(neighbour, filed).say("会来").screen.text == "好的，到时候见。"
    assert coming(me) is Coming.YES
    assert neighbour.tap("read").screen.flow != "application"
    with me.runner.desk.store.writing() as session:
        keep(session, filed.person_id, me.runner.clock.now(), too=False)
    open_as_told(neighbour, filed)
    assert (neighbour.asking, neighbour.lines) == ("class.gone", {})


def test_who_may_only_be_reminded_reads_and_answers_nothing(me: Visitor, visit: Visit) -> None:
    neighbour = visit("neighbour").tap("plain", "family")
    filed = helper_of(me, neighbour, "reminders")
    open_as_told(neighbour, filed)
    assert (neighbour.asking, neighbour.screen.text) == ("class.seen", "看看地方和要带的东西。")
    assert "身份证" in neighbour.lines["要带什么"]
    assert neighbour.tap("read").screen.flow not in ("class", "application", "not_yours")
    assert coming(me) is None


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


@pytest.mark.parametrize("word", ["提醒", "上课前怎么提醒", "设置提醒", "Reminders"])
def test_the_bare_word_leads_to_where_reminders_are_set(me: Visitor, word: str) -> None:
    assert me.say(word).asking == "reminding.days"


@pytest.mark.parametrize(
    ("word", "leads_to"), [("上课前的提醒", "reminding.days"), ("2", "notices.unwanted")]
)
def test_no_more_reminders_said_outside_a_reminder_asks_of_what(
    me: Visitor, word: str, leads_to: str
) -> None:
    me.say("不要再提醒")
    assert me.screen.text == "您不想收什么？"
    assert me.say(word).asking == leads_to


def test_where_is_asked_of_who_has_both_a_chat_and_a_page(me: Visitor) -> None:
    with me.runner.desk.store.writing() as session:
        contact = session.exec(select(Account.contact_id)).one()
        people.add_account(session, contact, "telegram", "77", me.runner.clock.now())
    me.begin("reminding").say("2").tap("10")
    assert me.asking == "reminding.where"
    me.say("网页上")
    with me.runner.desk.store.reading() as session:
        assert session.exec(select(ReminderWish.channel)).one() is Channel.WEB


def test_a_certificate_says_where_it_is_and_whom_to_call(me: Visitor, wang: StaffSide) -> None:
    with me.runner.desk.store.writing() as session:
        filed = session.exec(select(Application)).one()
        member = session.exec(select(Staff)).one()
        now = me.runner.clock.now()
        results.write_result(session, filed, passed=True, certificate="ZS-0001", member=member, now=now)
        about = (("application", filed.id),)
    assert wang.state() == "accepted"
    me.begin("certificate", about)
    assert me.asking == "certificate.got"
    assert {"去哪里拿", "什么时候", "要带什么", "打电话问"} <= set(me.lines)
    me.say("去不了")
    assert me.screen.text == "好的，记下了。工作人员会和您商量怎么拿。"
    me.begin("certificate", about).say("拿到了")
    assert me.screen.text == "好的，祝贺您。"


def test_another_block_says_where_it_is_and_takes_the_same_answers(me: Visitor) -> None:
    with me.runner.desk.store.writing() as session:
        filed = session.exec(select(Application)).one()
        run = session.get_one(Intake, filed.intake_id)
        for number, day, mode in ((901, run.start_date, "offline"), (902, run.end_date, "online")):
            session.add(
                CourseSession(
                    intake_id=filed.intake_id,
                    session_no=number,
                    day=day,
                    start_time=time(19),
                    end_time=time(21),
                    hours=2,
                    mode=mode,
                )
            )
        session.flush()
        class_reminders.plan(session, filed, me.runner.clock.now())
        row = session.exec(select(Reminder).where(Reminder.kind == "class_block")).one()
        about = (("application", filed.id), ("reminder", row.id))
    me.begin("class_part", about)
    assert me.asking == "class_part.come"
    assert "在网上上课" in me.screen.text
    assert "在哪里" not in me.lines
    me.say("想换时间")
    assert coming(me) is Coming.OTHER
    me.begin("class_part", about).say("不要再提醒")
    assert due(me) == []
    me.begin("class_part", (*about[:1], ("reminder", 404)))
    assert me.screen.text == "这次提醒现在不用回答了。"


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


def asked_for_by(me: Visitor) -> list[str]:
    with me.runner.desk.store.reading() as session:
        return sorted(session.exec(select(Wanted.topic)).all())


def test_who_says_what_they_want_to_hear_of_refuses_it_no_longer(visit: Visit) -> None:
    me = visit().tap("plain", "self").say("退订").say("补贴和新规定")
    assert refused_by(me) == ["policy"]
    me.begin("settings").say("想收哪些消息")
    assert me.asking == "notices_wanted.wanted"
    me.say("政策、招聘会")
    assert me.screen.text == "好的，有了这些消息就告诉您。"
    assert (asked_for_by(me), refused_by(me)) == (["jobs", "policy"], [])
    me.say("退订").say("招聘会")
    assert (asked_for_by(me), refused_by(me)) == (["policy"], ["jobs"]), "who refuses wants it no longer"
    me.say("订阅").say("没有想收的")
    assert (me.screen.text, asked_for_by(me), refused_by(me)) == ("好的，记下了。", [], ["jobs"])
