"""Advice rests on what was said; what was left open counts against nobody."""

from datetime import date

import pytest

from bot.applications.advising import advice_on, to_talk_over
from storage.catalogue.tables import Intake, Project
from storage.rules.eligibility import Verdict

PROJECT = Project(
    project_id="P1",
    title="班",
    category="massage",
    organiser="示例培训中心",
    employment_status=["unemployed"],
    household_rule="眉山市户籍",
    household_place="眉山市",
    disability_categories=["1"],
)
INTAKE = Intake(
    project_id="P1",
    intake_no=1,
    start_date=date(2026, 12, 7),
    end_date=date(2026, 12, 25),
    registration_deadline=date(2026, 11, 30),
    mode="offline",
    capacity=20,
)


@pytest.mark.parametrize("left", ["unsaid", "none", "later", ""])
def test_what_was_left_open_is_asked_about_and_held_against_nobody(left: str) -> None:
    answers = {"employment_status": left, "hukou": left, "cert_no": left}
    advice = advice_on(PROJECT, INTAKE, answers)
    assert {each.rule: each.verdict for each in advice} == {
        "category": Verdict.ASK,
        "work": Verdict.ASK,
        "place": Verdict.ASK,
    }
    assert not any(left and left in each.why for each in advice)
    assert to_talk_over(advice) == ()


def test_what_was_said_is_compared() -> None:
    advice = advice_on(PROJECT, INTAKE, {"employment_status": "employed", "hukou": "四川省眉山市东坡区"})
    assert {each.rule: each.verdict for each in advice if each.rule != "category"} == {
        "work": Verdict.DIFFERS,
        "place": Verdict.FITS,
    }


def test_who_gave_an_age_but_no_certificate_is_not_asked_for_it_again() -> None:
    course = PROJECT.model_copy(update={"age_min": 16, "age_max": 59})
    for age, verdict in ((30, Verdict.FITS), (70, Verdict.DIFFERS)):
        found = advice_on(course, INTAKE, {"cert_have": "none", "age": age})
        assert [(each.verdict, each.why) for each in found if each.rule == "age"] == [
            (verdict, f"报名时说{age}岁")
        ]
