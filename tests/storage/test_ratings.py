"""Counts of answers: kept with the answers, by class, month and who answered; told without the answers of a few."""

from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from storage import forms
from storage.afterwards import ratings
from storage.afterwards.rating_report import Ask, asked, low_classes, spread_of, sums_of
from storage.afterwards.ratings import Closed
from storage.base import Store
from storage.catalogue.tables import Intake, Project
from storage.classes.tables import Tally
from storage.forms import Given
from storage.keeping.erase import erase_person
from storage.rules.few import FEWEST, Block, Level, Place, Share, Unit, apart, blocks, shares, told_by
from storage.rules.twins import contradictions
from storage.tables import AnsweredBy, AnswerSet, CallbackKind, Disposition, Person
from storage.tickets.tables import Callback

AT = datetime(2026, 12, 20, 9, tzinfo=UTC)
POINTS = {"s5": 5, "s4": 4, "s3": 3, "s2": 2, "s1": 1}
CLOSED = (
    Closed("sat_overall", (*POINTS, "s0"), points=POINTS),
    Closed("need", ("job", "cert", "none"), many=True),
    Closed("sat_overall_r", ("none", "some", "many", "skip")),
    Closed("wave", ("t30", "t90")),
)
PLACES = {number: Place(number, f"P{number}", "训练中心", "郑州市") for number in (1, 2)}


def people(store: Store, many: int) -> None:
    with store.writing() as session:
        for number in (1, 2):
            session.add(Project(project_id=f"P{number}", title="班", category="it", organiser="训练中心"))
        session.flush()
        for number in (1, 2):
            day = date(2026, 12, 1)
            session.add(
                Intake(
                    id=number, project_id=f"P{number}", intake_no=1, start_date=day, end_date=day,
                    registration_deadline=day, mode="offline", capacity=20,
                )
            )  # fmt: skip
        session.add_all([Person(id=number, created_at=AT) for number in range(1, many + 1)])


def say(
    session: Session,
    person: int,
    answers: Mapping[str, object],
    *,
    by: AnsweredBy = AnsweredBy.SELF,
    about: Mapping[str, object] | None = None,
    at: datetime = AT,
    intake: int | None = 1,
    complete: bool = True,
) -> AnswerSet:
    given = Given("survey_t7", "1", answers, "web", person, None, intake, about, by, complete)
    kept = forms.keep_answers(session, given, at)
    ratings.count(session, kept, CLOSED, UTC)
    return kept


def counts(session: Session) -> dict[tuple[str, ...], int]:
    return {
        (each.item, each.value, each.wave, "family" if each.by_family else "own", each.month): each.count
        for each in session.exec(select(Tally)).all()
        if each.count
    }


def test_what_is_answered_is_counted_once_and_apart_from_the_familys(store: Store) -> None:
    people(store, 4)
    with store.writing() as session:
        say(
            session,
            1,
            {"sat_overall": "s5", "need": ["job", "cert"], "suggestion": "很好", "sat_overall_r": "many"},
        )
        say(session, 2, {"sat_overall": "s5"}, by=AnsweredBy.HELPER)
        say(session, 3, {"sat_overall": "s1"}, by=AnsweredBy.GUARDIAN)
        say(session, 4, {"sat_overall": "s4"}, intake=None)  # a fair: of no class
        say(session, 4, {"sat_overall": "never heard of", "wave": "t30"})
        assert counts(session) == {
            ("sat_overall", "s5", "", "own", "2026-12"): 2,
            ("sat_overall", "s1", "", "family", "2026-12"): 1,
            ("need", "job", "", "own", "2026-12"): 1,
            ("need", "cert", "", "own", "2026-12"): 1,
            ("need", "*", "", "own", "2026-12"): 1,
            ("sat_overall_r", "many", "", "own", "2026-12"): 1,
            ("pair:sat_overall", "contradict", "", "own", "2026-12"): 1,
        }


def test_who_answers_anew_is_counted_anew_and_who_is_erased_stays_a_number(store: Store) -> None:
    people(store, 2)
    with store.writing() as session:
        callback = Callback(
            id=7, key="t30:1", kind=CallbackKind.T30, form="survey_t7", person_id=1, intake_id=1,
            due_at=AT, next_at=AT, closes_at=AT, created_at=AT,
        )  # fmt: skip
        session.add(callback)
        session.flush()
        say(session, 1, {"sat_overall": "s2"}, about={"callback": 7})
        say(session, 1, {"sat_overall": "s4"}, about={"callback": 7}, at=AT + timedelta(days=20))
        assert counts(session) == {("sat_overall", "s4", "t30", "own", "2027-01"): 1}
        say(session, 1, {"sat_overall": "s1"}, about={"callback": 7}, complete=False)  # half of one, too late
        assert counts(session) == {("sat_overall", "s4", "t30", "own", "2027-01"): 1}
        kept = say(session, 2, {"sat_overall": "s3"})
        ratings.take_back(session, kept, CLOSED, UTC)
        say(session, 2, {"sat_overall": "s3"}, at=datetime(2026, 12, 31, 20, tzinfo=UTC))
    with store.writing() as session:
        erase_person(session, session.get_one(Person, 1), "test", AT)
        assert session.exec(select(AnswerSet).where(AnswerSet.person_id == 1)).all() == []
        assert counts(session)["sat_overall", "s4", "t30", "own", "2027-01"] == 1


def test_the_month_is_that_of_the_services_zone() -> None:
    late = AnswerSet(form="", version="", key="", channel="", at=datetime(2026, 12, 31, 20, tzinfo=UTC))
    assert ratings.month_of(late, UTC) == "2026-12"
    assert ratings.month_of(late, timezone(timedelta(hours=8))) == "2027-01"


