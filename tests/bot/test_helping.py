"""A helper's time: both are told before it ends, the person keeps it or ends it, afterwards nothing is done."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.alarm import Alarm, next_due, ring
from bot.postman import Postman
from bot.settings import Clock, Settings
from dialogs.state import Frame, State
from storage import conversations, helpers, messages, people
from storage.base import Store
from storage.desk import Desk
from storage.keeping.erase import erase_person
from storage.tables import Outbox, Person, Relation, Reminder, ReminderState, Role
from storage.tickets import tickets
from storage.tickets.tables import Ticket
from tests.bot.conftest import NOW, ZONE, Phone
from tests.bot.test_postman import BOOK
from tests.databases import on_both

WARNED = NOW + timedelta(days=people.UNUSED_DAYS - 14)
ENDS = NOW + timedelta(days=people.UNUSED_DAYS)


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    with closing(Desk(store)) as desk:
        yield desk


@pytest.fixture
def son(store: Store, mother: Phone) -> Phone:
    """小明's own phone: on it he is the person his mother speaks for."""
    phone = Phone(store, "son")
    phone.finish("newcomer", role="self")
    with store.writing() as session:
        relation = session.exec(select(Relation).where(Relation.contact_id == phone.contact_id)).one()
        relation.person_id = mother.current
        session.add(relation)
        people.set_current(session, phone.contact_id, mother.current)
    return phone


def tick(desk: Desk, *moments: datetime) -> None:
    async def ticking() -> None:
        alarm = Alarm(
            desk,
            Postman(desk, BOOK, ZONE, "w", {}),
            Clock(Settings(clock="2026-11-21T10:00")),
        )
        for now in moments:
            await alarm.tick(now)

    asyncio.run(ticking())


def texts(phone: Phone) -> list[str]:
    with phone.store.reading() as session:
        return [message.text for message in messages.messages_of(session, phone.contact_id)]


def helping(phone: Phone) -> Relation:
    with phone.store.reading() as session:
        wanted = select(Relation).where(Relation.contact_id == phone.contact_id, Relation.role != Role.SELF)
        return session.exec(wanted).one()


@on_both
def test_both_are_told_two_weeks_before_and_once(mother: Phone, son: Phone, desk: Desk) -> None:
    tick(desk, WARNED - timedelta(days=1))
    assert (texts(mother), texts(son)) == ([], [])
    tick(desk, WARNED, WARNED, WARNED + timedelta(days=3), ENDS + timedelta(days=1))
    assert texts(mother) == ["您帮小明办事，到 5 月 20 日，星期四为止。以后还帮不帮，他自己定。"]
    assert texts(son) == ["小明您好。有人帮您办事，到 5 月 20 日，星期四为止。还要不要他帮，告诉我们。"]


def test_we_wake_up_for_it(mother: Phone) -> None:
    with mother.store.reading() as session:
        assert next_due(session) == WARNED


def test_where_the_person_has_no_phone_the_helper_says_that_it_goes_on(mother: Phone, desk: Desk) -> None:
    tick(desk, WARNED)
    assert texts(mother) == ["您帮小明办事，到 5 月 20 日，星期四为止。还要帮，打开训桥，再选一次他。"]
    mother.now = WARNED
    mother.finish("whose", person=str(mother.current))
    assert helping(mother).ends_at == WARNED + timedelta(days=people.UNUSED_DAYS)
    tick(desk, ENDS)
    assert len(texts(mother)) == 1


def test_time_that_was_renewed_is_not_warned_of_until_its_new_end(
    mother: Phone, son: Phone, desk: Desk
) -> None:
    with mother.store.writing() as session:
        relation = session.get_one(Relation, helping(mother).id)
        people.renew(session, relation, ENDS + timedelta(days=60))
    tick(desk, WARNED, ENDS)
    assert texts(son) == []
    tick(desk, WARNED + timedelta(days=60))
    assert len(texts(son)) == len(texts(mother)) == 1


def test_renewed_while_the_letter_waits_for_the_morning_it_is_not_sent(
    mother: Phone, son: Phone, desk: Desk
) -> None:
    tick(desk, WARNED.replace(hour=22))
    with mother.store.writing() as session:
        people.renew(session, session.get_one(Relation, helping(mother).id), ENDS + timedelta(days=60))
    tick(desk, WARNED.replace(hour=9) + timedelta(days=1))
    assert (texts(mother), texts(son)) == ([], [])
    with mother.store.reading() as session:
        assert {row.drop_reason for row in session.exec(select(Outbox))} == {"帮忙的时间已经改了"}


def test_who_was_sent_away_is_not_warned(mother: Phone, son: Phone, desk: Desk) -> None:
    assert son.finish("helper_keep", which=str(helping(mother).id), keep="no") is not None
    tick(desk, WARNED)
    assert (texts(mother), texts(son)) == ([], [])
    with mother.store.reading() as session:
        row = session.exec(select(Reminder)).one()
        assert (row.state, row.reason) == (ReminderState.DROPPED, "已经不帮了")


def test_found_too_late_nobody_is_warned_and_staff_see_why(mother: Phone, desk: Desk) -> None:
    tick(desk, ENDS + timedelta(days=2))
    assert texts(mother) == []
    with mother.store.reading() as session:
        assert session.exec(select(Reminder)).one().reason == "帮忙的时间已经过了"


