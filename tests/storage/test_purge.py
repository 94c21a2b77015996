import asyncio
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text, update
from sqlmodel import Session, SQLModel, col, select

from storage import consents, conversations, enrolment, outbox, people, reminders, tickets
from storage.base import Store
from storage.catalogue.tables import Intake
from storage.desk import Desk
from storage.purge import ACTION, PORTION, Purged, is_overdue, last_night, purge
from storage.tables import (
    Account,
    Application,
    ApplicationState,
    Audit,
    Channel,
    Consent,
    Contact,
    Conversation,
    FileKind,
    GoToken,
    Inbox,
    Message,
    Outbox,
    Person,
    Purpose,
    Relation,
    Reminder,
    ReminderState,
    Role,
    Size,
    StoredFile,
    Ticket,
    Wish,
)
from tests.bot.courses import make_course

from .rows import NOW, fill, sealed_columns

SECOND = timedelta(seconds=1)
ENDS = date(2026, 12, 25)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, 3, 30, tzinfo=UTC)


def purge_at(store: Store, now: datetime) -> Mapping[str, int]:
    with closing(Desk(store)) as desk:
        done = asyncio.run(purge(desk, now))
    assert done.failed == {}
    return done.counts


def rows(store: Store, table: type[SQLModel]) -> int:
    with store.reading() as session:
        return len(session.exec(select(table)).all())


def audits(store: Store) -> list[str]:
    with store.reading() as session:
        return [each.detail for each in session.exec(select(Audit).where(Audit.action == ACTION))]


@dataclass(frozen=True)
class Life:
    """Somebody with a phone of their own."""

    store: Store
    contact: int
    person: int

    @classmethod
    def begin(cls, store: Store, key: str = "visitor-1", now: datetime = NOW) -> "Life":
        with store.writing() as session:
            contact = people.meet(session, "web", key, now)
            person = people.add_person(session, contact.id, Role.SELF, "小明", now)
            return cls(store, contact.id, person.id)

    def apply(self, intake: int, state: ApplicationState = ApplicationState.ACCEPTED) -> int:
        filing = enrolment.Filing(
            person_id=self.person,
            contact_id=self.contact,
            intake_id=intake,
            role=Role.SELF,
            by_person=True,
            answers={"name": "小明"},
            needs={"cart": "小声说"},
            revision="apply",
            channel="web",
        )
        with self.store.writing() as session:
            application = enrolment.file_application(session, filing, NOW)
            application.state = state
            session.add(application)
            return application.id

    def visit(self, now: datetime) -> None:
        with self.store.writing() as session:
            session.get_one(Contact, self.contact).seen_at = now

    def agree(self, *, given: bool) -> None:
        with self.store.writing() as session:
            consents.record_consent(
                session,
                person_id=self.person,
                contact_id=self.contact,
                purpose=Purpose.SENSITIVE,
                given=given,
                wording="可以吗",
                channel="web",
                now=NOW,
            )

    def is_erased(self) -> bool:
        with self.store.reading() as session:
            person = session.get_one(Person, self.person)
        assert (person.erased_at is None) == (person.name == "小明")
        return person.erased_at is not None

    def is_forgotten(self) -> bool:
        with self.store.reading() as session:
            place = select(Account).where(Account.contact_id == self.contact)
            return session.exec(place).first() is None


@pytest.fixture
def life(store: Store) -> Life:
    return Life.begin(store)


def _heard(session: Session, contact: int, at: datetime) -> None:
    conversations.remember_update(session, Channel.WEB, "u1", at, contact_id=contact)


def _link(session: Session, contact: int, at: datetime) -> None:
    row = GoToken(token_hash="x", contact_id=contact, purpose="copy", expires_at=at, created_at=at)
    session.add(row)


def _sent(session: Session, contact: int, at: datetime) -> None:
    outbox.promise(session, contact, "told", {}, now=at)
    session.execute(update(Outbox).values(sent_at=at))


