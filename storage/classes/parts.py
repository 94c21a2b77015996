"""Parts of a class somebody is reminded of by themselves: each block of a hybrid class, and the exam at its end."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from itertools import groupby

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel

from storage.applications import enrolment
from storage.catalogue import codes
from storage.catalogue.tables import CourseSession, Intake
from storage.compiled import Compiled
from storage.tables import Application, Need, NeedAnswer

EARLIEST = 8
"""The hour at which a day begins of which nobody wrote the hour."""

NO_CERTIFICATE = frozenset({"", "none"})
"""Kinds of certificate of a class that ends without one, and so without an exam."""

_SESSION = SQLModel.metadata.tables[str(CourseSession.__tablename__)].columns
_SHOWN = tuple(_SESSION[name] for name in ("day", "start_time", "mode", "venue"))

_MEETINGS = Compiled(
    lambda _: (
        select(*_SHOWN)
        .where(_SESSION["intake_id"] == bindparam("intake_id"), ~_SESSION["cancelled"])
        .order_by(_SESSION["day"], _SESSION["start_time"], _SESSION["session_no"])
    ),
    gives=_SHOWN,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Some days of a class, held in one way.

    Args:
        mode: online, offline, or "" where nobody wrote it.
        starts: the first day.
        ends: the last day.
        begins: the hour on the first day; None where nobody wrote it.
        venue: where; "" for the place of the whole class.

    """

    mode: str
    starts: date
    ends: date
    begins: time | None
    venue: str = ""

    def begins_at(self, zone: tzinfo | None) -> datetime:
        """Give when its first hour is, or when its first day begins where nobody wrote the hour."""
        return datetime.combine(self.starts, self.begins or time(EARLIEST), zone)


def whole(intake: Intake) -> Part:
    """Give a class from its first day to its last."""
    return Part(intake.mode, intake.start_date, intake.end_date, intake.class_start_time)


def blocks(session: Session, intake: Intake) -> list[Part]:
    """Give the runs of sessions held the same way, in order: online, then in the classroom, and so on.

    A class held in one way all the time, or whose sessions nobody told, has at most one.
    """
    found = []
    meetings = _MEETINGS.run(session, intake_id=intake.id)
    for mode, run in groupby(meetings, key=lambda meeting: meeting[2] or intake.mode):
        days = list(run)
        first, begins, _, venue = days[0]
        found.append(Part(str(mode), first, days[-1][0], begins, venue))
    return found


def exam(session: Session, intake: Intake) -> Part:
    """Give the day of the exam. The catalogue has no such day: it is the last one of the class."""
    meetings = _MEETINGS.run(session, intake_id=intake.id)
    if not meetings:
        return Part(intake.mode, intake.end_date, intake.end_date, intake.class_start_time)
    last = meetings[-1][0]
    _, begins, mode, venue = next(each for each in meetings if each[0] == last)
    return Part(str(mode or intake.mode), last, last, begins, venue)


def exam_needs(session: Session, application: Application) -> list[Need]:
    """Give the support somebody asked for in the exam that was not declined; none where a class has no exam."""
    _, project = enrolment.course_of(session, application.intake_id)
    if project.certificate_type in NO_CERTIFICATE:
        return []
    of_exams = {code.code for code in codes.services() if code.function == "exam"}
    needs = enrolment.needs_of(session, application.id)
    return [each for each in needs if each.code in of_exams and each.answer is not NeedAnswer.CANNOT]
