"""Which call-backs there are to be: kept true in the transaction of whatever changes it, dropped with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, col, select

from storage.catalogue.tables import Fair, Intake, Project
from storage.classes.in_class import IN
from storage.classes.tables import Attendance, IntakeStep, Result
from storage.fairs.tables import FairSignup
from storage.rules.callback_days import (
    FORMS,
    OPEN_FOR,
    TEN,
    good_moment,
    hour_at,
    monthly,
    rule_of,
)
from storage.rules.dispositions import ANSWERED, OPEN, follow
from storage.tables import (
    Application,
    CallbackKind,
    ClassStep,
    Disposition,
    Person,
    Reminder,
    ReminderState,
    ReminderWish,
    SignupState,
)
from storage.tickets.tables import Callback

CALLBACK = "callback"
"""The kind of reminder by which a call-back is looked at."""

NO_SEAT = "已经不在班里了"
CALLED_OFF = "班不办了"
OVER = "班已经结业了"
NOT_PASSED = "没有结业"
ERASED = "本人已删除信息"
NOT_COMING = "不去招聘会了"
FAIR_OFF = "招聘会不办了"
NOT_WANTED = "本人说不要再问"
"""Why somebody is not asked."""

AFTER_CLASS = (CallbackKind.T7, CallbackKind.T30, CallbackKind.T90)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be asked when: key -> kind and day; and why whatever else was planned is not asked any more."""

    due: Mapping[str, tuple[CallbackKind, datetime]]
    why_not: str


def plan(session: Session, application: Application, now: datetime) -> None:
    """Keep the call-backs of an application true: of a seat in a class that runs, or that is finished.

    What somebody was asked already stays, unless there is no point in it any more; who does not want to be asked
    about this class is planned nothing.

    Args:
        session: a writing session.
        application: in a class, or not any more.
        now: in the service's zone, in which the hours are.

    """
    rows = {row.key: row for row in callbacks_of(session, application.id)}
    wanted = _wanted(session, application, now)
    if any(row.state is Disposition.REFUSED for row in rows.values()):
        wanted = Wanted({}, NOT_WANTED)
    for row in rows.values():
        _judge(session, row, wanted, now)
    for key, (kind, due) in wanted.due.items():
        if key not in rows:
            row = Callback(key=key, kind=kind, person_id=application.person_id)
            row.application_id, row.intake_id = application.id, application.intake_id
            _add(session, row, due, now)
    session.flush()


def plan_fair(session: Session, signup: FairSignup, now: datetime) -> None:
    """Keep the one question after a job fair true: for who said that they come, on the day after its end."""
    wanted = _wanted_of_fair(session, signup, now)
    known = select(Callback).where(Callback.signup_id == signup.id)
    rows = session.exec(known).all()
    for row in rows:
        _judge(session, row, wanted, now)
    for key, (kind, due) in wanted.due.items():
        if not rows:
            row = Callback(key=key, kind=kind, person_id=signup.person_id, signup_id=signup.id)
            _add(session, row, due, now)
    session.flush()


def judge(session: Session, callback: Callback, now: datetime) -> None:
    """Judge one call-back again when it is due: drop it when it lost its point, move it when its class moved."""
    if callback.application_id is not None:
        wanted = _wanted(session, session.get_one(Application, callback.application_id), now)
    elif callback.signup_id is not None:
        wanted = _wanted_of_fair(session, session.get_one(FairSignup, callback.signup_id), now)
    else:
        return
    _judge(session, callback, wanted, now)
    session.flush()


def callbacks_of(session: Session, application_id: int) -> Sequence[Callback]:
    """Give the call-backs of one application, whatever has become of them, the earliest first."""
    wanted = select(Callback).where(Callback.application_id == application_id)
    return session.exec(wanted.order_by(col(Callback.due_at), col(Callback.id))).all()


def drop(session: Session, callback: Callback, reason: str) -> None:
    """Ask no more, with a reason staff can see; what has ended already stays as it ended."""
    if callback.state in OPEN:
        callback.state, callback.reason = follow(callback.state, Disposition.DROPPED), reason
        keep(session, callback)


def keep(session: Session, callback: Callback) -> None:
    """Write a call-back down, and keep its one reminder at the moment at which it is looked at next.

    Whoever is to be phoned is looked at when that time is over; what has ended is not looked at any more.
    """
    session.add(callback)
    session.flush()
    key = f"callback:{callback.id}"
    row = session.exec(select(Reminder).where(Reminder.key == key)).one_or_none()
    if callback.state not in OPEN:
        if row is not None:
            row.state = ReminderState.DONE if callback.state in ANSWERED else ReminderState.DROPPED
            row.reason = callback.reason
            session.add(row)
    else:
        about = {"callback": callback.id, "application": callback.application_id}
        row = row or Reminder(kind=CALLBACK, about=about, key=key, created_at=callback.created_at)
        row.due_at = callback.closes_at if callback.state is Disposition.TO_CALL else callback.next_at
        row.state, row.reason = ReminderState.DUE, ""
        session.add(row)
    session.flush()


