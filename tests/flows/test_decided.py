"""What the person sees and answers after staff decided: in their own reading, on the page and in a chat."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from bot.classes import calling_off
from bot.letters.opening import opened
from bot.reaching import calls_due
from bot.runner import Runner
from dialogs.talk import Begin
from storage import people
from storage.applications.tables import StaffQuestion
from storage.tables import NeedAnswer, Outbox
from storage.tickets.tables import Ticket
from tests.databases import on_both
from tests.staff_side import StaffSide
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def wang(runner: Runner) -> StaffSide:
    return StaffSide(runner)


@pytest.fixture
def me(visit: Visit) -> Visitor:
    """Somebody who applied for massage in Meishan, at the menu."""
    me = visit().tap("plain", "self").begin("card", (("project", "P003"),))
    return me.tap(me.screen.options[0].value).answer(**APPLICATION).tap("send", "read")


def see(me: Visitor) -> Visitor:
    """Look at the application."""
    me.stop().tap("mine")
    return me.tap(me.screen.options[0].value)


@on_both
def test_accepted_she_sees_what_is_promised_and_what_to_bring(me: Visitor, wang: StaffSide) -> None:
    wang.promise(NeedAnswer.CAN, "每次课都有")
    wang.accept()
    see(me)
    assert me.lines["现在"] == "可以来上课了"
    assert me.lines["手语翻译"] == "可以提供。每次课都有"
    assert "身份证" in me.lines["要带什么"]
    assert "appeal" not in {option.value for option in me.screen.options}


def test_what_staff_write_is_said_as_it_stands(me: Visitor, wang: StaffSide) -> None:
    wang.promise(NeedAnswer.CANNOT, "{{ office.help_phone }}<b>")
    assert see(me).lines["手语翻译"] == "这个班做不到。{{ office.help_phone }}<b>"


def test_declined_she_reads_why_and_disagrees(me: Visitor, wang: StaffSide, runner: Runner) -> None:
    wang.decline("名额满了，还在排队的有二十个人")
    see(me)
    assert me.lines["原因"] == "名额满了，还在排队的有二十个人"
    assert me.lines["谁定的"] == "王芳"
    me.say("不同意")
    assert (me.asking, me.screen.private) == ("appeal.words", True)
    me.say("我等了两年了")
    assert me.asking == "appealed.told"
    assert me.screen.text == "记下了，号码是 T2026-0001。工作人员会再看一次，最晚 11 月 27 日，星期五告诉您。"
    with runner.desk.store.reading() as session:
        ticket = session.exec(select(Ticket)).one()
    assert ticket.kind == "appeal"
    assert "我等了两年了" in ticket.words


def test_declined_she_reads_no_promises_and_a_reason_from_the_list_in_her_words(
    visit: Visit, wang: StaffSide
) -> None:
    me = visit().tap("easy", "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(**APPLICATION).tap("send", "read")
    wang.promise(NeedAnswer.CAN, "周五有老师来")
    wang.decline("户籍或居住地不符。离您家太远了")
    lines = see(me).lines
    assert lines["为什么"] == "地方不对。离您家太远了"
    assert lines["谁说的"] == "王芳"
    assert "在哪里" not in lines
    assert not any("周五有老师来" in said for said in lines.values())
    me.tap("others")
    assert me.asking == "browse.project"


@pytest.mark.parametrize(
    ("reading", "now", "why"),
    [
        ("plain", "这个班不办了", "班不办了。报名的人太少"),
        ("easy", "这个班不办了", "不办了。报名的人太少"),
        ("en", "The course is off", "The course is cancelled。报名的人太少"),
    ],
)
def test_who_was_in_a_class_that_is_called_off_is_not_told_that_they_were_not_chosen(
    visit: Visit, wang: StaffSide, reading: str, now: str, why: str
) -> None:
    me = visit().tap(reading, "self").begin("card", (("project", "P003"),))
    me.tap(me.screen.options[0].value).answer(**APPLICATION).tap("send", "read")
    wang.accept()
    wang.decide(lambda s, it, m: calling_off.call_off(s, it.intake_id, m, "报名的人太少", wang.now))
    lines = see(me).lines
    assert now in lines.values()
    assert why in lines.values()
    assert "2027" not in str(lines.values()), "no dates of a class there is not"


def test_courses_of_its_kind_are_looked_for_without_words_that_were_said_before(visit: Visit) -> None:
    me = visit().tap("plain", "self").say("烘焙")
    assert me.screen.options[0].value == "P025"
    me.begin("browse", given={"situation": "unsaid", "how": ["category"], "category": "massage"})
    assert [option.value for option in me.screen.options][:2] == ["P003", "P014"]


def test_words_of_danger_in_an_answer_go_to_a_person_at_once(
    me: Visitor, wang: StaffSide, runner: Runner
) -> None:
    wang.ask("家里谁送您来？")
    me.stop()
    assert me.screen.options[0].label == "有一个问题，等您回答"
    me.tap(me.screen.options[0].value)
    assert me.lines["谁问您"] == "王芳"
    assert me.lines["问题"] == "家里谁送您来？"
    me.say("没有人，他们打我")
    assert any("110" in words for words in me.heard.said)
    with runner.desk.store.reading() as session:
        assert session.exec(select(Ticket.kind)).all() == ["safeguard"]
        assert session.exec(select(StaffQuestion.answer)).one() == "没有人，他们打我"


def test_an_answer_that_was_given_is_not_asked_again(me: Visitor, wang: StaffSide) -> None:
    wang.ask("要不要宿舍？")
    begin = letter_button(me.runner, "staff_question")
    me.do(begin).say("不要")
    assert me.asking == "answered.told"
    me.tap("read")
    assert me.asking == "application.do"
    me.do(begin)
    assert me.screen.text == "这个问题不用回答了。谢谢您。"
    assert wang.state() == "submitted"


@on_both
def test_she_waits_is_offered_a_seat_and_comes(me: Visitor, wang: StaffSide) -> None:
    wang.put_on_list()
    me.say("我排第几")
    assert me.asking == "mine.which"
    assert me.screen.options[0].note == "在排队，您是第 1 个"
    me.tap(me.screen.options[0].value)
    assert me.lines["您排在"] == "第 1 个"
    wang.offer()
    me.stop()
    assert me.screen.options[0].label == "有位子了，等您回答"
    me.tap(me.screen.options[0].value)
    assert me.asking == "offer.come"
    assert me.lines["位子留到"] == "11 月 23 日，星期一，上午 10 点"
    me.tap("yes")
    assert me.screen.text == "好的，位子是您的了。"
    me.tap("read")
    assert me.lines["现在"] == "可以来上课了"
    assert wang.state() == "accepted"


def test_in_easy_words_she_leaves_the_list(me: Visitor, wang: StaffSide) -> None:
    wang.put_on_list()
    wang.offer()
    me.begin("reading").tap("easy")
    see(me).say("有位子了")
    assert me.asking == "offer.come"
    me.say("不来")
    assert me.asking == "offer_answered.told"
    me.tap("read")
    assert wang.state() == "withdrawn"


def test_she_leaves_the_list_with_one_word_wherever_she_is(me: Visitor, wang: StaffSide) -> None:
    assert me.say("不排了").screen.text == "您没有在排队的课。"
    me.tap("read")
    wang.put_on_list()
    me.begin("reading").say("不排了")
    assert (me.asking, wang.state()) == ("withdrawn.told", "withdrawn")
    assert me.screen.text.startswith("好的，这个课不去了。")


def test_an_offer_is_answered_by_the_word_from_her_application_too(me: Visitor, wang: StaffSide) -> None:
    wang.put_on_list()
    wang.offer()
    see(me).say("不要")
    assert me.asking == "offer.come"


def test_a_seat_that_is_not_kept_any_more_is_said_kindly(me: Visitor, wang: StaffSide) -> None:
    wang.put_on_list()
    wang.offer()
    me.stop()
    me.tap(me.screen.options[0].value)
    assert me.asking == "offer.come"
    wang.decline("这个班不办了")
    me.say("我来上课")
    assert (me.asking, me.screen.text) == ("offer.gone", "这个位子现在不留了。")
    assert me.lines["现在"] == "这次没有选上"
    me.tap("read")
    assert me.asking == "application.do"


def test_in_a_chat_neither_the_question_nor_reasons_nor_needs_are_said(
    me: Visitor, wang: StaffSide, runner: Runner
) -> None:
    wang.promise(NeedAnswer.CAN, "每次课都有")
    wang.ask("您的轮椅多宽？")
    chat = joined(runner, me)
    chat.do(letter_button(runner, "staff_question"))
    assert chat.screen.flow == "abroad", "whether it may be asked here is asked first"
    assert "轮椅" not in repr(chat.heard)
    chat.tap("no")
    assert (chat.asking, chat.screen.form) == ("answer.words", "private")
    assert "轮椅" not in repr(chat.screen)
    wang.decline("这个班没有坡道")
    chat.do(letter_button(runner, "decided"))
    assert chat.asking == "application.do"
    assert "坡道" not in repr(chat.screen)
    assert "手语" not in repr(chat.screen)
    chat.tap("written")
    assert (chat.asking, chat.screen.form) == ("written.told", "private"), "it is read on our page"
    see(me)
    assert me.lines["原因"] == "这个班没有坡道"


def test_who_has_read_it_on_the_page_is_not_phoned_about_it(
    me: Visitor, wang: StaffSide, runner: Runner
) -> None:
    wang.decline("名额满了")
    assert waiting_calls(runner) == ["decided"], "a page does not ring"
    me.stop()
    assert waiting_calls(runner) == ["decided"], "the letter says only that there is word"
    me.do(letter_button(runner, "decided"))
    assert me.lines["现在"] == "这次没有选上"
    assert waiting_calls(runner) == []
    wang.write("明天来拿书")
    wang.write("带上身份证")
    assert waiting_calls(runner) == ["message", "message"]
    me.do(letter_button(runner, "staff_words"))
    assert (me.lines["工作人员说"], waiting_calls(runner)) == ("带上身份证", ["message"])


def test_who_only_helps_and_reads_it_does_not_spare_the_person_the_call(
    me: Visitor, wang: StaffSide, runner: Runner, visit: Visit
) -> None:
    wang.accept()
    seen = letter_button(runner, "decided")
    visit("somebody-else").do(seen)
    assert waiting_calls(runner) == ["decided"]
    see(me)
    assert waiting_calls(runner) == []


def waiting_calls(runner: Runner) -> list[str]:
    now = runner.clock.now()
    return runner.desk.read(lambda session: [each.why for each in calls_due(session, None, now)])


def joined(runner: Runner, me: Visitor) -> Visitor:
    """A chat on Telegram that is the same contact's."""
    contact_id = me.heard.contact_id
    assert contact_id is not None
    runner.desk.do_now(
        lambda session: people.add_account(session, contact_id, "telegram", "77", runner.clock.now()).id
    )
    return Visitor(runner, "77", "telegram")


def letter_button(runner: Runner, kind: str) -> Begin:
    """What the button of the last letter of a kind begins."""

    def find(session: Session) -> Begin | None:
        row = session.exec(select(Outbox).where(Outbox.kind == kind).order_by(col(Outbox.id).desc())).first()
        assert row is not None
        assert row.contact_id is not None
        return opened(session, row.id, row.contact_id)

    begun = runner.desk.read(find)
    assert begun is not None
    return begun
