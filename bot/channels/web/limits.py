"""How much one visitor and one address may ask for: token buckets in memory, bounded in number."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEPT = 20_000
"""Buckets kept per rule; the one unused for longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a minute, and so many at once."""

    a_minute: int
    at_once: int


PAGES = Rate(240, 120)
POSTS = Rate(60, 30)
POSTS_OF_ADDRESS = Rate(600, 300)  # a school or an office shares one address
PAGES_OF_ADDRESS = Rate(2400, 1200)
PICTURES_OF_ADDRESS = Rate(2400, 1200)
LINKS = Rate(10, 10)
LINK_PAGES = Rate(30, 30)
UPLOADS = Rate(10, 6)
UPLOADS_OF_ADDRESS = Rate(60, 30)


class Buckets:
    """One rule for many: every key has a bucket that fills again with time.

    Args:
        rate: how fast, and how much at once.
        clock: seconds that only grow.

    """

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> int:
        """Take one; 0 when there was one, else the whole seconds until there is."""
        now = self._clock()
        a_second = self._rate.a_minute / 60
        level, since = self._levels.pop(key, (float(self._rate.at_once), now))
        level = min(float(self._rate.at_once), level + (now - since) * a_second)
        wait = 0 if level >= 1 else max(1, math.ceil((1 - level) / a_second))
        self._levels[key] = (level if wait else level - 1, now)
        while len(self._levels) > MOST_KEPT:
            self._levels.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._levels)
