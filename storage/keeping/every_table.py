"""Every table, known together: the privacy inventory.

Each column's `info` holds `why` (what it is for, in Chinese, as it may be shown to people) and `keep` (how long).
Columns typed `Encrypted…` are unreadable without the key ring. Deleting follows `keep`: the nightly purge and the
person's own erasure go by it.

A process knows the tables that it has imported. Who means all of them (migrations, backups, copying, purging,
joining two contacts, new keys) takes `metadata` from here, and never SQLModel's own.
"""

from sqlalchemy import Connection, event, text
from sqlmodel import SQLModel

from storage import guards, tables
from storage.applications import tables as decision_tables
from storage.catalogue import tables as catalogue_tables
from storage.classes import tables as class_tables
from storage.fairs import tables as fair_tables
from storage.notices import tables as notice_tables
from storage.staff import upload_tables
from storage.tickets import tables as ticket_tables

__all__ = [
    "catalogue_tables",
    "class_tables",
    "decision_tables",
    "fair_tables",
    "guards",
    "metadata",
    "notice_tables",
    "tables",
    "ticket_tables",
    "upload_tables",
]

metadata = SQLModel.metadata


def tell_postgresql() -> None:
    """Say of every partial index, for PostgreSQL too, which rows it is over.

    Only who makes tables from these classes needs it (migrations hold their own): naming it imports the whole
    of PostgreSQL's dialect, a tenth of a second that the first page of a server on SQLite would wait.
    """
    for table in metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_kwargs["postgresql_where"] = text(index.info["where"])


@event.listens_for(metadata, "before_create")
def _complete(_: object, connection: Connection, **__: object) -> None:
    if connection.dialect.name == "postgresql":
        tell_postgresql()
