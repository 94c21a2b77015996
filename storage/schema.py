"""The way an older database becomes one of this release."""

from sqlalchemy import inspect, text

from storage.base import Store

HEAD = "0002"
"""The newest migration: known here, so that a server that is up to date never imports alembic."""


def revision(store: Store) -> str | None:
    """Give the revision a database is of; None when it is empty or not ours."""
    with store.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def migrate(store: Store) -> None:
    """Make the tables of an empty database, or bring an older one up; at once when there is nothing to do.

    Servers that start together wait for each other. Raises alembic's CommandError for a database of a newer
    release.
    """
    if revision(store) != HEAD:
        from storage.migrations import walk

        walk.up(store)
