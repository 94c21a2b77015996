"""The class cycle: no step is skipped, nothing opens with an open check list, and who came is written down once."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import Session, select

from storage.applications import deciding
from storage.base import Store
from storage.catalogue.tables import CourseSession, Intake
from storage.classes import attending, classes, in_class, results
from storage.classes.classes import StepRefused, Why
from storage.classes.tables import Attendance
from storage.tables import Application, ClassStep, Need, NeedAnswer, Staff
from tests.bot.courses import make_course
from tests.storage.filed import NOW, clerk, file_many, state_of

TODAY = NOW.date()


class Run:
    """A class with two people in, one who waits, and a clerk."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.intake = make_course(store)
        self.filed = file_many(store, self.intake, 3)
        self.clerk = clerk(store)
        with store.writing() as session:
            for number in self.filed[:2]:
                deciding.accept(session, deciding.hold(session, number), "staff:1", NOW)

    def member(self, session: Session) -> Staff:
        return session.get_one(Staff, self.clerk)

    def take(self, *steps: ClassStep) -> list[bool]:
        with self.store.writing() as session:
            return [
                classes.take_step(session, self.intake, step, self.member(session), NOW) for step in steps
            ]

    def answer(self, **answers: str) -> int:
        with self.store.writing() as session:
            given = {code: (NeedAnswer(answer), "") for code, answer in answers.items()}
            return classes.answer_arrangements(session, self.intake, given, self.member(session), NOW)

    def answer_all(self) -> None:
        self.answer(cart="can", insurance="can", food="cannot", transport="discuss")

    def lines(self) -> dict[str, int]:
        with self.store.writing() as session:
            found = classes.list_arrangements(session, self.intake)
            return {each.arrangement.code: each.people for each in found}

    def meet(self, day: date = TODAY) -> int:
        with self.store.writing() as session:
            meeting = CourseSession(
                intake_id=self.intake, session_no=1, day=day, start_time=time(9), end_time=time(11), hours=2
            )
            session.add(meeting)
            session.flush()
            assert meeting.id is not None
            return meeting.id

    def mark(self, meeting: int, came: dict[int, bool], actor: str = "staff:1") -> int:
        with self.store.writing() as session:
            return attending.mark(session, meeting, came, actor, NOW)

    def result(self, number: int, *, passed: bool, certificate: str = "") -> bool:
        with self.store.writing() as session:
            return results.write_result(
                session,
                session.get_one(Application, number),
                passed=passed,
                certificate=certificate,
                member=self.member(session),
                now=NOW,
            )


@pytest.fixture
def run(store: Store) -> Run:
    return Run(store)


def test_steps_are_taken_in_order_with_who_and_when(run: Run) -> None:
    assert run.take(ClassStep.REVIEWED, ClassStep.ENROLLING, ClassStep.ENROLLING) == [True, True, False]
    with run.store.reading() as session:
        taken = classes.steps_of(session, run.intake)
        assert [(each.step, each.staff_id, each.at) for each in taken] == [
            (ClassStep.REVIEWED, run.clerk, NOW),
            (ClassStep.ENROLLING, run.clerk, NOW),
        ]


def test_a_step_is_never_skipped_and_it_is_said_which_comes_first(run: Run) -> None:
    with pytest.raises(StepRefused) as refused:
        run.take(ClassStep.OPENED)
    assert (refused.value.why, refused.value.missing) == (Why.SKIPPED, ("reviewed",))


def test_what_is_to_be_arranged_follows_from_the_needs_of_who_is_in(run: Run) -> None:
    assert run.lines() == {"cart": 2, "insurance": 0, "food": 0, "transport": 0}
    with run.store.writing() as session:
        for need in session.exec(select(Need)).all():
            need.answer = NeedAnswer.CANNOT  # told to the person: nobody arranges it
    assert list(run.lines()) == ["insurance", "food", "transport"]


