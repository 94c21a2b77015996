import pytest
from sqlalchemy import update
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, select

from storage import people
from storage.base import Store
from storage.desk import TryAgain
from storage.finding import get, get_one, new_row, read_again
from storage.tables import Account, Channel, Contact, Person, Reading, Role
from tests.databases import on_both

from .rows import NOW


def _met(session: Session) -> Contact:
    contact = people.meet(session, "telegram", "77", NOW)
    people.add_person(session, contact.id, Role.SELF, "小明", NOW)
    return contact


def test_what_is_found_is_what_the_session_would_have_loaded(store: Store) -> None:
    with store.writing() as session:
        number = _met(session).id
    with store.reading() as session, store.reading() as other:
        found, loaded = get_one(session, Contact, number), other.get_one(Contact, number)
        assert found.model_dump() == loaded.model_dump()
        assert session.get(Contact, number) is found
        assert session.exec(select(Contact)).one() is found
        ((person, relation),) = people.people_of(session, number, NOW)
        assert (person.name, relation.person_id) == ("小明", person.id)
        assert other.get_one(Person, person.id).model_dump() == person.model_dump()


@on_both
def test_a_new_row_is_as_the_session_would_have_added_it(store: Store) -> None:
    with store.writing() as session:
        made = new_row(session, Person, name="小明", profile={"a": 1}, created_at=NOW)
        added = Person(name="小明", profile={"a": 1}, created_at=NOW)
        session.add(added)
        session.flush()
        assert made.model_dump(exclude={"id"}) == added.model_dump(exclude={"id"})
        assert session.get(Person, made.id) is made
        made.phone = "15400000001"  # it is written back like any other
        numbers = [made.id, added.id]
    with store.reading() as session:
        there = [session.get_one(Person, number) for number in numbers]
        assert [each.phone for each in there] == ["15400000001", None]
        assert there[0].model_dump(exclude={"id", "phone"}) == there[1].model_dump(exclude={"id", "phone"})
    with store.writing() as session:
        account = people.add_account(session, _met(session).id, "telegram", "78", NOW)
        rest = account.model_dump(exclude={"id"})
        with pytest.raises(TryAgain):
            new_row(session, Account, **{**rest, "channel": Channel.TELEGRAM})


def test_what_is_changed_in_it_is_written_back_and_not_read_over(store: Store) -> None:
    with store.writing() as session:
        number = _met(session).id
    with store.writing() as session:
        found = get_one(session, Contact, number)
        found.reading = Reading.EASY
        assert people.find_contact(session, "telegram", "77") is found
        assert found.reading is Reading.EASY
    with store.reading() as session:
        assert get_one(session, Contact, number).reading is Reading.EASY


def test_who_is_not_there_is_not_found(store: Store) -> None:
    with store.reading() as session:
        assert get(session, Contact, 5) is None
        assert get(session, Contact, None) is None
        with pytest.raises(NoResultFound):
            get_one(session, Contact, 5)


def test_what_is_read_again_is_as_the_database_has_it_and_is_written_no_more(store: Store) -> None:
    with store.writing() as session:
        number = _met(session).id
    with store.writing() as session:
        found = get_one(session, Contact, number)
        session.connection().execute(update(Contact).values(reading=Reading.EASY))
        read_again(session, found)
        assert found.reading is Reading.EASY
        assert found not in session.dirty
        session.connection().execute(update(Contact).values(reading=Reading.EN))
    with store.reading() as session:
        assert get_one(session, Contact, number).reading is Reading.EN
