"""Notices under faults, with real workers: python -m tests.faults.notices prints the table (`make faults`).

With --all it is the whole one: workers are killed at 50 moments, and each fault strikes a notice that was just
paused, and one that was just stopped, too.
"""

import random
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from itertools import product
from pathlib import Path

from bot.commands.telling import say
from bot.telegraph import OURS
from tests.databases import BOTH
from tests.faults.noticing.counting import Count
from tests.faults.noticing.grounds import Ground, postgresql, sqlite
from tests.faults.noticing.striking import (
    FAULTS,
    MANY_KILLS,
    PRESSES,
    Fault,
    fill_disk,
    kills,
    restart_database,
)
from tests.faults.noticing.trial import LEAVERS, Trial

RATE = 1000
"""What Telegram takes in a second, of those who pay for it."""

SECONDS = 5
"""How long a notice takes at least: a smaller one goes out more slowly, or it would be over before a fault strikes."""

MEANWHILE = ("", "pause", "stop")
"""What staff press just before a fault strikes."""

HEADS = ("lost", "doubled", "undue", "unmarked", "maybe", "left", "busiest")
"""`Count` says what they mean; the first, the third, the fourth and the sixth are to be 0."""


def run(
    fault: Fault,
    folder: Path,
    ground: Ground,
    *,
    people: int,
    rate: int,
    meanwhile: str = "",
    seed: int = 20261121,
) -> Count:
    """Send one notice under a fault, and count."""
    trial = Trial(folder, ground.make(), people, rate, ground, meanwhile)
    try:
        for worker in trial.workers:
            worker.start()
        fault(trial, random.Random(seed))
        trial.go_on()
        trial.wait(trial.is_over)
        return trial.count()
    finally:
        trial.close()


def tell(name: str, kind: str, found: Count, *, rate: int) -> bool:
    """Print a line of the table; say whether all is as it should be."""
    right = found.is_right(rate)
    numbers = (
        found.lost,
        found.doubled,
        found.undue,
        found.unmarked,
        found.marked,
        found.left,
        found.busiest,
    )
    ends = ", ".join(f"{each.value} {number}" for each, number in found.told.fates.items())
    columns = "".join(f"{number:>{len(head) + 2}}" for head, number in zip(HEADS, numbers, strict=True))
    say(f"{name:34}{kind:12}{columns}  {'right' if right else 'WRONG'}  {ends}")
    return right


def main(words: Sequence[str]) -> int:
    """Print the table; give 1 when a line of it is wrong."""
    numbers = [int(each) for each in words if each.isdigit()]
    people, whole = numbers[0] if numbers else 5000, "--all" in words
    rate = min(RATE, people // SECONDS)
    wanted = [each for each in words if each in FAULTS] or list(FAULTS)
    kinds = [each for each in words if each in BOTH] or BOTH
    say(
        f"{people} recipients a notice, of whom {LEAVERS} want none any more while it goes out; at most"
        f" {rate * OURS:g} a second; PostgreSQL with two workers, SQLite with one"
    )
    say(f"{'fault':34}{'database':12}" + "".join(f"{each:>{len(each) + 2}}" for each in HEADS))
    right = True
    with postgresql() as server:
        for name, kind, meanwhile in product(wanted, kinds, MEANWHILE if whole else ("",)):
            fault = kills(MANY_KILLS) if name == "kill -9" and whole else FAULTS[name]
            if (kind == "sqlite" and fault is restart_database) or (name in PRESSES and meanwhile):
                continue
            with tempfile.TemporaryDirectory() as folder:
                home = Path(folder) / "home"
                with nullcontext(server) if kind == "postgresql" else sqlite(home) as ground:
                    if fault is fill_disk and ground.disk is None:
                        say(f"{name:34}{kind:12}SKIPPED: only root makes a small disk")
                        continue
                    found = run(fault, home, ground, people=people, rate=rate, meanwhile=meanwhile)
            words_for_it = f"{name}{', during a ' if meanwhile else ''}{meanwhile}"
            right &= tell(words_for_it, kind, found, rate=rate)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
