import pytest
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, select

from storage import people
from storage.base import Store
from storage.finding import get, get_one
from storage.tables import Contact, Person, Reading, Role

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
