"""Which call-backs there are: planned with what causes them, moved and dropped with it, phoned on working days."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from storage.afterwards import callbacks
from storage.afterwards.callback_plan import plan_fair
from storage.applications import deciding, enrolment
from storage.base import Store
from storage.catalogue.editing import edit_intake
from storage.catalogue.tables import Fair, Intake, Project
from storage.classes import classes, in_class, results
from storage.classes.changes import note_moves
from storage.classes.tables import IntakeStep
from storage.fairs.tables import FairSignup
from storage.forms import Given, keep_answers
from storage.keeping import erase
from storage.rules.calendar import WorkDays
from storage.rules.callback_days import call_at, good_moment, monthly, next_try
from storage.rules.dispositions import FOLLOWS, CannotFollow, follow, rates
from storage.staff import staff
from storage.tables import (
    Application,
    CallbackKind,
    CallResult,
    ClassStep,
    Disposition,
    Person,
    Reminder,
    ReminderState,
    SignupState,
    Staff,
    StaffRole,
)
from storage.tickets.tables import Callback, CallTry
from tests.bot.courses import make_course
from tests.storage.filed import file_many

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 10, tzinfo=ZONE)


class Run:
    """A class of two months with two people in it, and a clerk of its place."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.intake = make_course(store, starts=date(2026, 12, 1), ends=date(2027, 2, 10))
        self.filed = file_many(store, self.intake, 2)
        with store.writing() as session:
            course = session.get_one(Intake, self.intake)
            course.province, course.city = "河南省", "郑州市"
            session.get_one(Project, course.project_id).commissioned_by = "郑州市残疾人联合会"
            hired = (
                ("王芳", StaffRole.CLERK, "郑州市"),
                ("李强", StaffRole.CLERK, "洛阳市"),
                ("陈静", StaffRole.ADMIN, ""),
            )
            self.staff = [
                staff.add_staff(session, name, role, NOW, region=region, actor="test").id
                for name, role, region in hired
            ]
            for number in self.filed:
                deciding.accept(session, deciding.hold(session, number), "staff:1", NOW)

    def do(self, act: Callable[[Session, Application, Staff], object], number: int = 0) -> None:
        with self.store.writing() as session:
            act(session, deciding.hold(session, self.filed[number]), session.get_one(Staff, self.staff[0]))

    def finish(self, now: datetime, *passed: bool) -> None:
        def act(session: Session, _: Application, member: Staff) -> None:
            for step in (ClassStep.REVIEWED, ClassStep.ENROLLING, ClassStep.OPENED):
                session.add(IntakeStep(intake_id=self.intake, step=step, staff_id=member.id, at=now))
            for each, well in zip(in_class.people_in(session, self.intake), passed, strict=True):
                results.write_result(session, each, passed=well, certificate="", member=member, now=now)
            classes.take_step(session, self.intake, ClassStep.FINISHED, member, now)

        self.do(act)

    def rows(self, number: int = 0) -> dict[str, Callback]:
        with self.store.reading() as session:
            found = callbacks.callbacks_of(session, self.filed[number])
            return {":".join([row.kind, *row.key.split(":")[2:]]): row for row in found}

    def stands(self, number: int = 0) -> dict[str, tuple[str, str]]:
        return {key: (row.state.value, row.reason) for key, row in self.rows(number).items()}

    def due(self, number: int = 0) -> dict[str, datetime]:
        """What is to be asked and when, as the rows that wake us say."""
        with self.store.reading() as session:
            waits = select(Reminder).where(Reminder.kind == "callback", Reminder.state == ReminderState.DUE)
            at = {int(row.about["callback"]): row.due_at for row in session.exec(waits)}
            keys = {row.id: key for key, row in self.rows(number).items()}
            return {keys[each]: when.astimezone(ZONE) for each, when in at.items() if each in keys}


@pytest.fixture
def run(store: Store) -> Run:
    return Run(store)


def of_kind(session: Session, application: Application, kind: CallbackKind) -> Callback:
    return next(row for row in callbacks.callbacks_of(session, application.id) if row.kind is kind)


def day(month: int, number: int, hour: int = 10) -> datetime:
    return datetime(2026 if month > 6 else 2027, month, number, hour, tzinfo=ZONE)


