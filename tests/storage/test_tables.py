from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Table, delete, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, SQLModel, select

from storage import tables
from storage.base import Store
from storage.crypto import Sealed
from storage.keeping import every_table
from storage.tables import (
    Application,
    ApplicationState,
    Audit,
    Channel,
    Code,
    Consent,
    Contact,
    Keep,
    Lane,
    Outbox,
    Person,
    Reading,
    Relation,
)
from storage.tickets.tables import Ticket

from .rows import NOW, fill, sealed_columns

OURS = [
    every_table.metadata.tables[str(kind.__tablename__)]
    for kind in vars(tables).values()
    if isinstance(kind, type) and issubclass(kind, SQLModel) and kind is not SQLModel
]


@pytest.mark.parametrize("table", OURS, ids=lambda table: str(table.name))
def test_every_column_says_what_it_is_for_and_how_long_it_is_kept(table: Table) -> None:
    for column in table.columns:
        assert column.info["why"], column
        assert isinstance(column.info["keep"], Keep), column


def test_what_is_sensitive_is_sealed() -> None:
    """The list of law 7, and every free word; a new sealed column is added here on purpose."""
    assert {f"{column.table.name}.{column.name}" for column in sealed_columns()} == {
        "account.address",
        "call.outcome",
        "call_try.note",
        "callback.recheck_note",
        "fair_signup.needs",
        "result.certificate_no",
        "result.note",
        "staff.name",
        "staff_question.answer",
        "staff_question.words",
        "ticket_line.words",
        "answer_set.answers",
        "application.answers",
        "application.state_reason",
        "application_event.note",
        "assent.words",
        "claim_check.claim",
        "claim_check.note",
        "conversation.state",
        "go_token.payload",
        "listed_name.name",
        "listed_name.phone",
        "listed_name.village",
        "message.text",
        "need.answer_note",
        "need.code",
        "need.note",
        "outbox.payload",
        "person.cert_no",
        "person.name",
        "person.phone",
        "person.profile",
        "relation.basis",
        "stored_file.body",
        "stored_file.name",
        "ticket.answer",
        "ticket.words",
        "upload.body",
        "upload.name",
        "upload.notes",
        "upload_page.rows",
        "vault.value",
        "wish.wish",
    }


def test_a_sealed_column_names_its_own_place() -> None:
    for column in sealed_columns():
        assert isinstance(column.type, Sealed)
        assert column.type.place == f"{column.table.name}.{column.name}"


def test_a_code_is_plain_text_in_the_database_and_an_enum_in_python(store: Store) -> None:
    with store.writing() as session:
        session.add(Contact(reading=Reading.EASY, created_at=NOW, seen_at=NOW))
    with store.reading() as session:
        assert session.execute(text("SELECT reading, role FROM contact")).one() == ("easy", "")
        assert session.exec(select(Contact)).one().reading is Reading.EASY


def test_an_unknown_code_is_refused_before_it_is_stored(store: Store) -> None:
    with pytest.raises(StatementError, match="'hard' is not a valid Reading"), store.writing() as session:
        session.add(Contact(reading="hard", created_at=NOW, seen_at=NOW))  # type: ignore[arg-type] # on purpose


def test_a_deleted_number_is_not_given_again(store: Store) -> None:
    with store.writing() as session:
        session.add_all([Person(created_at=NOW), Person(created_at=NOW)])
    with store.writing() as session:
        session.execute(delete(Person))
    with store.writing() as session:
        person = Person(created_at=NOW)
        session.add(person)
        session.flush()
        assert person.id == 3


def _a_second_active_relation(session: Session) -> None:
    first = session.exec(select(Relation)).one()
    session.add(Relation(**(first.model_dump() | {"id": 2})))


def _a_second_live_application(session: Session) -> None:
    first = session.exec(select(Application)).one()
    session.add(Application(**(first.model_dump() | {"id": 2, "number": "2026-0002"})))


def _an_erased_person_with_a_name(session: Session) -> None:
    session.execute(update(Person).values(erased_at=NOW))


def _an_anonymous_ticket_of_somebody(session: Session) -> None:
    session.execute(update(Ticket).values(anonymous=True, contact_id=1))


def _a_message_sent_and_dropped(session: Session) -> None:
    session.execute(update(Outbox).values(sent_at=NOW, dropped_at=NOW, drop_reason="late"))


def _a_message_dropped_without_a_reason(session: Session) -> None:
    session.execute(update(Outbox).values(dropped_at=NOW, drop_reason=""))


