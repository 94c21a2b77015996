"""Who is in a class, and when it meets."""

from sqlmodel import Session, col, func, select

from storage.catalogue.tables import CourseSession, Intake
from storage.tables import Application, ApplicationState, Person

IN = (ApplicationState.ACCEPTED, ApplicationState.FINISHED, ApplicationState.NOT_PASSED)
"""States of who is, or was, in the class."""


def hold(session: Session, intake_id: int) -> Intake:
    """Give an intake nobody else changes until this transaction ends. Raises NoResultFound."""
    wanted = select(Intake).where(Intake.id == intake_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def meetings_of(session: Session, intake_id: int) -> list[CourseSession]:
    """Give the sessions of a class, earliest first."""
    wanted = select(CourseSession).where(CourseSession.intake_id == intake_id)
    order = (col(CourseSession.day), col(CourseSession.start_time), col(CourseSession.session_no))
    return list(session.exec(wanted.order_by(*order)).all())


def people_in(session: Session, intake_id: int) -> list[Application]:
    """Give who is in the class, in the order they applied."""
    wanted = select(Application).where(Application.intake_id == intake_id, col(Application.state).in_(IN))
    return list(session.exec(wanted.order_by(col(Application.id))).all())


def count_in(session: Session, intake_id: int) -> int:
    """Count who is in the class."""
    wanted = select(func.count()).select_from(Application)
    return session.exec(
        wanted.where(Application.intake_id == intake_id, col(Application.state).in_(IN))
    ).one()


def named_in(
    session: Session, intake_id: int, page: int = 1, most: int | None = None
) -> list[tuple[Application, Person]]:
    """Give who is in the class, with who they are, in the order they applied: all, or one page of `most`."""
    wanted = select(Application, Person).join(Person).where(Application.intake_id == intake_id)
    wanted = wanted.where(col(Application.state).in_(IN)).order_by(col(Application.id))
    if most is not None:
        wanted = wanted.offset((page - 1) * most).limit(most)
    return list(session.exec(wanted).all())
