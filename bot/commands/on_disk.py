"""Where a SQLite database lies, and where it is written who sends on it."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings


def sqlite_file(settings: "Settings") -> Path | None:
    """The file of a SQLite database; None for a PostgreSQL."""
    from sqlalchemy.engine import make_url

    url = make_url(settings.url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def lock_folder(settings: "Settings") -> Path | None:
    """Where it is written who sends on a SQLite database; None for a PostgreSQL."""
    file = sqlite_file(settings)
    return None if file is None else file.parent