def test_each_month_of_a_class_is_asked_after_and_it_moves_with_the_class(run: Run) -> None:
    assert run.due() == {"monthly:1": day(12, 31), "monthly:2": day(1, 30)}

    def move(session: Session, _: Application, member: Staff) -> None:
        moved = {"start_date": date(2026, 12, 8), "end_date": date(2027, 1, 31)}
        number = edit_intake(session, run.intake, moved, who=f"staff:{member.id}", now=NOW)
        assert number is not None
        note_moves(session, number, NOW)

    run.do(move)
    assert run.due() == {"monthly:1": day(1, 7)}
    assert run.stands()["monthly:2"] == ("dropped", "已经不在班里了")
    run.do(lambda s, it, _: enrolment.withdraw(s, it, "contact:1", NOW))
    assert (run.due(), run.due(1)) == ({}, {"monthly:1": day(1, 7)})
    run.do(lambda s, it, m: deciding.decline(s, it, f"staff:{m.id}", NOW, "名额满了"), 1)
    run.do(lambda s, it, m: deciding.accept(s, it, f"staff:{m.id}", NOW), 1)
    assert run.due(1) == {"monthly:1": day(1, 7)}, "who is in again is asked again"


def test_after_a_class_each_is_asked_as_it_ended_for_them(run: Run) -> None:
    ended = day(1, 15, 16)
    run.finish(ended, True, False)
    assert run.due() == {"t7": day(1, 22), "t30": day(2, 14), "t90": day(4, 15)}
    assert run.due(1) == {"t7": day(1, 22)}, "who did not pass may say how it was"
    assert run.stands()["monthly:2"] == ("dropped", "班已经结业了")

    def pass_too(session: Session, it: Application, member: Staff, *, passed: bool) -> None:
        results.write_result(session, it, passed=passed, certificate="", member=member, now=ended)

    run.do(lambda s, it, m: pass_too(s, it, m, passed=True), 1)
    assert set(run.due(1)) == {"t7", "t30", "t90"}
    run.do(lambda s, it, m: pass_too(s, it, m, passed=False), 1)
    assert run.stands(1)["t30"] == ("dropped", "没有结业")


def test_a_class_finished_late_counts_from_its_last_day_and_what_is_too_old_is_not_asked(run: Run) -> None:
    run.finish(day(3, 12, 16), True, True)
    assert set(run.due()) == {"t30", "t90"}
    assert run.due()["t30"] == day(3, 13), "on the next good morning, not at four"
    assert run.rows()["t30"].due_at == day(3, 12)


def test_who_erased_their_data_is_asked_nothing_and_what_was_said_on_the_telephone_is_forgotten(
    run: Run,
) -> None:
    run.finish(day(1, 15, 16), True, True)
    later = day(1, 25)

    def call_and_erase(session: Session, it: Application, member: Staff) -> None:
        row = of_kind(session, it, CallbackKind.T7)
        callbacks.call(session, row, later)
        callbacks.log_try(session, row, CallResult.NO_ANSWER, member, later, note="她妹妹说在上班")
        erase.erase_person(session, session.get_one(Person, it.person_id), "contact:1", later)

    run.do(call_and_erase)
    assert run.due() == {}
    assert {each for each in run.stands().values() if each[0] == "dropped"} >= {("dropped", "本人已删除信息")}
    with run.store.reading() as session:
        assert session.exec(select(CallTry.note)).all() == [None]
    assert set(run.due(1)) == {"t7", "t30", "t90"}


def test_calls_are_tried_on_working_days_by_whoever_has_least_to_do_and_not_for_ever(run: Run) -> None:
    run.finish(day(1, 15, 16), True, True)
    friday = day(1, 29, 17)

    def put_on_list(session: Session, it: Application, _: Staff) -> None:
        callbacks.call(session, of_kind(session, it, CallbackKind.T7), friday)

    run.do(put_on_list)
    run.do(put_on_list, 1)
    assert {row.staff_id for row in (run.rows()["t7"], run.rows(1)["t7"])} == {run.staff[0]}, (
        "not who is elsewhere"
    )
    found = []
    moment = friday
    for _ in range(5):

        def try_in_vain(session: Session, it: Application, member: Staff, at: datetime = moment) -> None:
            row = of_kind(session, it, CallbackKind.T7)
            callbacks.log_try(session, row, CallResult.NO_ANSWER, member, at)

        run.do(try_in_vain)
        row = run.rows()["t7"]
        moment = row.next_at.astimezone(ZONE)
        found.append((row.state.value, f"{moment:%m-%d %H}"))
    assert found == [
        ("to_call", "02-01 09"), ("to_call", "02-02 15"), ("to_call", "02-03 09"),
        ("to_call", "02-04 15"), ("unreached", "02-04 15"),
    ]  # fmt: skip
    assert run.stands()["t7"] == ("unreached", "打了几次，没有联系上")

    def goes_on(session: Session, it: Application, member: Staff) -> None:
        row = of_kind(session, it, CallbackKind.T7)
        callbacks.log_try(session, row, CallResult.CALLBACK, member, friday, next_at=day(1, 30))
        assert row.next_at == day(2, 1, 9), "nobody is phoned on a Saturday"
        callbacks.log_try(session, row, CallResult.WRONG, member, friday, next_at=day(2, 2))
        assert row.state is Disposition.TO_CALL, "there is another number"
        half = keep_answers(
            session, Given("survey_t7", "1", {}, "desk", it.person_id, complete=False), friday
        )
        callbacks.take_answers(session, row, half, friday)
        callbacks.log_try(session, row, CallResult.PARTIAL, member, friday, next_at=day(2, 3))
        assert [each.id for each in callbacks.to_call(session, [run.intake], friday)] == [row.id]
        assert callbacks.to_call(session, [], friday) == []
        whole = keep_answers(session, Given("survey_t7", "1", {}, "desk", it.person_id), friday)
        callbacks.take_answers(session, row, whole, friday)
        callbacks.log_try(session, row, CallResult.DONE, member, friday)
        with pytest.raises(CannotFollow):
            callbacks.log_try(session, row, CallResult.REFUSE, member, friday)

    run.do(goes_on, 1)
    assert run.stands(1)["t7"] == ("complete", "")
    with run.store.reading() as session:
        counts = callbacks.counts(session, intake_ids=[run.intake], since=day(1, 20), until=day(1, 31))
    assert counts == {Disposition.COMPLETE: 1, Disposition.UNREACHED: 1, Disposition.DROPPED: 2}


