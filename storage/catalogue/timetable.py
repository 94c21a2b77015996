"""On which days of the week an intake meets, and from when to when: read from its sessions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from sqlmodel import Session, col, select

from storage.catalogue.tables import CourseSession


@dataclass(frozen=True, slots=True)
class Timetable:
    """When an intake meets.

    Args:
        weekdays: 0 for Monday to 6 for Sunday, each that there is a session on.
        begins: when every session begins; None where they differ.
        ends: when every session ends; None where they differ.

    """

    weekdays: tuple[int, ...]
    begins: time | None
    ends: time | None


def timetables(session: Session, intake_ids: Collection[int]) -> dict[int, Timetable]:
    """Give the timetables of these intakes; none for one whose sessions nobody told, or all were cancelled."""
    wanted = (
        select(CourseSession)
        .where(col(CourseSession.intake_id).in_(intake_ids), ~col(CourseSession.cancelled))
        .order_by(col(CourseSession.intake_id))
    )
    meetings: dict[int, list[CourseSession]] = {}
    for meeting in session.exec(wanted).all():
        meetings.setdefault(meeting.intake_id, []).append(meeting)
    return {intake: _timetable(each) for intake, each in meetings.items()}


def _timetable(meetings: Collection[CourseSession]) -> Timetable:
    hours = {(each.start_time, each.end_time) for each in meetings}
    begins, ends = hours.pop() if len(hours) == 1 else (None, None)
    return Timetable(tuple(sorted({each.day.weekday() for each in meetings})), begins, ends)
