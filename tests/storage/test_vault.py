import pytest
from sqlalchemy import LargeBinary, select, text, type_coerce
from sqlmodel import Session

from storage import crypto
from storage.base import Store
from storage.counting import next_number
from storage.crypto import KeyRing, SecretError, lookup_hash, new_key
from storage.keeping.vault import open_vault, reseal
from tests.databases import TEST_KEY

from .rows import fill, mark, sealed_columns

NEW = new_key(2)


def _open(store: Store) -> None:
    with store.writing() as session:
        open_vault(session)


def _install(ring: str) -> None:
    crypto.use(KeyRing.parse(ring))


def _reseal_all(store: Store, at_most: int) -> int:
    total = 0
    while True:
        with store.writing() as session:
            done = reseal(session, at_most)
        if not done:
            return total
        assert done <= at_most
        total += done


def test_the_hash_is_the_same_after_a_restart_and_after_a_rotation(store: Store) -> None:
    _open(store)
    before = lookup_hash("154-0000-0001")

    _install(TEST_KEY)  # a restart
    _open(store)
    assert lookup_hash("154-0000-0001") == before

    _install(f"{NEW},{TEST_KEY}")
    _reseal_all(store, 10)
    _install(NEW)
    _open(store)
    assert lookup_hash("154-0000-0001") == before


def test_two_databases_have_two_hashes(store: Store) -> None:
    _open(store)
    first = lookup_hash("154-0000-0001")
    with store.writing() as session:
        session.execute(text("DELETE FROM vault"))
    _open(store)
    assert lookup_hash("154-0000-0001") != first


def test_the_wrong_key_is_noticed_when_the_database_is_opened(store: Store) -> None:
    _open(store)
    _install(new_key(1))
    with pytest.raises(SecretError, match=r"vault\.value 打不开。密钥不是原来的"):
        _open(store)
    _install(NEW)
    with pytest.raises(SecretError, match="要用 1 号密钥打开。现在只有 2 号"):
        _open(store)


def test_after_resealing_the_old_key_is_needed_no_more(store: Store) -> None:
    with store.writing() as session:
        fill(session, 1)
        fill(session, 2)
    _install(f"{NEW},{TEST_KEY}")
    tables = {column.table for column in sealed_columns()}
    assert _reseal_all(store, at_most=3) == 2 * len(tables)

    _install(NEW)
    with store.reading() as session:
        for column in sealed_columns():
            for value in session.execute(select(column)).scalars():
                assert mark(column) in _readable(value)


def test_resealing_twice_changes_nothing(store: Store) -> None:
    with store.writing() as session:
        fill(session)
    _install(f"{NEW},{TEST_KEY}")
    _reseal_all(store, at_most=100)
    with store.writing() as session:
        before = _raw(session)
        assert reseal(session) == 0
        assert _raw(session) == before


def test_resealing_without_the_old_key_says_which_is_missing_and_changes_nothing(store: Store) -> None:
    with store.writing() as session:
        fill(session)
        before = _raw(session)
    _install(NEW)
    with pytest.raises(SecretError, match="要用 1 号密钥打开"), store.writing() as session:
        reseal(session)
    with store.reading() as session:
        assert _raw(session) == before


def _raw(session: Session) -> list[bytes]:
    return [
        session.execute(select(type_coerce(column, LargeBinary))).scalar_one() for column in sealed_columns()
    ]


def _readable(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def test_numbers_run_from_one_and_each_name_has_its_own(store: Store) -> None:
    with store.writing() as session:
        taken = [next_number(session, "application:2026") for _ in range(3)]
        assert taken == [1, 2, 3]
        assert next_number(session, "application:2027") == 1


def test_a_failed_transaction_gives_its_number_back(store: Store) -> None:
    def take_and_fail() -> None:
        with store.writing() as session:
            next_number(session, "ticket:2026")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        take_and_fail()
    with store.writing() as session:
        assert next_number(session, "ticket:2026") == 1
