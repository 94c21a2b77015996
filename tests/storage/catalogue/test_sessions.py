import csv
import io
from datetime import time

import pytest
from sqlmodel import Session, col, select

from storage.base import Store
from storage.catalogue.importing import import_positions, import_projects, import_sessions
from storage.catalogue.report import FileRefused, Report
from storage.catalogue.tables import CourseSession, Intake

from .making import NOW, Book, csv_of, demo

ROWS = list(csv.DictReader(io.StringIO(demo("sessions.csv").decode())))


def take(session: Session, *rows: dict[str, str]) -> Report:
    return import_sessions(session, csv_of(rows), "课次.csv", now=NOW, who="王芳")


def meetings(session: Session, project_id: str) -> list[CourseSession]:
    wanted = select(CourseSession).join(Intake).where(Intake.project_id == project_id)
    return list(session.exec(wanted.order_by(col(Intake.intake_no), col(CourseSession.session_no))))


def test_the_demo_sessions_know_their_day_and_place(stocked: Store) -> None:
    with stocked.reading() as session:
        first, *_ = meetings(session, "P002")
        assert (first.day.isoformat(), first.start_time, first.hours) == ("2026-12-14", time(9, 0), 6)
        assert first.venue == "旌阳区孝泉镇新河村党群服务中心院坝教室"


def test_a_second_import_updates_and_never_doubles(stocked: Store) -> None:
    moved = ROWS[0] | {"start_time": "10:00"}
    with stocked.writing() as session:
        report = take(session, moved, *ROWS[1:15])
        assert (report.added, report.changed, report.unchanged) == (0, 1, 14)
        assert meetings(session, "P001")[0].start_time == time(10, 0)


def test_sessions_a_sheet_leaves_out_stay_and_are_mentioned(stocked: Store) -> None:
    with stocked.writing() as session:
        report = take(session, *ROWS[:12])
        assert [str(note) for note in report.warnings] == ["课次: P001/1 还有3次课不在这张表里，没有动"]


def test_a_session_may_be_cancelled(stocked: Store) -> None:
    with stocked.writing() as session:
        assert take(session, ROWS[0] | {"取消": "是"}).changed == 1
        assert meetings(session, "P001")[0].cancelled is True


def test_mode_and_place_follow_the_intake_when_not_written(stocked: Store) -> None:
    bare = {
        name: ROWS[0][name] for name in ("project_id", "intake_no", "date", "start_time", "end_time", "hours")
    }
    with stocked.writing() as session:
        assert take(session, bare | {"session_no": "16"}).added == 1
        added = meetings(session, "P001")[-1]
        assert (added.mode, added.venue) == ("offline", "武侯区红牌楼街道望锦路86号2栋3楼")


@pytest.mark.parametrize(
    ("changed", "column", "wrong", "right"),
    [
        ({"project_id": "P999"}, "project_id", "目录里没有 P999 第1班", "先导入这个班"),
        ({"intake_no": "7"}, "project_id", "目录里没有 P001 第7班", "改编号和班次"),
        ({"date": "2027-02-01", "weekday": "一"}, "date", "不在这个班的日期里", "写2026-12-07到2026-12-25"),
        ({"weekday": "三"}, "weekday", "2026-12-07是星期一", "写“一”"),
        ({"end_time": "08:00"}, "end_time", "不晚于09:00上课", "写比上课晚的时间"),
        ({"hours": "8"}, "hours", "只有7.5小时", "写7.5"),
        ({"session_no": "0"}, "session_no", "不在范围里", "写1到999"),
        ({"date": "很快"}, "date", "不是日期", "2026-12-14"),
    ],
)
def test_a_session_that_cannot_be_true_is_told(
    stocked: Store, changed: dict[str, str], column: str, wrong: str, right: str
) -> None:
    with stocked.writing() as session:
        report = take(session, ROWS[0] | changed)
        [problem] = report.problems
        assert (problem.sheet, problem.row, problem.column) == ("课次", 2, column)
        assert wrong in problem.wrong
        assert right in problem.right


def test_a_session_on_a_closed_day_is_told(stocked: Store) -> None:
    row = next(row for row in ROWS if row["project_id"] == "P003") | {"date": "2027-01-02", "weekday": "六"}
    with stocked.writing() as session:
        [problem] = take(session, row).problems
        assert problem.wrong == "2027-01-02这一天停课"


def test_the_same_session_twice_in_a_file_is_told(stocked: Store) -> None:
    with stocked.writing() as session:
        [problem] = take(session, ROWS[0], ROWS[0]).problems
        assert problem.wrong == "和第2行是同一次课"


def test_a_sheet_of_another_kind_changes_nothing_and_is_called_by_its_name(stocked: Store) -> None:
    """The mode of one day stands under the heading that means a whole class's on a sheet of projects."""
    with stocked.writing() as session, pytest.raises(FileRefused, match="这是课次的表。选“课次”，再导入一次"):
        import_projects(session, demo("sessions.csv"), "sessions.csv", now=NOW, who="王芳")
    with stocked.writing() as session, pytest.raises(FileRefused, match="这是项目的表"):
        import_sessions(session, demo("projects.csv"), "projects.csv", now=NOW, who="王芳")
    with stocked.writing() as session, pytest.raises(FileRefused, match="这是招聘会的表"):
        import_positions(session, demo("job_fairs.csv"), "job_fairs.csv", now=NOW, who="王芳")


def test_a_sheet_of_another_kind_beside_the_right_one_is_left_out(stocked: Store) -> None:
    book = Book()
    for name, file in (("项目", "projects.csv"), ("课次", "sessions.csv")):
        book = book.sheet(name, list(csv.reader(io.StringIO(demo(file).decode()))))
    with stocked.writing() as session:
        report = import_sessions(session, book.done(), "目录.xlsx", now=NOW, who="王芳")
    assert report.unchanged == len(ROWS)
    assert [str(note) for note in report.skipped] == ["项目: 这是项目的表，没有读"]
