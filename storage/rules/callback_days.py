"""When people are called back: so many days after a class, so often during it, at a good hour, on working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from storage.rules.calendar import QUIET_FROM, QUIET_TO, WorkDays, next_allowed
from storage.tables import CallbackKind

TEN = 10
"""The hour at which people are asked who wished for no other."""

OFFICE_OPENS, AFTERNOON, OFFICE_CLOSES = time(9), time(15), time(18)

AGAIN_AFTER = timedelta(days=3)
"""Between being asked and being reminded, and between the last reminder and the call."""

REMINDERS = 2

MOST_TRIES = 5
"""How often somebody is phoned in vain before they count as not reached."""

SPACED = timedelta(days=1)
"""Between two surveys on one phone, unless the first is answered sooner."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one policy profile asks for.

    Args:
        after: kind of call-back -> days after the end of a class.
        every: days between the questions during a class; 0 for none.

    """

    after: Mapping[CallbackKind, int]
    every: int


DEFAULT = Rule({CallbackKind.T7: 7, CallbackKind.T30: 30, CallbackKind.T90: 90}, every=30)

RULES: Mapping[str, Rule] = {
    # 国家通知: 培训结束后要对培训对象进行电话回访, without saying when; the days are the default.
    "cdpf2019": DEFAULT,
    # No call-back of their own: 沿用国家通知.
    "sc2021": DEFAULT,
    "zz2021": DEFAULT,
    # 学员满意度; 评估-建设-推荐-就业跟踪服务.
    "hn145": DEFAULT,
    # 安排专人每月监测…学习和生活情况.
    "jx2019": DEFAULT,
}
"""Policy profile -> its rule; one that says nothing else has the default."""

FORMS: Mapping[CallbackKind, str] = {
    CallbackKind.T7: "survey_t7",
    CallbackKind.T30: "followup_t30_t90",
    CallbackKind.T90: "followup_t30_t90",
    CallbackKind.MONTHLY: "monthly_check",
    CallbackKind.FAIR: "fair_after",
}
"""Kind of call-back -> the form it asks."""

OPEN_FOR: Mapping[CallbackKind, timedelta] = {
    CallbackKind.T7: timedelta(days=21),
    CallbackKind.T30: timedelta(days=28),
    CallbackKind.T90: timedelta(days=28),
    CallbackKind.MONTHLY: timedelta(days=25),
    CallbackKind.FAIR: timedelta(days=21),
}
"""How long an answer is in time. Never over 30 days: so long a survey that was begun waits to be gone on with."""


def rule_of(profile: str) -> Rule:
    """Give the rule of a policy profile."""
    return RULES.get(profile, DEFAULT)


def hour_at(day: date, hour: int, zone: tzinfo | None) -> datetime:
    """Give a day at an hour; at ten where the hour is one of the quiet ones."""
    at = time(hour)
    return datetime.combine(day, at if QUIET_TO <= at < QUIET_FROM else time(TEN), zone)


def good_moment(earliest: datetime, hour: int, zone: tzinfo) -> datetime:
    """Give the first time at that hour that is not before a moment."""
    today = hour_at(earliest.astimezone(zone).date(), hour, zone)
    return today if today >= earliest else today + timedelta(days=1)


def asked_again(asked: datetime, hour: int, zone: tzinfo) -> datetime:
    """Give when somebody is asked again who was asked at a moment."""
    day = next_allowed(asked, zone).astimezone(zone).date() + AGAIN_AFTER
    return hour_at(day, hour, zone)


def monthly(starts: date, ends: date, every: int) -> list[date]:
    """Give the days of the monthly question: none for a class that is over within that time."""
    if not every or (ends - starts).days <= every:
        return []
    days = range(every, (ends - starts).days, every)
    return [starts + timedelta(days=each) for each in days]


def call_at(earliest: datetime, zone: tzinfo, days: WorkDays) -> datetime:
    """Give the first moment of office hours on a working day that is not before another moment."""
    local = earliest.astimezone(zone)
    day = local.date()
    if days.is_worked(day) and local.time() < OFFICE_CLOSES:
        return max(local, datetime.combine(day, OFFICE_OPENS, zone))
    return datetime.combine(days.after(day, 1), OFFICE_OPENS, zone)


def next_try(tried: datetime, zone: tzinfo, days: WorkDays) -> datetime:
    """Give the next working day, in the other half of it: who did not answer then may do so."""
    local = tried.astimezone(zone)
    at = OFFICE_OPENS if local.time() >= time(12) else AFTERNOON
    return datetime.combine(days.after(local.date(), 1), at, zone)
