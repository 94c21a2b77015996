"""Walks a database from one revision to another: all of the way or not at all, and one walker at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config

from storage.base import Store

LOCK = 0x7875_6E71_6961_6F  # "xunqiao"
"""The PostgreSQL advisory lock that two servers starting together share."""


def config() -> Config:
    """Give alembic's configuration, which stands nowhere but here; works from an installed wheel."""
    made = Config()
    made.set_main_option("script_location", "storage:migrations")
    return made


def up(store: Store, to: str = "head") -> None:
    """Bring the database up to a revision; nothing happens when it is there already.

    Raises alembic's CommandError when the database is of a revision this release does not know.
    """
    with _alone(store) as made:
        command.upgrade(made, to)


def down(store: Store, to: str) -> None:
    """Take the database back to an older revision (`base`: to nothing)."""
    with _alone(store) as made:
        command.downgrade(made, to)


@contextmanager
def _alone(store: Store) -> Iterator[Config]:
    """One transaction that nobody else migrates in. SQLite rebuilds tables, so references are checked after."""
    made = config()
    with store.engine.connect().execution_options(writes=True) as connection:
        made.attributes["connection"] = connection
        if not store.is_sqlite:
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
                yield made
            return
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys = OFF")  # only possible outside a transaction
        try:
            with connection.begin():
                yield made
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise RuntimeError(f"the migration left a row of {broken[0]} that points to nothing")
        finally:
            driver.execute("PRAGMA foreign_keys = ON")
