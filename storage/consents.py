"""What people agreed to and what they took back: every answer a row, with the words that were shown."""

import hashlib
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel, col, select

from storage.compiled import Compiled
from storage.tables import Basis, Channel, Consent, Purpose

_CONSENT = SQLModel.metadata.tables["consent"].columns
_TOLD = (_CONSENT["purpose"], _CONSENT["given"], _CONSENT["withdrawn_at"])
_STANDING = Compiled(
    lambda _: columns(*_TOLD).where(_CONSENT["person_id"] == bindparam("person_id")).order_by(_CONSENT["id"]),
    gives=_TOLD,
)


def record_consent(
    session: Session,
    *,
    person_id: int,
    contact_id: int,
    purpose: Purpose,
    given: bool,
    wording: str,
    channel: str,
    now: datetime,
    basis: Basis = Basis.OWN,
) -> None:
    """Keep an answer to a consent question; a no also takes back what was given before.

    The same answer to the same words, said again, is not kept twice.
    """
    version = wording_version(wording)
    last = latest(session, person_id, purpose)
    stands = last is not None and last.withdrawn_at is None
    if last is not None and stands and (last.given, last.wording_version) == (given, version):
        return
    if not given:
        withdraw(session, person_id, purpose, now)
    session.add(
        Consent(
            person_id=person_id,
            contact_id=contact_id,
            purpose=purpose,
            given=given,
            wording_version=version,
            wording=wording,
            channel=Channel(channel),
            basis=basis,
            at=now,
        )
    )
    session.flush()


def withdraw(session: Session, person_id: int, purpose: Purpose | None, now: datetime) -> None:
    """Take back what was given, for one purpose or for all."""
    wanted = select(Consent).where(
        Consent.person_id == person_id, col(Consent.given), col(Consent.withdrawn_at).is_(None)
    )
    if purpose is not None:
        wanted = wanted.where(Consent.purpose == purpose)
    for consent in session.exec(wanted):
        consent.withdrawn_at = now
        session.add(consent)
    session.flush()


def latest(session: Session, person_id: int, purpose: Purpose) -> Consent | None:
    """Give the last answer for a purpose."""
    wanted = select(Consent).where(Consent.person_id == person_id, Consent.purpose == purpose)
    return session.exec(wanted.order_by(col(Consent.id).desc()).limit(1)).one_or_none()


def standing(session: Session, person_id: int) -> dict[Purpose, bool]:
    """Give, for every purpose that was asked, whether it is agreed to now."""
    told = _STANDING.run(session, person_id=person_id)
    return {purpose: given and withdrawn_at is None for purpose, given, withdrawn_at in told}


def agreed(session: Session, person_id: int, purpose: Purpose) -> bool:
    """Say whether a purpose is agreed to now."""
    return standing(session, person_id).get(purpose, False)


def wording_version(wording: str) -> str:
    """Name a wording: the first 12 hex digits of its SHA-256."""
    return hashlib.sha256(wording.encode()).hexdigest()[:12]
