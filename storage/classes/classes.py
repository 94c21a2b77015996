"""The life of a class after its import: its steps with who and when, and what is to be arranged before it opens."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from storage.afterwards import callback_plan
from storage.applications.enrolment import log_event
from storage.catalogue import codes
from storage.catalogue.editing import edit_intake
from storage.catalogue.ledger import one_at_a_time
from storage.classes import endings
from storage.classes.in_class import IN, hold, people_in
from storage.classes.results import end_of, results_of
from storage.classes.tables import Arrangement, IntakeStep
from storage.fairs import work_reminders
from storage.tables import Application, ApplicationState, ClassStep, Need, NeedAnswer, Staff

ORDER = (ClassStep.REVIEWED, ClassStep.ENROLLING, ClassStep.OPENED, ClassStep.FINISHED)
"""The steps of a class that goes well, each after the one before (申请-审核-招生-开班-结业)."""


ENDS = {ClassStep.FINISHED: "finished", ClassStep.CALLED_OFF: "withdrawn"}
"""A step that ends a class -> what the catalogue says of it from then on."""


class Why(StrEnum):
    """Why a step cannot be taken."""

    SKIPPED = "skipped"
    CALLED_OFF = "called_off"
    FINISHED = "finished"
    UNANSWERED = "unanswered"
    NO_RESULTS = "no_results"


class StepRefused(Exception):
    """A step that cannot be taken now: why, and what is missing (a step, codes of arrangements, numbers)."""

    def __init__(self, why: Why, missing: Sequence[str] = ()) -> None:
        super().__init__(f"{why.value}: {', '.join(missing)}")
        self.why = why
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class ToArrange:
    """One line of the check list, and how many people in the class need it."""

    arrangement: Arrangement
    people: int


def steps_of(session: Session, intake_id: int) -> list[IntakeStep]:
    """Give the steps that were taken, oldest first."""
    wanted = select(IntakeStep).where(IntakeStep.intake_id == intake_id)
    return list(session.exec(wanted.order_by(col(IntakeStep.id))).all())


def next_step(taken: Collection[ClassStep]) -> ClassStep | None:
    """Give the step that comes next; None for a class that is over or called off."""
    if ClassStep.CALLED_OFF in taken:
        return None
    return next((step for step in ORDER if step not in taken), None)


def take_step(
    session: Session, intake_id: int, step: ClassStep, member: Staff, now: datetime, note: str = ""
) -> bool:
    """Take a step of a class; say whether it was taken now, so that a second click does nothing.

    Who is in has finished with the class, or has not passed; a class called off, or finished, says so in the catalogue.

    Raises:
        StepRefused: when a step would be skipped, the check list has lines without an answer, somebody in the class
            has no result, or the class is over.

    """
    if step in ENDS:
        one_at_a_time(session)  # before the intake is held, as an import does
    hold(session, intake_id)
    taken = {each.step for each in steps_of(session, intake_id)}
    if step in taken:
        return False
    if ClassStep.CALLED_OFF in taken:
        raise StepRefused(Why.CALLED_OFF)
    if ClassStep.FINISHED in taken:
        raise StepRefused(Why.FINISHED)
    comes = next_step(taken)
    if step is not ClassStep.CALLED_OFF and comes is not None and step is not comes:
        raise StepRefused(Why.SKIPPED, [comes.value])
    if step is ClassStep.OPENED:
        _need_answers(session, intake_id)
    if step is ClassStep.FINISHED:
        _finish_people(session, intake_id, member, now)
    if step in ENDS:
        edit_intake(session, intake_id, {"status": ENDS[step]}, who=f"staff:{member.id}", now=now)
    session.add(IntakeStep(intake_id=intake_id, step=step, staff_id=member.id, at=now, note=note))
    session.flush()
    if step is ClassStep.FINISHED:
        for each in people_in(session, intake_id):
            endings.watch(session, each, now)
            callback_plan.plan(session, each, now)
            work_reminders.after_class(session, each, now)
    return True


def list_arrangements(session: Session, intake_id: int) -> list[ToArrange]:
    """Bring the check list up to who is in, and give it: what people need first, then what every class needs.

    A line nobody needs any more goes, unless somebody has answered it.
    """
    wanted = _wanted(session, intake_id)
    rows = select(Arrangement).where(Arrangement.intake_id == intake_id)
    known = {each.code: each for each in session.exec(rows).all()}
    for code in wanted.keys() - known.keys():
        known[code] = Arrangement(intake_id=intake_id, code=code)
        session.add(known[code])
    for code in known.keys() - wanted.keys():
        if known[code].answer is NeedAnswer.OPEN:
            session.delete(known.pop(code))
    session.flush()
    order = [*codes.words("service"), *codes.words("arrangement")]
    return [ToArrange(known[code], wanted.get(code, 0)) for code in sorted(known, key=order.index)]


def answer_arrangements(
    session: Session,
    intake_id: int,
    answers: Mapping[str, tuple[NeedAnswer, str]],
    member: Staff,
    now: datetime,
) -> int:
    """Answer lines of the check list, by code; give how many changed. Raises LookupError for an unknown line."""
    hold(session, intake_id)
    known = {each.arrangement.code: each.arrangement for each in list_arrangements(session, intake_id)}
    if unknown := answers.keys() - known.keys():
        raise LookupError(f"nothing to arrange is called {sorted(unknown)}")
    changed = 0
    for code, (answer, note) in answers.items():
        row = known[code]
        if (row.answer, row.note) != (answer, note):
            row.answer, row.note, row.staff_id, row.at = answer, note, member.id, now
            session.add(row)
            changed += 1
    session.flush()
    return changed


def _wanted(session: Session, intake_id: int) -> dict[str, int]:
    """What is to be arranged, and for how many: supports that were not declined, and what every class needs."""
    counts = dict.fromkeys(codes.words("arrangement"), 0)
    wanted = select(Need.code).join(Application).where(Application.intake_id == intake_id)
    wanted = wanted.where(col(Application.state).in_(IN), Need.answer != NeedAnswer.CANNOT)
    for code in session.exec(wanted).all():
        counts[code] = counts.get(code, 0) + 1
    return counts


def _need_answers(session: Session, intake_id: int) -> None:
    lines = [each.arrangement for each in list_arrangements(session, intake_id)]
    if missing := [each.code for each in lines if each.answer is NeedAnswer.OPEN]:
        raise StepRefused(Why.UNANSWERED, missing)


def _finish_people(session: Session, intake_id: int, member: Staff, now: datetime) -> None:
    results = results_of(session, intake_id)
    members = people_in(session, intake_id)
    if missing := [each.number for each in members if each.id not in results]:
        raise StepRefused(Why.NO_RESULTS, missing)
    for each in members:
        if each.state is not ApplicationState.ACCEPTED:
            continue
        each.state, each.changed_at = end_of(passed=results[each.id].passed), now
        session.add(each)
        session.flush()
        kind = "finished" if each.state is ApplicationState.FINISHED else "ended"
        log_event(session, each.id, kind, f"staff:{member.id}", now)
