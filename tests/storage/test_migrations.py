import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text

from storage import schema
from storage.base import Store
from storage.keeping import every_table
from storage.migrations import walk
from storage.migrations.draft import differences

from .rows import fill
from .shape import shape

SCRIPTS = ScriptDirectory.from_config(walk.config())
STEPS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


def test_the_newest_migration_is_the_one_this_release_expects() -> None:
    assert SCRIPTS.get_heads() == [schema.HEAD]


def test_every_migration_goes_up_and_down_and_up_again(empty: Store) -> None:
    seen = {"base": shape(empty)}
    for before, step in zip(["base", *STEPS], STEPS, strict=False):
        walk.up(empty, step)
        seen[step] = shape(empty)
        assert seen[step] != seen[before]
        walk.down(empty, before)
        assert shape(empty) == seen[before]
        walk.up(empty, step)
        assert shape(empty) == seen[step]
    walk.down(empty, "base")
    assert shape(empty) == {}


def test_a_migrated_database_is_the_same_as_a_created_one(empty: Store, store: Store) -> None:
    schema.migrate(empty)
    migrated, created = shape(empty), shape(store)
    assert sorted(migrated) == sorted(created)
    for name, definition in created.items():
        assert migrated[name] == definition, name


def test_alembic_sees_no_difference_either(empty: Store) -> None:
    schema.migrate(empty)
    wanted = differences(empty)
    assert wanted.upgrade_ops is not None
    assert wanted.upgrade_ops.as_diffs() == []


def test_the_comparison_would_notice_what_alembic_does_not(empty: Store) -> None:
    every_table.metadata.create_all(empty.engine)
    before = shape(empty)
    with empty.writing() as session:
        session.execute(text("DROP INDEX uq_relation_active"))
        session.execute(
            text(
                "CREATE UNIQUE INDEX uq_relation_active ON relation (contact_id, person_id) WHERE ends_at IS NULL"
            )
        )
    assert shape(empty) != before


def test_a_migrated_database_takes_every_kind_of_row(empty: Store) -> None:
    schema.migrate(empty)
    with empty.writing() as session:
        fill(session)


def test_a_database_without_tables_has_no_revision(empty: Store) -> None:
    assert schema.revision(empty) is None
    schema.migrate(empty)
    assert schema.revision(empty) == schema.HEAD


def test_references_are_watched_again_after_a_migration(empty: Store) -> None:
    schema.migrate(empty)
    with empty.engine.connect() as connection:
        if empty.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_a_database_of_a_newer_release_is_refused(empty: Store) -> None:
    schema.migrate(empty)
    with empty.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandError, match="9999"):
        schema.migrate(empty)


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty: Store) -> None:
    with empty.writing() as session:
        session.execute(text("CREATE TABLE vault (in_the_way INTEGER)"))
    before = shape(empty)
    with pytest.raises(Exception, match="already exists"):
        schema.migrate(empty)
    assert shape(empty) == before


def test_servers_that_start_together_do_not_collide(empty: Store) -> None:
    together = Barrier(4)

    def start(_: int) -> str | None:
        with closing(Store(empty.url.render_as_string(hide_password=False))) as store:
            together.wait()
            schema.migrate(store)
            return schema.revision(store)

    with ThreadPoolExecutor(4) as servers:
        assert list(servers.map(start, range(4))) == [schema.HEAD] * 4


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what is imported is the same for both
def test_a_server_that_is_up_to_date_does_not_import_alembic(empty: Store) -> None:
    schema.migrate(empty)
    url = empty.url.render_as_string(hide_password=False)
    program = (
        "import sys; from storage import schema; from storage.base import Store;"
        f"schema.migrate(Store({url!r})); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
