"""All tables, known together: import this before creating, comparing or migrating a database."""

from sqlmodel import SQLModel

from storage import guards, tables
from storage.catalogue import tables as catalogue_tables

__all__ = ["catalogue_tables", "guards", "metadata", "tables"]

metadata = SQLModel.metadata
