"""The whole of following up, with a moved clock: a job fair, a month in class, and the three months after it.

Seven people of one class, by real HTTP: on the page, in a Telegram chat, in writing, by telephone, a mother in her
son's place, and one who never answers. What each part does by itself stands in tests of its own: the five forms on
both channels in both wordings in tests/flows/test_surveys.py, their export in tests/console/test_forms.py, siblings
and late answers, on both databases, in tests/flows/test_calling_back.py, the notice of a fair in tests/console/test_fairs.py.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from sqlmodel import Session, col, func, select

from bot import alarm
from bot.forms.serving import serve_forms
from bot.settings import Clock, Settings
from storage import forms, people
from storage.applications import deciding, enrolment
from storage.applications.enrolment import Filing
from storage.base import Store
from storage.catalogue.tables import Intake
from storage.classes import classes, in_class, results
from storage.classes.tables import IntakeStep
from storage.fairs.tables import FairSignup
from storage.rules.callback_days import MOST_TRIES
from storage.staff import staff
from storage.tables import (
    AnsweredBy,
    AnswerSet,
    ClassStep,
    Disposition,
    Outbox,
    Person,
    Role,
    Staff,
    StaffRole,
)
from storage.tickets.tables import Callback, Ticket
from tests.bot.conftest import ZONE
from tests.channels.botapi import BotApi
from tests.channels.chatting import until
from tests.channels.devices.messenger import OnTelegram
from tests.channels.devices.page import OnWeb, patient
from tests.channels.devices.talking import Talking
from tests.channels.on_air import OnAir, on_air
from tests.channels.web.handset import Handset
from tests.databases import on_both
from tests.fair_side import hold_fairs
from tests.flows.test_calling_back import WELL, sheet
from tests.visiting import Visitor

FORMS = ("survey_t7", "followup_t30_t90", "monthly_check", "fair_after")
PROJECT, REGION = "P003", "眉山市"
MEI, QIANG, HUA, SHAN, JUN, MING = NAMES = ("李小梅", "赵强", "陈静华", "王大山", "刘小军", "小明")
"""Who answers on the page, on Telegram, on the page, in writing, never, and by his mother; and by telephone:"""
CHUN = "张春花"

HERE: dict[str, object] = {"province": "河南省", "city": "郑州市", "district": "中原区"}
"""Where the fair is."""

CALLS = "/console/callbacks"


class Moved(Clock):
    """The service's clock, which a test sets ahead."""

    def move_to(self, moment: datetime) -> None:
        self._ahead += moment - self.now()