def test_the_person_keeps_the_helper(mother: Phone, son: Phone, desk: Desk) -> None:
    tick(desk, WARNED)
    son.now = WARNED
    begun = son.finish("helper_keep", which=str(helping(mother).id), keep="yes")
    assert begun is not None
    assert begun.given == {"keep": "yes", "until": "2027-11-02"}
    tick(desk, ENDS)
    assert len(texts(mother)) == 1
    tick(desk, WARNED + timedelta(days=people.UNUSED_DAYS - 14))
    assert len(texts(mother)) == 2


def test_thinking_about_it_changes_nothing(mother: Phone, son: Phone) -> None:
    before = helping(mother)
    begun = son.finish("helper_keep", which=str(before.id), keep="think")
    assert begun is not None
    assert begun.given["until"] == "2027-05-20"
    assert helping(mother) == before


def test_sent_away_the_helper_can_do_nothing_and_is_told_without_reasons(mother: Phone, son: Phone) -> None:
    person = mother.current
    with mother.store.writing() as session:
        draft = Frame("apply", (("person", person), ("intake", 1)), {"name": "小明"})
        state = State(frames=(Frame("home"),), waiting=(draft,))
        conversations.save_conversation(session, mother.contact_id, state.dump(), 0, NOW)
    son.finish("helper_keep", which=str(helping(mother).id), keep="no")
    begun = mother.finish("phone_change", {"person": person}, phone="15400000009")
    assert begun is not None
    assert begun.flow == "not_yours"
    with mother.store.reading() as session:
        assert helpers.ended_for(session, mother.contact_id, NOW) == ["小明"]
        kept = conversations.read_conversation(session, mother.contact_id, lock=False).state
    assert State.load(kept).waiting == ()
    assert texts(mother) == []


@pytest.mark.parametrize(
    ("basis", "told"), [(None, "监护的依据还没看过。"), ("99-00000001", "监护的依据看过。")]
)
def test_of_a_guardian_who_was_sent_away_staff_learn_and_nobody_else(
    mother: Phone, son: Phone, basis: str | None, told: str
) -> None:
    with mother.store.writing() as session:
        relation = session.get_one(Relation, helping(mother).id)
        relation.role, relation.basis = Role.GUARDIAN, basis
        session.add(relation)
    son.finish("helper_keep", which=str(helping(mother).id), keep="no")
    with mother.store.reading() as session:
        (ticket,) = session.exec(select(Ticket)).all()
        assert (ticket.kind, ticket.person_id, ticket.contact_id) == ("help", son.current, None)
        assert told in ticket.words
        assert [tickets.tickets_of(session, each.contact_id) for each in (mother, son)] == [[], []]
        assert helpers.ended_for(session, mother.contact_id, NOW) == ["小明"]
    assert texts(mother) == []


def test_of_any_other_helper_who_was_sent_away_staff_need_not_know(mother: Phone, son: Phone) -> None:
    son.finish("helper_keep", which=str(helping(mother).id), keep="no")
    with mother.store.reading() as session:
        assert session.exec(select(Ticket)).all() == []


@pytest.mark.usefixtures("son")
def test_when_the_time_is_over_the_helper_can_do_nothing(mother: Phone) -> None:
    person = mother.current
    mother.now = ENDS
    begun = mother.finish("phone_change", {"person": person}, phone="15400000009")
    assert begun is not None
    assert begun.flow == "not_yours"
    with mother.store.reading() as session:
        assert helpers.ended_for(session, mother.contact_id, ENDS) == ["小明"]
        assert helpers.ended_for(session, mother.contact_id, ENDS + timedelta(days=31)) == []
        assert helpers.helpers_of(session, [person], ENDS) == []


@pytest.mark.usefixtures("son")
def test_naming_the_person_again_does_not_bring_the_time_back(mother: Phone) -> None:
    person = mother.current
    mother.now = ENDS
    mother.finish("whose", person="new", name="小明", relation="family")
    assert mother.current != person
    with mother.store.reading() as session:
        assert people.relation_of(session, mother.contact_id, person, ENDS) is None


def test_where_there_is_no_other_door_naming_the_person_again_opens_it(mother: Phone) -> None:
    person = mother.current
    mother.now = ENDS
    mother.finish("whose", person="new", name="小明", relation="family")
    assert mother.current == person
    with mother.store.reading() as session:
        row = session.exec(select(Reminder)).one()
        assert (row.state, row.due_at) == (ReminderState.DUE, ENDS + timedelta(days=people.UNUSED_DAYS - 14))


@pytest.mark.usefixtures("son")
def test_nobody_sends_away_somebody_elses_helper(mother: Phone) -> None:
    stranger = Phone(mother.store, "stranger")
    stranger.finish("newcomer", role="self")
    for phone in (stranger, mother):
        begun = phone.finish("helper_keep", which=str(helping(mother).id), keep="no")
        assert begun is not None
        assert begun.flow == "not_yours"
    assert helping(mother).revoked_at is None


def test_of_somebody_erased_nobody_is_warned(mother: Phone, store: Store) -> None:
    with store.writing() as session:
        erase_person(session, session.get_one(Person, mother.current), "contact:1", NOW)
        assert ring(session, WARNED) == 0
        assert session.exec(select(Outbox)).all() == []
