import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from storage.base import Store
from storage.catalogue.importing import import_sessions
from storage.catalogue.tables import CatalogueImport, CourseSession, Intake, Project
from storage.catalogue.taking_back import CannotTakeBack, take_back
from storage.catalogue.versions import Change, compare, imports

from .making import NOW, csv_of, data, demo, row_of, take


def capacity(session: Session, project_id: str) -> int:
    return session.exec(select(Intake.capacity).where(Intake.project_id == project_id)).one()


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Note what is asked of the database meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield found
    event.remove(connection, "before_cursor_execute", note)


def test_an_import_can_be_compared_with_what_was_before(stocked: Store) -> None:
    with stocked.writing() as session:
        take(session, data("projects_update.csv"))
        changes = compare(session, 3)
    assert Change("P016/1", "capacity", 40, 30, "intake") in changes
    assert Change("P029/1", "status", "open", "withdrawn", "intake") in changes
    assert Change("P019/1", "start_date", "2027-03-03", "2027-03-10", "intake") in changes
    assert [change.key for change in changes if change.before is None] == ["P035", "P035/1"]


def test_two_versions_can_be_compared_over_what_lies_between(stocked: Store) -> None:
    with stocked.writing() as session:
        take(session, csv_of([row_of("P016", capacity="30")]))
        take(session, csv_of([row_of("P016", capacity="35", title_easy="种油茶")]))
        assert set(compare(session, 4, since=2)) == {
            Change("P016", "title_easy", "学种油茶", "种油茶", "project"),
            Change("P016/1", "capacity", 40, 35, "intake"),
        }


def test_an_unchanged_import_is_a_version_without_changes(stocked: Store) -> None:
    with stocked.writing() as session:
        assert take(session, demo("projects.csv")).number == 3
        assert compare(session, 3) == []


def test_taking_back_restores_what_was_and_removes_what_was_new(stocked: Store) -> None:
    with stocked.writing() as session:
        take(session, data("projects_update.csv"))
    with stocked.writing() as session:
        undone = take_back(session, 3, now=NOW, who="李国强")
        assert undone == compare(session, 3)
    with stocked.writing() as session:
        assert capacity(session, "P016") == 40
        assert session.get(Project, "P035") is None
        version = session.get_one(CatalogueImport, 3)
        assert (version.taken_back_at, version.taken_back_by) == (NOW, "李国强")
        assert take(session, demo("projects.csv")).changed == 0  # all is as the first import left it


def test_only_the_columns_an_import_changed_are_restored(stocked: Store) -> None:
    with stocked.writing() as session:
        take(session, csv_of([row_of("P016", capacity="30")]))
    with stocked.writing() as session:
        session.exec(select(Intake).where(Intake.project_id == "P016")).one().status = "closed"
    with stocked.writing() as session:
        take_back(session, 3, now=NOW, who="王芳")
        intake = session.exec(select(Intake).where(Intake.project_id == "P016")).one()
        assert (intake.capacity, intake.status) == (40, "closed")


def test_an_import_under_a_later_one_is_not_taken_back(stocked: Store) -> None:
    with stocked.writing() as session:
        take(session, csv_of([row_of("P016", capacity="30")]))
        take(session, csv_of([row_of("P016", capacity="35")]))
        with pytest.raises(CannotTakeBack, match="第4次导入又改了 P016/1。先撤回第4次导入。"):
            take_back(session, 3, now=NOW, who="王芳")
        take_back(session, 4, now=NOW, who="王芳")
        take_back(session, 3, now=NOW, who="王芳")
        assert capacity(session, "P016") == 40


def test_a_later_import_of_other_rows_is_no_hindrance(stocked: Store) -> None:
    with stocked.writing() as session:
        take(session, csv_of([row_of("P016", capacity="30")]))
        take(session, csv_of([row_of("P018", capacity="25")]))
        take_back(session, 3, now=NOW, who="王芳")
        assert (capacity(session, "P016"), capacity(session, "P018")) == (40, 25)


def test_an_import_is_taken_back_once_and_must_exist(stocked: Store) -> None:
    with stocked.writing() as session:
        take(session, csv_of([row_of("P016", capacity="30")]))
        take_back(session, 3, now=NOW, who="王芳")
        with pytest.raises(CannotTakeBack, match="已经撤回了"):
            take_back(session, 3, now=NOW, who="王芳")
        with pytest.raises(CannotTakeBack, match="没有第9次导入"):
            take_back(session, 9, now=NOW, who="王芳")


def test_a_new_intake_that_others_hold_on_to_stays_withdrawn(stocked: Store) -> None:
    # Its sessions hold on to it here, as an application would.
    with stocked.writing() as session:
        take_back(session, 1, now=NOW, who="王芳")
    with stocked.reading() as session:
        assert set(session.exec(select(Intake.status))) == {"withdrawn"}
        assert session.get(Project, "P001") is not None


def test_sessions_are_taken_back_too(stocked: Store) -> None:
    with stocked.writing() as session:
        take_back(session, 2, now=NOW, who="王芳")
    with stocked.writing() as session:
        assert session.exec(select(CourseSession)).all() == []
        take_back(session, 1, now=NOW, who="王芳")
        assert session.exec(select(Project)).all() == []


def test_a_changed_session_gets_its_time_back(stocked: Store) -> None:
    changed = demo("sessions.csv").replace(b",09:00,16:30,", b",09:30,17:00,")
    with stocked.writing() as session:
        report = import_sessions(session, changed, "s.csv", now=NOW, who="王芳")
        assert report.changed > 0
        take_back(session, 3, now=NOW, who="王芳")
    with stocked.writing() as session:
        again = import_sessions(session, demo("sessions.csv"), "s.csv", now=NOW, who="王芳")
        assert (again.changed, again.unchanged) == (0, 490)


def test_imports_are_listed_newest_first(stocked: Store) -> None:
    with stocked.reading() as session:
        assert [(version.number, version.kind) for version in imports(session)] == [
            (2, "sessions"),
            (1, "projects"),
        ]


def test_hundreds_of_rows_are_written_and_taken_back_with_a_few_statements(stocked: Store) -> None:
    many = [row_of("P016") | {"project_id": f"Q{number:03}", "title_easy": ""} for number in range(400)]
    moved = [each | {"title_easy": "学种油茶", "capacity": "35"} for each in many]
    meeting = next(csv.DictReader(io.StringIO(demo("sessions.csv").decode())))
    held = meeting | {
        "project_id": "Q007",
        "intake_no": "1",
        "session_no": "1",
        "date": many[7]["start_date"],
    }
    with stocked.writing() as session:
        take(session, csv_of(many))
        with statements(session) as counted:
            assert take(session, csv_of(moved)).changed == 400
        assert len(counted) < 40
    with stocked.writing() as session:
        assert import_sessions(session, csv_of([held]), "s.csv", now=NOW, who="王芳").added == 1
    with stocked.writing() as session:
        with statements(session) as counted:
            take_back(session, 4, now=NOW, who="王芳")
            assert {capacity(session, "Q000"), capacity(session, "Q399")} == {40}
            take_back(session, 3, now=NOW, who="王芳")
        assert len(counted) < 80
    with stocked.reading() as session:
        left = select(Intake.project_id, Intake.status).where(col(Intake.project_id).startswith("Q"))
        assert session.exec(left).all() == [("Q007", "withdrawn")]
        assert session.get(Project, "Q006") is None
        assert session.get(Project, "Q007") is not None