def _a_message_to_nobody(session: Session) -> None:
    session.add(Outbox(lane=Lane.REPLY, kind="test", payload={}, due_at=NOW, created_at=NOW))


def _a_relation_that_ends_before_it_starts(session: Session) -> None:
    session.execute(update(Relation).values(ends_at=NOW - timedelta(days=1)))


def _a_consent_withdrawn_before_it_was_given(session: Session) -> None:
    session.execute(update(Consent).values(withdrawn_at=NOW - timedelta(days=1)))


def _a_file_that_is_too_large(session: Session) -> None:
    session.execute(update(tables.StoredFile).values(size=tables.FILE_LIMIT + 1))


def _a_changed_audit(session: Session) -> None:
    session.execute(update(Audit).values(actor="nobody"))


def _a_deleted_audit(session: Session) -> None:
    session.execute(delete(Audit))


def _changed_words_of_a_consent(session: Session) -> None:
    session.execute(update(Consent).values(wording="别的话"))


def _a_consent_turned_round(session: Session) -> None:
    session.execute(update(Consent).values(given=True))


@pytest.mark.parametrize(
    "lie",
    [
        _a_second_active_relation,
        _a_second_live_application,
        _an_erased_person_with_a_name,
        _an_anonymous_ticket_of_somebody,
        _a_message_sent_and_dropped,
        _a_message_dropped_without_a_reason,
        _a_message_to_nobody,
        _a_relation_that_ends_before_it_starts,
        _a_consent_withdrawn_before_it_was_given,
        _a_file_that_is_too_large,
        _a_changed_audit,
        _a_deleted_audit,
        _changed_words_of_a_consent,
        _a_consent_turned_round,
    ],
)
def test_the_database_itself_refuses(store: Store, lie: Callable[[Session], None]) -> None:
    with store.writing() as session:
        fill(session)
    with pytest.raises(IntegrityError), store.writing() as session:
        lie(session)


def test_truncating_the_audit_is_refused_too(store: Store) -> None:
    if store.is_sqlite:
        return  # has no TRUNCATE
    with pytest.raises(IntegrityError, match="append-only"), store.writing() as session:
        session.execute(text("TRUNCATE audit"))


def test_replacing_a_row_of_the_audit_is_refused_too(store: Store) -> None:
    with store.writing() as session:
        fill(session)
    again = "OVERRIDING SYSTEM VALUE SELECT * FROM audit ON CONFLICT (id) DO UPDATE SET actor = 'nobody'"
    one = "REPLACE INTO audit SELECT * FROM audit" if store.is_sqlite else f"INSERT INTO audit {again}"
    with pytest.raises(IntegrityError, match="append-only"), store.writing() as session:
        session.execute(text(one))


def test_a_consent_can_be_withdrawn_and_its_contact_forgotten(store: Store) -> None:
    with store.writing() as session:
        fill(session)
    with store.writing() as session:
        session.execute(update(Consent).values(withdrawn_at=NOW, contact_id=None))
    with store.reading() as session:
        assert session.exec(select(Consent)).one().withdrawn_at == NOW


@pytest.mark.parametrize("over", [ApplicationState.WITHDRAWN, ApplicationState.DECLINED])
def test_after_withdrawing_one_may_apply_again(store: Store, over: ApplicationState) -> None:
    with store.writing() as session:
        fill(session)
    with store.writing() as session:
        session.execute(update(Application).values(state=over))
        _a_second_live_application(session)


def test_after_revoking_one_may_be_helped_again(store: Store) -> None:
    with store.writing() as session:
        fill(session)
    with store.writing() as session:
        first = session.exec(select(Relation)).one()
        first.revoked_at = NOW
        session.flush()
        session.add(Relation(**(first.model_dump() | {"id": 2, "revoked_at": None})))


def test_the_same_address_on_two_channels_is_two_accounts_but_not_on_one(store: Store) -> None:
    def account(channel: Channel) -> tables.Account:
        return tables.Account(
            contact_id=1, channel=channel, address_hash="a", address="1", created_at=NOW, seen_at=NOW
        )

    with store.writing() as session:
        session.add(Contact(created_at=NOW, seen_at=NOW))
        session.flush()
        session.add_all([account(Channel.WEB), account(Channel.TELEGRAM)])
    with pytest.raises(IntegrityError), store.writing() as session:
        session.add(account(Channel.WEB))


def test_codes_are_never_native_enums() -> None:
    for table in OURS:
        for column in table.columns:
            if isinstance(column.type, Code):
                assert str(column.type.compile()) == "VARCHAR"
