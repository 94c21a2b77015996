import json
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from storage import crypto, schema
from storage.base import Store
from storage.crypto import KeyRing, SecretError, lookup_hash, new_key
from storage.keeping import every_table
from storage.keeping.archive import KEY_NOTE, MANIFEST, BackupError, raw_table
from storage.keeping.backup import backup, restore
from storage.keeping.vault import open_vault, reseal
from storage.tables import Audit, Contact, Counter, Person
from tests.databases import TEST_KEY, Databases, keys_installed

from .rows import NOW, fill, mark, sealed_columns


def fill_up(store: Store) -> None:
    """Three rows everywhere, and the last person gone again."""
    schema.migrate(store)
    with store.writing() as session:
        open_vault(session)
        for number in (1, 2, 3):
            fill(session, number)
        for number in (7, 8, 9):
            session.add(Person(id=number, created_at=NOW))
        session.flush()
        if not store.is_sqlite:
            session.execute(text("SELECT setval('person_id_seq', 9)"))
        session.execute(delete(Person).where(col(Person.id) > 3))


@pytest.fixture(scope="module")
def full_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("full") / "full.db"
    with keys_installed(), closing(Store(f"sqlite:///{file}")) as store:
        fill_up(store)
    return file


@pytest.fixture(scope="module")
def full_database(databases: Databases) -> str:
    url = databases.make()
    with keys_installed(), closing(Store(url)) as store:
        fill_up(store)
    return url


@pytest.fixture
def full(
    full_file: Path, full_database: str, database: str, databases: Databases, tmp_path: Path
) -> Iterator[Store]:
    """A database of either kind that was filled up once and copied."""
    if database == "sqlite":
        shutil.copy(full_file, tmp_path / "full.db")
        with closing(Store(f"sqlite:///{tmp_path / 'full.db'}")) as store:
            yield store
    else:
        with databases.lent(full_database) as store:
            yield store


@pytest.fixture
def file(full: Store, tmp_path: Path) -> Path:
    backup(full, tmp_path / "saved.zip", NOW)
    return tmp_path / "saved.zip"


@pytest.fixture(scope="module")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    with keys_installed(), closing(Store(f"sqlite:///{folder / 'small.db'}")) as store:
        schema.migrate(store)
        with store.writing() as session:
            open_vault(session)
            fill(session)
        backup(store, folder / "small.zip", NOW)
    return folder / "small.zip"


@pytest.fixture
def small(small_file: Path, tmp_path: Path, keys: KeyRing) -> Path:
    """A backup to be damaged or refused; where it comes from does not matter."""
    assert keys.newest == 1
    return Path(shutil.copy(small_file, tmp_path))


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database of either kind, so that every backup goes both to its own kind and to the other."""
    if request.param == "sqlite":
        with closing(Store(f"sqlite:///{tmp_path / 'target.db'}")) as store:
            yield store
    else:
        databases: Databases = request.getfixturevalue("databases")
        with databases.lent() as store:
            yield store


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "migrated.db"
    with closing(Store(f"sqlite:///{file}")) as store:
        schema.migrate(store)
    return file


@pytest.fixture(scope="module")
def migrated_database(databases: Databases) -> str:
    url = databases.make()
    with closing(Store(url)) as store:
        schema.migrate(store)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The same with its tables, which are half of what a restore costs."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "target.db")
        with closing(Store(f"sqlite:///{tmp_path / 'target.db'}")) as store:
            yield store
    else:
        databases: Databases = request.getfixturevalue("databases")
        with databases.lent(request.getfixturevalue("migrated_database")) as store:
            yield store


OVER = pytest.mark.parametrize(
    ("database", "migrated"), [("sqlite", "postgresql"), ("postgresql", "sqlite")], indirect=True
)
"""From either kind to the other: each is saved once and filled once."""


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table as the database has it, nothing opened."""
    with store.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(raw_table(table)).order_by(*raw_table(table).primary_key)
                )
            ]
            for table in every_table.metadata.sorted_tables
        }


def test_what_was_saved_comes_back_byte_for_byte(full: Store, file: Path, target: Store) -> None:
    restore(target, file)
    assert contents(target) == contents(full)
    with target.reading() as session:
        for column in sealed_columns():
            opened = session.execute(select(column)).scalars().all()
            assert mark(column) in " ".join(
                value.decode(errors="ignore") if isinstance(value, bytes) else str(value) for value in opened
            )


