"""Who is asked to a job fair, says that they come, is checked in, found something; and what is left of it, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from storage.base import Store
from storage.catalogue.tables import Fair, Position
from storage.fairs import fairs, interests
from storage.fairs import people as fair_people
from storage.fairs.fairs import Counts, NotTaken, WhyNot
from storage.fairs.tables import FairArrangement, FairSignup
from storage.keeping import copying, erase
from storage.staff import staff
from storage.tables import NeedAnswer, Person, Relation, SignupState, StaffRole
from storage.tickets.tables import Interest

from .lives import Life, day, purge_at, rows
from .rows import NOW

COMING, NOT_COMING = SignupState.COMING, SignupState.NOT_COMING
NEEDS = {"supports": ["sign_interp", "wheelchair"], "companion": True, "transport": True, "words": "坐前面"}


def put_fair(session: Session, fair_id: str = "F01") -> Fair:
    """One on the third of December, to sign up for until the first."""
    fair = Fair(
        fair_id=fair_id,
        title="郑州招聘会",
        start_date=date(2026, 12, 3),
        end_date=date(2026, 12, 3),
        start_time=time(9),
        end_time=time(12),
        signup_deadline=date(2026, 12, 1),
        organiser="郑州市残疾人就业服务中心",
        services_available=["sign_interp"],
        contact_phone="0371-00001601",
    )
    session.add(fair)
    session.flush()
    return fair


def say(
    session: Session, person: int, state: SignupState = COMING, at: datetime = NOW, *, late: bool = False
) -> FairSignup:
    return fairs.sign_up(
        session, "F01", person, None, state=state, needs=NEEDS, positions=["F01-01"], now=at, late=late
    )


@pytest.fixture
def lives(store: Store) -> list[Life]:
    """Three people, and a fair."""
    with store.writing() as session:
        put_fair(session)
    return [Life.begin(store, f"visitor-{number}") for number in range(3)]


def test_numbers_are_given_once_said_again_the_last_word_counts_and_the_door_knows_them(
    store: Store, lives: list[Life]
) -> None:
    first, second, third = (each.person for each in lives)
    with store.writing() as session:
        made = fairs.invite(session, "F01", [first, second, first], NOW)
        assert [(each.person_id, each.number) for each in made] == [(first, 101), (second, 102)]
        assert fairs.invite(session, "F01", [second], NOW) == []
        assert say(session, third).number == 103
        assert say(session, first).number == 101
        changed = say(session, third, NOT_COMING)
        assert (changed.number, changed.needs, changed.positions) == (103, {}, [])
        came = fairs.check_in(session, "F01", 101, "staff:3", NOW)
        again = fairs.check_in(session, "F01", 101, "contact:9", NOW + timedelta(minutes=1))
        assert came is not None
        assert again is not None
        assert (came.again, again.again) == (False, True)
        assert (again.signup.came_at, again.signup.checked_by) == (NOW, "staff:3")
        assert fairs.check_in(session, "F01", 999, "staff:3", NOW) is None
        fairs.keep_intention(session, again.signup, "talking")
        with pytest.raises(ValueError, match="maybe"):
            fairs.keep_intention(session, again.signup, "maybe")
        assert fairs.counts(session, ["F01", "F09"]) == {
            "F01": Counts(3, 1, 1, 1, 0, {"talking": 1}),
            "F09": Counts(),
        }
        assert fairs.undo_check_in(session, "F01", 101)
        assert not fairs.undo_check_in(session, "F01", 101)
        assert fairs.counts(session, ["F01"])["F01"].missed == 1
    with store.writing() as session:
        assert say(session, third).needs == NEEDS
        found = fair_people.at_the_desk(session, "F01", "小明")
        assert [signup.number for signup, _ in found] == [101, 102, 103]
        assert [signup.number for signup, _ in fair_people.at_the_desk(session, "F01", "102")] == [102]
        assert fair_people.at_the_desk(session, "F01", "小刚") == []


def test_the_last_day_holds_kindly_and_nobody_signs_up_for_what_is_over(
    store: Store, lives: list[Life]
) -> None:
    first, second, third = (each.person for each in lives)
    after = datetime(2026, 12, 2, 9, tzinfo=UTC)
    with store.writing() as session:
        say(session, first)
        with pytest.raises(
            NotTaken, match=r"报名到 12 月 1 日为止，已经过了。还想去，打 0371-00001601 问一问。"
        ) as late:
            say(session, second, at=after)
        assert late.value.why is WhyNot.TOO_LATE
        assert say(session, first, at=after).state is COMING
        assert say(session, second, NOT_COMING, at=after).state is NOT_COMING
        assert say(session, third, at=after, late=True).state is COMING
        over = datetime(2026, 12, 3, 12, 1, tzinfo=UTC)
        with pytest.raises(NotTaken, match="开完了"):
            say(session, first, at=over, late=True)
        session.get_one(Fair, "F01").called_off = True
        with pytest.raises(NotTaken, match="不办了"):
            fairs.invite(session, "F01", [second], NOW)
        assert [card.stage.value for card in fairs.all_fairs(session, NOW, past=True)] == ["called_off"]
        assert fairs.all_fairs(session, NOW) == []


def test_two_who_sign_up_at_once_get_two_numbers(store: Store, lives: list[Life]) -> None:
    def sign(person: int) -> int:
        with store.writing() as session:
            return say(session, person).number

    with ThreadPoolExecutor(len(lives)) as pool:
        numbers = sorted(pool.map(sign, [each.person for each in lives]))
    assert numbers == [101, 102, 103]


def test_what_is_needed_is_counted_answered_and_stays_answered(store: Store, lives: list[Life]) -> None:
    first, second, _ = (each.person for each in lives)
    with store.writing() as session:
        member = staff.add_staff(session, "王芳", StaffRole.CLERK, NOW, actor="test")
        say(session, first)
        say(session, second)
        fair = session.get_one(Fair, "F01")
        lines = fair_people.to_arrange(session, fair)
        assert [(each.code, each.people, each.offered) for each in lines] == [
            ("companion", 2, False),
            ("sign_interp", 2, True),
            ("transport", 2, False),
            ("wheelchair", 2, False),
        ]
        assert fair_people.count_unarranged(session, ["F01"]) == {"F01": 4}
        done = {"transport": (NeedAnswer.CAN, "八点在残联门口上车")}
        assert fair_people.arrange(session, "F01", done, member, NOW) == 1
        assert fair_people.arrange(session, "F01", done, member, NOW) == 0
        with pytest.raises(LookupError, match="braille"):
            fair_people.arrange(session, "F01", {"braille": (NeedAnswer.CAN, "")}, member, NOW)
        say(session, first, NOT_COMING)
        say(session, second, NOT_COMING)
        (line,) = fair_people.to_arrange(session, fair)
        assert (line.code, line.people, line.answer, line.is_open) == ("transport", 0, NeedAnswer.CAN, False)


def test_an_erasure_takes_them_off_the_list_and_years_later_nothing_is_left(
    store: Store, lives: list[Life]
) -> None:
    life = lives[0]
    with store.writing() as session:
        session.add(Position(position_id="X-1", employer="某公司", position="库管员"))
        session.flush()
        member = staff.add_staff(session, "王芳", StaffRole.CLERK, NOW, actor="test")
        say(session, life.person)
        fair_people.arrange(session, "F01", {"transport": (NeedAnswer.CAN, "")}, member, NOW)
        wish = interests.keep_interest(session, life.person, "X-1", None, NOW)
        assert interests.keep_interest(session, life.person, "X-1", None, NOW).id == wish.id
        interests.agree_to_employer(session, wish, NOW)
        assert [each[0].id for each in interests.wanting(session, None, ["X-1"])] == [wish.id]
        person = session.get_one(Person, life.person)
        relation = session.exec(select(Relation).where(Relation.person_id == life.person)).one()
        records = copying.copy_person(session, person, relation, NOW)["records"]
        assert (records["fair_signup"][0]["needs"], records["interest"][0]["position_id"]) == (NEEDS, "X-1")
    with store.writing() as session:
        erase.erase_person(session, session.get_one(Person, life.person), "contact:1", NOW)
    with store.reading() as session:
        signup = session.exec(select(FairSignup)).one()
        assert (signup.state, signup.needs, signup.positions) == (NOT_COMING, {}, [])
        assert session.exec(select(Interest.to_employer_at)).one() is None
        assert interests.wanting(session, None) == []
    purge_at(store, day(2031, 12, 3))
    assert [rows(store, each) for each in (FairSignup, FairArrangement)] == [1, 1]
    purge_at(store, day(2031, 12, 4))
    assert [rows(store, each) for each in (FairSignup, FairArrangement, Interest)] == [0, 0, 0]
