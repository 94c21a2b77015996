"""Who may do what: one table of acts, and one rule for whose applications and intakes somebody sees."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from storage.catalogue.snapshot import Snapshot
from storage.rules.regions import lies_in, office_area
from storage.tables import Staff, StaffRole


class Act(StrEnum):
    """Something a page shows or does. A new page names one of these, or a new one here."""

    TODAY = "today"
    LIST = "list applications"
    READ = "read an application"
    SECRET = "see sealed fields"  # noqa: S105 - the name of an act
    DECIDE = "decide about an application"
    ENTER = "enter an application for somebody"
    WRITE = "write to people who applied"
    INTAKES = "see intakes"
    OFFER = "offer free seats"
    RUN = "run a class"
    ROSTER = "see the list of a class"
    ATTEND = "write down who came"
    CALLS = "phone people"
    TICKETS = "see tickets"
    ANSWER = "answer tickets"
    WEIGH = "weigh priorities"
    STAFF = "manage staff"
    SHEETS = "bring and take tables"
    COURSES = "bring the courses of the own region"
    IMPORT = "bring fairs, and take back what was brought"
    FORMS = "bring forms, and take their answers"
    NOTICES = "write notices to many"
    RATINGS = "see ratings"
    OPINIONS = "read what people wrote about classes"
    FAIRS = "run job fairs"


_CLERK = frozenset(Act) - {Act.WEIGH, Act.STAFF, Act.IMPORT, Act.FORMS}

ALLOWED: Mapping[StaffRole, frozenset[Act]] = {
    StaffRole.ADMIN: frozenset(Act),
    StaffRole.CLERK: _CLERK,
    StaffRole.TEACHER: frozenset({Act.TODAY, Act.INTAKES, Act.ROSTER, Act.ATTEND, Act.SHEETS}),
    StaffRole.EVALUATOR: frozenset({Act.TODAY, Act.RATINGS}),
}
"""Role -> what it may do; where, `intakes_of` says."""

BRINGS: Mapping[str, Act] = {
    "projects": Act.COURSES,
    "sessions": Act.COURSES,
    "fairs": Act.IMPORT,
    "positions": Act.IMPORT,
    "staff": Act.STAFF,
    "results": Act.SHEETS,
}
"""Kind of table that is brought -> what a member has to be allowed; courses and results are of their own region."""

TEACHING = frozenset({"see", "hear", "speak", "move", "learn", "mind", "exam"})
"""Functions (codes.csv, service) of the needs a teacher sees: what matters in the room."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose business a member of staff sees: `None` is everybody's."""

    intakes: frozenset[int] | None

    def holds(self, intake_id: int) -> bool:
        return self.intakes is None or intake_id in self.intakes


def may(member: Staff, act: Act) -> bool:
    """Say whether a member of staff may do something at all."""
    return act in ALLOWED[member.role]


def may_bring(member: Staff, kind: str) -> bool:
    """Say whether a member of staff may bring tables of a kind."""
    return kind in BRINGS and may(member, BRINGS[kind])


def reach_of(member: Staff, catalogue: Snapshot) -> Reach:
    """Give the intakes that are a member's business.

    A clerk or evaluator has those whose commissioning office lies in their region, a teacher those of the
    projects they teach, an admin all, also those that nobody ordered.
    """
    if member.role is StaffRole.ADMIN:
        return Reach(None)
    if member.role is StaffRole.TEACHER:
        taught = set(member.projects)
        return Reach(frozenset(run.id for card, run in catalogue.courses() if card.project_id in taught))
    areas = _by_area(catalogue).items()
    return Reach(frozenset().union(*(runs for area, runs in areas if lies_in(area, member.region))))


@lru_cache(maxsize=2)  # the catalogue as it is, and the one that a page still open was begun with
def _by_area(catalogue: Snapshot) -> Mapping[tuple[str, ...], frozenset[int]]:
    """Every intake, by the area of the office that ordered it."""
    found: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for card, run in catalogue.courses():
        found[office_area(card.commissioned_by, (run.province, run.city, run.district))].add(run.id)
    return {area: frozenset(runs) for area, runs in found.items()}