def _dropped(session: Session, contact: int, at: datetime) -> None:
    outbox.promise(session, contact, "told", {}, now=at)
    outbox.drop(session, [session.exec(select(Outbox.id)).one()], at, "晚了")


def _reminded(session: Session, contact: int, at: datetime) -> None:
    state = ReminderState.DROPPED
    session.add(Reminder(kind="x", contact_id=contact, due_at=at, key="x", state=state, created_at=at))


def _told(session: Session, contact: int, at: datetime) -> None:
    session.add(Message(contact_id=contact, text="小明您好", at=at))


def _spoke(session: Session, contact: int, at: datetime) -> None:
    conversations.save_conversation(session, contact, {"typed": "小明"}, 0, at)


def _wished(session: Session, contact: int, at: datetime) -> None:
    session.add(Wish(contact_id=contact, wish="面点", created_at=at))


YEARS = day(2029, 11, 21) - day(2026, 11, 21)


@pytest.mark.parametrize(
    ("table", "make", "kept"),
    [
        (Inbox, _heard, timedelta(days=7)),
        (GoToken, _link, timedelta(days=1)),
        (Outbox, _sent, timedelta(days=90)),
        (Outbox, _dropped, timedelta(days=90)),
        (Reminder, _reminded, timedelta(days=90)),
        (Message, _told, timedelta(days=183)),
        (Conversation, _spoke, timedelta(days=183)),
        (Wish, _wished, YEARS),
    ],
)
def test_a_row_is_kept_to_the_second_and_then_goes(
    store: Store, table: type[SQLModel], make: Callable[[Session, int, datetime], None], kept: timedelta
) -> None:
    with store.writing() as session:
        contact = people.meet(session, "web", "visitor-1", NOW).id
        session.get_one(Contact, contact).seen_at = NOW + kept
        make(session, contact, NOW)
    assert purge_at(store, NOW + kept) == {}
    assert rows(store, table) == 1
    assert purge_at(store, NOW + kept + SECOND) == {str(table.__tablename__): 1}
    assert rows(store, table) == 0


def test_nothing_that_is_still_due_is_touched_and_its_contact_waits_with_it(life: Life) -> None:
    other = Life.begin(life.store, "visitor-2")
    with life.store.writing() as session:
        place = session.exec(select(Account.id).where(Account.contact_id == life.contact)).one()
        outbox.promise(session, life.contact, "told", {}, now=NOW, account_id=place)
        reminders.watch_draft(session, life.contact, "wish", {}, "", NOW)
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
        _spoke(session, life.contact, NOW)
        reminders.watch_draft(session, life.contact, "wish", {}, "", NOW)
    late = NOW + timedelta(days=184)
    purge_at(life.store, late)
    assert rows(life.store, Conversation) == 1
    with life.store.writing() as session:
        reminders.forget_draft(session, life.contact, "wish", {})
        conversations.save_conversation(session, life.contact, {}, 1, late)
    purge_at(life.store, late)
    assert rows(life.store, Conversation) == 0


def test_three_years_after_the_course_only_the_ledger_is_left(life: Life) -> None:
    number = life.apply(make_course(life.store, ends=ENDS))
    with life.store.writing() as session:
        _spoke(session, life.contact, day(2029, 12, 1))
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


def test_an_active_application_protects_the_person_and_who_speaks_for_them(life: Life) -> None:
    life.apply(make_course(life.store, ends=ENDS), ApplicationState.FINISHED)
    later = make_course(life.store, "P002")
    life.apply(later, ApplicationState.SUBMITTED)
    with life.store.writing() as session:
        session.get_one(Intake, later).end_date = date(2033, 6, 1)
    assert "people_erased" not in purge_at(life.store, day(2033, 1, 1))
    assert (life.is_erased(), life.is_forgotten()) == (False, False)