class Town:
    """A service with a class, everybody in it, and two members of staff; at any moment."""

    def __init__(self, on: OnAir, clock: Moved, stack: ExitStack) -> None:
        self.on, self.clock, self.stack = on, clock, stack
        self.runner = on.service.runner
        card = self.runner.shelf.current.project(PROJECT)
        assert card is not None
        self.intake = card.first.id
        self.pages: dict[str, OnWeb] = {}
        self.before = 0
        hold_fairs(self.runner)
        self.clerk = self.runner.desk.do_now(self._prepare)
        self.runner.desk.read(partial(serve_forms, book=self.runner.book))

    def _prepare(self, session: Session) -> int:
        now = self.clock.now()
        for name in FORMS:
            forms.go_live(session, forms.propose(session, sheet(name), "test", now), now)
        staff.add_staff(session, "陈静", StaffRole.ADMIN, now, actor="system")
        return staff.add_staff(session, "王芳", StaffRole.CLERK, now, region=REGION, actor="system").id

    def arrives(self, name: str) -> OnWeb:
        """Somebody opens the page for the first time, says how to talk and for whom."""
        page = OnWeb(self.runner, self.stack.enter_context(closing(Handset(self.on.url))))
        page.tap("plain")
        if name == MING:
            page.tap("family")
            page.say(name)
        else:
            page.tap("self")
        self.pages[name] = page
        return page

    def enrol(self, name: str, channel: str, key: str, **profile: object) -> None:
        """Take somebody in who talks to us there."""

        def do(session: Session) -> None:
            now = self.clock.now()
            contact = people.find_contact(session, channel, key) or people.meet(session, channel, key, now)
            known = people.people_of(session, contact.id, now)
            role = Role.FAMILY if name == MING else Role.SELF
            person = known[0][0] if known else people.add_person(session, contact.id, role, name, now)
            phone = f"1540000000{NAMES.index(name) + 1 if name in NAMES else 9}"
            people.update_person(session, person, name=name, phone=phone)
            people.add_to_profile(session, person, profile)
            said = {"name": name}
            filing = Filing(person.id, contact.id, self.intake, role, True, said, {}, "apply", channel)
            deciding.accept(session, enrolment.file_application(session, filing, now), "staff:1", now)

        self.runner.desk.do_now(do)

    def at(self, day: date, hour: int = 10, minute: int = 0) -> None:
        """Go to a moment, and do what is due."""
        last = select(func.max(Outbox.id))
        self.before = self.runner.desk.read(lambda session: session.exec(last).one()) or 0
        self.clock.move_to(datetime.combine(day, time(hour, minute, 1), ZONE))
        self.do_what_is_due()

    def do_what_is_due(self) -> None:
        """Promise what is due by now, and have it delivered."""
        while self.runner.desk.do_now(lambda session: alarm.ring(session, self.clock.now())):
            pass
        self.runner.nudge()

    def class_(self) -> Intake:
        with self.runner.desk.store.reading() as session:
            return session.get_one(Intake, self.intake)

    def finish(self) -> None:
        """Write the results down and finish the class."""

        def do(session: Session) -> None:
            now, member = self.clock.now(), session.get_one(Staff, self.clerk)
            for step in (ClassStep.REVIEWED, ClassStep.ENROLLING, ClassStep.OPENED):
                session.add(IntakeStep(intake_id=self.intake, step=step, staff_id=member.id, at=now))
            write = partial(results.write_result, passed=True, certificate="", member=member, now=now)
            for each in in_class.people_in(session, self.intake):
                write(session, each)
            classes.take_step(session, self.intake, ClassStep.FINISHED, member, now)

        self.runner.desk.do_now(do)

    def opens(self, name: str, words: str) -> OnWeb:
        """Somebody opens the newest letter on their page, once it is there."""
        me = self.pages[name]

        def new() -> list[str]:
            """Those of the letters with these words that came since the clock was moved."""
            items = me.handset.open().page.html.split("<li")
            found = [re.search(r'name="letter" value="(\d+)"', item) for item in items if words in item]
            return [each[1] for each in found if each and int(each[1]) > self.before]

        until(new)
        newest = new()[0]
        me.handset.press(to="/open", letter=newest)
        me.screen = me.look()
        return me

    def behind(self, name: str, words: str) -> Visitor:
        """Somebody opens a letter on their page, and answers at the service's door: a page each is no news by now."""
        return Visitor(self.runner, self.opens(name, words).address.key)

    def sits(self, name: str) -> Handset:
        """A member of staff sits down at a browser, and is in."""
        browser = self.stack.enter_context(closing(Handset(self.on.url)))

        def make(session: Session) -> str:
            member = next(each for each in staff.all_staff(session) if each.name == name)
            return staff.make_link(session, member, self.clock.now())

        link = f"/console/enter/{self.runner.desk.do_now(make)}"
        return browser.open(link).press(to=link)

    def person(self, name: str) -> int:
        with self.runner.desk.store.reading() as session:
            found = session.exec(select(Person).where(col(Person.name).is_not(None))).all()
            return next(each.id for each in found if each.name == name)

    def callback(self, name: str, kind: str = "t7") -> Callback:
        with self.runner.desk.store.reading() as session:
            wanted = select(Callback).join(Person, col(Person.id) == col(Callback.person_id))
            found = session.exec(wanted.where(Callback.kind == kind)).all()
            return next(each for each in found if session.get_one(Person, each.person_id).name == name)

    def state(self, name: str, kind: str = "t7") -> tuple[str, int]:
        row = self.callback(name, kind)
        return row.state.value, row.asked

    def answers(self, name: str, kind: str = "t7") -> AnswerSet:
        with self.runner.desk.store.reading() as session:
            return session.get_one(AnswerSet, self.callback(name, kind).answer_set_id)

    def tickets(self, name: str) -> dict[tuple[str, str], tuple[int | None, bool]]:
        """What was opened for somebody -> who sees to it, and whether there is a day for it."""
        number = self.person(name)
        with self.runner.desk.store.reading() as session:
            found = session.exec(select(Ticket).where(Ticket.person_id == number)).all()
            return {
                (each.kind, each.service): (each.staff_id, each.due_at > self.clock.now()) for each in found
            }


def answer(me: Talking | Visitor, **said: str) -> None:
    """Answer a survey as told, with the first answer otherwise; on the page without scripts."""
    for _ in range(60):
        if not me.screen.flow.startswith("survey:"):
            return
        offered = [option.value for option in me.screen.options]
        well = "s5" if "s5" in offered else next(iter(offered), "现在没有")
        value = {**WELL, **said}.get(me.screen.question, well)
        if me.screen.form == "many":
            me.tick(value)
        elif isinstance(me, Visitor):
            me.tap(value) if value in offered else me.say(value)
        elif me.screen.form in ("choice", "note") or value in offered:
            tap(me, value)
        else:
            me.say(value)
    raise AssertionError("it does not end")


