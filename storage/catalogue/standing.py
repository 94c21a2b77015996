"""What people were promised of an intake, so that no sheet and no form takes it back unseen."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from storage.batching import batches
from storage.catalogue.tables import Intake
from storage.classes.tables import IntakeStep
from storage.tables import Application, ApplicationState, ClassStep


@dataclass(frozen=True, slots=True)
class Given:
    """How many seats of an intake were given, and how many are offered to somebody who has not answered."""

    accepted: int = 0
    offered: int = 0


def seats_given(session: Session, intake_ids: Iterable[int]) -> dict[int, Given]:
    """Give the seats given of each of these intakes, where there are any. Held intakes are given no more meanwhile."""
    counts: dict[int, dict[ApplicationState, int]] = {}
    for some in batches(intake_ids):
        wanted = select(Application.intake_id, Application.state, func.count()).where(
            col(Application.intake_id).in_(some),
            col(Application.state).in_((ApplicationState.ACCEPTED, ApplicationState.OFFERED)),
        )
        grouped = wanted.group_by(col(Application.intake_id), col(Application.state))
        for intake_id, state, count in session.exec(grouped):
            counts.setdefault(intake_id, {})[ApplicationState(state)] = count
    return {
        number: Given(found.get(ApplicationState.ACCEPTED, 0), found.get(ApplicationState.OFFERED, 0))
        for number, found in counts.items()
    }


def too_few_seats(intake: Intake, capacity: object, given: Given) -> str:
    """Say who has a seat, when an intake would get fewer seats than were given; "" otherwise."""
    if not isinstance(capacity, int) or capacity >= intake.capacity:
        return ""
    if given.accepted + given.offered <= capacity:
        return ""
    more = f"，还有{given.offered}人在回答要不要来" if given.offered else ""
    return f"这个班已经录取{given.accepted}人{more}"


def called_off(session: Session, intake_ids: Collection[int]) -> set[int]:
    """Give which of these intakes a member of staff called off."""
    wanted = select(IntakeStep.intake_id).where(IntakeStep.step == ClassStep.CALLED_OFF)
    return set(session.exec(wanted).all()) & set(intake_ids)