@OVER
def test_look_ups_still_find_after_a_restore(full: Store, file: Path, migrated: Store, keys: KeyRing) -> None:
    with full.writing() as session:
        open_vault(session)
    before = lookup_hash("154-0000-0001")
    restore(migrated, file)
    crypto.use(keys)
    with migrated.writing() as session:
        open_vault(session)
    assert lookup_hash("154-0000-0001") == before


@OVER
def test_a_number_that_was_given_is_not_given_again_after_a_restore(file: Path, migrated: Store) -> None:
    restore(migrated, file)
    with migrated.writing() as session:
        person, contact = Person(created_at=NOW), Contact(created_at=NOW, seen_at=NOW)
        session.add_all([person, contact])
        session.flush()
        assert (person.id, contact.id) == (10, 4)


def test_a_backup_is_its_owner_s_and_holds_neither_the_key_nor_anything_in_clear(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [other.name for other in file.parent.iterdir() if "saved" in other.name] == ["saved.zip"]
    with zipfile.ZipFile(file) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert json.loads(archive.read(MANIFEST))["note"] == KEY_NOTE
    key = TEST_KEY.partition(":")[2]
    assert key.encode() not in everything
    for column in sealed_columns():
        assert mark(column).encode() not in everything
        assert json.dumps(mark(column)).strip('"').encode() not in everything


def test_a_backup_says_what_it_holds(full: Store, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    manifest = backup(full, tmp_path / "told.zip", NOW, on_row=lambda *row: told.append(row))
    assert (manifest.made_at, manifest.revision, manifest.keys) == (NOW.isoformat(), schema.HEAD, (1,))
    assert manifest.tables["person"].rows == 3
    assert [row for row in told if row[0] == "person"] == [("person", n, 3) for n in (1, 2, 3)]
    assert sum(part.rows for part in manifest.tables.values()) == len(told)


@OVER
def test_restoring_tells_every_row_too(file: Path, migrated: Store) -> None:
    told: list[tuple[str, int, int]] = []
    restore(migrated, file, on_row=lambda *row: told.append(row))
    assert [row for row in told if row[0] == "audit"] == [("audit", n, 3) for n in (1, 2, 3)]


@OVER
def test_what_happens_during_a_backup_is_not_half_in_it(full: Store, tmp_path: Path, migrated: Store) -> None:
    def somebody_comes(table: str, _: int, __: int) -> None:
        if table == "contact":  # read before `account`, which points to it
            with full.writing() as session:
                session.add(Counter(name=f"meanwhile {len(came)}", value=1))
                contact = Contact(id=50 + len(came), created_at=NOW, seen_at=NOW)
                session.add(contact)
                session.flush()
                session.execute(text("UPDATE account SET contact_id = :contact"), {"contact": contact.id})
            came.append(1)

    came: list[int] = []
    before = contents(full)
    backup(full, tmp_path / "moving.zip", NOW, on_row=somebody_comes)
    assert came
    restore(migrated, tmp_path / "moving.zip")
    assert contents(migrated) == before


def test_a_database_with_rows_is_refused_unless_replacing_is_meant(small: Path, migrated: Store) -> None:
    with migrated.writing() as session:
        fill(session, 5)
    before = contents(migrated)
    with pytest.raises(BackupError, match="数据库不是空的"):
        restore(migrated, small)
    assert contents(migrated) == before

    restore(migrated, small, replace=True)
    assert [row[0] for row in contents(migrated)["person"]] == [1]
    with pytest.raises(IntegrityError), migrated.writing() as session:
        session.execute(delete(Audit))  # the guards stand again


def test_replacing_that_fails_half_way_leaves_what_was_there(small: Path, migrated: Store) -> None:
    with migrated.writing() as session:
        fill(session, 5)
    before = contents(migrated)

    def stops(table: str, _: int, __: int) -> None:
        if table == "person":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(migrated, small, replace=True, on_row=stops)
    assert contents(migrated) == before
    with pytest.raises(IntegrityError), migrated.writing() as session:
        session.execute(delete(Audit))


Change = Callable[[str, bytes], bytes | None]


def changed(file: Path, change: Change) -> Path:
    """Write the backup again with one of its files changed, or left out."""
    other = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            body = change(name, old.read(name))
            if body is not None:
                new.writestr(name, body)
    return other


def _in_manifest(**values: Any) -> Change:
    def change(name: str, body: bytes) -> bytes:
        return json.dumps(json.loads(body) | values).encode() if name == MANIFEST else body

    return change


def _a_changed_row(name: str, body: bytes) -> bytes:
    return body.replace(b"actor-1", b"actor-9") if name == "tables/audit.jsonl" else body


def _a_row_too_few(name: str, body: bytes) -> bytes:
    return body.partition(b"\n")[2] if name == "tables/audit.jsonl" else body


def _a_missing_table(name: str, body: bytes) -> bytes | None:
    return None if name == "tables/audit.jsonl" else body


def _a_manifest_of_something_else(name: str, body: bytes) -> bytes:
    return b"[]" if name == MANIFEST else body


def _no_manifest(name: str, body: bytes) -> bytes | None:
    return None if name == MANIFEST else body


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_a_changed_row, "备份里的 audit 坏了"),
        (_a_row_too_few, "备份里的 audit 坏了"),
        (_a_missing_table, "和清单对不上"),
        (_a_manifest_of_something_else, "它不是训桥的备份"),
        (_no_manifest, "里没有清单"),
        (_in_manifest(revision="0000"), "备份是 0000 版，程序是"),
        (_in_manifest(format="xunqiao-backup-9"), "这个备份的格式是 xunqiao-backup-9"),
        (_in_manifest(tables={}), "和程序对不上"),
    ],
)
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_written(
    small: Path, target: Store, change: Change, says: str
) -> None:
    with pytest.raises(BackupError, match=says):
        restore(target, changed(small, change))
    assert schema.revision(target) is None


