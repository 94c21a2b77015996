"""A class is over: its people are asked in the chat, reminded, phoned; what they answer opens what they want."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache, partial

import pytest
from sqlmodel import Session, col, select

from bot import alarm
from bot.afterwards import called_back
from bot.channels.web import news
from bot.console.callback_desk import about_of
from bot.forms.serving import serve_forms
from bot.forms.surveys import read_survey
from bot.letters.opening import opened
from bot.letters.table import LETTERS
from bot.runner import Runner
from bot.settings import Clock
from dialogs.talk import Tapped
from storage import forms, messages, people
from storage.afterwards import callbacks
from storage.applications import deciding, enrolment
from storage.applications.enrolment import Filing
from storage.classes import classes, in_class, results
from storage.classes.tables import IntakeStep
from storage.forms import Given
from storage.rules.dispositions import Rates, rates
from storage.staff.staff import add_staff
from storage.tables import (
    AnsweredBy,
    AnswerSet,
    Application,
    CallbackKind,
    CallResult,
    ClassStep,
    Disposition,
    Outbox,
    Relation,
    Reminder,
    ReminderState,
    Role,
    Staff,
    StaffRole,
)
from storage.tickets.tables import Callback, Ticket
from tests.bot.conftest import ZONE
from tests.databases import on_both
from tests.flows.test_surveys import SHEETS
from tests.visiting import Visitor

Visit = Callable[..., Visitor]

FINISHED = datetime(2026, 12, 4, 16, tzinfo=ZONE)
"""A Friday."""


@cache
def sheet(name: str) -> forms.Sheet:
    """A form of the demo, read once for all tests."""
    body = (SHEETS / f"{name}.xlsx").read_bytes()
    read = read_survey(body)
    assert read.form is not None
    return forms.Sheet(name, read.form.version, read.form.title, read.xform, body)


class Course:
    """A class and everybody in it, at any moment of the time after it."""

    def __init__(self, runner: Runner, visit: Visit, intake: int) -> None:
        self.runner, self.visit, self.intake = runner, visit, intake
        self.phones: dict[str, Visitor] = {}
        self.now = FINISHED

        def prepare(session: Session) -> int:
            now = runner.clock.now()
            for name in ("survey_t7", "followup_t30_t90"):
                forms.go_live(session, forms.propose(session, sheet(name), "test", now), now)
            return add_staff(session, "王芳", StaffRole.CLERK, now, region="眉山市", actor="system").id

        self.clerk = runner.desk.do_now(prepare)
        runner.desk.read(partial(serve_forms, book=runner.book))

    def enrol(self, *names: str) -> None:
        """Take people in, each with a phone of their own."""

        def enter(session: Session, name: str) -> None:
            now = self.runner.clock.now()
            contact = people.meet(session, "web", name, now)
            person = people.add_person(session, contact.id, Role.SELF, name, now)
            person.profile = {"need_hear": ["text_contact"]}
            filing = Filing(
                person.id, contact.id, self.intake, Role.SELF, True, {"name": name}, {}, "apply", "web"
            )
            filed = enrolment.file_application(session, filing, now)
            deciding.accept(session, filed, "staff:1", now)

        for name in names:
            self.runner.desk.do_now(partial(enter, name=name))
            self.phones[name] = self.visit(name)

    def moves_to_telegram(self, name: str) -> None:
        """From here on somebody talks in a chat there."""
        contact = self.contact(name)

        def join(session: Session) -> None:
            for each in people.accounts_of(session, contact):
                people.set_unreachable(session, each.id)
            people.add_account(session, contact, "telegram", name, self.now)

        self.runner.desk.do_now(join)
        self.phones[name] = self.visit(name, "telegram")

    def contact(self, name: str) -> int:
        with self.runner.desk.store.reading() as session:
            wanted = select(Application).where(col(Application.contact_id).is_not(None))
            filed = next(each for each in session.exec(wanted) if each.answers["name"] == name)
            own = select(Relation.contact_id).where(
                Relation.person_id == filed.person_id, Relation.role == Role.SELF
            )
            return session.exec(own).one()

    def buttons(self, name: str) -> list[str]:
        """What stands on the buttons of the letters to somebody, once they are on the page."""
        contact = self.contact(name)

        def arrive(session: Session) -> list[str]:
            sent = select(Outbox).where(Outbox.contact_id == contact, Outbox.kind == "callback")
            for row in session.exec(sent).all():
                messages.put_message(session, contact, "", row.id, self.now)
            return [each.button for each in news.latest(session, contact, ZONE)]

        return self.runner.desk.do_now(arrive)

    def finish(self) -> None:
        """Write the results down and finish the class."""

        def do(session: Session) -> None:
            member = session.get_one(Staff, self.clerk)
            for step in (ClassStep.REVIEWED, ClassStep.ENROLLING, ClassStep.OPENED):
                session.add(IntakeStep(intake_id=self.intake, step=step, staff_id=self.clerk, at=self.now))
            for each in in_class.people_in(session, self.intake):
                results.write_result(session, each, passed=True, certificate="", member=member, now=self.now)
            classes.take_step(session, self.intake, ClassStep.FINISHED, member, self.now)

        self.runner.desk.do_now(do)

    def at(self, days: int, hour: int = 10, minute: int = 0) -> None:
        """Go to a day counted from the end of the class, and do what is due."""
        day = FINISHED.date() + timedelta(days=days)
        self.now = datetime.combine(day, time(hour, minute), ZONE)
        moment = self.now.replace(tzinfo=None).isoformat()
        self.runner.clock = Clock(self.runner.settings.model_copy(update={"clock": moment}))
        self.ring()

    def ring(self) -> None:
        while self.runner.desk.do_now(lambda session: alarm.ring(session, self.runner.clock.now())):
            pass

    def letters(self, name: str) -> list[Outbox]:
        contact = self.contact(name)
        with self.runner.desk.store.reading() as session:
            wanted = select(Outbox).where(Outbox.kind == "callback", Outbox.contact_id == contact)
            return list(session.exec(wanted.order_by(col(Outbox.id))).all())

    def press(self, name: str, way: int = 0) -> Visitor:
        """Press a button of the newest letter that is of use."""
        letter = self.letters(name)[-1]
        with self.runner.desk.store.reading() as session:
            assert LETTERS["callback"].useless(session, letter.payload) == ""
            begun = opened(session, letter.id, letter.contact_id or 0, way)
        assert begun is not None
        return self.phones[name].do(begun)

    def of(self, name: str, kind: str = "t7") -> Callback:
        with self.runner.desk.store.reading() as session:
            wanted = select(Callback, Application).join(Application).where(Callback.kind == kind)
            return next(row for row, filed in session.exec(wanted) if filed.answers.get("name") == name)

    def state(self, name: str, kind: str = "t7") -> tuple[str, int]:
        row = self.of(name, kind)
        return row.state.value, row.asked

    def tickets(self) -> list[Ticket]:
        with self.runner.desk.store.reading() as session:
            return list(session.exec(select(Ticket).order_by(col(Ticket.id))).all())

    def answers(self) -> list[AnswerSet]:
        with self.runner.desk.store.reading() as session:
            return list(session.exec(select(AnswerSet).order_by(col(AnswerSet.id))).all())

    def states(self) -> dict[str, tuple[str, int]]:
        return {name: self.state(name) for name in self.phones}

    def to_call(self) -> list[Callback]:
        with self.runner.desk.store.reading() as session:
            return list(callbacks.to_call(session, [self.intake], self.now))

    def rates(self) -> Rates:
        with self.runner.desk.store.reading() as session:
            return rates(callbacks.counts(session, intake_ids=[self.intake], kinds=[CallbackKind.T7]))

    def tries(self, name: str, result: CallResult) -> None:
        def do(session: Session) -> None:
            row = callbacks.find(session, self.of(name).id)
            assert row is not None
            callbacks.log_try(session, row, result, session.get_one(Staff, self.clerk), self.now)

        self.runner.desk.do_now(do)

    def call_in_writing(self, name: str) -> None:
        """Let staff write to somebody and fill in what they answer."""

        def do(session: Session) -> None:
            row = callbacks.find(session, self.of(name).id)
            assert row is not None
            member = session.get_one(Staff, self.clerk)
            with pytest.raises(ValueError, match="has no answer"):
                callbacks.log_try(session, row, CallResult.TEXT_DONE, member, self.now, by_text=True)
            given = Given("survey_t7", "2026112101", {"sat_overall": "s5"}, "desk", row.person_id)
            called_back.keep(session, row, given, self.now)
            callbacks.log_try(session, row, CallResult.TEXT_DONE, member, self.now, by_text=True, note="微信")

        self.runner.desk.do_now(do)

    def without_phones(self, *names: str, helper: int | None = None) -> None:
        """Let people have no phone of their own; one who helps them filled everything in."""

        def do(session: Session) -> None:
            for name in names:
                contact = self.contact(name)
                for person, relation in people.people_of(session, contact, self.now):
                    if helper is not None:
                        filed = select(Application).where(Application.person_id == person.id)
                        filed_by = session.exec(filed).one()
                        filed_by.contact_id = helper
                        made = Relation(
                            contact_id=helper, person_id=person.id, role=Role.FAMILY, granted_by="test"
                        )
                        made.started_at = self.runner.clock.now()
                        session.add_all((filed_by, made))
                    people.revoke(session, relation, self.now)

        self.runner.desk.do_now(do)

    def press_is_useless(self, name: str) -> str:
        letter = self.letters(name)[-1]
        with self.runner.desk.store.reading() as session:
            return LETTERS["callback"].useless(session, letter.payload)


@pytest.fixture
def course(runner: Runner, visit: Visit, intake: int) -> Iterator[Course]:
    yield Course(runner, visit, intake)
    runner.book.serve([])


WELL = {"need": "none", "difficulty": "none"}
"""Answers that want nothing, where the first option would."""


def go_through(me: Visitor, **said: str) -> Visitor:
    """Answer a survey as told, with the first option otherwise."""
    said = {**WELL, **said}
    for _ in range(60):
        if not me.asking.startswith("survey:"):
            return me
        question, offered = me.screen.question, [option.value for option in me.screen.options]
        well = "s5" if "s5" in offered else next(iter(offered), "现在没有")
        value = said.get(question, well)
        if me.screen.form == "many":
            me.tick(value)
        elif value in offered:
            me.do(Tapped(me.screen.prompt, value))
        else:
            me.say(value)
        assert not me.error, (question, me.error)
    raise AssertionError("it does not end")


@on_both
def test_a_finished_class_is_asked_reminded_phoned_and_what_it_says_is_seen_to(course: Course) -> None:
    course.enrol("李小梅", "王小明", "陈静", "赵强")
    course.moves_to_telegram("赵强")
    course.finish()
    course.at(7, 9)
    assert course.state("李小梅") == ("planned", 0)
    course.at(7)
    course.ring()
    assert [course.state(each) for each in course.phones] == [("asked", 1)] * 4
    assert [len(course.letters(each)) for each in course.phones] == [1] * 4

    unhappy = {"sat_teacher": "s2", "charged": "yes", "charged_amount": "200 元", "need": "job"}
    me = go_through(course.press("李小梅"), **unhappy)
    assert me.screen.text.startswith("您说的事记下了。工单号是 T2026-0001、T2026-0002、T2026-0003。")
    assert course.state("李小梅") == ("complete", 1)
    assert course.buttons("李小梅") == [""], "what was answered does not ask for an answer"
    assert course.buttons("王小明") == ["回答"]
    go_through(course.press("赵强"))
    assert course.press("王小明").tap("call").screen.text == "好的，工作人员会发文字找您。"

    by_kind = {(each.kind, each.service): each for each in course.tickets()}
    assert set(by_kind) == {("referral", "job"), ("charged", ""), ("suggestion", "")}
    assert {each.staff_id for each in by_kind.values()} == {course.clerk}
    assert by_kind["referral", "job"].words == "结业7天回访（李小梅）\n要帮的：帮我找工作"
    assert "收了多少钱？200 元" in by_kind["charged", ""].words
    assert "老师教课，您满意吗？不满意" in by_kind["suggestion", ""].words
    first, second = course.answers()
    assert (first.answered_by, first.channel, second.channel) == (AnsweredBy.SELF, "web", "telegram")
    assert first.answers["course"] == "盲人保健按摩初级培训班（眉山东坡）"

    for day, asked in ((10, 2), (13, 3)):
        course.at(day)
        assert course.state("陈静") == ("asked", asked)
    course.at(16)
    calls = {row.id: row for row in course.to_call()}
    assert set(calls) == {course.of("王小明").id, course.of("陈静").id}
    assert {row.staff_id for row in calls.values()} == {course.clerk}
    assert calls[course.of("陈静").id].next_at.astimezone(ZONE).date() == date(2026, 12, 21)
    assert len(course.letters("陈静")) == 3, "nobody is written to who is to be phoned"

    course.at(17, 14)
    course.call_in_writing("王小明")
    assert course.state("王小明") == ("complete", 1)
    course.tries("陈静", CallResult.NO_ANSWER)
    assert course.of("陈静").next_at == course.now.replace(day=22, hour=9)
    course.at(28)
    assert (course.of("陈静").state, course.of("陈静").tries) == (Disposition.UNREACHED, 1)
    found = course.rates()
    assert (found.eligible, found.response, found.contact) == (4, 0.75, 0.75)


def test_a_month_and_three_months_later_work_is_asked_after_and_half_an_answer_is_kept(
    course: Course,
) -> None:
    course.enrol("李小梅")
    course.finish()
    course.at(7)
    go_through(course.press("李小梅"), need="job").tap("read")
    course.at(30)
    go_through(course.press("李小梅"), employed="yes", difficulty="none", need="job")
    assert course.answers()[-1].answers["wave"] == "t30"
    assert len(course.tickets()) == 1, "what is asked for once more is said on the ticket that is open"
    course.at(90)
    me = course.press("李小梅").tap("now", "self", "yes").tap("ratio")
    me.say("2027年1月5日")
    assert me.screen.question == "same_job", "what was said two months ago is known"
    course.at(130)
    assert course.state("李小梅", "t90") == ("partial", 1)
    assert [each.complete for each in course.answers()][-1] is False
    assert go_through(course.phones["李小梅"], difficulty="bully").asking != "callback_opened.told"
    late = course.of("李小梅", "t90")
    assert (late.state, late.late) == (Disposition.COMPLETE, True)
    danger = course.tickets()[-1]
    assert (danger.kind, danger.service) == ("safeguard", "")
    assert "有人欺负我" in danger.words


def test_somebody_may_name_another_day_or_want_no_more_of_it(course: Course) -> None:
    course.enrol("李小梅", "王小明", "陈静")
    course.finish()
    course.at(7, 14, 30)
    told = course.press("李小梅").tap("later").screen.text
    assert told == "好的，12 月 12 日，星期六，下午 2 点再问您。"
    course.at(8)
    assert course.state("李小梅") == ("later", 1)
    course.at(8, 14)
    assert course.state("李小梅") == ("asked", 2)
    assert course.press("李小梅").tap("no").screen.text == "好的，这次培训的事不再问您。"
    course.press("王小明", way=1).tap("yes")
    assert course.state("王小明") == ("refused", 1)
    course.at(120)
    for name in ("李小梅", "王小明"):
        kinds = {course.state(name, kind) for kind in ("t30", "t90")}
        assert kinds == {("refused", 0)}, "nothing of this class is asked any more"
        assert course.press_is_useless(name) == "已经答了，或者不用问了"
    assert course.answers() == []
    with course.runner.desk.store.reading() as session:
        left = session.exec(
            select(Reminder).where(Reminder.kind == "callback", Reminder.state == ReminderState.DUE)
        )
        assert left.all() == []


def test_after_an_outage_each_is_judged_again_and_nobody_is_disturbed_at_night(course: Course) -> None:
    course.enrol("李小梅")
    course.finish()
    course.at(12, 23)
    assert [letter.due_at for letter in course.letters("李小梅")] == [course.now + timedelta(hours=9)]
    course.ring()
    assert course.state("李小梅") == ("asked", 1)
    course.at(60)
    assert course.state("李小梅") == ("unreached", 1)
    assert course.of("李小梅", "t30").state is Disposition.DROPPED
    assert course.of("李小梅", "t30").reason == "过了时间，没有问到"
    me = go_through(course.phones["李小梅"].begin("survey:survey_t7", about_of(course.of("李小梅"))))
    assert course.of("李小梅").late
    assert me.asking


def test_on_one_phone_one_survey_runs_at_a_time(course: Course, visit: Visit) -> None:
    course.enrol("李小梅", "王小明", "陈静")
    mother = course.contact("李小梅")
    course.without_phones("王小明", "陈静", helper=mother)
    course.finish()
    course.at(7)
    assert course.states() == {"李小梅": ("asked", 1), "王小明": ("planned", 0), "陈静": ("planned", 0)}
    go_through(course.press("李小梅"))
    course.ring()
    assert course.states()["王小明"] == ("asked", 1), "the next is asked when the first is done"
    assert course.states()["陈静"] == ("planned", 0)
    course.at(8)
    assert course.states()["陈静"] == ("asked", 1), "or a day later"
    me = go_through(course.press("李小梅"), answered_by="family", need="job")
    assert (me.asking, me.screen.asking_for) == ("callback_opened.told", "陈静"), "and it is said of whom"
    assert course.answers()[-1].answered_by is AnsweredBy.FAMILY
    go_through(visit("李小梅").begin("survey:survey_t7", about_of(course.of("王小明"))), need="job")
    assert [each.person_id for each in course.tickets()] == [
        course.of(name).person_id for name in ("陈静", "王小明")
    ]
    go_through(visit("李小梅").begin("survey:survey_t7", about_of(course.of("王小明"))), need="job")
    assert len(course.tickets()) == 2, "answered once more, nothing is opened twice"


def test_whom_no_chat_reaches_is_phoned_at_once(course: Course) -> None:
    course.enrol("李小梅")
    course.without_phones("李小梅")
    course.finish()
    course.at(7)
    assert course.state("李小梅") == ("to_call", 0)
    assert course.letters("李小梅") == []
