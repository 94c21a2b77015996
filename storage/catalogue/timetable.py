"""On which days of the week an intake meets, and from when to when: read from its sessions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel

from storage.catalogue.tables import CourseSession
from storage.compiled import Compiled, Row

_SESSION = SQLModel.metadata.tables[str(CourseSession.__tablename__)].columns
_HOURS = (_SESSION["day"], _SESSION["start_time"], _SESSION["end_time"])

_MEETINGS = Compiled(
    lambda _: select(*_HOURS).where(_SESSION["intake_id"] == bindparam("intake_id"), ~_SESSION["cancelled"]),
    gives=_HOURS,
)


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
    found = {intake: _MEETINGS.run(session, intake_id=intake) for intake in intake_ids}
    return {intake: _timetable(meetings) for intake, meetings in found.items() if meetings}


def _timetable(meetings: Collection[Row]) -> Timetable:
    """Sum up meetings: a day, when it begins and when it ends, for each."""
    hours = {(start, end) for _, start, end in meetings}
    begins, ends = hours.pop() if len(hours) == 1 else (None, None)
    return Timetable(tuple(sorted({day.weekday() for day, _, _ in meetings})), begins, ends)
