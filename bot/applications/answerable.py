"""What waits for an answer of the person: questions of staff, seats that are held, classes that moved."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlmodel import Session, col, select

from bot.applications.applied import asked_by
from bot.asking import Asking
from dialogs.facts.applications import Applied, Asked, Clash, Offered
from dialogs.facts.classes import ClassTimes, Met, Moved
from storage.applications import enrolment
from storage.applications.tables import Offer, StaffQuestion
from storage.catalogue.ledger import pack, row_of
from storage.catalogue.tables import Intake
from storage.classes import changes
from storage.classes.tables import Change
from storage.tables import OVER, Application, ApplicationEvent, ApplicationState, OfferState, Staff

WAITING = (
    *(ApplicationState.QUESTION, ApplicationState.WAITLISTED),
    *(ApplicationState.OFFERED, ApplicationState.ACCEPTED),
)
"""States in which an answer is waited for."""


def to_answer(asking: Asking) -> tuple[Applied, ...]:
    """Give the applications that wait for an answer this contact may give."""
    filed = enrolment.applications_of(asking.session, asking.people) if asking.people else []
    found = [each for each in reversed(filed) if each.state in WAITING]
    told = (asking.told(each) for each in found if asking.may_see(each))
    return tuple(each for each in told if each.offer_id or each.asked or each.moved)


def offer(asking: Asking) -> Offered:
    """Give the seat a flow is about, or the one that is held for its application; none that stands for neither."""
    filed = asking.filed
    found = None if filed is None else _offer_about(asking, filed)
    if filed is None or found is None:
        return Offered(0, stands=False, until=asking.now)
    stands = found.state is OfferState.OPEN and filed.state is ApplicationState.OFFERED
    until = found.lapses_at.astimezone(asking.now.tzinfo)
    return Offered(found.id, stands, until, _clashes(asking.session, filed))


def staff_question(asking: Asking) -> Asked:
    """Give the question a flow is about, to who may answer it; one that does not stand for everybody else."""
    filed = asking.filed
    number = asking.number("question")
    found = None if number is None else asking.session.get(StaffQuestion, number)
    if filed is None or found is None or found.application_id != filed.id:
        return Asked(0, "", "", stands=False)
    if not asking.may(asking.people[filed.person_id][1], "fill"):
        return Asked(0, "", "", stands=False)
    return asked_by(asking.session, found, stands=found.answered_at is None and filed.state not in OVER)


def staff_words(asking: Asking) -> Asked:
    """Give what staff wrote about an application, to who may see it; what does not stand for everybody else."""
    filed, number = asking.filed, asking.number("event")
    found = None if number is None else asking.session.get(ApplicationEvent, number)
    wrote = found is not None and found.kind == "messaged" and found.note
    if filed is None or found is None or found.application_id != filed.id or not wrote:
        return Asked(0, "", "", stands=False)
    member = asking.session.get(Staff, int(found.actor.removeprefix("staff:")))
    return Asked(found.id, member.name if member is not None else "", found.note or "")


def moved(asking: Asking) -> Moved:
    """Give how the class of an application moved, to who may see it; what does not stand for everybody else."""
    filed = asking.filed
    known = None if filed is None else changes.confirmation_of(asking.session, filed)
    if filed is None or known is None:
        nothing = ClassTimes(asking.now.date(), asking.now.date(), None, None, "")
        return Moved(stands=False, before=nothing, after=nothing)
    pending = changes.unanswered(asking.session, filed)
    whole = [each for each in pending if "start_date" in each.after]
    meetings = tuple(met for each in pending for met in _meetings(each))
    intake = asking.session.get_one(Intake, filed.intake_id)
    still = _timetable(pack(row_of(intake)))
    return Moved(
        stands=asking.may(asking.people[filed.person_id][1], "fill") and still.ends >= asking.now.date(),
        before=_timetable(whole[0].before) if whole else still,
        after=_timetable(whole[-1].after) if whole else still,
        note="".join(dict.fromkeys(each.note for each in pending if each.note)),
        comes=known[1].comes,
        meetings=meetings,
        new_link=bool(whole) and whole[0].before.get("link", "") != whole[-1].after.get("link", ""),
    )


def _meetings(change: Change) -> list[Met]:
    """Give the single sessions a change moved, by their number."""
    before, after = (part.get(changes.SESSIONS, {}) for part in (change.before, change.after))
    return [
        Met(int(number), _met(before[number]), _met(after[number]), bool(after[number]["cancelled"]))
        for number in sorted(after, key=int)
    ]


def _met(packed: Mapping[str, Any]) -> ClassTimes:
    day = date.fromisoformat(packed["day"])
    begins, until = (time.fromisoformat(packed[name]) for name in ("start_time", "end_time"))
    return ClassTimes(day, day, begins, until, packed.get("venue") or "")


def _timetable(packed: Mapping[str, Any]) -> ClassTimes:
    begins, until = (
        time.fromisoformat(at) if (at := packed.get(name)) else None
        for name in ("class_start_time", "class_end_time")
    )
    return ClassTimes(
        starts=date.fromisoformat(packed["start_date"]),
        ends=date.fromisoformat(packed["end_date"]),
        begins=begins,
        until=until,
        place=packed.get("address") or packed.get("platform") or "",
    )


def _offer_about(asking: Asking, filed: Application) -> Offer | None:
    wanted = select(Offer).where(Offer.application_id == filed.id)
    if (number := asking.number("offer")) is not None:
        wanted = wanted.where(Offer.id == number)
    made: Sequence[Offer] = asking.session.exec(wanted.order_by(col(Offer.id).desc()).limit(1)).all()
    return made[0] if made else None


def _clashes(session: Session, filed: Application) -> tuple[Clash, ...]:
    found = enrolment.clashing(session, filed.person_id, filed.intake_id)
    return tuple(
        Clash(course.title, run.start_date, run.end_date)
        for other, run, course in found
        if other.state is ApplicationState.ACCEPTED
    )
