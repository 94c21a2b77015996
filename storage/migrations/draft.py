"""For developers: `python -m storage.migrations.draft "what changes"` writes the next migration.

`--first` writes the first one anew instead, from nothing: only until the first release.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations.ops import MigrationScript
from alembic.script import ScriptDirectory
from sqlmodel import AutoString

from storage.base import Store, UTCDateTime
from storage.crypto import Sealed
from storage.keeping import every_table
from storage.migrations import walk
from storage.tables import Code

FIRST = "0001"
VERSIONS = Path(__file__).parent / "versions"

SHAPE = '''"""{message}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {up}


def downgrade() -> None:
    {down}
'''


def differences(store: Store) -> MigrationScript:
    """Give what alembic sees missing between this database and the tables."""
    every_table.tell_postgresql()
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": every_table.metadata})
        return produce_migrations(context, every_table.metadata)


def draft(message: str, *, first: bool = False) -> Path:
    """Write a migration from the newest one (or from nothing) to the tables as they are now."""
    head = ScriptDirectory.from_config(walk.config()).get_current_head()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/draft.db")
        if head and not first:
            walk.up(store)
        wanted = differences(store)
        store.close()
    before = None if first else head
    revision = FIRST if before is None else f"{int(before) + 1:04}"
    if wanted.upgrade_ops is None or wanted.downgrade_ops is None:
        raise RuntimeError("alembic found nothing to write")
    text = SHAPE.format(
        message=message,
        revision=revision,
        before=before,
        up=_code(wanted.upgrade_ops, rebuild=before is not None),
        down=_code(wanted.downgrade_ops, rebuild=before is not None),
    )
    file = VERSIONS / f"{revision}_{'_'.join(message.lower().split())}.py"
    file.write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", file], check=True)  # noqa: S603 - our own
    return file


def _code(operations: Any, *, rebuild: bool) -> str:  # noqa: ANN401 - alembic's containers of operations
    """Render them; `rebuild` lets SQLite change tables that exist."""
    lines = render_python_code(operations, render_item=_plainly, render_as_batch=rebuild).splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith("# ###")).strip()


def _plainly(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Write our own types as what the database has: a migration must not change when they do."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Sealed):
        return "sa.LargeBinary()"
    if isinstance(item, (Code, AutoString)):
        return "sa.String()"
    return False


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--first"]
    print(draft(" ".join(words) or "All tables", first="--first" in sys.argv))  # noqa: T201 - a command
