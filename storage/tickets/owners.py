"""Who of staff a matter is given to: a clerk of the place with the least to do, else an admin."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, func, select

from storage.catalogue.tables import Fair, Intake, Project
from storage.fairs.tables import FairSignup
from storage.rules.regions import lies_in, office_area
from storage.tables import Disposition, Staff, StaffRole, TicketState
from storage.tickets.tables import Callback, Ticket


def keeper_of_tickets(session: Session, area: Sequence[str]) -> Staff | None:
    """Give the member with the fewest open tickets. `area` as `area_of` gives it; None while there is no staff."""
    busy = (
        select(Ticket.staff_id, func.count())
        .where(col(Ticket.staff_id).is_not(None), Ticket.state != TicketState.CLOSED)
        .group_by(col(Ticket.staff_id))
    )
    return _least_busy(session, area, dict(session.exec(busy).all()))


def caller(session: Session, area: Sequence[str]) -> Staff | None:
    """Give the member with the fewest people to call back; otherwise as `keeper_of_tickets`."""
    busy = (
        select(Callback.staff_id, func.count())
        .where(Callback.state == Disposition.TO_CALL, col(Callback.staff_id).is_not(None))
        .group_by(col(Callback.staff_id))
    )
    return _least_busy(session, area, dict(session.exec(busy).all()))


def area_of(session: Session, callback: Callback) -> tuple[str, ...]:
    """Give the area whose clerks a call-back is the business of; empty where it is nobody's but an admin's."""
    if callback.intake_id is not None:
        intake = session.get_one(Intake, callback.intake_id)
        office = session.get_one(Project, intake.project_id).commissioned_by
        return office_area(office, (intake.province, intake.city, intake.district))
    signup = None if callback.signup_id is None else session.get(FairSignup, callback.signup_id)
    fair = None if signup is None else session.get(Fair, signup.fair_id)
    return () if fair is None else office_area(fair.organiser, (fair.province, fair.city, fair.district))


def _least_busy(session: Session, area: Sequence[str], busy: Mapping[int | None, int]) -> Staff | None:
    wanted = select(Staff).where(
        col(Staff.role).in_((StaffRole.CLERK, StaffRole.ADMIN)), col(Staff.revoked_at).is_(None)
    )
    staff = session.exec(wanted).all()
    clerks = [each for each in staff if each.role is StaffRole.CLERK and lies_in(area, each.region)]
    fitting = clerks or [each for each in staff if each.role is StaffRole.ADMIN]
    return min(fitting, key=lambda each: (busy.get(each.id, 0), each.id), default=None)