def test_an_answered_line_stays_when_nobody_needs_it_any_more(run: Run) -> None:
    run.answer(cart="can")
    with run.store.writing() as session:
        for number in run.filed[:2]:
            deciding.put_on_list(session, deciding.hold(session, number), "staff:1", NOW)
    assert run.lines()["cart"] == 0


def test_nothing_opens_while_a_line_has_no_answer(run: Run) -> None:
    run.take(ClassStep.REVIEWED, ClassStep.ENROLLING)
    run.answer(cart="can", food="cannot")
    with pytest.raises(StepRefused) as refused:
        run.take(ClassStep.OPENED)
    assert (refused.value.why, refused.value.missing) == (Why.UNANSWERED, ("insurance", "transport"))
    run.answer_all()
    assert run.take(ClassStep.OPENED) == [True]


def test_a_line_that_is_not_on_the_list_changes_nothing(run: Run) -> None:
    with pytest.raises(LookupError):
        run.answer(cart="can", braille="can")
    assert run.answer(cart="can") == 1
    assert run.answer(cart="can") == 0


def test_a_class_ends_when_everybody_has_a_result_and_who_passed_is_finished(run: Run) -> None:
    run.answer_all()
    run.take(ClassStep.REVIEWED, ClassStep.ENROLLING, ClassStep.OPENED)
    first, second, _ = run.filed
    assert run.result(first, passed=True, certificate="示例证书 1 号")
    with pytest.raises(StepRefused) as refused:
        run.take(ClassStep.FINISHED)
    assert refused.value.why is Why.NO_RESULTS
    run.result(second, passed=False)
    assert run.take(ClassStep.FINISHED) == [True]
    assert [state_of(run.store, each) for each in (first, second)] == ["finished", "not_passed"]
    with run.store.reading() as session:
        assert session.get_one(Intake, run.intake).status == "finished"
        assert results.results_of(session, run.intake)[first].certificate_no == "示例证书 1 号"
    # An examination taken again counts, also afterwards.
    assert run.result(second, passed=True)
    assert state_of(run.store, second) == "finished"


@pytest.mark.parametrize("before", range(4))
def test_a_class_is_called_off_at_any_step_but_the_last(run: Run, before: int) -> None:
    run.answer_all()
    run.take(*classes.ORDER[:before])
    assert run.take(ClassStep.CALLED_OFF) == [True]
    with pytest.raises(StepRefused) as refused:
        run.take(ClassStep.REVIEWED if before == 0 else ClassStep.FINISHED)
    assert refused.value.why is Why.CALLED_OFF


def test_a_finished_class_is_not_called_off(run: Run) -> None:
    run.answer_all()
    for number in run.filed[:2]:
        run.result(number, passed=True)
    run.take(*classes.ORDER)
    with pytest.raises(StepRefused) as refused:
        run.take(ClassStep.CALLED_OFF)
    assert refused.value.why is Why.FINISHED


def test_who_came_is_written_once_and_corrected_with_who_did_it(run: Run) -> None:
    meeting = run.meet()
    first, second, waits = run.filed
    assert run.mark(meeting, {first: True, second: False}) == 2
    assert run.mark(meeting, {first: True, second: True}, "staff:2") == 1
    with pytest.raises(LookupError):
        run.mark(meeting, {first: False, waits: True})
    with run.store.reading() as session:
        known = attending.attendance_at(session, meeting)
        assert {each: (row.came, row.actor) for each, row in known.items()} == {
            first: (True, "staff:1"),
            second: (True, "staff:2"),
        }
        assert len(session.exec(select(Attendance)).all()) == 2


def test_sessions_are_in_order_of_their_days(run: Run) -> None:
    run.meet(NOW.date() + timedelta(days=1))
    with run.store.writing() as session:
        earlier = CourseSession(
            intake_id=run.intake,
            session_no=2,
            day=NOW.date(),
            start_time=time(14),
            end_time=time(16),
            hours=2,
        )
        session.add(earlier)
    with run.store.reading() as session:
        assert [each.session_no for each in in_class.meetings_of(session, run.intake)] == [2, 1]
