import threading
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, SQLModel, select

from storage import people
from storage.applications import enrolment
from storage.applications.enrolment import Filing, TooLate
from storage.base import Store
from storage.desk import Desk, TryAgain, Turn
from storage.finding import new_row
from storage.tables import Account, Application, ApplicationState, Contact, Role
from tests.bot.courses import make_course

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def filing(person_id: int, intake_id: int, needs: dict[str, str] | None = None) -> Filing:
    return Filing(
        person_id=person_id,
        contact_id=1,
        intake_id=intake_id,
        role=Role.SELF,
        by_person=True,
        answers={"name": "小明"},
        needs=needs or {},
        revision="apply",
        channel="web",
    )


def person(session: Session, key: str = "visitor-1") -> int:
    contact = people.meet(session, "web", key, NOW)
    return people.add_person(session, contact.id, Role.SELF, "", NOW).id


def test_seats_are_counted_by_who_holds_one(store: Store) -> None:
    intake = make_course(store, capacity=2)
    other = make_course(store, "P002", capacity=5)
    states = (ApplicationState.ACCEPTED, ApplicationState.OFFERED, ApplicationState.SUBMITTED)
    with store.writing() as session:
        for number, state in enumerate(states):
            application = enrolment.file_application(
                session, filing(person(session, f"visitor-{number}"), intake), NOW
            )
            application.state = state
            session.add(application)
    with store.reading() as session:
        assert enrolment.seats_left(session, [intake, other]) == {intake: 0, other: 5}
        assert enrolment.seats_taken(session) == {intake: 2}


def test_a_course_that_has_begun_takes_nobody_whatever_its_deadline_says(store: Store) -> None:
    intake = make_course(store, starts=date(2026, 11, 20), deadline=date(2026, 12, 1))
    with store.writing() as session, pytest.raises(TooLate):
        enrolment.file_application(session, filing(person(session), intake), NOW)


def test_needs_said_in_another_order_have_not_changed(store: Store) -> None:
    intake = make_course(store)
    with store.writing() as session:
        filed = enrolment.file_application(
            session, filing(person(session), intake, {"cart": "", "other": "靠窗"}), NOW
        )
        assert not enrolment.set_needs(session, filed, {"other": "靠窗", "cart": ""})
        assert enrolment.set_needs(session, filed, {"other": "靠门", "cart": ""})


def run_beside(store: Store, first: Turn[int], second: Turn[int]) -> tuple[int, list[int | Exception]]:
    """Run the second turn on another machine, begun while the first is not yet committed."""
    results: list[int | Exception] = []
    with closing(Desk(store)) as desk:
        other = threading.Thread(target=lambda: results.extend(desk.commit([second])))
        with store.writing() as session:
            found = first(session)
            if not store.is_sqlite:  # which has one writer at a time: the other waits at its first word
                other.start()
        if store.is_sqlite:
            other.start()
        other.join(timeout=60)
    return found, results


def test_filed_twice_at_the_same_moment_it_is_one_application(store: Store) -> None:
    intake = make_course(store)
    with store.writing() as session:
        person_id = person(session)

    def file(session: Session) -> int:
        return enrolment.file_application(session, filing(person_id, intake), NOW).id

    first, others = run_beside(store, file, file)
    assert others == [first]
    with store.reading() as session:
        assert session.exec(select(Application)).one().number == "2026-0001"


def test_who_knocks_twice_at_the_same_moment_is_one_contact(store: Store) -> None:
    def knock(session: Session) -> int:
        return people.meet(session, "web", "visitor-1", NOW).id

    first, others = run_beside(store, knock, knock)
    assert others == [first]
    with store.reading() as session:
        assert len(session.exec(select(Account)).all()) == 1


def test_who_knocks_between_two_looks_keeps_the_place(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment that threads only meet by luck: somebody is met after we looked, before we write."""
    if store.is_sqlite:
        pytest.skip("SQLite has one writer at a time")

    knocked: list[int] = []

    def knock_first(session: Session, kind: type[SQLModel], /, **values: object) -> SQLModel:
        if kind is Account and not knocked:
            knocked.append(1)
            with store.writing() as other:
                people.meet(other, "web", "visitor-1", NOW)
        return new_row(session, kind, **values)

    monkeypatch.setattr(people, "new_row", knock_first)
    with store.writing() as session:
        with pytest.raises(TryAgain):
            people.meet(session, "web", "visitor-1", NOW)
        session.rollback()
    with store.reading() as session:
        assert session.exec(select(Account)).one().contact_id == session.exec(select(Contact)).one().id
