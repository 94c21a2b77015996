"""What became of one person, in the order of the work: 评估-培训-推荐-跟踪, each step with its owner and its next date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from sqlmodel import Session, col, select

from storage.applications.enrolment import applications_of, events_of, needs_of
from storage.catalogue.tables import Fair, Intake, Position
from storage.classes.tables import Result
from storage.fairs.tables import FairSignup
from storage.rules.dispositions import OPEN
from storage.tables import OVER, Application, NeedAnswer, Person, TicketState
from storage.tickets.tables import Callback, Interest, Ticket
from storage.tickets.tickets import DANGER

STAFF = "staff:"
"""How an actor begins who is staff."""

REFERRAL = "referral"
"""The kind of ticket (codes.csv, ticket_kind) by which somebody is passed on."""


class Stage(StrEnum):
    ASSESSED = "assessed"
    TRAINED = "trained"
    RECOMMENDED = "recommended"
    FOLLOWED = "followed"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done or to be done for somebody.

    Args:
        stage: to which part of the work it belongs.
        kind: needs, application, ticket, fair, interest or callback.
        number: what it is known by: an application's or ticket's number, a call-back's id.
        name: what it is about: kind and service of a ticket, a fair's title, a position, the kind of a call-back.
        intake_id: the class it is about.
        state: where it stands, as its table has it; of needs, how many are answered of how many.
        staff_id: who sees to it; None where that is nobody yet.
        at: when it came to stand there.
        next_at: when something happens next; None where nothing does.

    """

    stage: Stage
    kind: str
    number: str
    name: str
    intake_id: int | None
    state: str
    staff_id: int | None
    at: datetime | None
    next_at: datetime | None


def timeline(session: Session, person: Person, now: datetime) -> Sequence[Step]:
    """Give every step of one person, stage by stage, each from the oldest on. `now` is in the service's zone."""
    filed = applications_of(session, [person.id])
    steps = [
        *(step for each in filed for step in _assessed(session, each, now)),
        *(_trained(session, each, now) for each in filed),
        *_recommended(session, person.id, now),
        *_followed(session, person.id),
        *_said_then(session, person.id),
    ]
    order = list(Stage)
    return sorted(steps, key=lambda step: (order.index(step.stage), step.at is None, step.at or now))


def _assessed(session: Session, application: Application, now: datetime) -> Iterable[Step]:
    needs = needs_of(session, application.id)
    if not needs:
        return
    answered = [need for need in needs if need.answer is not NeedAnswer.OPEN]
    last = max(answered, key=lambda need: need.answered_at or application.changed_at, default=None)
    waits = len(answered) < len(needs) and application.state not in OVER
    yield Step(
        Stage.ASSESSED,
        "needs",
        application.number,
        "",
        application.intake_id,
        f"{len(answered)}/{len(needs)}",
        _staff_in(last.answered_by) if last is not None else None,
        last.answered_at if last is not None else application.submitted_at,
        # What is promised has to be known before the class begins.
        _begins(session, application.intake_id, now) if waits else None,
    )


def _trained(session: Session, application: Application, now: datetime) -> Step:
    events = events_of(session, application.id)
    by_staff = [event for event in events if event.actor.startswith(STAFF)]
    return Step(
        Stage.TRAINED,
        "application",
        application.number,
        "",
        application.intake_id,
        _state_of(session, application),
        _staff_in(by_staff[-1].actor) if by_staff else None,
        events[-1].at if events else application.submitted_at,
        _next_of(session, application, now),
    )


def _state_of(session: Session, application: Application) -> str:
    result = session.exec(select(Result.passed).where(Result.application_id == application.id)).one_or_none()
    return "not_passed" if result is False else application.state.value


def _next_of(session: Session, application: Application, now: datetime) -> datetime | None:
    """When the class begins or, where it has, ends."""
    if application.state in OVER:
        return None
    intake = session.get_one(Intake, application.intake_id)
    days = (day for day in (intake.start_date, intake.end_date) if day >= now.date())
    day = next(days, None)
    return None if day is None else datetime.combine(day, time.min, now.tzinfo)


def _begins(session: Session, intake_id: int, now: datetime) -> datetime:
    return datetime.combine(session.get_one(Intake, intake_id).start_date, time.min, now.tzinfo)


def _recommended(session: Session, person_id: int, now: datetime) -> Iterable[Step]:
    interests = session.exec(select(Interest).where(Interest.person_id == person_id)).all()
    seen_to = {each.ticket_id for each in interests}
    passed_on = select(Ticket).where(Ticket.person_id == person_id, Ticket.kind == REFERRAL)
    for ticket in session.exec(passed_on).all():
        if ticket.id not in seen_to:
            yield _of_ticket(
                "ticket", ticket.number, f"{ticket.kind} {ticket.service}", ticket, ticket.created_at
            )
    fairs = select(FairSignup, Fair).join(Fair, col(Fair.fair_id) == col(FairSignup.fair_id))
    for signup, fair in session.exec(fairs.where(FairSignup.person_id == person_id)).all():
        comes = fair.start_date >= now.date() and not fair.called_off
        yield Step(
            Stage.RECOMMENDED,
            "fair",
            fair.fair_id,
            fair.title,
            None,
            "came" if signup.came_at else signup.state.value,
            None,
            signup.came_at or signup.answered_at or signup.invited_at,
            datetime.combine(fair.start_date, fair.start_time, now.tzinfo) if comes else None,
        )
    for interest in interests:
        position = session.get(Position, interest.position_id)
        name = f"{position.employer} {position.position}" if position else interest.position_id
        sees_to_it = session.get(Ticket, interest.ticket_id) if interest.ticket_id else None
        yield _of_ticket("interest", interest.position_id, name, sees_to_it, interest.at)


def _of_ticket(
    kind: str,
    number: str,
    name: str,
    ticket: Ticket | None,
    began: datetime,
    stage: Stage = Stage.RECOMMENDED,
) -> Step:
    """Give a step that a ticket stands for: its owner, and the day by which it is answered."""
    if ticket is None:
        return Step(stage, kind, number, name, None, TicketState.OPEN.value, None, began, None)
    due = None if ticket.state is TicketState.CLOSED else ticket.due_at
    at = ticket.closed_at or ticket.answered_at or began
    return Step(stage, kind, number, name, None, ticket.state.value, ticket.staff_id, at, due)


def _followed(session: Session, person_id: int) -> Iterable[Step]:
    for each in session.exec(select(Callback).where(Callback.person_id == person_id)).all():
        waits = each.state in OPEN
        yield Step(
            Stage.FOLLOWED,
            "callback",
            str(each.id),
            each.kind.value,
            each.intake_id,
            each.state.value,
            each.staff_id,
            each.due_at,
            each.next_at if waits else None,
        )


def _said_then(session: Session, person_id: int) -> Iterable[Step]:
    """Give what somebody said in a call-back that is no referral; a sign of danger is not for everybody's eyes."""
    said = select(Ticket).where(
        Ticket.person_id == person_id,
        col(Ticket.callback_id).is_not(None),
        col(Ticket.kind).not_in((REFERRAL, DANGER)),
    )
    for each in session.exec(said).all():
        name = f"{each.kind} {each.service}"
        yield _of_ticket("ticket", each.number, name, each, each.created_at, Stage.FOLLOWED)


def _staff_in(actor: str) -> int | None:
    """Give which member of staff an actor is; None for anybody else."""
    number = actor.removeprefix(STAFF)
    return int(number) if number != actor and number.isdigit() else None
