"""The databases of the storage tests, for channels that keep something."""

from tests.storage.conftest import (
    database,
    databases,
    keys,
    postgres_template,
    postgres_url,
    sqlite_template,
    store,
)

__all__ = ["database", "databases", "keys", "postgres_template", "postgres_url", "sqlite_template", "store"]
