"""Job fairs and positions as people meet them: the nearest first, signing up, the eve, arriving, wanting a position."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from bot import alarm, reaching
from bot.console.calls import to_call
from bot.fairs import looking_for_work
from bot.letters.opening import opened
from bot.letters.table import LETTERS
from bot.preview.job_fairs import COMING, FAIR
from bot.runner import Runner
from bot.settings import Clock, Settings
from dialogs.facts.people import Person
from storage import consents, people
from storage.catalogue.tables import Intake, Project
from storage.classes import results
from storage.classes.reminders import keep_wish
from storage.notices import refusals
from storage.staff.staff import add_staff
from storage.tables import (
    Account,
    Application,
    ApplicationState,
    CallbackKind,
    Channel,
    Disposition,
    Outbox,
    Purpose,
    Relation,
    ReminderState,
    ReminderWish,
    Role,
    SignupState,
    StaffRole,
    Topic,
)
from storage.tickets.tables import Callback
from tests.fair_side import FairSide
from tests.talking import Chat
from tests.visiting import Visitor

Visit = Callable[..., Visitor]

ZONE = ZoneInfo("Asia/Shanghai")
EVE = datetime(2026, 12, 2, 10, tzinfo=ZONE)
HERE = {"province": "河南省", "city": "郑州市", "district": "中原区"}


@pytest.fixture
def fairs(runner: Runner) -> FairSide:
    return FairSide(runner)


@pytest.fixture
def me(visit: Visit, fairs: FairSide) -> Visitor:  # noqa: ARG001 - fairs are there before anybody asks
    """Somebody of the district in which the first fair is, at the menu; she asked for an interpreter before."""
    me = visit().tap("plain", "self")
    known(me, **HERE, need_hear=["sign_interp"])
    return me


def known(me: Visitor, **profile: object) -> int:
    """Know something of whoever is talking; give the number of the person."""
    with me.runner.desk.store.writing() as session:
        contact = people.find_contact(session, me.address.channel, me.address.key)
        assert contact is not None
        ((person, _),) = people.people_of(session, contact.id, me.runner.clock.now())
        people.add_to_profile(session, person, profile)
        return person.id


def sign_up(me: Visitor, *, positions: tuple[str, ...] = ("F01-04",)) -> Visitor:
    me.say("招聘会").tap("F01", "go", "yes").tick(*positions).tap("yes", "yes")
    return me.tick("sign_interp", "shuttle", "companion").say("早一点进去").tap("send")


def ring(me: Visitor, now: datetime) -> list[Outbox]:
    """Let everything that is due by then ring; give the letters promised by it."""
    with me.runner.desk.store.writing() as session:
        while alarm.ring(session, now):
            pass
    with me.runner.desk.store.reading() as session:
        wanted = select(Outbox).where(
            col(Outbox.kind).in_(("fair_reminder", "fair_of_other", "fair_changed", "positions_waiting"))
        )
        return list(session.exec(wanted.order_by(col(Outbox.id))).all())


def press(me: Visitor, letter: Outbox) -> Visitor:
    with me.runner.desk.store.reading() as session:
        begun = opened(session, letter.id, letter.contact_id or 0)
    assert begun is not None
    return me.do(begun)


def useless(me: Visitor, letter: Outbox) -> str:
    with me.runner.desk.store.reading() as session:
        return LETTERS[letter.kind].useless(session, letter.payload)


def test_the_nearest_fair_comes_first_with_the_reason_and_says_all_there_is_to_know(me: Visitor) -> None:
    me.say("招聘会")
    assert me.asking == "fairs.which"
    first, second, *_ = me.screen.options
    assert (first.value, first.note) == ("F01", "12 月 3 日，星期四。离您家近。")
    assert second.value == "F04", "online is nearer than another province"
    me.tap("F01")
    assert me.asking == "fair.do"
    assert me.lines["几点"] == "上午 9 点到中午 12 点"
    assert {
        "哪天",
        "在哪里",
        "怎么去",
        "路费和接送",
        "要带什么",
        "有多少岗位",
        "最晚哪天报名",
        "问谁",
    } <= set(me.lines)
    assert me.lines["为什么给您看"] in {"离您家近", "有您要的帮忙"}
    me.tap("supports")
    assert me.lines["手语翻译"] == "有"
    me.tap("read").stop().tap("fairs")
    assert me.asking == "fairs.which", "the menu leads there, too"


def test_she_signs_up_with_what_she_needs_and_gets_a_number(me: Visitor, fairs: FairSide) -> None:
    me.say("招聘会").tap("F01", "go")
    assert me.asking == "fair_signup.come"
    me.tap("yes")
    assert me.asking == "fair_signup.positions"
    assert me.screen.pages == 2, "positions are turned page by page"
    me.tick("F01-04").tap("yes")
    assert me.asking == "fair_signup.consent_sensitive"
    me.tap("yes")
    first = me.screen.options[0]
    assert (first.value, first.picked, first.note) == ("sign_interp", True, "这次有"), "known, and offered"
    me.tick("sign_interp", "shuttle", "companion").say("早一点进去")
    assert me.asking == "fair_signup.check"
    me.tap("send")
    assert (me.asking, me.lines["签到号"]) == ("fair_receipt.told", "101")
    assert me.lines["手语翻译"] == "这次有"
    assert me.lines["有车接送"] == "工作人员在安排"
    assert {"哪天", "几点", "在哪里", "怎么去", "要带什么", "想看的岗位"} <= set(me.lines)
    kept = fairs.signup()
    assert (kept.state, kept.positions) == (SignupState.COMING, ["F01-04"])
    assert kept.needs == {
        "supports": ["sign_interp"], "transport": True, "companion": True, "words": "早一点进去",
    }  # fmt: skip
    (reminder,) = fairs.reminders()
    assert reminder.due_at == EVE
    assert after_fair(me).state is Disposition.PLANNED


def after_fair(me: Visitor) -> Callback:
    with me.runner.desk.store.reading() as session:
        return session.exec(select(Callback).where(Callback.kind == CallbackKind.FAIR)).one()


def test_what_was_said_is_changed_and_taken_back(me: Visitor, fairs: FairSide) -> None:
    sign_up(me).tap("read").say("招聘会").tap("F01", "change")
    assert me.asking == "fair_signup.check"
    me.change("positions").tick("F01-01", "F01-02").change("help").tap("no").tap("send")
    assert (me.lines["签到号"], fairs.signup().needs) == ("101", {})
    assert fairs.signup().positions == ["F01-01", "F01-02"]
    me.tap("read").say("招聘会").tap("F01", "leave")
    assert me.screen.text == "好的，这次不去。12 月 1 日，星期二前，都可以再报名。"
    kept = fairs.signup()
    assert (kept.state, kept.needs, kept.positions) == (SignupState.NOT_COMING, {}, [])
    assert [(row.state, row.reason) for row in fairs.reminders()] == [(ReminderState.DROPPED, "不去招聘会了")]
    assert after_fair(me).state is Disposition.DROPPED


def test_without_a_consent_nothing_is_kept_of_what_somebody_needs(me: Visitor, fairs: FairSide) -> None:
    me.say("招聘会").tap("F01", "go", "yes", "none", "yes", "no")
    assert me.screen.text == "好的，我们不记。到了招聘会，跟工作人员说。"
    me.tap("read", "send")
    assert (me.asking, fairs.signup().needs) == ("fair_receipt.told", {})


def test_a_newcomer_is_asked_for_whom_and_goes_on_to_the_fair(visit: Visit, fairs: FairSide) -> None:
    mother = visit("mother").tap("plain").begin("fair", (("fair", "F01"),)).tap("go", "family").say("小明")
    assert mother.asking == "fair_signup.come"
    assert mother.screen.text.endswith("他去吗？")
    mother.tap("yes", "none", "no", "send")
    assert mother.asking == "fair_receipt.told"
    assert fairs.signup().state is SignupState.COMING


def test_on_the_eve_she_is_reminded_and_says_whether_she_comes(me: Visitor, fairs: FairSide) -> None:
    sign_up(me).tap("read")
    (letter,) = ring(me, EVE)
    assert ring(me, EVE) == [letter], "once"
    press(me, letter)
    assert (me.asking, me.lines["您的签到号"]) == ("fair_soon.come", "101")
    assert {"在哪里", "怎么去", "要带什么", "手语翻译"} <= set(me.lines)
    me.say("会来")
    assert me.screen.text == "好的，到时候见。签到号是 101。"
    press(me.tap("read"), letter).say("不要再提醒")
    assert [row.reason for row in fairs.reminders()] == ["本人不要提醒"]
    press(me.tap("read"), letter).say("来不了")
    assert fairs.signup().state is SignupState.NOT_COMING
    press(me.tap("read"), letter)
    assert me.screen.text == "这个招聘会现在不用回答了。"
    assert useless(me, letter) == "不去招聘会了"


def test_who_helps_is_reminded_of_the_fair_too_where_she_wants_it(
    me: Visitor, fairs: FairSide, visit: Visit
) -> None:
    sign_up(me).tap("read")
    neighbour, now = visit("neighbour").tap("plain", "family"), me.runner.clock.now()
    with me.runner.desk.store.writing() as session:
        found = people.find_contact(session, neighbour.address.channel, neighbour.address.key)
        assert found is not None
        helper, person = found.id, fairs.signup().person_id
        helping = Relation(contact_id=helper, person_id=person, role=Role.HELPER, started_at=now)
        helping.powers, helping.granted_by = list(people.HELPER_POWERS), "person"
        session.add(helping)
        keep_wish(session, ReminderWish(person_id=person, days=[1], hour=10, helpers_too=True), now)
    mine, theirs = ring(me, EVE)
    assert (mine.kind, theirs.kind, theirs.contact_id) == ("fair_reminder", "fair_of_other", helper)
    press(neighbour, theirs)
    assert (neighbour.asking, neighbour.lines["您的签到号"]) == ("fair_soon.come", "101")
    assert "在哪里" in neighbour.lines
    assert "手语翻译" not in neighbour.lines, "what she needs there is hers"


def test_what_was_told_when_she_signed_up_is_not_told_again_after_the_reminder(
    me: Visitor, fairs: FairSide
) -> None:
    """She saw her number and went away without a press; the same day, a word about it leads back to it."""
    sign_up(me)
    assert me.say("找人帮忙").screen.flow == "help"
    assert me.back().asking == "fair_receipt.told"
    (letter,) = ring(me, EVE)
    me.runner.clock = Clock(Settings(clock=f"{EVE:%Y-%m-%dT%H:%M}"))
    assert press(me, letter).tap("yes").asking == "fair_soon_answered.told"
    assert me.tap("read").screen.flow == "fair", "where she had come from"
    assert fairs.signup().state is SignupState.COMING


def test_a_fair_that_moves_takes_its_reminder_along_and_who_comes_is_told(
    me: Visitor, fairs: FairSide
) -> None:
    sign_up(me).tap("read")
    fairs.change(address="中原区")
    fairs.change(address="中原区")
    (told,) = ring(me, datetime(2026, 11, 22, 9, tzinfo=ZONE))
    assert (told.kind, told.payload["off"]) == ("fair_changed", False)
    press(me, told)
    assert me.lines["在哪里"] == "中原区"
    later: dict[str, Any] = {"start_date": date(2026, 12, 10), "end_date": date(2026, 12, 10)}
    fairs.change(**later)
    assert [row.due_at.day for row in fairs.reminders() if row.kind == "fair"] == [9]
    assert len(ring(me, EVE)) == 2, "of the change, and not of the eve of the old day"
    assert len(ring(me, EVE + timedelta(days=7))) == 3
    fairs.change(called_off=True)
    *_, last = ring(me, EVE + timedelta(days=7, hours=1))
    assert last.payload["off"] is True
    assert press(me, last).screen.text == "郑州市国际残疾人日专场招聘会。这个招聘会不办了。您想怎么办？"
    me.begin("fair_signup", (("fair", "F01"),))
    assert me.screen.text == "这个招聘会不办了。"


def test_after_an_outage_no_reminder_comes_of_a_fair_that_has_begun(me: Visitor, fairs: FairSide) -> None:
    sign_up(me)
    assert ring(me, datetime(2026, 12, 3, 9, tzinfo=ZONE)) == []
    assert [row.reason for row in fairs.reminders()] == ["招聘会已经开始了"]


def test_i_am_here_at_a_fair_gives_the_number_and_staff_see_it(me: Visitor, fairs: FairSide) -> None:
    sign_up(me).tap("read").say("我到了")
    assert me.asking == "arrived.none", "it is not the day"
    zone = me.runner.clock.now().tzinfo
    fairs.change(start_date=date(2026, 11, 21), end_date=date(2026, 11, 21), end_time=time(23))
    me.tap("read").say("我到了")
    assert (me.asking, "101" in me.screen.text) == ("arrived_fair.told", True)
    kept = fairs.signup()
    assert kept.came_at is not None
    assert kept.came_at.astimezone(zone).date() == date(2026, 11, 21)
    assert kept.checked_by.startswith("contact:")
    me.tap("read").say("我到了")
    assert fairs.signup().came_at == kept.came_at, "the first time stands"


def test_a_position_is_shown_with_its_reason_and_wanting_it_is_a_ticket_with_an_owner(
    me: Visitor, fairs: FairSide
) -> None:
    with me.runner.desk.store.writing() as session:
        now = me.runner.clock.now()
        clerk = add_staff(session, "王芳", StaffRole.CLERK, now, region="郑州市", actor="system").id
        add_staff(session, "陈静", StaffRole.ADMIN, now, actor="system")
    fairs.free_position(home_based=True, kind="intern", linked_occupation="")
    me.say("岗位")
    first = me.screen.options[0]
    assert (first.value, first.note) == ("F01-04", "郑州麦香坊食品有限公司。离您家近。")
    me.tap("F01-04")
    assert {"单位", "在哪里上班", "一个月多少钱", "单位怎么帮您", "为什么给您看", "在哪个招聘会"} <= set(
        me.lines
    )
    me.tap("want")
    assert me.asking == "want_position.consent_employer"
    assert "您不同意，我们就不给" in me.screen.text
    me.tap("no")
    assert (me.asking, me.lines["名字和电话"]) == ("position_wanted.told", "不给单位")
    (ticket,) = fairs.tickets()
    assert (ticket.kind, ticket.service, ticket.staff_id) == ("referral", "job", clerk)
    assert ticket.words == (
        "想去郑州麦香坊食品有限公司的岗位：烘焙助理（F01-04）。没有同意把名字和电话给单位，先不要给。"
    )
    (wanted,) = fairs.interests()
    assert (wanted.ticket_id, wanted.to_employer_at) == (ticket.id, None)
    assert not agreed(me)


def agreed(me: Visitor) -> bool:
    number = known(me)
    with me.runner.desk.store.reading() as session:
        return consents.agreed(session, number, Purpose.EMPLOYER)


def test_the_employer_is_told_only_after_a_yes_that_was_understood_and_it_is_taken_back_by_one_word(
    me: Visitor, fairs: FairSide
) -> None:
    me.begin("want_position", (("position", "F01-01"),)).tap("yes", "nothing")
    assert me.screen.text == "单位会知道名字，会打电话来。我们先不给，您再想想。"
    me.tap("read")
    assert (fairs.interests()[0].to_employer_at, agreed(me)) == (None, False)
    me.tap("read").begin("position", (("position", "F01-01"),)).tap("tell", "yes", "calls").say(
        "154 0000 0001"
    )
    assert (me.asking, me.lines["名字和电话"]) == ("position_wanted.told", "可以给单位")
    assert (fairs.interests()[0].to_employer_at is not None, agreed(me)) == (True, True)
    me.tap("read").stop().begin("want_position", (("position", "F01-02"),)).tap("no").tap("read")
    assert agreed(me), "a no to one employer takes back no yes to another"
    assert [row.to_employer_at is not None for row in fairs.interests()] == [True, False]
    me.say("撤回同意").tap("employer", "no")
    assert [row.to_employer_at for row in fairs.interests()] == [None, None]
    assert not agreed(me)
    assert fairs.lines() == ["可以把名字和电话给这个单位。", "不同意把名字和电话给单位了。不要再给。"]
    me.tap("read").begin("position", (("position", "F01-01"),)).tap("leave", "yes")
    assert me.asking == "position_left.told"
    assert [row.position_id for row in fairs.interests()] == ["F01-02"]
    assert fairs.lines()[-1] == "不想去这个岗位了。"


def test_who_has_no_work_a_month_later_gets_a_letter_that_leads_to_positions(
    me: Visitor, fairs: FairSide
) -> None:
    now = me.runner.clock.now()
    number = known(me)

    def answered(session: Session, key: str, **answers: object) -> None:
        row = Callback(
            key=key, kind=CallbackKind.T30, form="followup_t30_t90", person_id=number,
            due_at=now, next_at=now, closes_at=now, created_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        looking_for_work.follow(session, row, answers, now)

    with me.runner.desk.store.writing() as session:
        answered(session, "t30:1", employed="yes")
        answered(session, "t30:2", employed="no", want_job="no")
        answered(session, "t30:3", employed="no", want_job="dk")
    (letter,) = ring(me, now)
    assert letter.payload["count"] > 0
    press(me, letter)
    assert me.asking == "positions.which"
    with me.runner.desk.store.writing() as session:
        refusals.refuse(session, letter.contact_id or 0, Topic.JOBS, now)
        answered(session, "t30:4", employed="no")
    assert ring(me, now) == [letter]
    assert fairs.reminders()[-1].reason == "不想收招聘的消息"


def finish(me: Visitor, intake: int) -> datetime:
    """Let whoever talks have passed at the end of a class; give the next morning."""
    now, number = me.runner.clock.now(), known(me)
    with me.runner.desk.store.writing() as session:
        over = session.get_one(Intake, intake)
        over.status = "finished"
        session.get_one(Project, over.project_id).occupation = "保健按摩师"
        filed = Application(
            number="2026-0001", person_id=number, intake_id=intake, applicant_role=Role.SELF,
            state=ApplicationState.ACCEPTED, flow_revision="apply", changed_at=now, channel=Channel.WEB,
        )  # fmt: skip
        session.add(filed)
        member = add_staff(session, "王芳", StaffRole.CLERK, now, actor="system")
        for certificate in ("", "A-1"):
            results.write_result(session, filed, passed=True, certificate=certificate, member=member, now=now)
    return datetime.combine(now.date() + timedelta(days=1), time(10), ZONE)


def test_who_finishes_a_class_is_told_the_next_morning_of_positions_they_learned_for(
    me: Visitor, fairs: FairSide, intake: int
) -> None:
    fairs.free_position()
    morning = finish(me, intake)
    assert ring(me, me.runner.clock.now()) == []
    (letter,) = ring(me, morning)
    press(me, letter)
    assert me.screen.options[0].note == "衡阳明手堂按摩馆。和您学的有关。"


def test_who_has_only_a_phone_is_called_about_positions_when_the_class_is_over(
    me: Visitor, fairs: FairSide, intake: int
) -> None:
    fairs.free_position()
    morning = finish(me, intake)
    with me.runner.desk.store.writing() as session:
        account = session.exec(select(Account)).one()
        account.channel = Channel.PHONE
        session.add(account)
        session.get_one(Intake, intake).end_date = morning.date() - timedelta(days=3)
    assert ring(me, morning) == []
    assert fairs.reminders()[-1].reason == "没有聊天，改打电话"
    with me.runner.desk.store.reading() as session:
        (call,) = (
            each for each in reaching.calls_due(session, None, morning) if each.why == reaching.POSITIONS
        )
        shown = to_call(session, me.runner.shelf.current, call, morning)
    assert shown.why == "有合适的岗位，要告诉他"
    assert shown.posts[0].employer == "衡阳明手堂按摩馆"


def test_a_chat_asks_nothing_twice_and_hides_what_is_private() -> None:
    facts = {"fair": FAIR, "person": Person(7, consents={"sensitive": True})}
    chat = (
        Chat(facts=facts, trusted=False)
        .begin("fair_signup", (("fair", "F01"),))
        .tap("去")
        .tap("到了那里再看")
    )
    assert chat.tap("要").asking == "supports", "a consent that stands is not asked for again"
    assert chat.screen.private
    over = Chat(facts={**facts, "fair": replace(FAIR, state="closed")})
    assert over.begin("fair_signup").asking == "gone"
    changed = Chat(facts={**facts, "fair": COMING}).begin("fair", (("fair", "F01"),))
    assert "想去" not in changed.options
