"""The classes of a province for the bench: projects of three counties, each with one intake."""

from datetime import date, timedelta

from storage.catalogue.tables import Intake, Project

COUNTIES = ("金水区", "二七区", "管城区")


def make_project(number: int, organiser: str = "示例培训中心") -> Project:
    """Give the project of this number, counted from 0."""
    return Project(
        project_id=f"B{number:04d}",
        title=f"盲人按摩班{number}",
        category="massage",
        organiser=organiser,
        commissioned_by=f"{COUNTIES[number % 3]}残疾人联合会",
        age_min=16,
        age_max=45,
    )


def make_intake(number: int, *, status: str, starts: date, closes: date, capacity: int) -> Intake:
    """Give the intake of the project of this number: twenty days; until when people apply is `closes`."""
    return Intake(
        id=number + 1,
        project_id=f"B{number:04d}",
        intake_no=1,
        status=status,
        start_date=starts,
        end_date=starts + timedelta(days=20),
        registration_deadline=closes,
        mode="offline",
        capacity=capacity,
        province="河南省",
        city="郑州市",
        district=COUNTIES[number % 3],
    )
