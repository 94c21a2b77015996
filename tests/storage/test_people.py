from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, select

from storage import consents, people
from storage.base import Store
from storage.joining import join
from storage.tables import Account, Consent, Contact, Person, Purpose, Role

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CERT = "99000119900307001743"


def a_contact(session: Session, key: str = "visitor-1") -> Contact:
    return people.meet(session, "web", key, NOW)


def test_a_returning_visitor_is_the_same_contact(store: Store) -> None:
    with store.writing() as session:
        assert people.find_contact(session, "web", "visitor-1") is None
        first = a_contact(session).id
        assert a_contact(session).id == first
        assert people.meet(session, "telegram", "visitor-1", NOW).id != first
        found = people.find_contact(session, "web", "visitor-1")
        assert found is not None
        assert found.id == first


def test_where_somebody_is_reached_is_not_readable_in_the_database(store: Store) -> None:
    with store.writing() as session:
        a_contact(session)
    with store.reading() as session:
        raw = session.execute(text("SELECT address, address_hash FROM account")).one()
    assert b"visitor-1" not in bytes(raw.address)
    assert "visitor-1" not in raw.address_hash


def test_coming_back_makes_an_unreachable_account_reachable(store: Store) -> None:
    with store.writing() as session:
        contact = a_contact(session)
        (account,) = people.accounts_of(session, contact.id)
        people.set_unreachable(session, account.id)
        assert people.accounts_of(session, contact.id) == []
        a_contact(session)
        assert [each.id for each in people.accounts_of(session, contact.id)] == [account.id]


def test_a_visit_is_noted_twice_a_day_at_most(store: Store) -> None:
    with store.writing() as session:
        a_contact(session)
        people.meet(session, "web", "visitor-1", NOW + timedelta(hours=1))
        assert session.exec(select(Account)).one().seen_at == NOW
        people.meet(session, "web", "visitor-1", NOW + timedelta(days=1))
        assert session.exec(select(Account)).one().seen_at == NOW + timedelta(days=1)


def test_a_device_joins_a_contact(store: Store) -> None:
    with store.writing() as session:
        old, new = a_contact(session), a_contact(session, "visitor-2")
        people.add_account(session, old.id, "web", "visitor-2", NOW)
        found = people.find_contact(session, "web", "visitor-2")
        assert found is not None
        assert found.id == old.id != new.id
        assert len(people.accounts_of(session, old.id)) == 2


def test_a_helper_may_do_what_was_ticked_while_the_person_has_a_phone(store: Store) -> None:
    with store.writing() as session:
        mother, son = a_contact(session, "mother"), a_contact(session, "son")
        person = people.add_person(session, son.id, Role.SELF, "小明", NOW)
        helper = people.add_person(session, mother.id, Role.FAMILY, "小明", NOW)
        assert helper.id != person.id  # two phones that do not know each other are two people at first
        relation = people.relation_of(session, mother.id, helper.id, NOW)
        assert relation is not None
        assert people.may(session, relation, "cancel", NOW)
        relation.person_id = person.id
        session.add(relation)
        session.flush()
        assert people.own_contacts(session, person.id, NOW) == [son.id]
        assert not people.may(session, relation, "cancel", NOW)
        assert people.may(session, relation, "fill", NOW)


def test_a_helper_sent_away_may_do_nothing(store: Store) -> None:
    with store.writing() as session:
        mother = a_contact(session)
        person = people.add_person(session, mother.id, Role.FAMILY, "小明", NOW)
        relation = people.relation_of(session, mother.id, person.id, NOW)
        assert relation is not None
        people.revoke(session, relation, NOW)
        assert people.relation_of(session, mother.id, person.id, NOW) is None
        assert people.people_of(session, mother.id, NOW) == []
        assert session.get_one(Contact, mother.id).current_person_id is None


