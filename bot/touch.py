"""How long a worker has been in touch with the database: before it takes over what others seem to have left."""

from datetime import datetime
from time import monotonic

STEADY = 5.0
"""Seconds in touch, without a gap as long, after which others have had time to write down what they sent, too."""

SET = 1.0
"""Seconds by which a clock was set, not slow."""


class Touch:
    """One worker's touch with the database, looked at by a clock that nobody sets.

    What another worker has, by its lease, is not to be trusted by one that was itself cut off a moment ago, stood
    still, or had its clock set: the other may be as alive as this one.
    """

    def __init__(self) -> None:
        self._since = self._last = monotonic()
        self._ahead: float | None = None

    @property
    def is_steady(self) -> bool:
        """Whether it has lasted, and was not interrupted, up to this moment."""
        now = monotonic()
        return now - self._last < STEADY <= now - self._since

    def look(self, now: datetime) -> None:
        """Note what the service's clock says; begin anew when somebody set it."""
        ahead = now.timestamp() - monotonic()
        if self._ahead is not None and abs(ahead - self._ahead) > SET:
            self._since = monotonic()
        self._ahead = ahead

    def felt(self) -> None:
        """Note that the database has kept something; begin anew when that was the first for long."""
        now = monotonic()
        if now - self._last >= STEADY:
            self._since = now
        self._last = now

    def lost(self) -> None:
        """Note that the database has not kept something; begin anew."""
        self._since = self._last = monotonic()
