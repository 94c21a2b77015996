from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlmodel import SQLModel, col, select

from storage import conversations, draft_reminders, outbox, people
from storage.applications import enrolment
from storage.base import Store
from storage.catalogue.tables import Intake
from storage.crypto import KeyRing, ring_in_use
from storage.tables import (
    Account,
    Application,
    ApplicationState,
    Consent,
    Contact,
    Conversation,
    FileKind,
    Outbox,
    Person,
    Relation,
    Reminder,
    Size,
    Staff,
    StoredFile,
)
from storage.tickets import tickets
from storage.tickets.tables import Ticket
from tests.bot.courses import make_course
from tests.databases import on_both

from .lives import SECOND, YEARS, Life, day, purge_at, rows
from .rows import NOW, fill, sealed_columns

ENDS = date(2026, 12, 25)


@pytest.fixture
def database(request: pytest.FixtureRequest, keys: KeyRing) -> str:
    """Limits are counted here and compared alike on either; each step is taken on both: those marked `on_both`."""
    assert ring_in_use() is keys
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def life(store: Store) -> Life:
    return Life.begin(store)


@on_both
def test_nothing_that_is_still_due_is_touched_and_its_contact_waits_with_it(life: Life) -> None:
    other = Life.begin(life.store, "visitor-2")
    with life.store.writing() as session:
        place = session.exec(select(Account.id).where(Account.contact_id == life.contact)).one()
        outbox.promise(session, life.contact, "told", {}, now=NOW, account_id=place)
        draft_reminders.watch_draft(session, life.contact, "wish", {}, "", NOW)
    purge_at(life.store, NOW + timedelta(days=3650))
    assert (rows(life.store, Outbox), rows(life.store, Reminder)) == (1, 1)
    assert (life.is_forgotten(), other.is_forgotten()) == (False, True)
    assert (life.is_erased(), other.is_erased()) == (False, True)


def test_a_message_on_its_way_keeps_its_receiver(life: Life) -> None:
    other = Life.begin(life.store, "visitor-2")
    with life.store.writing() as session:
        place = session.exec(select(Account.id).where(Account.contact_id == life.contact)).one()
        outbox.promise(session, life.contact, "told", {}, now=NOW, account_id=place)
    purge_at(life.store, day(2028, 11, 22))
    assert (life.is_forgotten(), other.is_forgotten()) == (False, True)


def test_a_draft_keeps_its_own_time_and_being_let_go_adds_none(life: Life) -> None:
    with life.store.writing() as session:
        conversations.save_conversation(session, life.contact, {"typed": "小明"}, 0, NOW)
        draft_reminders.watch_draft(session, life.contact, "wish", {}, "", NOW)
    late = NOW + timedelta(days=184)
    purge_at(life.store, late)
    assert rows(life.store, Conversation) == 1
    with life.store.writing() as session:
        draft_reminders.forget_draft(session, life.contact, "wish", {})
        conversations.save_conversation(session, life.contact, {}, 1, late)
    purge_at(life.store, late)
    assert rows(life.store, Conversation) == 0


@on_both
def test_three_years_after_the_course_only_the_ledger_is_left(life: Life) -> None:
    number = life.apply(make_course(life.store, ends=ENDS))
    with life.store.writing() as session:
        conversations.save_conversation(session, life.contact, {"typed": "小明"}, 0, day(2029, 12, 1))
    purge_at(life.store, day(2029, 12, 25))
    assert not life.is_erased()
    assert purge_at(life.store, day(2029, 12, 26))["people_erased"] == 1
    assert life.is_erased()
    assert rows(life.store, Conversation) == 0
    with life.store.reading() as session:
        application = session.get_one(Application, number)
        assert (application.number, application.answers) == ("2026-0001", {})
        assert application.state is ApplicationState.FINISHED
        assert [each.kind for each in enrolment.events_of(session, number)][-1] == "finished"
        assert enrolment.needs_of(session, number) == []


def test_what_was_not_attended_is_withdrawn_as_the_person_could_have(life: Life) -> None:
    number = life.apply(make_course(life.store, ends=ENDS), ApplicationState.WAITLISTED)
    purge_at(life.store, day(2029, 12, 26))
    with life.store.reading() as session:
        assert session.get_one(Application, number).state is ApplicationState.WITHDRAWN


