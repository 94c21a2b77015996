"""What people were promised of an intake, so that no sheet and no form takes it back unseen."""

from collections.abc import Collection

from sqlmodel import Session, col, func, select

from storage.catalogue.tables import Intake
from storage.tables import Application, ApplicationState, ClassStep, IntakeStep


def too_few_seats(session: Session, intake: Intake, capacity: object) -> str:
    """Say who has a seat, when an intake would get fewer seats than were given; "" otherwise."""
    if not isinstance(capacity, int) or capacity >= intake.capacity:
        return ""
    wanted = select(Application.state, func.count()).where(
        Application.intake_id == intake.id,
        col(Application.state).in_((ApplicationState.ACCEPTED, ApplicationState.OFFERED)),
    )
    counts = dict(session.exec(wanted.group_by(col(Application.state))).all())
    if sum(counts.values()) <= capacity:
        return ""
    offered = counts.get(ApplicationState.OFFERED, 0)
    more = f"，还有{offered}人在回答要不要来" if offered else ""
    return f"这个班已经录取{counts.get(ApplicationState.ACCEPTED, 0)}人{more}"


def called_off(session: Session, intake_ids: Collection[int]) -> set[int]:
    """Give which of these intakes a member of staff called off."""
    wanted = select(IntakeStep.intake_id).where(IntakeStep.step == ClassStep.CALLED_OFF)
    return set(session.exec(wanted).all()) & set(intake_ids)