def hour_of(session: Session, person_id: int) -> int:
    """Give the hour at which somebody wishes to hear of us."""
    wish = session.get(ReminderWish, person_id)
    return TEN if wish is None else wish.hour


def _wanted(session: Session, application: Application, now: datetime) -> Wanted:
    if session.get_one(Person, application.person_id).erased_at is not None:
        return Wanted({}, ERASED)
    intake = session.get_one(Intake, application.intake_id)
    if intake.status == "withdrawn":
        return Wanted({}, CALLED_OFF)
    if application.state not in IN:
        return Wanted({}, NO_SEAT)
    rule = rule_of(session.get_one(Project, intake.project_id).policy_profile)
    hour = hour_of(session, application.person_id)
    due: dict[str, tuple[CallbackKind, datetime]] = {}
    if intake.status != "finished":
        for number, day in enumerate(monthly(intake.start_date, intake.end_date, rule.every), 1):
            at = hour_at(day, hour, now.tzinfo)
            due[f"monthly:{application.id}:{number}"] = (CallbackKind.MONTHLY, at)
        return Wanted(due, NO_SEAT)
    result = session.exec(select(Result).where(Result.application_id == application.id)).one_or_none()
    asked: tuple[CallbackKind, ...] = AFTER_CLASS if result is not None and result.passed else ()
    if result is not None and not result.passed and _was_there(session, application.id):
        asked = (CallbackKind.T7,)  # they may say how it was, but nobody asks after the work it led to
    ended = hour_at(_ended(session, intake, now), hour, now.tzinfo)
    for kind in asked:
        if kind in rule.after:
            due[f"{kind.value}:{application.id}"] = (kind, ended + timedelta(days=rule.after[kind]))
    return Wanted(due, OVER if result is None or result.passed else NOT_PASSED)


def _wanted_of_fair(session: Session, signup: FairSignup, now: datetime) -> Wanted:
    fair = session.get_one(Fair, signup.fair_id)
    if session.get_one(Person, signup.person_id).erased_at is not None:
        return Wanted({}, ERASED)
    if fair.called_off:
        return Wanted({}, FAIR_OFF)
    if signup.state is not SignupState.COMING and signup.came_at is None:
        return Wanted({}, NOT_COMING)
    due = hour_at(fair.end_date + timedelta(days=1), hour_of(session, signup.person_id), now.tzinfo)
    return Wanted({f"fair:{signup.id}": (CallbackKind.FAIR, due)}, NOT_COMING)


def _was_there(session: Session, application_id: int) -> bool:
    """Whether somebody came to class; where nobody wrote that down, they are taken to have come."""
    came = session.exec(select(Attendance.came).where(Attendance.application_id == application_id)).all()
    return not came or any(came)


def _ended(session: Session, intake: Intake, now: datetime) -> date:
    """Give the day from which the days after a class count: its last one, or the one on which staff finished it."""
    step = select(IntakeStep.at).where(
        IntakeStep.intake_id == intake.id, IntakeStep.step == ClassStep.FINISHED
    )
    at = session.exec(step).one_or_none()
    return intake.end_date if at is None else min(intake.end_date, at.astimezone(now.tzinfo).date())


def _judge(session: Session, row: Callback, wanted: Wanted, now: datetime) -> None:
    if row.key not in wanted.due:
        drop(session, row, wanted.why_not)
        return
    _, due = wanted.due[row.key]
    back = row.state is Disposition.DROPPED and _is_of_use(row.kind, due, now)
    if back or (row.state is Disposition.PLANNED and row.due_at != due):
        row.state, row.reason = follow(row.state, Disposition.PLANNED), ""
        _put(session, row, due, now)


def _add(session: Session, row: Callback, due: datetime, now: datetime) -> None:
    row.form, row.created_at = FORMS[row.kind], now
    if _is_of_use(row.kind, due, now):
        _put(session, row, due, now)


def _is_of_use(kind: CallbackKind, due: datetime, now: datetime) -> bool:
    """Whether a call-back can still be planned; of the monthly ones, only those to come."""
    return due + OPEN_FOR[kind] > now and (kind is not CallbackKind.MONTHLY or due > now)


def _put(session: Session, row: Callback, due: datetime, now: datetime) -> None:
    row.due_at, row.closes_at = due, due + OPEN_FOR[row.kind]
    hour = hour_of(session, row.person_id)
    row.next_at = due if due > now else good_moment(now, hour, now.tzinfo or UTC)
    keep(session, row)
