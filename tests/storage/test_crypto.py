import stat
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Column
from sqlalchemy.dialects import sqlite

from storage import crypto
from storage.crypto import Encrypted, EncryptedJson, KeyRing, SecretError, load_ring, lookup_hash, new_key
from tests.databases import TEST_KEY

OLD = new_key(1)
NEW = new_key(2)


def test_what_is_sealed_opens_at_its_place_and_nowhere_else() -> None:
    ring = KeyRing.parse(OLD)
    sealed = ring.seal("王小明".encode(), "person.name")
    assert ring.open(sealed, "person.name").decode() == "王小明"
    with pytest.raises(SecretError, match=r"person\.phone 打不开"):
        ring.open(sealed, "person.phone")


def test_an_eighteen_digit_number_takes_forty_eight_bytes() -> None:
    assert len(KeyRing.parse(OLD).seal(b"9" * 18, "person.cert_no")) == 48


def test_equal_texts_are_sealed_differently() -> None:
    ring = KeyRing.parse(OLD)
    assert ring.seal(b"same", "need.code") != ring.seal(b"same", "need.code")


def test_a_changed_byte_is_noticed() -> None:
    ring = KeyRing.parse(OLD)
    sealed = ring.seal(b"text", "need.note")
    for place in (2, 20, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SecretError, match="打不开"):
            ring.open(bytes(changed), "need.note")


def test_the_newest_key_seals_and_every_key_opens() -> None:
    sealed = KeyRing.parse(OLD).seal(b"text", "need.note")
    both = KeyRing.parse(f"{NEW}, {OLD}")
    assert both.newest == 2
    assert both.open(sealed, "need.note") == b"text"
    with pytest.raises(SecretError, match="要用 2 号密钥打开。现在只有 1 号"):
        KeyRing.parse(OLD).open(both.seal(b"text", "need.note"), "need.note")


def test_another_key_with_the_same_number_does_not_open() -> None:
    sealed = KeyRing.parse(OLD).seal(b"text", "need.note")
    with pytest.raises(SecretError, match="密钥不是原来的"):
        KeyRing.parse(new_key(1)).open(sealed, "need.note")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "密钥的写法不对"),
        ("MTIzNA==", "密钥的写法不对"),
        ("0:MTIzNA==", "从 1 到 65535"),
        ("70000:MTIzNA==", "从 1 到 65535"),
        ("1:no base64!", "1 号密钥不是 BASE64"),
        ("1:MTIzNA==", "1 号密钥是 4 字节。应是 32 字节"),
        (f"{TEST_KEY},{TEST_KEY}", "1 号密钥写了两次"),
    ],
)
def test_a_key_written_wrong_is_explained(text: str, says: str) -> None:
    with pytest.raises(SecretError, match=says):
        KeyRing.parse(text)


def test_a_key_written_for_urls_is_read_too() -> None:
    sealed = KeyRing.parse("1:" + "-_" * 21 + "8=").seal(b"text", "need.note")
    assert KeyRing.parse("1:" + "+/" * 21 + "8=").open(sealed, "need.note") == b"text"


def test_a_ring_does_not_show_its_keys() -> None:
    secret = OLD.partition(":")[2]
    ring = KeyRing.parse(OLD)
    assert secret not in repr(ring)
    assert secret not in str(vars(type(ring)))


def test_without_a_ring_nothing_is_stored_in_clear(keys: KeyRing) -> None:
    assert keys is crypto.ring_in_use()
    crypto.use(None)
    with pytest.raises(SecretError, match="还没有装上密钥"):
        Encrypted("need.note").process_bind_param("text", sqlite.dialect())


def test_a_sealed_column_refuses_to_be_searched() -> None:
    name: Column[str] = Column("name", Encrypted("person.name"))
    with pytest.raises(TypeError, match="keep a lookup_hash beside it"):
        _ = name == "王小明"
    with pytest.raises(TypeError, match="keep a lookup_hash beside it"):
        name.like("王%")
    with pytest.raises(TypeError, match="keep a lookup_hash beside it"):
        name.desc()
    assert str(name.is_(None)) == "name IS NULL"


def test_the_hash_is_keyed_and_needs_the_vault(keys: KeyRing) -> None:
    first = lookup_hash("154-0000-0001")
    assert len(first) == 64
    assert first == lookup_hash("154-0000-0001") != lookup_hash("154-0000-0002")
    crypto.use(keys, hash_key=b"another key")
    assert lookup_hash("154-0000-0001") != first
    crypto.use(keys)
    with pytest.raises(SecretError, match="还没有打开保险箱"):
        lookup_hash("154-0000-0001")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    made = load_ring(tmp_path, None, is_sqlite=True)
    sealed = made.seal(b"text", "need.note")
    with pytest.raises(SecretError):
        load_ring(tmp_path, OLD, is_sqlite=True).open(sealed, "need.note")
    assert load_ring(tmp_path, "  ", is_sqlite=True).open(sealed, "need.note") == b"text"


def test_sqlite_gets_a_key_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    load_ring(home, None, is_sqlite=True)
    assert [file.name for file in home.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((home / "secret.key").stat().st_mode) == 0o600


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_ring(tmp_path, None, is_sqlite=True)
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(SecretError, match="chmod 600"):
        load_ring(tmp_path, None, is_sqlite=True)


def test_postgresql_without_a_key_refuses_and_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match=r"XUNQIAO_SECRET_KEY.*openssl rand -base64 32"):
        load_ring(tmp_path, None, is_sqlite=False)
    assert list(tmp_path.iterdir()) == []


def test_the_command_that_the_refusal_names_makes_a_key() -> None:
    made = subprocess.run(
        ["sh", "-c", "echo 1:$(openssl rand -base64 32)"], check=True, capture_output=True, text=True
    )
    assert KeyRing.parse(made.stdout).newest == 1


def test_two_servers_starting_together_make_one_key(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def start(_: int) -> bytes:
        together.wait()
        return load_ring(tmp_path, None, is_sqlite=True).seal(b"text", "need.note")

    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(start, range(8)))
    ring = load_ring(tmp_path, None, is_sqlite=True)
    assert {ring.open(each, "need.note") for each in sealed} == {b"text"}
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_json_comes_back_as_it_went_in(keys: KeyRing) -> None:
    assert keys.newest == 1
    kind = EncryptedJson("person.profile")
    value = {"needs": ["手语翻译"], "age": 31, "none": None}
    stored = kind.process_bind_param(value, sqlite.dialect())
    assert stored is not None
    assert "手语".encode() not in stored
    assert kind.process_result_value(stored, sqlite.dialect()) == value
