"""Whether a course fits: advice for staff and, kindly, for the person. Nobody is refused by it."""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.catalogue import codes
from storage.catalogue.cards import IntakeCard, ProjectCard
from storage.catalogue.tables import Intake, Project
from storage.rules.eligibility import Advice, Applicant, Conditions, Verdict, advise

LEFT_OPEN = frozenset({"", "none", "unsaid", "no", "later"})
"""Values of questions left open, or answered with no."""


def conditions_of(project: Project | ProjectCard) -> Conditions:
    """What a course asks for, as its line of the catalogue says."""
    return Conditions(
        age_min=project.age_min,
        age_max=project.age_max,
        sex=project.sex_rule,
        categories=frozenset(project.disability_categories),
        levels=frozenset(project.disability_levels),
        audience=frozenset(project.audience),
        work=frozenset(project.employment_status),
        work_labels={code: found.label for code, found in codes.words("employment_status").items()},
        place=project.household_place,
        place_rule=project.household_rule,
    )


def advice_on(
    project: Project | ProjectCard, intake: Intake | IntakeCard, answers: Mapping[str, Any]
) -> tuple[Advice, ...]:
    """Hold the conditions of a course against what an application says."""
    text = {
        name: value for name, value in answers.items() if isinstance(value, str) and value not in LEFT_OPEN
    }
    number, age = text.get("cert_no", ""), answers.get("age")
    who = Applicant(
        certificate=number if len(number) >= 20 else "",
        said_age=age if isinstance(age, int) else None,
        work=text.get("employment_status", ""),
        hukou=text.get("hukou", ""),
        as_family=text.get("applicant_role") == "family_self",
    )
    return advise(conditions_of(project), who, intake.start_date)


def to_talk_over(advice: Sequence[Advice]) -> tuple[str, ...]:
    """The rules that do not seem to fit, as the catalogue words them."""
    return tuple(each.quote for each in advice if each.verdict is Verdict.DIFFERS)