def tap(me: Talking, value: str) -> None:
    """Tap an answer on whatever page of the list it stands."""
    while me.screen.page < me.screen.pages and value not in {each.value for each in me.screen.options}:
        me.turn_page()
    me.tap(value)


def fill_in(clerk: Handset, number: int, result: str, **said: str | list[str]) -> None:
    """Fill a call-back's form in on its page, as far as it goes, and write down how it went."""
    page = f"{CALLS}/{number}"
    clerk.open(page).press(to=f"{page}/begin")
    for _ in range(4):
        radios = [each for each in clerk.page.all("input") if each.get("name", "").startswith("q-")]
        for each in radios:
            if each.get("type") == "radio" and (each["name"] not in said or each["value"] == "s5"):
                said[each["name"]] = each["value"]
        clerk.press(to=page, do="keep", **said)
    clerk.press(to=page, do="log", result=result, **said)


@pytest.fixture
def town(stocked: Store, api: BotApi) -> Iterator[Town]:
    clock = Moved(Settings(clock="2026-11-21T10:00"))
    with (
        on_air(stocked, api, gate=patient(), moved=clock, private_answers="chat") as on,
        ExitStack() as stack,
    ):
        yield Town(on, clock, stack)
        on.service.runner.book.serve([])


@on_both
def test_a_class_is_followed_up_from_a_job_fair_to_three_months_after_it(town: Town) -> None:
    known: dict[str, dict[str, object]] = {MEI: HERE, SHAN: {"need_hear": ["text_contact"]}}
    for name in (MEI, HUA, SHAN, JUN, MING):
        town.enrol(name, "web", town.arrives(name).handset.cookie, **known.get(name, {}))
    town.enrol(CHUN, "phone", "15400000009")
    chat = OnTelegram(town.on)
    chat.tap("plain")
    chat.tap("self")
    town.enrol(QIANG, "telegram", chat.address.key)
    a_job_fair(town)
    a_month_in_class(town, chat)
    ends = town.class_().end_date
    town.at(ends, 17)
    town.finish()
    a_week_later(town, chat, ends)
    who_does_not_answer_is_phoned(town, ends)
    what_was_answered_is_counted(town)
    a_month_and_three_months_later(town, chat, ends)


def a_job_fair(town: Town) -> None:
    """She is asked to it by staff, signs up, is reminded, is checked in, and is asked after it."""
    day, admin, me = date(2026, 12, 3), town.sits("陈静"), town.pages[MEI]
    invite, desk = "/console/fairs/F01/invite", "/console/fairs/F01/desk"
    assert MEI in admin.open(invite).page.html
    admin.press(to=invite, pick=str(town.person(MEI)))
    me.say("招聘会")
    for value in ("F01", "go", "yes"):
        tap(me, value)
    me.tick("F01-02")
    for value in ("yes", "yes"):
        tap(me, value)
    me.tick("sign_interp")
    me.say("没有")
    tap(me, "send")
    assert "您的签到号是 101" in me.screen.text
    town.at(day - timedelta(days=1))
    assert town.opens(MEI, "招聘会 12 月 3 日").screen.flow == "fair_soon"
    me.tap("yes")
    town.at(day, 9, 30)
    admin = town.sits("陈静").open(desk).press(to=desk, number="101", do="here")
    assert "到了，记下了" in admin.page.html
    town.at(day + timedelta(days=1))
    answer(town.opens(MEI, "几个问题"), found="talking", want_help="no")
    with town.runner.desk.store.reading() as session:
        signup = session.exec(select(FairSignup)).one()
    assert signup.came_at is not None
    assert (signup.intention, town.state(MEI, "fair")) == ("talking", ("complete", 1))
    assert "还在谈" in town.sits("陈静").open("/console/fairs/F01").page.html


def a_month_in_class(town: Town, chat: OnTelegram) -> None:
    """Whoever finds it hard says so in the chat, by the button of the letter; a named clerk sees to it."""
    town.at(town.class_().start_date + timedelta(days=30))
    chat.act(lambda: chat.person.taps("回答"))
    answer(chat, trouble="lot", area="study", want_help="yes")
    assert town.tickets(QIANG) == {("trouble", ""): (town.clerk, True)}
    assert town.state(MEI, "monthly") == ("asked", 1)