def test_without_a_course_it_is_three_years_after_coming(life: Life) -> None:
    life.visit(NOW + YEARS)
    purge_at(life.store, NOW + YEARS)
    assert not life.is_erased()
    purge_at(life.store, NOW + YEARS + SECOND)
    assert life.is_erased()
    assert not life.is_forgotten()


@on_both
def test_an_active_application_protects_the_person_and_who_speaks_for_them(life: Life) -> None:
    life.apply(make_course(life.store, ends=ENDS), ApplicationState.FINISHED)
    later = make_course(life.store, "P002")
    life.apply(later, ApplicationState.SUBMITTED)
    with life.store.writing() as session:
        session.get_one(Intake, later).end_date = date(2033, 6, 1)
    assert "people_erased" not in purge_at(life.store, day(2033, 1, 1))
    assert (life.is_erased(), life.is_forgotten()) == (False, False)


@on_both
def test_a_person_somebody_is_just_applying_for_is_not_erased_meanwhile(life: Life) -> None:
    other = Life.begin(life.store, "visitor-2")
    now = day(2030, 1, 1)
    with life.store.writing() as session:
        draft_reminders.watch_draft(
            session, life.contact, "apply", {"person": life.person}, "2029-12-30", now
        )
    purge_at(life.store, now)
    assert (life.is_erased(), other.is_erased()) == (False, True)


@pytest.mark.parametrize("of_whom", ["person", "contact"])
def test_who_waits_for_an_answer_gets_it_first_but_not_for_ever(life: Life, of_whom: str) -> None:
    asked = day(2030, 1, 1)
    life.visit(asked)
    other = Life.begin(life.store, "visitor-2")
    with life.store.writing() as session:
        tickets.make_ticket(
            session,
            "complaint",
            "补贴没到",
            asked,
            contact_id=life.contact if of_whom == "contact" else None,
            person_id=life.person if of_whom == "person" else None,
        )
    purge_at(life.store, day(2033, 1, 1))
    assert (life.is_erased(), other.is_erased()) == (False, True)
    purge_at(life.store, day(2033, 1, 2))
    assert life.is_erased()
    with life.store.reading() as session:
        assert session.exec(select(Ticket)).one().words == ""


def test_a_contact_is_forgotten_two_years_after_the_last_visit(life: Life) -> None:
    with life.store.writing() as session:
        session.get_one(Contact, life.contact).size = Size.HUGE
        place = session.exec(select(Account.id)).one()
        outbox.promise(session, life.contact, "told", {}, now=NOW, account_id=place)
        outbox.drop(session, session.exec(select(Outbox.id)).all(), day(2028, 11, 20), "晚了")
    purge_at(life.store, day(2028, 11, 21))
    assert not life.is_forgotten()
    assert purge_at(life.store, day(2028, 11, 22)) == {"contacts_forgotten": 1}
    assert life.is_forgotten()
    assert not life.is_erased()
    with life.store.reading() as session:
        row = session.exec(select(Outbox)).one()
        assert (row.contact_id, row.account_id, row.drop_reason) == (life.contact, None, "晚了")
        contact = session.get_one(Contact, life.contact)
        assert (contact.size, contact.current_person_id) == (Size.STANDARD, None)
        assert session.exec(select(Relation)).one().revoked_at == day(2028, 11, 22)


@on_both
def test_the_number_of_a_contact_goes_with_the_last_proof_of_it(life: Life) -> None:
    purge_at(life.store, day(2028, 11, 22))
    purge_at(life.store, day(2031, 11, 22))
    assert (rows(life.store, Relation), rows(life.store, Contact)) == (1, 1)
    purge_at(life.store, day(2031, 11, 23))
    assert (rows(life.store, Relation), rows(life.store, Contact)) == (0, 0)


def test_consents_go_three_years_after_they_were_taken_back(life: Life) -> None:
    life.agree(given=True)
    life.visit(day(2029, 11, 1))
    purge_at(life.store, day(2029, 11, 22))
    assert life.is_erased()
    purge_at(life.store, day(2032, 11, 22))
    assert rows(life.store, Consent) == 1
    purge_at(life.store, day(2032, 11, 23))
    assert rows(life.store, Consent) == 0


def test_a_no_is_kept_until_three_years_after_the_person(life: Life) -> None:
    life.agree(given=False)
    purge_at(life.store, day(2029, 11, 22))
    purge_at(life.store, day(2032, 11, 22))
    assert rows(life.store, Consent) == 1
    purge_at(life.store, day(2032, 11, 23))
    assert rows(life.store, Consent) == 0


