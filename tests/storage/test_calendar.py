from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.rules.calendar import WorkDays, is_quiet, next_allowed, next_answer

ZONE = ZoneInfo("Asia/Shanghai")
URUMQI = ZoneInfo("Asia/Urumqi")


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(20, 59, False), (21, 0, True), (23, 59, True), (0, 0, True), (7, 59, True), (8, 0, False)],
)
def test_the_night_is_from_nine_to_eight(hour: int, minute: int, quiet: bool) -> None:
    assert is_quiet(datetime(2026, 11, 21, hour, minute, tzinfo=ZONE), ZONE) is quiet


def test_the_night_is_that_of_the_person_and_not_of_the_machine() -> None:
    moment = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    assert not is_quiet(moment, ZONE)
    assert is_quiet(moment, URUMQI)
    assert next_allowed(moment, URUMQI) == datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def test_by_day_one_need_not_wait() -> None:
    noon = datetime(2026, 11, 21, 12, 0, tzinfo=ZONE)
    assert next_allowed(noon, ZONE) == noon


def test_at_night_one_waits_for_the_next_morning() -> None:
    morning = datetime(2026, 11, 22, 8, 0, tzinfo=ZONE)
    assert next_allowed(datetime(2026, 11, 21, 21, 0, tzinfo=ZONE), ZONE) == morning
    assert next_allowed(datetime(2026, 11, 22, 3, 0, tzinfo=ZONE), ZONE) == morning


def test_the_morning_after_the_clocks_change_is_still_at_eight() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    evening = datetime(2026, 10, 24, 22, 0, tzinfo=berlin)
    assert next_allowed(evening, berlin).isoformat() == "2026-10-25T08:00:00+01:00"


def test_weekends_and_holidays_are_not_worked() -> None:
    spring = WorkDays.between([(date(2027, 2, 5), date(2027, 2, 11))], on=[date(2027, 1, 31)])
    assert spring.after(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert spring.after(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert spring.after(date(2027, 2, 4), 1) == date(2027, 2, 12)
    assert spring.is_worked(date(2027, 1, 31))
    assert spring.after(date(2026, 11, 21), 0) == date(2026, 11, 21)


def test_who_waits_is_answered_at_night_and_who_wrote_long_ago_in_the_morning() -> None:
    night = datetime(2026, 11, 21, 23, 0, tzinfo=ZONE)
    quarter = timedelta(minutes=15)
    assert next_answer(night - quarter, night, ZONE) == night
    late = night - quarter - timedelta(seconds=1)
    assert next_answer(late, night, ZONE) == datetime(2026, 11, 22, 8, 0, tzinfo=ZONE)
    noon = night.replace(hour=12)
    assert next_answer(late - timedelta(days=1), noon, ZONE) == noon
