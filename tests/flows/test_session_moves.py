"""Single sessions that move or are cancelled: who has a seat sees them all, once, and says whether they come."""

from collections.abc import Callable
from datetime import date, time, timedelta

from sqlmodel import Session, select

from bot.classes import moving
from bot.runner import Runner
from storage.catalogue.importing import import_sessions
from storage.catalogue.tables import CourseSession, Intake
from storage.classes import changes
from storage.classes.tables import Confirmation
from storage.tables import Outbox, Staff
from tests.databases import on_both
from tests.flows.test_arrived import has_a_seat
from tests.staff_side import StaffSide
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


def meet(runner: Runner, intake: int, *numbers: int) -> list[int]:
    """Give the class these sessions, one each day from its first; give their numbers in the table."""

    def write(session: Session) -> list[int]:
        starts = session.get_one(Intake, intake).start_date
        for old in session.exec(select(CourseSession).where(CourseSession.intake_id == intake)).all():
            session.delete(old)
        session.flush()
        made = [
            CourseSession(
                intake_id=intake,
                session_no=number,
                day=starts + timedelta(days=number - 1),
                start_time=time(9),
                end_time=time(11),
                hours=2,
                mode="offline",
                venue="东楼 3 室",
            )
            for number in numbers
        ]
        session.add_all(made)
        session.flush()
        return [each.id or 0 for each in made]

    return runner.desk.do_now(write)


def move(staff: StaffSide, meeting: int, note: str = "", **values: object) -> int | None:
    def act(session: Session) -> int | None:
        member = session.get_one(Staff, staff.member)
        return moving.move_meeting(session, meeting, member, values, note=note, now=staff.now)

    return staff.runner.desk.do_now(act)


def letters(runner: Runner) -> int:
    with runner.desk.store.reading() as session:
        return len(session.exec(select(Outbox).where(Outbox.kind == "changed")).all())


def answers(runner: Runner) -> list[bool | None]:
    with runner.desk.store.reading() as session:
        return [each.comes for each in session.exec(select(Confirmation)).all()]


@on_both
def test_every_session_that_moved_is_seen_and_answered_together(
    visit: Visit, runner: Runner, intake: int
) -> None:
    me, staff = has_a_seat(visit, runner, intake)
    first, second = meet(runner, intake, 1, 2)
    assert move(staff, first, "老师病了。", start_time=time(14), end_time=time(16)) == 1
    assert move(staff, first, start_time=time(14), end_time=time(16)) is None, "nothing changed"
    assert move(staff, second, cancelled=True) == 1
    assert letters(runner) == 2
    me.stop()
    me.tap("answer_1")
    assert me.asking == "moved.come"
    said = [(line.label, line.value) for line in me.screen.lines]
    assert ("现在几点", "下午 2 点到下午 4 点") in said
    assert ("这一次", "不上了") in said
    assert ("为什么", "老师病了。") in said
    assert [value[:5] for label, value in said if label == "哪一次课"] == ["第 1 次", "第 2 次"]
    me.tap("yes")
    assert me.asking == "moved_answered.told"
    assert answers(runner) == [True, True], "one word for everything that was shown"
    me.tap("read")
    # A class that moves after that is asked about again, and only about that.
    move(staff, first, venue="西楼 1 室")
    me.begin("moved", (("application", 1),))
    assert [line.label for line in me.screen.lines if line.label == "哪一次课"] == ["哪一次课"]
    assert me.lines["现在在哪里"] == "西楼 1 室"


def test_a_sheet_that_moves_sessions_asks_once_in_the_same_way(
    visit: Visit, runner: Runner, intake: int
) -> None:
    _, staff = has_a_seat(visit, runner, intake)
    meet(runner, intake, 1, 2)
    with runner.desk.store.reading() as session:
        run = session.get_one(Intake, intake)
        rows = [
            f"{run.project_id},{run.intake_no},{number},{run.start_date + timedelta(days=number - 1)},10:00,12:00,2,西楼 1 室"
            for number in (1, 2, 3)
        ]
    sheet = "\n".join(["project_id,intake_no,session_no,date,start_time,end_time,hours,venue", *rows])

    def bring(session: Session) -> int:
        import_sessions(session, sheet.encode(), "课次.csv", now=staff.now, who="李国强")
        return moving.tell_moves(session, staff.now)

    assert runner.desk.do_now(bring) == 1
    with runner.desk.store.reading() as session:
        change = changes.latest(session, intake)
        assert change is not None
        assert sorted(change.after[changes.SESSIONS]) == ["1", "2"], "a new session moves nobody"
    assert letters(runner) == 1


def test_a_session_that_is_over_moves_nobody(visit: Visit, runner: Runner, intake: int) -> None:
    _, staff = has_a_seat(visit, runner, intake)
    [meeting] = meet(runner, intake, 1)
    with runner.desk.store.writing() as session:
        session.get_one(Intake, intake).start_date = date(2026, 11, 1)
        session.get_one(CourseSession, meeting).day = date(2026, 11, 2)
    assert move(staff, meeting, venue="西楼 1 室") == 0
    assert letters(runner) == 0
