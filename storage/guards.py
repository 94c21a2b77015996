"""What the database itself refuses: changing the audit, or the words of a consent."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, event
from sqlmodel import SQLModel

from storage.tables import Audit, Consent

AUDIT_REFUSAL = "audit is append-only"
CONSENT_REFUSAL = "what was consented to is never changed"
SAID = "person_id, purpose, given, wording_version, wording, channel, at"
"""Columns of a consent that nobody may change; `withdrawn_at` may be written, the contact forgotten."""

POSTGRES_FUNCTION = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0]; END $$"
)
TRIGGERS = (
    ("audit", "audit_update", "BEFORE UPDATE ON audit", AUDIT_REFUSAL),
    ("audit", "audit_delete", "BEFORE DELETE ON audit", AUDIT_REFUSAL),
    ("consent", "consent_update", f"BEFORE UPDATE OF {SAID} ON consent", CONSENT_REFUSAL),
)

POSTGRES_TRUNCATE = (
    "CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON audit"
    f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{AUDIT_REFUSAL}')"
)

SQLITE_REPLACE = (  # REPLACE takes the old row away without asking the trigger above
    "CREATE TRIGGER audit_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
)


def _sqlite(name: str, moment: str, refusal: str) -> str:
    return f"CREATE TRIGGER {name} {moment} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"


def _postgres(name: str, moment: str, refusal: str) -> str:
    return f"CREATE TRIGGER {name} {moment} FOR EACH ROW EXECUTE FUNCTION refuse_change('{refusal}')"


def _statements(table: str, database: str) -> Iterator[str]:
    mine = [trigger for owner, *trigger in TRIGGERS if owner == table]
    if database == "sqlite":
        yield from (_sqlite(*trigger) for trigger in mine)
        if table == "audit":
            yield SQLITE_REPLACE
        return
    yield POSTGRES_FUNCTION
    yield from (_postgres(*trigger) for trigger in mine)
    if table == "audit":
        yield POSTGRES_TRUNCATE


def _make(table: Table, connection: Connection, **_: object) -> None:
    """Make the triggers with their table, as the migration does."""
    for statement in _statements(table.name, connection.dialect.name):
        connection.exec_driver_sql(statement)


for _guarded in (Audit, Consent):
    event.listen(SQLModel.metadata.tables[str(_guarded.__tablename__)], "after_create", _make)


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """Let a restore empty and fill the guarded tables; the guards stand again before it is committed."""
    if connection.dialect.name == "sqlite":
        ask = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        found = connection.exec_driver_sql(ask).all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield
        for _, sql in found:
            connection.exec_driver_sql(sql)
        return
    for table in ("audit", "consent"):
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in ("audit", "consent"):
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