@on_both
def test_the_ledger_goes_five_years_after_the_course(life: Life) -> None:
    number = life.apply(make_course(life.store, ends=ENDS))
    with life.store.writing() as session:
        tickets.make_ticket(
            session,
            "help",
            "几点",
            NOW,
            contact_id=life.contact,
            person_id=life.person,
            application_id=number,
        )
    purge_at(life.store, day(2031, 12, 25))
    assert (rows(life.store, Application), rows(life.store, Ticket)) == (1, 1)
    assert purge_at(life.store, day(2031, 12, 26)) == {"application": 1, "ticket": 1}
    assert rows(life.store, Application) == 0


def test_a_danger_sign_keeps_its_words_for_five_years(life: Life) -> None:
    with life.store.writing() as session:
        tickets.make_ticket(session, "safeguard", "他打我", NOW, contact_id=life.contact)
    purge_at(life.store, NOW + timedelta(days=1826))
    with life.store.reading() as session:
        assert session.exec(select(Ticket)).one().words == "他打我"
    purge_at(life.store, NOW + timedelta(days=1827))
    assert rows(life.store, Ticket) == 0


def test_words_about_nobody_go_after_three_years_and_the_ticket_after_five(store: Store) -> None:
    with store.writing() as session:
        tickets.make_ticket(session, "complaint", "门口有台阶", NOW)
    assert purge_at(store, NOW + YEARS) == {}
    assert purge_at(store, NOW + YEARS + SECOND) == {"tickets_emptied": 1}
    assert purge_at(store, NOW + YEARS + SECOND) == {}
    with store.reading() as session:
        assert session.exec(select(Ticket)).one().words == ""


@on_both
def test_a_file_stays_as_long_as_its_sender_speaks_for_somebody_we_know(life: Life) -> None:
    with life.store.writing() as session:
        for key, contact in (("k1", life.contact), ("k2", people.meet(session, "web", "visitor-2", NOW).id)):
            session.add(
                StoredFile(
                    key=key,
                    contact_id=contact,
                    kind=FileKind.VOICE,
                    mime="audio/ogg",
                    size=1,
                    body=b"x",
                    created_at=NOW,
                )
            )
    later = make_course(life.store, ends=date(2030, 1, 1))
    life.apply(later)
    purge_at(life.store, NOW + YEARS + SECOND)
    with life.store.reading() as session:
        assert session.exec(select(StoredFile.key)).all() == ["k1"]


@on_both
def test_in_the_end_nothing_of_anybody_is_left(store: Store) -> None:
    with store.writing() as session:
        fill(session, 1000)  # leaves the first numbers to the rows that a purge itself makes
        session.execute(update(Outbox).values(sent_at=NOW))
        session.execute(update(Staff).values(revoked_at=NOW))
    for year in (2046, 2050):
        purge_at(store, day(year, 1, 1))
        with store.reading() as session:
            for column in sealed_columns():
                if column.table.name != "vault":
                    assert "秘密" not in str(session.execute(select(column)).all()), column
    about_people = {str(each.__tablename__) for each in SQLModel.__subclasses__()} & {
        column.table.name for column in sealed_columns()
    } | {"contact", "consent", "inbox", "reminder", "application_event", "relation"}
    with store.reading() as session:
        left = {name for name in about_people if session.execute(text(f"SELECT 1 FROM {name}")).first()}
    assert left == {"vault"}


def test_no_night_takes_a_seat_of_a_class_to_come_back(store: Store) -> None:
    """Only an erasure by the person frees one, and it is offered on (tests/bot/test_offering)."""
    late = day(2036, 1, 1)
    life = Life.begin(store)
    life.apply(make_course(store, "P901", ends=date(2027, 1, 31)), ApplicationState.FINISHED)
    life.apply(make_course(store, "P902", ends=date(2036, 3, 31)), ApplicationState.ACCEPTED)
    purge_at(store, late)
    assert not life.is_erased()


@on_both
def test_three_years_before_a_leap_day_is_the_end_of_february(life: Life) -> None:
    with life.store.writing() as session:
        session.execute(update(Person).values(created_at=datetime(2025, 2, 28, tzinfo=UTC)))
        session.execute(
            update(Contact).where(col(Contact.id) == life.contact).values(seen_at=day(2028, 2, 1))
        )
    purge_at(life.store, day(2028, 2, 29))
    assert life.is_erased()
