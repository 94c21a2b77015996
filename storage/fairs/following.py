"""What follows from a job fair that was written: reminders move with it, who comes is told, the question after it waits."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from storage.afterwards import callback_plan
from storage.catalogue.tables import CatalogueChange
from storage.fairs import reminders as fair_reminders
from storage.fairs.tables import FairSignup
from storage.tables import SignupState


def follow(session: Session, fair_ids: Collection[str], now: datetime) -> None:
    """Let everything follow fairs that may have changed; nothing is done or told twice.

    Args:
        session: the session of the change.
        fair_ids: which fairs.
        now: in the service's zone, in which the hours are.

    """
    fair_reminders.follow(session, fair_ids, now)
    wanted = select(FairSignup).where(col(FairSignup.fair_id).in_(fair_ids))
    for signup in session.exec(wanted.where(FairSignup.state == SignupState.COMING)).all():
        callback_plan.plan_fair(session, signup, now)


def follow_version(session: Session, number: int, now: datetime) -> None:
    """Do the same for every fair that a version of the catalogue changed."""
    wanted = select(CatalogueChange.key).where(
        CatalogueChange.number == number, CatalogueChange.kind == "fair"
    )
    if fair_ids := session.exec(wanted.distinct()).all():
        follow(session, fair_ids, now)
