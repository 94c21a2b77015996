"""In which order applications are looked at: points for priority claims, equal until an admin sets them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.applications.tables import ClaimCheck, Weight
from storage.catalogue import codes
from storage.tables import OVER, Application, Audit

QUESTION = "priority_claim"
"""The question of the application form whose answers are the claims."""

EQUAL = 1
"""Points of a claim nobody has weighed."""

PORTION = 500
"""Applications put in order anew in one go."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One priority claim of an application: said by the person, and what staff found about it.

    Args:
        code: which one (vocabulary: priority).
        found: True when staff saw a proof, False when there was none, None while nobody looked.
        note: what they looked at.

    """

    code: str
    found: bool | None = None
    note: str = ""

    @property
    def counts(self) -> bool:
        """Whether it moves the application forward: what is only claimed does, until nothing is found."""
        return self.found is not False


def claims_in(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the claims an application makes, in the order of the vocabulary; unknown ones count for nothing."""
    said = answers.get(QUESTION)
    chosen = {said} if isinstance(said, str) else set(said) if isinstance(said, list) else set()
    return tuple(claim for claim in codes.words("priority") if claim in chosen)


def claims_of(session: Session, applications: Collection[Application]) -> dict[int, tuple[Claim, ...]]:
    """Give the claims of applications, by number, with what staff found."""
    wanted = select(ClaimCheck).where(col(ClaimCheck.application_id).in_([each.id for each in applications]))
    checked = {(each.application_id, each.claim): each for each in session.exec(wanted).all()}

    def claim(number: int, code: str) -> Claim:
        check = checked.get((number, code))
        return Claim(code) if check is None else Claim(code, check.found, check.note or "")

    return {each.id: tuple(claim(each.id, code) for code in claims_in(each.answers)) for each in applications}


def weights(session: Session) -> dict[str, int]:
    """Give the points of every claim."""
    known = {each.claim: each.points for each in session.exec(select(Weight)).all()}
    return {claim: known.get(claim, EQUAL) for claim in codes.words("priority")}


def score(claims: Collection[Claim], points: Mapping[str, int]) -> int:
    """Add up the points of an application's claims."""
    return sum(points[claim.code] for claim in claims if claim.counts)


def rank(session: Session, application: Application) -> None:
    """Put an application where its claims say."""
    claims = claims_of(session, [application])[application.id]
    application.rank = -score(claims, weights(session))
    session.add(application)


def check_claim(
    session: Session,
    application: Application,
    code: str,
    *,
    found: bool,
    note: str,
    staff_id: int,
    now: datetime,
) -> bool:
    """Keep what a member of staff found about a claim, and put the application where it belongs now.

    Say whether anything changed.

    Raises:
        LookupError: for a claim the application does not make.

    """
    if code not in claims_in(application.answers):
        raise LookupError(f"application {application.id} does not claim {code}")
    wanted = select(ClaimCheck).where(ClaimCheck.application_id == application.id)
    row = next((each for each in session.exec(wanted).all() if each.claim == code), None)
    if row is not None and (row.found, row.note or "") == (found, note):
        return False
    row = row or ClaimCheck(application_id=application.id, claim=code, found=found, staff_id=staff_id, at=now)
    row.found, row.note, row.staff_id, row.at = found, note or None, staff_id, now
    session.add(row)
    session.flush()
    rank(session, application)
    session.flush()
    return True


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
        claims = claims_of(session, portion)
        for application in portion:
            application.rank = -score(claims[application.id], points)
            session.add(application)
        session.flush()
        last = portion[-1].id


def _after(session: Session, number: int) -> Sequence[Application]:
    wanted = select(Application).where(col(Application.id) > number, col(Application.state).not_in(OVER))
    return session.exec(wanted.order_by(col(Application.id)).limit(PORTION)).all()
