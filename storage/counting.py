"""Running numbers, each given once, on both databases."""

from sqlalchemy import text
from sqlmodel import Session

_NEXT = text(
    "INSERT INTO counter (name, value) VALUES (:name, 1)"
    " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
)


def next_number(session: Session, name: str) -> int:
    """Take the next number of `name`, from 1. A transaction that fails gives it back."""
    taken: int = session.execute(_NEXT, {"name": name}).scalar_one()
    return taken
