"""What the database itself refuses: changing the audit, or the words of a consent."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SAID = "person_id, purpose, given, wording_version, wording, channel, at"
TRIGGERS = (
    ("audit", "audit_update", "BEFORE UPDATE ON audit", "audit is append-only"),
    ("audit", "audit_delete", "BEFORE DELETE ON audit", "audit is append-only"),
    (
        "consent",
        "consent_update",
        f"BEFORE UPDATE OF {SAID} ON consent",
        "what was consented to is never changed",
    ),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for _, name, moment, refusal in TRIGGERS:
            op.execute(f"CREATE TRIGGER {name} {moment} BEGIN SELECT RAISE(ABORT, '{refusal}'); END")
        op.execute(
            "CREATE TRIGGER audit_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"
            " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0]; END $$"
    )
    for _, name, moment, refusal in TRIGGERS:
        op.execute(f"CREATE TRIGGER {name} {moment} FOR EACH ROW EXECUTE FUNCTION refuse_change('{refusal}')")
    op.execute(
        "CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit is append-only')"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for _, name, _, _ in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TRIGGER audit_replace")
        return
    for table, name, _, _ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute("DROP TRIGGER audit_truncate ON audit")
    op.execute("DROP FUNCTION refuse_change()")
