"""Loads the whole sample in one transaction: all of it, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from bot.demo.filing import file_one
from bot.demo.learners import add_clerk, add_learner
from bot.demo.ratings import load_ratings
from bot.demo.sample_forms import FORMS
from bot.demo.shifting import moment, parts, rows, shift_for, shifted_sheet
from bot.forms.taking import take_form
from dialogs.sheet_names import EXTENDS
from storage.catalogue.importing import import_fairs, import_positions, import_projects, import_sessions
from storage.catalogue.report import Report
from storage.catalogue.tables import CatalogueImport, Intake, Project
from storage.staff import staff
from storage.tables import Person, StaffRole

WHO = "demo"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded."""

    projects: int
    sessions: int
    people: int
    applications: int


def is_empty(session: Session) -> bool:
    """Whether nothing was ever imported and nobody is known, so that the sample harms nothing."""
    tables = (CatalogueImport.number, Project.project_id, Person.id)
    return all(session.exec(select(column).limit(1)).first() is None for column in tables)


def load_demo(
    session: Session, now: datetime, tell: Callable[[str], None], check: Callable[[], None] = lambda: None
) -> Loaded:
    """Load the sample, moved to the present.

    Args:
        session: a writing session on an empty database.
        now: in the service's zone.
        tell: called with progress.
        check: called before every row; what it raises ends the load.

    """
    shift = shift_for(now.date())
    projects = import_projects(session, shifted_sheet("projects", shift), "projects.csv", now=now, who=WHO)
    tell(f"装好 {_whole(projects)} 个班")
    sessions = import_sessions(session, shifted_sheet("sessions", shift), "sessions.csv", now=now, who=WHO)
    tell(f"装好 {_whole(sessions)} 次课")
    fairs = import_fairs(session, shifted_sheet("job_fairs", shift), "job_fairs.csv", now=now, who=WHO)
    sheet = shifted_sheet("job_fair_positions", shift)
    positions = import_positions(session, sheet, "job_fair_positions.csv", now=now, who=WHO)
    tell(f"装好 {_whole(fairs)} 个招聘会，{_whole(positions)} 个岗位")
    filed = rows("applications")
    helped = {row["person_id"] for row in filed if row["applicant_role"] == "family"}
    learners = {}
    for row in rows("people"):
        check()
        learners[row["person_id"]] = add_learner(session, row, now, helped=row["person_id"] in helped)
    tell(f"装好 {len(learners)} 个人")
    clerk_id = add_clerk(session, now)
    for row in rows("staff"):
        staff.add_staff(
            session,
            row["name"],
            StaffRole(row["role"]),
            now,
            region=row["region"],
            projects=parts(row["projects"]),
            actor=WHO,
        )
    intakes = {
        (intake.project_id, str(intake.intake_no)): intake.id or 0 for intake in session.exec(select(Intake))
    }
    for row in filed:
        check()
        file_one(
            session,
            row,
            learners[row["person_id"]],
            clerk_id=clerk_id,
            intake_id=intakes[row["project_id"], row["intake_no"]],
            applied_at=moment(row["applied_at"], shift, now.tzinfo),
            now=now,
        )
    tell(f"装好 {len(filed)} 份报名")
    tell(f"装好 {_load_forms(session, now, check)} 张问卷")
    tell(f"装好 {load_ratings(session, now, check)} 份回访")
    return Loaded(projects.added, sessions.added, len(learners), len(filed))


def _load_forms(session: Session, now: datetime, check: Callable[[], None]) -> int:
    """Load the forms: surveys are asked, questions added to the application wait until somebody puts them to use."""
    files = sorted(FORMS.glob("*.xlsx"))
    for file in files:
        check()
        taken = take_form(session, file.read_bytes(), now, WHO, live=file.stem not in EXTENDS)
        if taken.form is None:
            raise RuntimeError(f"the demo's {file.name} is broken: {taken.problems[0]}")
    return len(files)


def _whole(report: Report) -> int:
    """How many rows went in; the sample is part of the release, so every one has to."""
    if report.problems:
        raise RuntimeError(f"the demo's {report.file} is broken: {report.problems[0]}")
    return report.added