def test_a_file_that_is_cut_off_is_refused(small: Path, target: Store) -> None:
    cut = small.with_name("cut.zip")
    cut.write_bytes(small.read_bytes()[:-100])
    with pytest.raises(BackupError, match="没有存完"):
        restore(target, cut)
    with pytest.raises(BackupError, match="没有这个文件"):
        restore(target, small.with_name("missing.zip"))


def test_a_flipped_byte_inside_the_zip_is_noticed(small: Path, target: Store) -> None:
    body = bytearray(small.read_bytes())
    with zipfile.ZipFile(small) as archive:
        entry = archive.getinfo("tables/account.jsonl")
    body[entry.header_offset + 30 + len(entry.filename) + 40] ^= 0xFF
    damaged = small.with_name("damaged.zip")
    damaged.write_bytes(body)
    with pytest.raises(BackupError, match="备份里的 account 坏了"):
        restore(target, damaged)


def test_without_the_right_key_a_backup_is_not_put_back(small: Path, target: Store) -> None:
    crypto.use(KeyRing.parse(new_key(2)))
    with pytest.raises(SecretError, match="这个备份要用 1 号密钥打开"):
        restore(target, small)
    crypto.use(KeyRing.parse(new_key(1)))
    with pytest.raises(SecretError, match="密钥不是原来的"):
        restore(target, small)
    assert schema.revision(target) is None


def test_a_backup_in_the_middle_of_a_rotation_names_both_keys(full: Store, tmp_path: Path) -> None:
    crypto.use(KeyRing.parse(f"{new_key(2)},{TEST_KEY}"))
    with full.writing() as session:
        reseal(session, at_most=3)
    assert backup(full, tmp_path / "both.zip", NOW).keys == (1, 2)


def test_an_older_database_is_brought_up_before_it_is_saved(empty: Store, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="数据库是 None 版"):
        backup(empty, tmp_path / "none.zip", NOW)
    assert not (tmp_path / "none.zip").exists()


def test_a_file_that_is_there_is_not_overwritten(full: Store, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(BackupError, match="已经有了"):
        backup(full, file, NOW)
    assert file.read_bytes() == before


def test_a_backup_that_is_broken_off_leaves_no_file(full: Store, tmp_path: Path) -> None:
    def stops(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(full, tmp_path / "broken.zip", NOW, on_row=stops)
    assert [file.name for file in tmp_path.iterdir() if "broken" in file.name] == []
