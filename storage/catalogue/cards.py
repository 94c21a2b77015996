"""What is shown of a project and its intakes: immutable cards, with the intake to show first in front."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

NO_SUBSIDY = "none"


class Status(StrEnum):
    """Where an intake stands today; the codes of `project_status`."""

    DRAFT = "draft"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    RUNNING = "running"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class IntakeCard:
    """One dated run of a project. Its link is not here: it is shown only to those accepted."""

    id: int
    project_id: str
    intake_no: int
    status: Status  # as of the snapshot's day
    listed: bool  # may be shown to anyone
    start_date: date
    end_date: date
    registration_deadline: date  # the last day to apply
    list_from: date | None
    list_until: date | None
    closed_dates: tuple[tuple[date, date], ...]  # no lessons from the first day to the last
    training_days: int | None
    online_days: int | None
    offline_days: int | None
    hours_per_day: float | None
    hours_total: float | None
    class_start_time: time | None
    class_end_time: time | None
    schedule_text: str
    time_slot: str
    mode: str
    capacity: int
    seats_left: int
    min_to_open: int | None
    province: str
    city: str
    district: str
    address: str
    how_to_get_there: str
    venue_type: str
    platform: str
    has_link: bool
    services: tuple[str, ...]
    lodging: bool
    meals: bool
    companion: bool
    insurance: bool
    contact_dept: str
    contact_phone: str
    contact_sms: str
    contact_by_text: str
    supervision_phone: str

    @property
    def place(self) -> str:
        """Province, city and district in one, as the household register writes them; empty online."""
        return self.province + self.city + self.district


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """One line of the catalogue, with its intakes: the one to show first in front."""

    project_id: str
    title: str
    title_easy: str
    category: str
    subcategory: str
    occupation: str
    industry: str
    organiser: str
    organiser_type: str
    commissioned_by: str
    household_rule: str
    household_place: str
    age_min: int | None
    age_max: int | None
    sex_rule: str
    disability_categories: tuple[str, ...]
    disability_levels: tuple[str, ...]
    audience: tuple[str, ...]
    employment_status: tuple[str, ...]
    priority_groups: tuple[str, ...]
    fee_yuan: int
    extra_modules: tuple[str, ...]
    certificate_type: str
    certificate_name: str
    subsidy_types: tuple[str, ...]
    living_subsidy_per_day_yuan: int
    subsidy_note: str
    documents_to_bring: tuple[str, ...]
    policy_profile: str
    level: str
    delivery: str
    programme: str
    tags: tuple[str, ...]
    extra_questions: tuple[str, ...]
    employer: str
    order_posts: int | None
    intakes: tuple[IntakeCard, ...]  # listed before not, open before full before the rest, earliest first

    @property
    def first(self) -> IntakeCard:
        """The intake to show first."""
        return self.intakes[0]

    @property
    def listed(self) -> tuple[IntakeCard, ...]:
        """The intakes that may be shown to anyone."""
        return tuple(intake for intake in self.intakes if intake.listed)

    @property
    def subsidised(self) -> bool:
        """Whether anyone is paid something: the school, or the trainee."""
        return self.living_subsidy_per_day_yuan > 0 or any(kind != NO_SUBSIDY for kind in self.subsidy_types)


def status_on(today: date, stored: str, *, start: date, end: date, deadline: date, seats_left: int) -> Status:
    """Return where an intake stands on a day, from what staff wrote, its dates, and its seats.

    What staff wrote about drafts, withdrawals and ending early stands; the rest follows from the calendar.
    """
    status = Status(stored)
    if status in {Status.DRAFT, Status.WITHDRAWN, Status.FINISHED}:
        return status
    if today > end:
        return Status.FINISHED
    if today >= start:
        return Status.RUNNING
    if today > deadline or status not in {Status.OPEN, Status.FULL}:
        return Status.CLOSED
    return Status.FULL if status == Status.FULL or seats_left <= 0 else Status.OPEN


def is_listed(today: date, status: Status, first: date | None, last: date | None) -> bool:
    """Whether an intake stands in the catalogue on a day: published, not over, within its listing dates."""
    if status in {Status.DRAFT, Status.WITHDRAWN, Status.FINISHED}:
        return False
    return (first is None or first <= today) and (last is None or today <= last)