def test_a_person_somebody_is_just_applying_for_is_not_erased_meanwhile(life: Life) -> None:
    other = Life.begin(life.store, "visitor-2")
    now = day(2030, 1, 1)
    with life.store.writing() as session:
        reminders.watch_draft(session, life.contact, "apply", {"person": life.person}, "2029-12-30", now)
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
        tickets.make_ticket(session, "complaint", "门口有台阶", NOW, anonymous=True)
    assert purge_at(store, NOW + YEARS) == {}
    assert purge_at(store, NOW + YEARS + SECOND) == {"tickets_emptied": 1}
    assert purge_at(store, NOW + YEARS + SECOND) == {}
    with store.reading() as session:
        assert session.exec(select(Ticket)).one().words == ""


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


def test_in_the_end_nothing_of_anybody_is_left(store: Store) -> None:
    with store.writing() as session:
        fill(session, 1000)  # leaves the first numbers to the rows that a purge itself makes
        session.execute(update(Outbox).values(sent_at=NOW))
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


def test_twice_is_the_same_as_once_and_one_row_says_what_was_done(life: Life) -> None:
    life.apply(make_course(life.store, ends=ENDS))
    life.agree(given=True)
    late = day(2030, 1, 1)
    counts = purge_at(life.store, late)
    assert counts == {"people_erased": 1, "contacts_forgotten": 1}
    assert purge_at(life.store, late) == {}
    assert audits(life.store) == ["people_erased=1 contacts_forgotten=1"]


def test_a_night_with_nothing_to_do_is_written_down_too_and_once(store: Store) -> None:
    for _ in range(2):
        purge_at(store, NOW)
    assert audits(store) == [""]


def old_updates(store: Store, many: int) -> None:
    with store.writing() as session:
        for number in range(many):
            conversations.remember_update(session, Channel.WEB, str(number), NOW)


def test_two_machines_at_once_take_each_row_once(store: Store) -> None:
    many = 5 * PORTION + 1
    old_updates(store, many)

    async def both() -> list[Purged]:
        with closing(Desk(store)) as one, closing(Desk(store)) as other:
            return await asyncio.gather(*(purge(desk, NOW + timedelta(days=8)) for desk in (one, other)))

    done = asyncio.run(both())
    assert [each.failed for each in done] == [{}, {}]
    assert sum(each.counts.get("inbox", 0) for each in done) == many
    assert rows(store, Inbox) == 0
    assert sum(int(detail.removeprefix("inbox=") or 0) for detail in audits(store)) == many


def test_what_cannot_be_opened_keeps_nothing_else(store: Store) -> None:
    old_updates(store, 1)
    with store.writing() as session:
        tickets.make_ticket(session, "complaint", "门口有台阶", NOW)
        _wished(session, people.meet(session, "web", "visitor-1", NOW).id, NOW)
        session.execute(text("UPDATE ticket SET words = :damaged"), {"damaged": b"damaged" * 9})
    with closing(Desk(store)) as desk:
        done = asyncio.run(purge(desk, NOW + YEARS + SECOND))
    assert done.failed == {"tickets_emptied": "SecretError"}
    assert {"inbox": 1, "wish": 1}.items() <= done.counts.items()


def test_a_night_begins_at_half_past_three_in_the_zone_of_the_service(store: Store) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    before, after = datetime(2026, 11, 21, 3, 29, tzinfo=zone), datetime(2026, 11, 21, 3, 30, tzinfo=zone)
    assert (last_night(before), last_night(after)) == (after - timedelta(days=1), after)
    with store.reading() as session:
        assert is_overdue(session, before)
    purge_at(store, before)
    with store.reading() as session:
        assert not is_overdue(session, before)
        assert is_overdue(session, after)


def test_three_years_before_a_leap_day_is_the_end_of_february(life: Life) -> None:
    with life.store.writing() as session:
        session.execute(update(Person).values(created_at=datetime(2025, 2, 28, tzinfo=UTC)))
        session.execute(
            update(Contact).where(col(Contact.id) == life.contact).values(seen_at=day(2028, 2, 1))
        )
    purge_at(life.store, day(2028, 2, 29))
    assert life.is_erased()