def test_the_report_adds_up_per_class_month_and_side(store: Store) -> None:
    people(store, 30)
    with store.writing() as session:
        for person, value in enumerate(["s5"] * 6 + ["s2"] * 6 + ["s0"] * 3, start=1):
            say(session, person, {"sat_overall": value})
        for person in range(16, 22):
            say(session, person, {"sat_overall": "s1"}, by=AnsweredBy.FAMILY)
        for person in range(22, 28):
            say(session, person, {"sat_overall": "s2"}, intake=2)
        for number, state in enumerate([Disposition.COMPLETE] * 6 + [Disposition.ASKED, Disposition.PLANNED]):
            session.add(
                Callback(
                    key=f"t7:{number}", kind=CallbackKind.T7, form="survey_t7", person_id=1, intake_id=1, state=state,
                    due_at=AT, next_at=AT, closes_at=AT, created_at=AT,
                )
            )  # fmt: skip
        session.flush()
        ask = Ask("survey_t7", "sat_overall", POINTS)
        for intakes in (None, [1, 2]):
            sums = sums_of(session, ask, PLACES, intakes)
            assert sorted((unit.place.intake, unit.n, unit.sums) for unit in sums[False]) == [
                (1, 12, (42,)), (2, 6, (12,)),
            ]  # fmt: skip
            assert [(unit.n, unit.sums) for unit in sums[True]] == [(6, (6,))]
        spread = spread_of(session, "survey_t7", "", {"sat_overall": ["s5", "s2", "s0"]}, PLACES, [1])
        assert [(unit.n, unit.sums) for unit in spread["sat_overall"][False]] == [(15, (6, 6, 3))]
        assert [(unit.n, unit.sums) for unit in asked(session, CallbackKind.T7, PLACES, {1: "2026-12"}, [1])] == [
            (7, (6, 0, 0, 0, 1))
        ]  # fmt: skip
        assert low_classes(session, ask, 3.5, "2026-12", None) == 1
        assert low_classes(session, ask, 3.5, "2027-01", None) == 0
        assert low_classes(session, ask, 3.6, "2026-12", [1]) == 1


def test_two_answers_that_cannot_both_be_are_a_contradiction() -> None:
    options = {"sat": (*POINTS, "s0"), "sat_r": ("none", "some", "many", "skip"), "alone": ("yes", "no")}

    def both(straight: str, reverse: str) -> Mapping[str, bool]:
        return contradictions({"sat": straight, "sat_r": reverse}, options)

    assert both("s5", "many") == both("s1", "none") == both("s4", "many") == {"sat": True}
    assert both("s5", "none") == both("s5", "some") == both("s3", "many") == {"sat": False}
    assert both("s0", "many") == both("s5", "skip") == both("s5", "@skip") == {}


def test_a_share_is_told_as_far_as_nobody_is_found_by_it() -> None:
    def told_of(part: int, rest: int, *, exactly: bool = False) -> Share | None:
        made = blocks([Unit(PLACES[1], "", part + rest, (part, rest))])
        return shares(made, "class", exactly=exactly).get(1)

    assert told_of(3, 1) is None
    assert told_of(3, 9, exactly=True) == Share(25, 25)
    assert told_of(1, 19) == told_of(4, 16) == Share(0, 20)
    assert told_of(16, 4) == told_of(19, 1) == Share(80, 100)
    assert told_of(20, 0) == Share(100, 100)
    assert told_of(12, 12) == Share(50, 50)
    assert told_of(4, 3) == Share(0, 100)
    both = blocks([Unit(PLACES[1], "", 20, (17, 3)), Unit(PLACES[2], "", 20, (12, 8))])
    assert shares(both, "all", exactly=False) == {"": Share(70, 80)}


classes = st.lists(
    st.tuples(
        st.integers(1, 4), st.sampled_from("AB"), st.sampled_from("xy"), st.sampled_from(("01", "02", "03")),
        st.tuples(st.integers(0, 9), st.integers(0, 9)),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(classes)
@settings(max_examples=150, deadline=None)
def test_no_total_minus_what_is_shown_leaves_fewer_than_five(
    made: list[tuple[int, str, str, str, tuple[int, int]]],
) -> None:
    """Whatever is told is a sum of whole blocks, so that any difference of what is told is one of blocks, too."""
    places = {number: Place(number, f"{who}{number % 2}", who, region) for number, who, region, _, _ in made}
    units = [Unit(places[number], month, sum(cells), cells) for number, _, _, month, cells in made]
    found = blocks(units)
    split = apart(found)

    def numbers(of: list[Block], level: Level, column: int) -> dict[Hashable, int]:
        return {key: (each.n, *each.sums)[column] for key, each in told_by(of, level).items()}

    for level in get_args(Level):
        parts, whole = numbers(found, level, 0), numbers(found, "all", 0).get("", 0)
        single = [numbers(split, level, column) for column in range(3)]
        left = [
            whole - sum(parts.values()),
            # Blocks of several months count in one of them: what is told of a month may be of other answers.
            *(parts[key] - number for key, number in single[0].items() if level != "month"),
            *(numbers(split, "all", column).get("", 0) - sum(single[column].values()) for column in range(3)),
        ]
        shown = [*parts.values(), *(number for each in single for number in each.values())]
        assert all(number == 0 or number >= FEWEST for number in (*shown, *left))
    # A class with five answers is told whole, and nothing is told of one with fewer.
    by_class: dict[int, int] = {}
    for unit in units:
        by_class[unit.place.intake] = by_class.get(unit.place.intake, 0) + unit.n
    assert numbers(found, "class", 0) == {number: n for number, n in by_class.items() if n >= FEWEST}