def test_a_helpers_time_ends_and_is_only_ever_moved_away(store: Store) -> None:
    with store.writing() as session:
        mother = a_contact(session)
        person = people.add_person(session, mother.id, Role.FAMILY, "小明", NOW)
        relation = people.relation_of(session, mother.id, person.id, NOW)
        assert relation is not None
        end = NOW + timedelta(days=people.UNUSED_DAYS)
        assert relation.ends_at == end
        people.renew(session, relation, NOW + timedelta(days=1))
        assert relation.ends_at == end
        people.renew(session, relation, NOW + timedelta(days=400))
        assert people.relation_of(session, mother.id, person.id, NOW + timedelta(days=399)) is not None
        assert people.relation_of(session, mother.id, person.id, NOW + timedelta(days=400)) is None


def test_the_same_certificate_is_noticed_when_category_or_level_changed(store: Store) -> None:
    with store.writing() as session:
        contact = a_contact(session)
        first = people.add_person(session, contact.id, Role.FAMILY, "小明", NOW)
        second = people.add_person(session, contact.id, Role.FAMILY, "小红", NOW)
        people.update_person(session, first, cert_no=CERT, phone="15400000001")
        people.update_person(session, second, cert_no=CERT[:18] + "52B1")
        assert people.same_certificate(session, second) == [first.id]
        people.update_person(session, first, cert_no=None)
        session.flush()
        assert people.same_certificate(session, second) == []
    with store.reading() as session:
        kept = session.get_one(Person, first.id)
        assert (kept.cert_no, kept.cert_hash, kept.phone) == (None, None, "15400000001")


def agree(session: Session, person: Person, given: bool, wording: str = "您同意吗？", days: int = 0) -> None:
    consents.record_consent(
        session,
        person_id=person.id,
        contact_id=a_contact(session).id,
        purpose=Purpose.SENSITIVE,
        given=given,
        wording=wording,
        channel="web",
        now=NOW + timedelta(days=days),
    )


def test_a_consent_keeps_its_words_and_a_no_takes_it_back(store: Store) -> None:
    with store.writing() as session:
        person = people.add_person(session, a_contact(session).id, Role.SELF, "", NOW)
        assert not consents.agreed(session, person.id, Purpose.SENSITIVE)
        agree(session, person, given=True)
        agree(session, person, given=True)
        assert consents.agreed(session, person.id, Purpose.SENSITIVE)
        agree(session, person, given=True, wording="新的问法", days=1)
        agree(session, person, given=False, wording="新的问法", days=2)
        assert not consents.agreed(session, person.id, Purpose.SENSITIVE)
        rows = session.exec(select(Consent).order_by(Consent.id)).all()  # type: ignore[arg-type]
        assert [row.given for row in rows] == [True, True, False]
        assert [row.wording for row in rows] == ["您同意吗？", "新的问法", "新的问法"]
        assert [row.withdrawn_at for row in rows[:2]] == [NOW + timedelta(days=2)] * 2
        agree(session, person, given=True, wording="新的问法", days=3)
        assert consents.standing(session, person.id) == {Purpose.SENSITIVE: True}


def test_at_a_place_that_goes_over_no_question_was_seen_yet(store: Store) -> None:
    with store.writing() as session:
        kept, before = (people.meet(session, "telegram", key, NOW) for key in ("77", "78"))
        for key in ("78", "79"):
            place = people.add_account(session, before.id, "telegram", key, NOW)
            place.shown_prompt, place.shown_message, place.on_page = 5, 40, True
        people.add_account(session, before.id, "telegram", "78", NOW)
        assert [each.shown_prompt for each in people.accounts_of(session, before.id)] == [5, 5]
        people.add_account(session, kept.id, "telegram", "78", NOW)
        join(session, kept, before)
        places = people.accounts_of(session, kept.id)
        seen = [
            (each.shown_prompt, each.shown_message, each.on_page) for each in places if each.shown_message
        ]
    assert seen == [(0, 40, False), (0, 40, False)]
