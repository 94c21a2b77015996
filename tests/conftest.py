"""What every test may ask for: databases, the sample catalogue in them, and keys."""

from tests.catalogue import book, shelf, stocked, stocked_shelf, stocked_template
from tests.databases import (
    database,
    databases,
    empty,
    keys,
    postgres_reused,
    postgres_sweeper,
    postgres_template,
    postgres_url,
    sqlite_reused,
    sqlite_template,
    store,
)

__all__ = [
    "book",
    "database",
    "databases",
    "empty",
    "keys",
    "postgres_reused",
    "postgres_sweeper",
    "postgres_template",
    "postgres_url",
    "shelf",
    "sqlite_reused",
    "sqlite_template",
    "stocked",
    "stocked_shelf",
    "stocked_template",
    "store",
]
