import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage.base import Store, UTCDateTime

from .postgres import SOCKET_LIMIT, _short_folder


def test_both_databases_answer(store: Store) -> None:
    with store.writing() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 21, 9, 0, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        UTCDateTime().process_bind_param(naive, store.engine.dialect)


def test_the_test_server_finds_a_folder_even_below_a_deep_and_closed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("deep" * 30)
    deep.mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    folder = _short_folder()
    folder.rmdir()
    assert not folder.is_relative_to(deep)
    assert len(str(folder)) < SOCKET_LIMIT


def test_a_failed_statement_does_not_carry_what_people_said(store: Store) -> None:
    with pytest.raises(SQLAlchemyError) as failed, store.reading() as session:
        session.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "王小明"})
    assert "王小明" not in str(failed.value)


def test_a_connection_in_use_while_the_store_closes_is_closed_when_it_is_given_back(store: Store) -> None:
    own = Store(store.url.render_as_string(hide_password=False))
    with own.reading() as session:
        used: Any = session.connection().connection.dbapi_connection
        own.close()
        assert used.cursor().execute("SELECT 1"), "whoever is reading reads on"
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError)):
        used.cursor().execute("SELECT 1")


def test_a_store_that_is_used_again_after_closing_keeps_its_connection(store: Store) -> None:
    store.close()
    used = set()
    for _ in range(2):
        with store.reading() as session:
            used.add(session.connection().connection.dbapi_connection)
    assert len(used) == 1
