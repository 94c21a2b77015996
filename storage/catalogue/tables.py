"""The catalogue's tables: projects, their intakes and sessions, and every import with what it changed.

A *project* is what is taught, to whom and on what terms; an *intake* is one dated run of it, so all that a
place or a date may change (address, seats, services, phone) stands on the intake. Many-valued columns are
JSON lists of codes; the words behind the codes stand in `codes.csv`.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.base import UTCDateTime


def _codes() -> Any:  # noqa: ANN401 (a SQLModel field default has no narrower type)
    return Field(default_factory=list, sa_type=JSON)


class CatalogueImport(SQLModel, table=True):
    """One file taken in: a numbered version of the catalogue that can be compared and taken back."""

    __tablename__ = "catalogue_import"

    number: int | None = Field(default=None, primary_key=True)
    kind: str  # "projects", "sessions", "fairs" or "positions"
    file: str
    sha256: str
    who: str
    at: datetime = Field(sa_type=UTCDateTime)
    rows_read: int = 0
    rows_added: int = 0
    rows_changed: int = 0
    rows_unchanged: int = 0
    rows_refused: int = 0
    taken_back_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    taken_back_by: str = ""


class CatalogueChange(SQLModel, table=True):
    """What one import did to one row: the whole row before (nothing when it was new) and after."""

    __tablename__ = "catalogue_change"
    __table_args__ = (Index("ix_catalogue_change_row", "kind", "key", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(foreign_key="catalogue_import.number", index=True)
    kind: str  # "project", "intake", "session", "fair" or "position"
    key: str  # "P001", "P001/2", "P001/2/15", "F01" or "F01-02"
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] = Field(sa_type=JSON)


class Project(SQLModel, table=True):
    """One line of the published catalogue: what is taught, to whom, on what terms."""

    project_id: str = Field(primary_key=True)
    title: str
    title_easy: str = ""
    category: str
    subcategory: str = ""
    occupation: str = ""
    industry: str = ""
    organiser: str
    organiser_type: str = ""
    commissioned_by: str = ""
    household_rule: str = ""
    household_place: str = ""  # empty: anywhere, or a person has to look
    age_min: int | None = None
    age_max: int | None = None
    sex_rule: str = ""
    disability_categories: list[str] = _codes()
    disability_levels: list[str] = _codes()
    audience: list[str] = _codes()
    employment_status: list[str] = _codes()  # empty: any
    priority_groups: list[str] = _codes()
    fee_yuan: int = 0
    extra_modules: list[str] = _codes()
    certificate_type: str = ""
    certificate_name: str = ""
    subsidy_types: list[str] = _codes()
    living_subsidy_per_day_yuan: int = 0
    subsidy_note: str = ""
    documents_to_bring: list[str] = _codes()
    policy_profile: str = ""
    seed_file: str = ""
    level: str = ""
    delivery: str = ""
    programme: str = ""
    tags: list[str] = _codes()
    extra_questions: list[str] = _codes()
    employer: str = ""  # of an order class; the organiser when that is an enterprise
    order_posts: int | None = None


class Intake(SQLModel, table=True):
    """One dated run of a project, with its place, seats and promised services."""

    __table_args__ = (UniqueConstraint("project_id", "intake_no"),)

    id: int | None = Field(default=None, primary_key=True)
    project_id: str = Field(foreign_key="project.project_id")
    intake_no: int
    status: str = "open"
    start_date: date
    end_date: date
    registration_deadline: date
    list_from: date | None = None
    list_until: date | None = None
    closed_dates: list[str] = _codes()  # "2027-01-01/2027-01-03", both days closed
    training_days: int | None = None
    online_days: int | None = None
    offline_days: int | None = None
    hours_per_day: float | None = None
    hours_total: float | None = None
    class_start_time: time | None = None
    class_end_time: time | None = None
    schedule_text: str = ""
    time_slot: str = ""
    mode: str
    capacity: int
    min_to_open: int | None = None
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = ""
    how_to_get_there: str = ""
    venue_type: str = ""
    platform: str = ""
    link: str = ""  # shown only to those accepted
    services_available: list[str] = _codes()
    lodging_provided: bool = False
    meals_provided: bool = False
    companion_allowed: bool = False
    insurance_provided: bool = False
    contact_dept: str = ""
    contact_phone: str = ""
    contact_sms: str = ""
    contact_by_text: str = ""
    supervision_phone: str = ""


class CourseSession(SQLModel, table=True):
    """One dated meeting of an intake: what reminders, sign-in and daily subsidies go by."""

    __tablename__ = "course_session"
    __table_args__ = (UniqueConstraint("intake_id", "session_no"),)

    id: int | None = Field(default=None, primary_key=True)
    intake_id: int = Field(foreign_key="intake.id")
    session_no: int
    day: date = Field(index=True)
    start_time: time
    end_time: time
    hours: float
    mode: str = ""
    venue: str = ""
    cancelled: bool = False


class Fair(SQLModel, table=True):
    """A job fair (招聘会): when and where, how to get there, which support it offers."""

    fair_id: str = Field(primary_key=True)
    title: str
    title_easy: str = ""
    type: str = "offline"  # or "online"
    start_date: date
    end_date: date
    start_time: time
    end_time: time
    signup_deadline: date
    organiser: str
    co_organiser: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = ""
    how_to_get_there: str = ""
    services_available: list[str] = _codes()
    travel_support: str = ""
    documents_to_bring: list[str] = _codes()  # words, not codes
    on_site_services: list[str] = _codes()  # words, not codes
    employer_count: int | None = None
    job_count: int | None = None
    linked_occupations: list[str] = _codes()  # words, as Project.occupation
    contact_phone: str = ""
    text_contact: str = ""
    policy_profile: str = ""
    notice: str = ""
    easy: str = ""
    sms: str = ""
    called_off: bool = False


class Position(SQLModel, table=True):
    """A position at a fair, or one that stands by itself: who offers it, what it asks, how the work is adapted."""

    position_id: str = Field(primary_key=True)
    fair_id: str | None = Field(default=None, foreign_key="fair.fair_id", index=True)
    employer: str
    position: str
    headcount: int = 1
    disability_categories: list[str] = _codes()  # what the employer thinks of; nobody is excluded by it
    disability_levels: list[str] = _codes()
    requirements: str = ""
    monthly_salary_yuan: str = ""  # as written: "3200-4500", "按件，约2000-4000"
    working_hours: str = ""
    work_location: str = ""
    home_based: bool = False
    dormitory: bool = False
    social_insurance: bool = False
    workplace_adjustments: str = ""
    linked_occupation: str = ""  # as Project.occupation
    kind: str = "job"  # or "intern"
    tags: list[str] = _codes()
    open_until: date | None = None  # of a position without a fair
    withdrawn: bool = False
