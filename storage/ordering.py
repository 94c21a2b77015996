"""In which order applications are looked at: points for priority claims, equal until an admin sets them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.catalogue import codes
from storage.tables import OVER, Application, Audit, Weight

QUESTION = "priority_claim"
"""The question of the application form whose answers are the claims."""

EQUAL = 1
"""Points of a claim nobody has weighed."""

PORTION = 500
"""Applications put in order anew in one go."""


def claims_in(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the claims an application makes, in the order of the vocabulary; unknown ones count for nothing."""
    said = answers.get(QUESTION)
    chosen = {said} if isinstance(said, str) else set(said) if isinstance(said, list) else set()
    return tuple(claim for claim in codes.words("priority") if claim in chosen)


def weights(session: Session) -> dict[str, int]:
    """Give the points of every claim."""
    known = {each.claim: each.points for each in session.exec(select(Weight)).all()}
    return {claim: known.get(claim, EQUAL) for claim in codes.words("priority")}


def score(answers: Mapping[str, Any], points: Mapping[str, int]) -> int:
    """Add up the points of an application's claims."""
    return sum(points[claim] for claim in claims_in(answers))


def set_weights(session: Session, points: Mapping[str, int], actor: str, now: datetime) -> None:
    """Set the points of claims, audited, and put every application that is not over in its new order.

    Raises:
        ValueError: for a claim that does not exist, or points below 0 or above 100.

    """
    for claim, value in points.items():
        if claim not in codes.words("priority") or not 0 <= value <= 100:
            raise ValueError(f"{claim}={value}")
        row = session.get(Weight, claim) or Weight(claim=claim, points=EQUAL)
        if row.points != value:
            session.add(
                Audit(at=now, actor=actor, action="weight_set", subject_kind=claim, detail=str(value))
            )
        row.points = value
        session.add(row)
    session.flush()
    _reorder(session)


def _reorder(session: Session) -> None:
    points, last = weights(session), 0
    while portion := _after(session, last):
        for application in portion:
            application.rank = -score(application.answers, points)
            session.add(application)
        session.flush()
        last = portion[-1].id


def _after(session: Session, number: int) -> Sequence[Application]:
    wanted = select(Application).where(col(Application.id) > number, col(Application.state).not_in(OVER))
    return session.exec(wanted.order_by(col(Application.id)).limit(PORTION)).all()
