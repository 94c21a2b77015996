"""Databases for tests: a SQLite file and a real PostgreSQL, made once and handed clean to one test after the other."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from storage import crypto
from storage.base import Store
from storage.keeping import every_table
from tests.storage.postgres import running_server

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server to make databases on: XUNQIAO_TEST_PG_URL, or one of our own for this worker."""
    given = os.environ.get("XUNQIAO_TEST_PG_URL")
    if given:
        yield given
    else:
        with running_server() as url:
            yield url


class Databases:
    """Makes databases on one PostgreSQL server, and drops every one it made."""

    def __init__(self, url: str) -> None:
        self._server = Store(url)
        self._engine = self._server.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._prefix = f"xunqiao_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
        self._made: list[str] = []

    def make(self, template: str | None = None, *, encoding: str = "") -> str:
        """Create an empty database, or a copy of another, or one of another encoding, and give its URL."""
        name = f"{self._prefix}_{next(_numbers)}"
        copied = f' TEMPLATE "{make_url(template).database}" STRATEGY file_copy' if template else ""
        if encoding:
            copied = f" TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'"
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"{copied}')
        self._made.append(name)
        return self._server.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        name = make_url(url).database
        assert name is not None
        self._made.remove(name)
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def lent(self, template: str | None = None) -> Iterator[Store]:
        """Open a database of one's own, which is gone afterwards."""
        url = self.make(template)
        with closing(Store(url)) as store:
            yield store
        self.drop(url)

    def close(self) -> None:
        for name in tuple(self._made):
            self.drop(self._server.url.set(database=name).render_as_string(hide_password=False))
        self._server.close()


@pytest.fixture(scope="session")
def databases(postgres_url: str) -> Iterator[Databases]:
    databases = Databases(postgres_url)
    yield databases
    databases.close()


def _create_tables(url: str) -> str:
    store = Store(url)
    every_table.metadata.create_all(store.engine)
    store.close()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with clean tables, made once and copied for each test."""
    file = tmp_path_factory.mktemp("template") / "tables.db"
    _create_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(databases: Databases) -> str:
    """A PostgreSQL database with clean tables, made once and copied for each test."""
    return _create_tables(databases.make())


@pytest.fixture(scope="session")
def sqlite_reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A SQLite file that one test after the other has to itself: what was compiled for it is not compiled again."""
    with closing(Store(f"sqlite:///{tmp_path_factory.mktemp('reused') / 'store.db'}")) as store:
        yield store


@pytest.fixture(scope="session")
def postgres_reused(databases: Databases, postgres_template: str) -> Iterator[Store]:
    """A PostgreSQL database that one test after the other has to itself: emptying it costs a tenth of a new one."""
    with closing(Store(databases.make(postgres_template))) as store:
        yield store


@pytest.fixture(scope="session")
def postgres_sweeper(postgres_reused: Store) -> Iterator[Store]:
    """Who empties it between tests; stays connected, for to a new connection all tables are new."""
    with closing(Store(postgres_reused.url.render_as_string(hide_password=False))) as store:
        yield store


def put_file(store: Store, template: Path) -> None:
    """Give a SQLite database the contents of another; nobody may be in it."""
    file = Path(store.url.database or "")
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    file.unlink(missing_ok=True)  # whoever was left behind keeps the old one
    shutil.copy(template, file)


CLEAR = """
DO $$
DECLARE it record; is_used boolean;
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  FOR it IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %%I)', it.name) INTO is_used;
    IF is_used THEN EXECUTE format('DELETE FROM %%I', it.name); END IF;
  END LOOP;
  FOR it IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
    EXECUTE format('ALTER SEQUENCE %%I RESTART', it.name);
  END LOOP;
END $$
"""


def clear(store: Store) -> None:
    """Delete every row of a PostgreSQL database, and begin all numbers anew; whoever is still in it has to leave."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql(
            "SET LOCAL session_replication_role = replica"
        )  # neither triggers nor references
        connection.exec_driver_sql(CLEAR)


KEEP = """
DO $$
DECLARE it record; is_used boolean;
BEGIN
  CREATE SCHEMA {name};
  FOR it IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %%I)', it.name) INTO is_used;
    IF is_used THEN EXECUTE format('CREATE TABLE {name}.%%I AS TABLE public.%%I', it.name, it.name); END IF;
  END LOOP;
  CREATE TABLE {name}._at AS
    SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""

PUT_BACK = """
DO $$
DECLARE it record;
BEGIN
  FOR it IN SELECT tablename AS name FROM pg_tables WHERE schemaname = '{name}' AND tablename <> '_at' LOOP
    EXECUTE format('INSERT INTO public.%%I OVERRIDING SYSTEM VALUE TABLE {name}.%%I', it.name, it.name);
  END LOOP;
  PERFORM setval(sequencename::regclass, last_value) FROM {name}._at;
END $$
"""


def fill_once(store: Store, name: str, fill: Callable[[Store], None]) -> None:
    """Fill an empty database of the `store` fixture; what it holds then is kept aside, and put into it the next time."""
    if store.is_sqlite:
        store.close()
        file = Path(store.url.database or "").with_name(f"{name}.db")
        if file.exists():
            put_file(store, file)
        else:
            fill(store)
            store.close()
            shutil.copy(store.url.database or "", file)
        return
    with store.engine.connect() as connection:
        kept = connection.scalar(text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": name})
    if not kept:
        fill(store)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql((PUT_BACK if kept else KEEP).format(name=name))


TEST_KEY = "1:" + "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="


@contextmanager
def keys_installed() -> Iterator[crypto.KeyRing]:
    """A key ring for tests, in use; and forgotten afterwards."""
    ring = crypto.KeyRing.parse(TEST_KEY)
    crypto.use(ring, hash_key=b"a hash key for tests, 32 bytes..")
    yield ring
    crypto.use(None)


@pytest.fixture
def keys() -> Iterator[crypto.KeyRing]:
    with keys_installed() as ring:
        yield ring


BOTH = ("sqlite", "postgresql")

on_both = pytest.mark.parametrize("database", BOTH, indirect=True)
"""For a test on both databases where the others are on SQLite alone."""


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, keys: crypto.KeyRing) -> str:
    """Which kind of database this run of the test is about."""
    assert crypto.ring_in_use() is keys
    return str(request.param)


@pytest.fixture
def store(database: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database with every table and no rows, once per kind of database; keys are installed."""
    store: Store
    if database == "sqlite":
        store = request.getfixturevalue("sqlite_reused")
        put_file(store, request.getfixturevalue("sqlite_template"))
    else:
        store = request.getfixturevalue("postgres_reused")
        clear(request.getfixturevalue("postgres_sweeper"))
    yield store
    store.close()


@pytest.fixture
def empty(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An open database without a table, once per kind of database; keys are installed."""
    if database == "sqlite":
        with closing(Store(f"sqlite:///{tmp_path / 'empty.db'}")) as store:
            yield store
    else:
        databases: Databases = request.getfixturevalue("databases")
        with databases.lent() as store:
            yield store
