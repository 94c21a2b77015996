"""When a course meets: as published in plain words, in our own words to who reads easy words or English."""

from collections.abc import Callable
from datetime import time
from importlib.resources import files

import pytest
from sqlmodel import col, delete, select, update

from bot.runner import Runner
from storage.catalogue.importing import import_sessions
from storage.catalogue.tables import CourseSession, Intake
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def _sessions(runner: Runner) -> None:
    """The sample's sessions are told."""
    data = (files("bot") / "demo" / "sessions.csv").read_bytes()
    with runner.desk.store.writing() as session:
        import_sessions(session, data, "sessions.csv", now=runner.clock.now(), who="test")


def card(visit: Visit, reading: str, project: str) -> Visitor:
    return visit(reading).tap(reading, "self").begin("card", (("project", project),))


def without_sessions(runner: Runner, project: str, **told: object) -> None:
    """Let a course's sessions never have been told, and its intakes say only this."""
    with runner.desk.store.writing() as session:
        mine = select(Intake.id).where(Intake.project_id == project)
        session.execute(delete(CourseSession).where(col(CourseSession.intake_id).in_(mine)))
        if told:
            session.execute(update(Intake).where(col(Intake.project_id) == project).values(**told))
    runner.desk.read(lambda session: runner.shelf.rebuild(session, runner.clock.now().date()))


def test_plain_words_are_the_published_ones(visit: Visit) -> None:
    assert card(visit, "plain", "P001").lines["什么时候"] == (
        "12 月 7 日到 12 月 25 日。周一至周五白天，09:00—16:30，共15天90课时"
    )


@pytest.mark.parametrize(
    ("project", "days", "hours"),
    [
        ("P001", "星期一到星期五", "上午 9 点到下午 4 点半"),
        ("P008", "星期二和星期四", "下午 1 点半到下午 5 点半"),
        ("P030", "星期一到星期四", "晚上 7 点到晚上 9 点"),
        ("P014", "星期六和星期日", "上午 9 点到下午 4 点半"),
    ],
)
def test_easy_words_say_the_days_and_hours_of_the_sessions(
    visit: Visit, project: str, days: str, hours: str
) -> None:
    me = card(visit, "easy", project)
    assert (me.lines["星期几"], me.lines["几点"]) == (days, hours)
    assert "official" not in {option.value for option in me.screen.options}
    assert not any("周" in value for value in me.lines.values())


def test_english_says_them_in_english(visit: Visit) -> None:
    me = card(visit, "en", "P008")
    assert (me.lines["Days"], me.lines["Hours"]) == ("Tuesday and Thursday", "1:30 pm to 5:30 pm")


def test_of_one_day_its_weekday_is_said_with_the_date(visit: Visit) -> None:
    me = card(visit, "easy", "P021")
    assert me.lines["哪天"] == "3 月 18 日，星期四"
    assert "星期几" not in me.lines


def test_cancelled_sessions_do_not_count(visit: Visit, runner: Runner) -> None:
    with runner.desk.store.writing() as session:
        mine = select(Intake.id).where(Intake.project_id == "P008")
        meetings = session.exec(select(CourseSession).where(col(CourseSession.intake_id).in_(mine)))
        tuesdays = [each.id for each in meetings if each.day.weekday() == 1]
        off = update(CourseSession).where(col(CourseSession.id).in_(tuesdays))
        session.execute(off.values(cancelled=True))
    assert card(visit, "easy", "P008").lines["星期几"] == "星期四"


def test_where_sessions_differ_it_says_so(visit: Visit, runner: Runner) -> None:
    with runner.desk.store.writing() as session:
        first = update(CourseSession).where(col(CourseSession.session_no) == 1)
        session.execute(first.values(start_time=time(8)))
    assert card(visit, "easy", "P001").lines["几点"] == "每次不一样，可以问我们"


def test_where_no_session_was_told_the_hours_are_and_the_published_words_are_one_press_away(
    visit: Visit, runner: Runner
) -> None:
    without_sessions(runner, "P001")
    me = card(visit, "easy", "P001")
    assert me.lines["几点"] == "上午 9 点到下午 4 点半"
    assert "星期几" not in me.lines
    me.tap("official")
    assert me.asking == "card.hours"
    assert me.lines == {"上课时间": "周一至周五白天，09:00—16:30，共15天90课时"}
    me.tap("read")
    assert me.asking == "card.do"


def test_where_nothing_but_the_published_words_is_known_it_says_whom_to_ask(
    visit: Visit, runner: Runner
) -> None:
    without_sessions(runner, "P001", class_start_time=None, class_end_time=None)
    me = card(visit, "easy", "P001")
    assert me.lines["几点"] == "可以问我们"
    without_sessions(runner, "P001", schedule_text="")
    assert "official" not in {
        option.value for option in me.begin("card", (("project", "P001"),)).screen.options
    }


def test_who_studies_partly_on_the_phone_is_told(visit: Visit) -> None:
    assert card(visit, "easy", "P005").lines["怎么学"] == "有时去教室，有时用手机或电脑"