def test_after_a_job_fair_whoever_came_or_meant_to_is_asked_once(run: Run) -> None:
    def act(session: Session, it: Application, _: Staff) -> None:
        fair = Fair(
            fair_id="F01", title="招聘会", start_date=date(2026, 12, 10), end_date=date(2026, 12, 10),
            start_time=NOW.time(), end_time=NOW.time(), signup_deadline=date(2026, 12, 8), organiser="郑州市残疾人联合会",
        )  # fmt: skip
        session.add(fair)
        session.flush()
        signup = FairSignup(fair_id="F01", number=101, person_id=it.person_id, state=SignupState.COMING)
        session.add(signup)
        session.flush()
        plan_fair(session, signup, NOW)
        plan_fair(session, signup, NOW)
        (row,) = session.exec(select(Callback).where(Callback.kind == "fair")).all()
        assert (row.due_at, row.intake_id) == (day(12, 11), None)
        signup.state = SignupState.NOT_COMING
        plan_fair(session, signup, NOW)
        assert (row.state, row.reason) == (Disposition.DROPPED, "不去招聘会了")
        signup.came_at = day(12, 10)
        plan_fair(session, signup, NOW)
        assert row.state is Disposition.PLANNED
        fair.called_off = True
        callbacks.judge(session, row, NOW)
        assert row.reason == "招聘会不办了"

    run.do(act)


def test_an_answer_is_never_turned_away_and_a_full_one_never_undone() -> None:
    for before, after in FOLLOWS.items():
        assert before is Disposition.COMPLETE or Disposition.COMPLETE in after
    with pytest.raises(CannotFollow):
        follow(Disposition.COMPLETE, Disposition.REFUSED)
    assert follow(Disposition.COMPLETE, Disposition.COMPLETE) is Disposition.COMPLETE


def test_rates_leave_out_whoever_was_not_to_be_asked_and_flatter_nobody() -> None:
    found = rates(
        {
            Disposition.COMPLETE: 50, Disposition.PARTIAL: 10, Disposition.REFUSED: 5, Disposition.LATER: 5,
            Disposition.UNREACHED: 20, Disposition.TO_CALL: 5, Disposition.ASKED: 5,
            Disposition.PLANNED: 300, Disposition.DROPPED: 40,
        }
    )  # fmt: skip
    assert (found.eligible, found.response, found.with_partial) == (100, 0.5, 0.6)
    assert (found.contact, found.refusal) == (0.7, 0.05)
    assert rates({Disposition.PLANNED: 3}).response is None


def test_hours_are_good_ones_and_days_are_worked() -> None:
    assert good_moment(day(12, 1, 11), 10, ZONE) == day(12, 2)
    assert good_moment(day(12, 1, 3), 23, ZONE) == day(12, 1), "no wish is heard at night"
    assert call_at(day(12, 5), ZONE, WorkDays()) == day(12, 7, 9)
    assert call_at(day(12, 1, 7), ZONE, WorkDays()) == day(12, 1, 9)
    assert next_try(day(12, 31, 15), ZONE, WorkDays()) == day(1, 4, 9)
    assert monthly(date(2026, 12, 1), date(2026, 12, 31), 30) == []
    assert monthly(date(2026, 12, 1), date(2027, 3, 1), 30) == [date(2026, 12, 31), date(2027, 1, 30)]
