"""How everybody finished a class, and the number of their certificate."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from storage.afterwards import callback_plan
from storage.catalogue.tables import Intake
from storage.classes import certificates, endings
from storage.classes.in_class import IN
from storage.classes.tables import Result
from storage.fairs import work_reminders
from storage.tables import Application, ApplicationEvent, ApplicationState, Staff

TOGETHER = 500
"""People whose results are written at once."""


def results_of(session: Session, intake_id: int) -> dict[int, Result]:
    """Give how who is in the class finished, by the number of the application."""
    wanted = select(Result).join(Application).where(Application.intake_id == intake_id)
    return {each.application_id: each for each in session.exec(wanted).all()}


def end_of(*, passed: bool) -> ApplicationState:
    """Give the state of somebody whose class is over."""
    return ApplicationState.FINISHED if passed else ApplicationState.NOT_PASSED


def write_result(
    session: Session,
    application: Application,
    *,
    passed: bool,
    certificate: str,
    member: Staff,
    now: datetime,
) -> bool:
    """Write down how somebody finished and the number of their certificate; say whether anything changed.

    In a class that is over already, the application says so at once: an examination taken again counts.

    Raises:
        LookupError: for somebody who is not in the class.

    """
    if application.state not in IN:
        raise LookupError(f"application {application.id} is not in the class")
    return write_results(session, {application.id: (passed, certificate)}, member, now) == 1


def write_results(
    session: Session, given: Mapping[int, tuple[bool, str]], member: Staff, now: datetime
) -> int:
    """Write down how many people finished: application -> passed, number of the certificate.

    Otherwise as `write_result`. Returns how many are new or changed.

    Raises:
        LookupError: when one of them is not in a class; nothing changes.

    """
    changed = 0
    numbers = sorted(given)
    for start in range(0, len(numbers), TOGETHER):
        changed += _write_some(
            session, {each: given[each] for each in numbers[start : start + TOGETHER]}, member, now
        )
    return changed


def _write_some(session: Session, given: Mapping[int, tuple[bool, str]], member: Staff, now: datetime) -> int:
    theirs = select(Application.intake_id).where(col(Application.id).in_(given))
    held = select(Intake).where(col(Intake.id).in_(theirs)).order_by(col(Intake.id)).with_for_update()
    over = {
        intake.id
        for intake in session.exec(held.execution_options(populate_existing=True))
        if intake.status == "finished"
    }
    wanted = select(Application).where(col(Application.id).in_(given)).order_by(col(Application.id))
    wanted = wanted.with_for_update().execution_options(populate_existing=True)
    filed = {each.id: each for each in session.exec(wanted) if each.state in IN}
    if missing := given.keys() - filed.keys():
        raise LookupError(f"not in a class: {sorted(missing)}")
    known = select(Result).where(col(Result.application_id).in_(given))
    results = {each.application_id: each for each in session.exec(known)}
    changed = 0
    for number, (passed, certificate) in given.items():
        row = results.get(number)
        if row is not None and (row.passed, row.certificate_no or "") == (passed, certificate):
            continue
        row = row or Result(application_id=number, passed=passed, staff_id=member.id, at=now)
        row.passed, row.certificate_no, row.staff_id, row.at = passed, certificate or None, member.id, now
        application = filed[number]
        if application.intake_id in over:
            application.state = end_of(passed=passed)
        application.changed_at = now
        kind = "passed" if passed else "not_passed"
        actor = f"staff:{member.id}"
        session.add_all(
            (row, application, ApplicationEvent(application_id=number, kind=kind, actor=actor, at=now))
        )
        certificates.watch(session, application, row, now)
        if application.intake_id in over:
            session.flush()
            endings.watch(session, application, now)
            callback_plan.plan(session, application, now)
            work_reminders.after_class(session, application, now)
        changed += 1
    session.flush()
    return changed