def a_week_later(town: Town, chat: OnTelegram, ends: date) -> None:
    """On the page, on Telegram, by a mother; one wants to be written to."""
    town.at(ends + timedelta(days=7), 9)
    assert town.state(MEI) == ("planned", 0)
    town.at(ends + timedelta(days=7))
    assert {town.state(name) for name in NAMES} == {("asked", 1)}
    assert town.state(CHUN) == ("to_call", 0), "whom no chat reaches is phoned"
    answer(town.opens(MEI, "几个问题"), sat_teacher="s2", charged="yes", charged_amount="200 元", need="job")
    mine = (town.clerk, True)
    assert town.tickets(MEI) == {("referral", "job"): mine, ("charged", ""): mine, ("suggestion", ""): mine}
    chat.act(lambda: chat.person.taps("回答"))
    answer(chat, sat_overall="s4")
    answer(town.behind(HUA, "几个问题"), sat_overall="s3")
    answer(town.behind(MING, "几个问题"), answered_by="family", sat_overall="s1")
    assert town.answers(QIANG).channel == "telegram"
    assert town.answers(MING).answered_by is AnsweredBy.FAMILY
    tap(town.opens(SHAN, "几个问题"), "call")
    assert town.pages[SHAN].screen.text == "好的，工作人员会发文字找您。"


def who_does_not_answer_is_phoned(town: Town, ends: date) -> None:
    """One by telephone, one in writing, one never: reminded twice, tried five times, and not reached."""
    for day, asked in ((10, 2), (13, 3)):
        town.at(ends + timedelta(days=day))
        assert town.state(JUN) == ("asked", asked)
    town.at(ends + timedelta(days=16))
    assert {town.state(each)[0] for each in (JUN, SHAN, CHUN)} == {"to_call"}
    town.at(town.callback(JUN).next_at.astimezone(ZONE).date(), 11)
    listed = (clerk := town.sits("王芳")).open(CALLS).page.html
    assert all(name in listed for name in (JUN, SHAN, CHUN))
    assert "发文字，不打电话" in listed
    fill_in(clerk, town.callback(CHUN).id, "done")
    fill_in(clerk, town.callback(SHAN).id, "text_done")
    assert (town.state(CHUN)[0], town.answers(CHUN).channel) == ("complete", "phone")
    assert (town.state(SHAN)[0], town.answers(SHAN).channel) == ("complete", "desk")
    days = []
    for number in range(MOST_TRIES):
        assert town.callback(JUN).state is Disposition.TO_CALL, number
        days.append(town.clock.now().date())
        page = f"{CALLS}/{town.callback(JUN).id}"
        clerk.open(page).press(to=f"{page}/begin").press(to=page, do="log", result="no_answer")
        if (row := town.callback(JUN)).state is Disposition.TO_CALL:
            tried = row.next_at.astimezone(ZONE)
            town.at(tried.date(), tried.hour)
            clerk = town.sits("王芳")
    assert (town.callback(JUN).state, town.callback(JUN).tries) == (Disposition.UNREACHED, MOST_TRIES)
    assert len(set(days)) == MOST_TRIES
    assert all(each.weekday() < 5 for each in days), "on working days only"


def what_was_answered_is_counted(town: Town) -> None:
    """Five answered for themselves, and their mean is theirs alone; of one mother nothing is shown."""
    admin = town.sits("陈静")
    page = " ".join(admin.open("/console/ratings").page.words("table").split())
    assert "4.4（5 人）" in page
    assert "少于 5 人" in page
    assert "1.0" not in page
    listed = admin.open("/console/tickets").page.html
    assert "转介：" in listed
    assert "还没开始" in listed, "what was given to somebody is not nobody's"
    whole = admin.open(f"/console/people/{town.person(MEI)}").page.html
    for words in ("招聘会以后", "结业一周", "被收钱", "王芳", "结业三个月"):
        assert words in whole, words


def a_month_and_three_months_later(town: Town, chat: OnTelegram, ends: date) -> None:
    """Who has no work is shown positions; what somebody said then is known two months later."""
    town.at(ends + timedelta(days=30))
    answer(town.opens(MEI, "几个问题"), employed="no", need="none")
    chat.act(lambda: chat.person.taps("回答"))
    answer(chat, employed="yes", emp_since="2027年2月1日", need="none")
    town.do_what_is_due()
    assert town.opens(MEI, "岗位").screen.flow == "positions"
    town.at(ends + timedelta(days=90))
    chat.act(lambda: chat.person.taps("回答"))
    answer(chat, employed="yes", emp_since="2027年2月1日", same_job="yes", need="none")
    first, second = (town.answers(QIANG, kind).answers for kind in ("t30", "t90"))
    assert (first["wave"], second["wave"]) == ("t30", "t90")
    assert (second["was_employed"], second["same_job"]) == ("yes", "yes")
    assert "same_job" not in first
