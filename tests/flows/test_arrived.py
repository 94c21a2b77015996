"""我到了: who has a seat in a class of today says so, and it is written down once, beside what staff write."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlmodel import Session, delete, select

from bot.runner import Runner
from storage import people
from storage.catalogue.tables import CourseSession
from storage.classes import attending, in_class
from storage.classes.tables import Attendance
from storage.tables import Application, Role
from tests.databases import on_both
from tests.staff_side import StaffSide
from tests.visiting import APPLICATION, Visitor

Visit = Callable[..., Visitor]


def has_a_seat(visit: Visit, runner: Runner, intake: int) -> tuple[Visitor, StaffSide]:
    """Somebody who was accepted."""
    me = visit().tap("plain", "self").begin("apply", (("person", 1), ("intake", intake)))
    me.answer(**APPLICATION).tap("send")
    staff = StaffSide(runner)
    staff.accept()
    return me, staff


def meet_at(runner: Runner, intake: int, *hours: datetime) -> None:
    """Give the class these sessions, of two hours each, and no others."""

    def write(session: Session) -> None:
        session.execute(delete(CourseSession))
        for number, at in enumerate(hours, 1):
            ends = time(23, 59) if at.hour >= 22 else (at + timedelta(hours=2)).time()
            session.add(
                CourseSession(
                    intake_id=intake,
                    session_no=number,
                    day=at.date(),
                    start_time=at.time(),
                    end_time=ends,
                    hours=2,
                    venue="东楼 3 室",
                )
            )

    runner.desk.do_now(write)


def came(runner: Runner) -> list[tuple[int, bool, str]]:
    with runner.desk.store.reading() as session:
        rows = session.exec(select(Attendance)).all()
        return [(row.application_id, row.came, row.actor) for row in rows]


def noon(runner: Runner) -> datetime:
    return runner.clock.now().replace(hour=12, minute=0, second=0, microsecond=0)


@on_both
def test_who_has_class_today_says_so_once(visit: Visit, runner: Runner, intake: int) -> None:
    me, _ = has_a_seat(visit, runner, intake)
    now = runner.clock.now()
    meet_at(runner, intake, now.replace(minute=0, second=0, microsecond=0), now + timedelta(days=1))
    before = me.asking
    me.say("我到了")
    assert (me.asking, me.screen.text) == ("arrived_kept.told", "李小梅到了，记下了。老师能看到。")
    me.tap("read")
    assert me.asking == before
    me.say("签到")
    assert me.asking == "arrived_kept.told"
    [(_, here, actor)] = came(runner)
    assert (here, actor.split(":")[0]) == (True, "contact")


def test_without_a_class_now_the_next_one_is_said(visit: Visit, runner: Runner, intake: int) -> None:
    me, staff = has_a_seat(visit, runner, intake)
    after = noon(runner) + timedelta(days=2)
    meet_at(runner, intake, noon(runner) - timedelta(days=1), after)
    me.say("我到了")
    assert me.asking == "arrived.none"
    assert me.screen.text == "现在还没有您的课。下一次课在这里。"
    assert me.lines["什么时候"] == "11 月 23 日，星期一，中午 12 点"
    assert me.lines["在哪里"] == "东楼 3 室"
    me.tap("read")
    # Without sessions, the first day of the class is what is known.
    runner.desk.do_now(lambda session: session.execute(delete(CourseSession)))
    me.say("我到了")
    assert me.asking == "arrived.none"
    assert "什么时候" in me.lines
    me.tap("read")
    staff.decline("不办了")
    me.say("我到了")
    assert me.screen.text == "现在没有您的课。有了，我们告诉您。"
    assert me.lines == {}
    assert came(runner) == []


def test_of_two_on_one_phone_it_asks_who(visit: Visit, runner: Runner, intake: int) -> None:
    me, staff = has_a_seat(visit, runner, intake)

    def of_another(session: Session) -> int:
        mine = session.exec(select(Application)).one()
        son = people.add_person(session, mine.contact_id or 0, Role.FAMILY, "小明", staff.now)
        fields = mine.model_dump(exclude={"id", "number", "person_id"})
        other = Application(**fields, number="2026-0099", person_id=son.id)
        session.add(other)
        session.flush()
        return other.id

    other = runner.desk.do_now(of_another)
    now = runner.clock.now()
    meet_at(runner, intake, now.replace(minute=0, second=0, microsecond=0))
    me.say("我到了")
    assert me.asking == "arrived.which"
    assert [option.label for option in me.screen.options] == ["李小梅", "小明", "都还没有到"]
    me.say("小明")
    assert me.screen.text == "小明到了，记下了。老师能看到。"
    assert [number for number, _, _ in came(runner)] == [other]


def test_what_staff_wrote_stays(visit: Visit, runner: Runner, intake: int) -> None:
    me, staff = has_a_seat(visit, runner, intake)
    now = runner.clock.now()
    meet_at(runner, intake, now.replace(minute=0, second=0, microsecond=0))

    def absent(session: Session) -> None:
        meeting = session.exec(select(CourseSession)).one()
        [filed] = in_class.people_in(session, intake)
        attending.mark(session, meeting.id or 0, {filed.id: False}, "staff:1", staff.now)

    runner.desk.do_now(absent)
    me.say("我到了")
    assert me.screen.text == "老师记的是没有来。跟老师说一声，他可以改。"
    assert [(here, actor) for _, here, actor in came(runner)] == [(False, "staff:1")]


def test_within_the_hour_and_until_the_end(runner: Runner, visit: Visit, intake: int) -> None:
    has_a_seat(visit, runner, intake)
    at = noon(runner) + timedelta(days=3, hours=12, minutes=30)  # half past midnight
    meet_at(runner, intake, at)
    with runner.desk.store.reading() as session:

        def expected(moment: datetime) -> int:
            return len(attending.expected(session, [1], moment))

        assert expected(at - timedelta(minutes=61)) == 0
        assert expected(at - timedelta(minutes=59)) == 1, "before midnight, within the hour"
        assert expected(at + timedelta(hours=2)) == 1
        assert expected(at + timedelta(hours=2, minutes=1)) == 0
