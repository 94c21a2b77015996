"""What a portion of alike things needs, read for all of them in a few statements; what they promise, written in one.

Inside a portion `finding.get` and the questions of `people` know what was read ahead. Nothing outlives it: what
others change is seen by the next one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, SQLModel

PORTION = "portion"
"""Where in `session.info` the portion stands that is being handled."""


@dataclass(slots=True)
class Portion:
    """What is known of a portion.

    Args:
        rows: rows read ahead by their keys, None where there is none; held, for a session lets go of what nobody holds.
        found: what else was asked for all of them: the question and whom it is about -> the answer.
        promised: messages promised in it, as rows of the outbox.

    """

    rows: dict[tuple[Any, ...], SQLModel | None] = field(default_factory=dict)
    found: dict[tuple[str, int], Any] = field(default_factory=dict)
    promised: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def portion(session: Session) -> Iterator[Portion]:
    """Let what is read ahead be known until the block ends."""
    session.info[PORTION] = made = Portion()
    try:
        yield made
    finally:
        del session.info[PORTION]


def portion_of(session: Session) -> Portion | None:
    """Give the portion that is being handled, if any is."""
    found: Portion | None = session.info.get(PORTION)
    return found
