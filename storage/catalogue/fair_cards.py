"""What is shown of a job fair and of its positions: immutable cards, with where the fair stands on a day."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from storage.catalogue.tables import Fair, Position

INTERN = "intern"
"""The kind of a position that is an internship; the others are jobs."""

ONLINE = "online"
"""The type of a fair that is held on the internet."""

WEEK = "一二三四五六日"
NOON, EVENING, HALF = 12, 18, 30
GAP = re.compile(r"\{\{\s*(\w*)\s*\}\}")
"""A gap in one of a fair's own texts."""


class Stage(StrEnum):
    """Where a fair stands at a moment."""

    OPEN = "open"
    """To come, and people may sign up."""
    CLOSED = "closed"
    """To come, and the last day to sign up is over."""
    RUNNING = "running"
    """One of its days is today."""
    OVER = "over"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class PositionCard:
    """One position: who offers it, what it asks, how the work is adapted. Nobody is excluded by what it asks."""

    position_id: str
    fair_id: str | None
    employer: str
    position: str
    headcount: int
    disability_categories: tuple[str, ...]
    disability_levels: tuple[str, ...]
    requirements: str
    monthly_salary_yuan: str
    working_hours: str
    work_location: str
    home_based: bool
    dormitory: bool
    social_insurance: bool
    workplace_adjustments: str
    linked_occupation: str
    kind: str
    tags: tuple[str, ...]
    open_until: date | None
    withdrawn: bool

    @property
    def internship(self) -> bool:
        return self.kind == INTERN

    def is_open(self, today: date) -> bool:
        """Whether somebody may still say that they would like it."""
        return not self.withdrawn and (self.open_until is None or today <= self.open_until)


@dataclass(frozen=True, slots=True)
class FairCard:
    """One job fair, with the positions that stand."""

    fair_id: str
    title: str
    title_easy: str
    type: str
    start_date: date
    end_date: date
    start_time: time
    end_time: time
    signup_deadline: date  # the last day to sign up
    organiser: str
    co_organiser: str
    province: str
    city: str
    district: str
    address: str
    how_to_get_there: str
    services: tuple[str, ...]  # codes of service
    travel_support: str
    documents_to_bring: tuple[str, ...]
    on_site_services: tuple[str, ...]
    employer_count: int | None
    job_count: int | None
    linked_occupations: tuple[str, ...]
    contact_phone: str
    text_contact: str
    policy_profile: str
    notice: str  # with {{ when }} inside: `filled` says it
    easy: str
    sms: str
    stage: Stage
    positions: tuple[PositionCard, ...]  # without those withdrawn

    @property
    def online(self) -> bool:
        return self.type == ONLINE

    @property
    def place(self) -> str:
        """Province, city and district in one."""
        return self.province + self.city + self.district

    @property
    def area(self) -> tuple[str, ...]:
        """Province, city and district, for whose region it lies in."""
        return (self.province, self.city, self.district)

    @property
    def to_come(self) -> bool:
        """Whether it is still to come, or is held today."""
        return self.stage in (Stage.OPEN, Stage.CLOSED, Stage.RUNNING)

    @property
    def when(self) -> str:
        """How its texts say when it begins: 12月3日，星期四，上午9点."""
        return when_words(self.start_date, self.start_time)[0]

    @property
    def when_short(self) -> str:
        """The same in a text message: 12月3日上午9点."""
        return when_words(self.start_date, self.start_time)[1]

    def filled(self, text: str) -> str:
        """Fill {{ when }} and {{ when_short }} into one of its texts; everything else stays as it is written."""
        return fill(text, self.start_date, self.start_time)


def position_card(row: Position) -> PositionCard:
    """Give a stored position as a card."""
    return PositionCard(**{name: _frozen(getattr(row, name)) for name in PositionCard.__dataclass_fields__})


def fair_card(row: Fair, positions: Collection[Position], today: date) -> FairCard:
    """Give a stored fair with its positions as a card.

    Args:
        row: the fair.
        positions: every position of it; those withdrawn are left out.
        today: the day it is shown on.

    """
    known: dict[str, Any] = {
        name: _frozen(getattr(row, name)) for name in FairCard.__dataclass_fields__ if hasattr(row, name)
    }
    standing = sorted((each for each in positions if not each.withdrawn), key=lambda each: each.position_id)
    return FairCard(
        **known,
        services=tuple(row.services_available),
        stage=stage_on(row, today),
        positions=tuple(position_card(each) for each in standing),
    )


def stage_on(row: Fair, today: date) -> Stage:
    """Say where a fair stands on a day."""
    if row.called_off:
        return Stage.CALLED_OFF
    if today > row.end_date:
        return Stage.OVER
    if today >= row.start_date:
        return Stage.RUNNING
    return Stage.OPEN if today <= row.signup_deadline else Stage.CLOSED


def _frozen(value: object) -> Any:  # noqa: ANN401 - a column of any type
    return tuple(value) if isinstance(value, list) else value


def fill(words: str, start: date, starts: time) -> str:
    """Fill the moment a fair begins into one of its texts: {{ when }}, {{ when_short }}."""
    long, short = when_words(start, starts)
    return GAP.sub(lambda gap: {"when": long, "when_short": short}.get(gap[1], gap[0]), words)


def when_words(start: date, starts: time) -> tuple[str, str]:
    """Say when a fair begins: 12月3日，星期四，上午9点, and 12月3日上午9点."""
    day, clock = f"{start.month}月{start.day}日", _clock(starts)
    return f"{day}，星期{WEEK[start.weekday()]}，{clock}", f"{day}{clock}"


def _clock(when: time) -> str:
    part = "晚上" if when.hour >= EVENING else "下午" if when.hour >= NOON else "上午"
    hour = when.hour - NOON if when.hour > NOON else when.hour
    minutes = "半" if when.minute == HALF else f"{when.minute}分" if when.minute else ""
    return f"{part}{hour}点{minutes}"
