import pytest
from sqlalchemy import LargeBinary, bindparam, select, type_coerce
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session
from sqlmodel import select as choose

from storage.base import Store
from storage.compiled import Compiled, add_once, execute
from storage.crypto import KeyRing, SecretError
from storage.tables import Contact, Counter, Message, Reading, Relation, Role

from .rows import NOW, fill


def _names(session: Session) -> list[str]:
    return sorted(session.exec(choose(Counter.name)).all())


def test_a_row_is_added_once(store: Store) -> None:
    with store.writing() as session:
        assert add_once(session, Counter, name="a", value=1)
        assert not add_once(session, Counter, name="a", value=2)
        assert add_once(session, Counter, name="b", value=1)
    with store.reading() as session:
        assert _names(session) == ["a", "b"]
        assert session.get_one(Counter, "a").value == 1


def test_every_kind_of_column_comes_back_as_it_went_in(store: Store) -> None:
    with store.writing() as session:
        fill(session)
        session.delete(session.exec(choose(Relation)).one())
        session.flush()
        given = {
            "contact_id": 1,
            "person_id": 1,
            "role": Role.GUARDIAN,
            "powers": ["fill", "看"],
            "basis": "监护人证明",
            "granted_by": "staff:3",
            "started_at": NOW,
            "ends_at": None,
            "revoked_at": None,
        }
        assert add_once(session, Relation, **given)
    columns = tuple(Relation.metadata.tables["relation"].columns[name] for name in given)
    read = Compiled(lambda _: select(*columns), gives=columns)
    with store.reading() as session:
        assert read.run(session) == [tuple(given.values())]
        assert session.exec(choose(Relation)).one().model_dump(exclude={"id"}) == given


def test_what_is_sensitive_is_sealed_on_this_path_too(store: Store, keys: KeyRing) -> None:
    with store.writing() as session:
        session.add(Contact(created_at=NOW, seen_at=NOW))
        add_once(session, Message, contact_id=1, text="您的证号", at=NOW, read_at=None, outbox_id=None)
    text = Message.metadata.tables["message"].columns["text"]
    with store.reading() as session:
        (raw,) = session.execute(select(type_coerce(text, LargeBinary))).scalars()
    assert "您的证号".encode() not in raw
    assert keys.open(raw, "message.text").decode() == "您的证号"
    with pytest.raises(SecretError):
        keys.open(raw, "message.other")


def test_what_the_session_still_has_to_write_is_written_first(store: Store) -> None:
    with store.writing() as session:
        session.add(Counter(name="a", value=1))
        assert not add_once(session, Counter, name="a", value=2)


def test_a_fixed_value_in_the_statement_and_a_given_one_work_together(store: Store) -> None:
    columns = Counter.metadata.tables["counter"].columns
    ask = Compiled(
        lambda _: select(columns["name"]).where(columns["value"] > 5, columns["name"] != bindparam("but")),
        gives=(columns["name"],),
    )
    with store.writing() as session:
        session.add_all([Counter(name="a", value=6), Counter(name="b", value=7), Counter(name="c", value=1)])
        assert ask.run(session, but="b") == [("a",)]
        assert ask.run(session, but="a") == [("b",)]


def test_errors_are_sqlalchemy_s_and_carry_no_values(store: Store) -> None:
    with pytest.raises(IntegrityError) as refused, store.writing() as session:
        add_once(session, Message, contact_id=None, text="秘密", at=NOW, read_at=None, outbox_id=None)
    assert "秘密" not in str(refused.value)
    with pytest.raises(DBAPIError, match="nonsense"), store.transaction() as connection:
        execute(connection, "nonsense")


def test_a_failed_transaction_takes_it_back(store: Store) -> None:
    with store.writing() as session:
        add_once(
            session, Contact, reading=Reading.EASY, size="standard", role="", created_at=NOW, seen_at=NOW
        )
        session.rollback()
    with store.reading() as session:
        assert session.exec(choose(Contact)).all() == []
