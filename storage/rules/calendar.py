"""When we may write, and on which days people work: quiet hours, working days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

QUIET_FROM = time(21)
QUIET_TO = time(8)
"""Nothing that can wait is sent between these hours of the person's own zone (DESIGN law 5)."""

WAITED_FOR = timedelta(minutes=15)
"""How long somebody who said something is taken to wait for the answer, also at night."""

FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the public holidays that do not follow the moon (全国年节及纪念日放假办法, 2024)."""


def is_quiet(moment: datetime, zone: tzinfo) -> bool:
    """Say whether this moment lies in the quiet hours of the zone."""
    clock = moment.astimezone(zone).time()
    return clock >= QUIET_FROM or clock < QUIET_TO


def quiet_from(moment: datetime, zone: tzinfo) -> datetime:
    """Give when the next quiet hours of the zone begin, after a moment that lies in none."""
    return datetime.combine(moment.astimezone(zone).date(), QUIET_FROM, zone)


def next_allowed(moment: datetime, zone: tzinfo) -> datetime:
    """Give the moment itself, or 08:00 of that zone's next morning when it is quiet."""
    if not is_quiet(moment, zone):
        return moment
    local = moment.astimezone(zone)
    day = local.date() if local.time() < QUIET_TO else local.date() + timedelta(days=1)
    return datetime.combine(day, QUIET_TO, zone)


def next_answer(asked: datetime, now: datetime, zone: tzinfo) -> datetime:
    """Give when to answer what was said: now while it is waited for, later not in the quiet hours."""
    return now if now - asked <= WAITED_FOR else next_allowed(now, zone)


@dataclass(frozen=True, slots=True)
class WorkDays:
    """Which days are worked: Monday to Friday, less the holidays, plus the days worked instead.

    Args:
        off: days off beside weekends and the fixed holidays, such as 春节.
        on: weekend days that are worked in exchange (调休).

    """

    off: frozenset[date] = field(default_factory=frozenset)
    on: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def between(cls, spans: Iterable[tuple[date, date]], on: Iterable[date] = ()) -> "WorkDays":
        """Build from spans of days off, both ends included."""
        off = {
            first + timedelta(days=ahead) for first, last in spans for ahead in range((last - first).days + 1)
        }
        return cls(frozenset(off), frozenset(on))

    def is_worked(self, day: date) -> bool:
        if day in self.on:
            return True
        return day.weekday() < 5 and day not in self.off and (day.month, day.day) not in FIXED_HOLIDAYS

    def after(self, day: date, days: int) -> date:
        """Give the day that is this many working days after `day`, which itself does not count."""
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_worked(day)
        return day
