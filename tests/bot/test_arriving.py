from sqlmodel import select

from dialogs.talk import Begin
from storage.tables import ContactRole, Person, Reading, Relation, Role, Size
from tests.bot.conftest import Phone


def people_in(phone: Phone) -> list[Person]:
    with phone.store.reading() as session:
        return list(session.exec(select(Person).order_by(Person.id)))  # type: ignore[arg-type]


def relations_in(phone: Phone) -> list[Relation]:
    with phone.store.reading() as session:
        return list(session.exec(select(Relation).order_by(Relation.id)))  # type: ignore[arg-type]


def test_large_letters_are_plain_words(phone: Phone) -> None:
    phone.finish("reading", reading="large")
    assert (phone.contact.reading, phone.contact.size) == (Reading.PLAIN, Size.LARGE)
    phone.finish("reading", reading="easy")
    assert (phone.contact.reading, phone.contact.size) == (Reading.EASY, Size.LARGE)
    phone.finish("reading", reading="plain")
    assert (phone.contact.reading, phone.contact.size) == (Reading.PLAIN, Size.STANDARD)


def test_who_comes_for_themselves_is_one_person_however_often_they_say_it(phone: Phone) -> None:
    phone.finish("newcomer", role="self")
    phone.finish("newcomer", role="self")
    (person,) = people_in(phone)
    (relation,) = relations_in(phone)
    assert phone.current == person.id
    assert (relation.role, relation.ends_at) == (Role.SELF, None)
    assert "cancel" in relation.powers


def test_a_mother_may_fill_in_and_be_reminded_and_no_more(mother: Phone) -> None:
    (relation,) = relations_in(mother)
    assert mother.contact.role is ContactRole.FAMILY
    assert people_in(mother)[0].name == "小明"
    assert relation.role is Role.FAMILY
    assert relation.powers == ["fill", "reminders"]
    assert relation.ends_at is not None


def test_staff_speak_for_nobody(phone: Phone) -> None:
    phone.finish("newcomer", role="staff")
    assert phone.contact.role is ContactRole.STAFF
    assert people_in(phone) == []


def test_one_phone_cares_for_several_people(mother: Phone) -> None:
    first = mother.current
    mother.finish("ward", relation="guardian", name="小红")
    second = mother.current
    assert second != first
    assert relations_in(mother)[1].role is Role.GUARDIAN
    assert relations_in(mother)[1].basis is None
    assert mother.finish("whose", person=str(first)) is None
    assert mother.current == first


def test_the_same_ward_named_again_is_not_made_twice(mother: Phone) -> None:
    mother.finish("ward", relation="family", name="小明")
    assert len(people_in(mother)) == 1


def test_the_list_of_people_can_be_added_to(mother: Phone) -> None:
    son = mother.current
    assert mother.finish("whose", person="self") is None
    herself = mother.current
    assert mother.finish("whose", person="new", name="奶奶", relation="helper") is None
    assert len({son, herself, mother.current}) == 3
    assert [relation.role for relation in relations_in(mother)] == [Role.FAMILY, Role.SELF, Role.HELPER]


def test_nobody_speaks_for_a_stranger(mother: Phone) -> None:
    stranger = Phone(mother.store, "stranger")
    begun = stranger.finish("whose", person=str(mother.current))
    assert begun is not None
    assert begun.flow == "not_yours"
    assert stranger.contact.current_person_id is None


def test_a_helper_whose_time_ran_out_may_come_again(mother: Phone) -> None:
    son = mother.current
    mother.later(days=200)
    begun = mother.finish("whose", person=str(son))
    assert begun is not None
    assert begun.flow == "not_yours"
    mother.finish("ward", relation="family", name="小明")
    assert mother.current == son
    assert mother.finish("whose", person=str(son)) is None


def test_who_wanted_to_apply_goes_on_to_apply(phone: Phone) -> None:
    begun = phone.finish("newcomer", {"intake": 12}, role="self")
    assert begun == Begin("apply", (("person", phone.current), ("intake", 12)))
    again = phone.finish("whose", {"intake": 12}, person="new", name="小明", relation="family")
    assert again == Begin("apply", (("person", phone.current), ("intake", 12)))
