"""What the record knows of who is asked: fills the `hidden` fields of forms by their name."""

from collections.abc import Mapping

from bot.asking import Asking
from storage import forms
from storage.applications import enrolment
from storage.catalogue.cards import ProjectCard
from storage.catalogue.tables import Fair, Project
from storage.classes.in_class import IN
from storage.fairs.tables import FairSignup
from storage.finding import get
from storage.tables import Application, NeedAnswer
from storage.tickets.tables import Callback

YES_NO: Mapping[bool, str] = {True: "yes", False: "no"}

EMPLOYED_IN = "followup_t30_t90"
"""The form that asks whether somebody works."""


def record(asking: Asking) -> Mapping[str, object]:
    """Give what is known by name: the course, what was promised, what the course offers, what was said before.

    Only of whom this contact may speak for; of everybody else nothing.
    """
    if asking.whom is None:
        return {}
    person, _ = asking.whom
    found: dict[str, object] = {}
    run = asking.run
    filed = _filed(asking, person.id, run.id if run else None)
    if run is not None:
        course = asking.catalogue.project(run.project_id)
        if course is not None:
            found |= course_facts(course)
        found["has_lodging"] = YES_NO[bool(run.lodging)]
    if filed is not None:
        needs = enrolment.needs_of(asking.session, filed.id)
        found["promised"] = tuple(need.code for need in needs if need.answer is NeedAnswer.CAN)
    found |= _called_back(asking, person.id)
    before = forms.last_answers(asking.session, EMPLOYED_IN, person.id)
    if before is not None:
        found["was_employed"] = str(before.answers.get("employed", ""))
    return found


def course_facts(course: ProjectCard | Project) -> Mapping[str, object]:
    """Give what a form knows of a course by name."""
    return {
        "course": course.title,
        "extra": tuple(course.extra_questions),
        "has_subsidy": YES_NO[any(kind != "none" for kind in course.subsidy_types)],
        "has_living": YES_NO["living" in course.subsidy_types],
        "has_cert": YES_NO[course.certificate_type not in {"", "none"}],
        "has_exam": YES_NO[course.certificate_type not in {"", "none"}],
    }


def _called_back(asking: Asking, person_id: int) -> Mapping[str, object]:
    """Which call-back it is, and of a job fair, which one."""
    callback = get(asking.session, Callback, asking.number("callback"))
    if callback is None or callback.person_id != person_id:
        return {}
    signup = get(asking.session, FairSignup, callback.signup_id)
    fair = None if signup is None else asking.session.get(Fair, signup.fair_id)
    return {"wave": callback.kind.value, **({"fair": fair.title} if fair is not None else {})}


def _filed(asking: Asking, person_id: int, intake_id: int | None) -> Application | None:
    """The application whose promises are asked about."""
    filed = enrolment.applications_of(asking.session, [person_id])
    return next((each for each in filed if each.intake_id == intake_id and each.state in IN), None)
