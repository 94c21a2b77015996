from datetime import date

import pytest

from storage.rules.eligibility import Advice, Applicant, Conditions, Verdict, advise, summary

STARTS = date(2026, 12, 7)
WOMAN_1990_LIMBS_3 = "99000119900307002643"


def said(conditions: Conditions, who: Applicant) -> list[tuple[str, str]]:
    return [(advice.rule, advice.verdict.value) for advice in advise(conditions, who, STARTS)]


def test_a_course_without_conditions_has_nothing_to_say() -> None:
    assert advise(Conditions(), Applicant(), STARTS) == ()
    assert summary(()) is Verdict.FITS


def test_what_is_not_known_is_asked_and_never_held_against_anybody() -> None:
    conditions = Conditions(
        age_min=16,
        age_max=59,
        sex="女",
        categories=frozenset("234"),
        levels=frozenset("12"),
        work=frozenset({"unemployed"}),
        place="四川省",
        place_rule="四川省户籍",
    )
    assert {verdict for _, verdict in said(conditions, Applicant())} == {"要问"}


def test_age_is_that_of_the_first_day() -> None:
    conditions = Conditions(age_min=16, age_max=36)
    advice = advise(conditions, Applicant(certificate=WOMAN_1990_LIMBS_3), STARTS)
    assert advice == (Advice("age", Verdict.FITS, "年龄16—36岁", "开班那天36岁"),)
    assert said(conditions, Applicant(certificate="99000119891208002643")) == [("age", "符合")]
    assert said(conditions, Applicant(certificate="99000119891207002643")) == [("age", "不符")]
    assert advise(Conditions(age_min=18), Applicant(), STARTS)[0].quote == "年满18岁"


def test_an_age_that_was_said_counts_where_no_certificate_tells_it_and_says_whose_word_it_is() -> None:
    conditions = Conditions(age_min=16, age_max=36)
    assert advise(conditions, Applicant(said_age=30), STARTS) == (
        Advice("age", Verdict.FITS, "年龄16—36岁", "报名时说30岁"),
    )
    assert said(conditions, Applicant(said_age=40)) == [("age", "不符")]
    both = Applicant(certificate=WOMAN_1990_LIMBS_3, said_age=40)
    assert advise(conditions, both, STARTS)[0].why == "开班那天36岁"


def test_each_rule_is_quoted_beside_what_was_compared() -> None:
    conditions = Conditions(
        sex="男", categories=frozenset("234"), levels=frozenset("12"), audience=frozenset({"disabled"})
    )
    advice = advise(conditions, Applicant(certificate=WOMAN_1990_LIMBS_3), STARTS)
    assert [(each.verdict.value, each.quote, each.why) for each in advice] == [
        ("不符", "限男性", "女"),
        ("符合", "适合听力、言语、肢体", "肢体"),
        ("不符", "一级、二级", "三级"),
        ("符合", "对象：残疾人", "残疾人"),
    ]
    assert summary(advice) is Verdict.DIFFERS


@pytest.mark.parametrize(("categories", "verdict"), [("237", "符合"), ("23", "要问")])
def test_a_multiple_disability_does_not_tell_which_ones(categories: str, verdict: str) -> None:
    who = Applicant(certificate="99000119900307002671")
    assert said(Conditions(categories=frozenset(categories)), who) == [("category", verdict)]


def test_a_relative_is_not_held_against_rules_about_disability() -> None:
    conditions = Conditions(
        categories=frozenset("5"), levels=frozenset("1"), audience=frozenset({"disabled"})
    )
    assert said(conditions, Applicant(as_family=True)) == [("audience", "不符")]
    for_families = Conditions(audience=frozenset({"disabled", "family"}))
    assert said(for_families, Applicant(as_family=True)) == [("audience", "符合")]


def test_work_is_compared_by_code_and_quoted_in_words() -> None:
    labels = {"unemployed": "没有工作", "employed": "在单位上班"}
    conditions = Conditions(work=frozenset({"unemployed"}), work_labels=labels)
    assert advise(conditions, Applicant(work="employed"), STARTS) == (
        Advice("work", Verdict.DIFFERS, "没有工作", "在单位上班"),
    )
    assert said(Conditions(work=frozenset({"any"})), Applicant()) == []


@pytest.mark.parametrize(
    ("hukou", "verdict"), [("四川省成都市武侯区", "符合"), ("成都武侯", "要问"), ("河南省郑州市", "要问")]
)
def test_an_address_is_asked_about_and_never_judged(hukou: str, verdict: str) -> None:
    conditions = Conditions(place="四川省成都市", place_rule="成都市户籍")
    assert said(conditions, Applicant(hukou=hukou)) == [("place", verdict)]
    assert said(Conditions(place_rule="全国"), Applicant(hukou=hukou)) == []
