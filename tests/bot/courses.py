"""Courses to apply for in tests."""

from datetime import date

from storage.base import Store
from storage.catalogue.tables import Intake, Project


def make_course(
    store: Store,
    project_id: str = "P001",
    *,
    title: str = "盲人按摩班",
    easy: str = "学按摩",
    starts: date = date(2026, 12, 7),
    ends: date = date(2026, 12, 25),
    deadline: date = date(2026, 11, 30),
    capacity: int = 30,
    status: str = "open",
) -> int:
    """Publish a course with one intake; give the intake's number."""
    with store.writing() as session:
        project = Project(
            project_id=project_id, title=title, title_easy=easy, category="massage", organiser="示例培训中心"
        )
        session.add(project)
        session.flush()
        intake = Intake(
            project_id=project_id,
            intake_no=1,
            status=status,
            start_date=starts,
            end_date=ends,
            registration_deadline=deadline,
            mode="offline",
            capacity=capacity,
            address="示例路1号",
        )
        session.add(intake)
        session.flush()
        assert intake.id is not None
        return intake.id
