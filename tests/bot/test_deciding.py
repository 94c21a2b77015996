"""Staff decide: the act, its trace and the person's letters are one; seats go to the next by themselves."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.applications import deciding
from storage import people
from storage.applications import deciding as acts
from storage.applications.deciding import Meanwhile, NoSeat
from storage.applications.enrolment import needs_of
from storage.base import Store
from storage.tables import Application, ApplicationState, NeedAnswer, Role, Staff
from tests.bot.conftest import NOW, Phone
from tests.bot.courses import make_course
from tests.bot.decided import (
    Clerk,
    accept,
    applicant,
    applicants,
    audited,
    calls,
    decline,
    filed_by,
    letters,
    state,
    told,
    useless,
)
from tests.bot.test_applying import apply_for, filed, give_phone
from tests.databases import on_both


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store, capacity=2)


@pytest.fixture
def wang(store: Store) -> Clerk:
    return Clerk(store)


@on_both
def test_a_decision_is_told_once_and_leaves_a_trace(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)
    for _ in range(2):
        accept(wang, filed_by(phone).id)
    assert state(phone) == "accepted"
    assert told(store) == [("decided", phone.contact_id)]
    assert calls(store) == [], "a chat rings"
    assert audited(store) == [(f"staff:{wang.id}", "accepted", "")]


def test_who_has_no_chat_is_phoned_as_well(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake, channel="web")
    decline(wang, filed_by(phone).id)
    assert told(store) == [("decided", phone.contact_id)]
    assert calls(store) == [("decided", False)]
    accept(wang, filed_by(phone).id)
    assert calls(store) == [("decided", True), ("decided", False)], "one call, about what is decided now"


def test_each_phone_of_their_own_is_told_and_the_helpers_is_not(
    mother: Phone, intake: int, wang: Clerk
) -> None:
    apply_for(mother, intake, applicant_role="family")
    son = give_phone(mother)
    number = filed(mother)[0].id
    with mother.store.writing() as session:
        session.get_one(Application, number).state = ApplicationState.SUBMITTED
    accept(wang, number)
    assert told(mother.store, "decided") == [("decided", son.contact_id)]


def test_without_a_phone_of_their_own_the_one_that_filled_it_in_is_told_while_it_may_help(
    mother: Phone, intake: int, wang: Clerk
) -> None:
    apply_for(mother, intake, applicant_role="family")
    (application,) = filed(mother)
    with mother.store.writing() as session:
        session.get_one(Application, application.id).state = ApplicationState.SUBMITTED
    accept(wang, application.id)
    assert told(mother.store, "decided") == [("decided", mother.contact_id)]
    assert letters(mother.store, "decided")[0].payload["name"] == "王小明", "it is he who is spoken to"
    with mother.store.writing() as session:
        relation = people.relation_of(session, mother.contact_id, application.person_id, mother.now)
        assert relation is not None
        people.revoke(session, relation, mother.now)
    decline(wang, application.id)
    assert len(told(mother.store, "decided")) == 1
    assert calls(mother.store) == [("decided", True), ("decided", False)]


def test_decided_anew_before_it_was_sent_only_the_last_is_told(
    store: Store, intake: int, wang: Clerk
) -> None:
    phone = applicant(store, intake)
    decline(wang, filed_by(phone).id)
    accept(wang, filed_by(phone).id)
    first, second = letters(store, "decided")
    assert useless(store, first.id) == "后来又定了，另有一条消息"
    assert useless(store, second.id) == ""


@on_both
def test_what_somebody_else_did_meanwhile_is_told_and_nothing_is_promised(
    store: Store, intake: int, wang: Clerk
) -> None:
    phone = applicant(store, intake)
    number = filed_by(phone).id
    with store.reading() as session:
        seen = acts.last_event(session, number)
    decline(wang, number)
    with pytest.raises(Meanwhile):
        accept(wang, number, seen)
    assert len(letters(store)) == 1
    assert len(audited(store)) == 1


def test_without_a_seat_nobody_is_told_anything(store: Store, wang: Clerk) -> None:
    one, other = applicants(store, make_course(store, capacity=1), 2)
    accept(wang, filed_by(one).id)
    with pytest.raises(NoSeat):
        accept(wang, filed_by(other).id)
    assert told(store) == [("decided", one.contact_id)]


def test_a_question_is_asked_once_and_who_has_no_chat_is_phoned(
    store: Store, intake: int, wang: Clerk
) -> None:
    phone = applicant(store, intake, channel="web")
    number = filed_by(phone).id
    for _ in range(2):
        wang.do(lambda s, m: deciding.ask(s, number, m, seen=None, now=NOW, words="要不要宿舍？"))
    assert told(store) == [("staff_question", phone.contact_id)]
    assert "宿舍" not in str(letters(store)[0].payload), "its words are read where they are answered"
    assert calls(store) == [("question", False)]
    assert [action for _, action, _ in audited(store)] == ["asked"]
    with pytest.raises(ValueError, match="words"):
        wang.do(lambda s, m: deciding.ask(s, number, m, seen=None, now=NOW, words=" "))


def test_answered_needs_are_told_an_hour_later_unless_a_decision_tells_them(
    store: Store, intake: int, wang: Clerk
) -> None:
    phone = applicant(store, intake)
    number = filed_by(phone).id

    def answer(session: Session, member: Staff) -> int:
        needs = needs_of(session, number)
        given = {need.id: (NeedAnswer.CAN, "每次课都有") for need in needs[:2]}
        return deciding.answer_needs(session, number, member, given, seen=None, now=NOW)

    assert wang.do(answer) == 2
    assert wang.do(answer) == 0
    (letter,) = letters(store)
    assert (letter.kind, letter.due_at) == ("decided", NOW + timedelta(hours=1))
    assert calls(store) == []
    accept(wang, number)
    assert useless(store, letter.id) != ""


def test_a_need_of_somebody_elses_is_not_answered(store: Store, intake: int, wang: Clerk) -> None:
    one, other = applicants(store, intake, 2)
    with store.reading() as session:
        theirs = needs_of(session, filed_by(other).id)[0].id
        own = needs_of(session, filed_by(one).id)[0].id
    answers = {own: (NeedAnswer.CAN, ""), theirs: (NeedAnswer.CAN, "")}
    with pytest.raises(LookupError):
        wang.do(lambda s, m: deciding.answer_needs(s, filed_by(one).id, m, answers, seen=None, now=NOW))
    with store.reading() as session:
        assert needs_of(session, filed_by(one).id)[0].answer is NeedAnswer.OPEN


def test_who_cannot_be_reached_at_all_is_phoned(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)
    with store.writing() as session:
        for account in people.accounts_of(session, phone.contact_id):
            people.set_unreachable(session, account.id)
        assert people.own_contacts(session, phone.current, NOW) == []
        relation = people.relation_of(session, phone.contact_id, phone.current, NOW)
        assert relation is not None
        assert relation.role is Role.SELF
    accept(wang, filed_by(phone).id)
    assert letters(store) == []
    assert calls(store) == [("decided", False)]
