"""One-time links to our own page: only their hash is kept, they end soon, and using one uses it up."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select, update

from storage.crypto import lookup_hash
from storage.tables import GoToken

TOKEN_BYTES = 24
"""192 bits: nobody guesses it, and it still fits a picture to scan."""

MINUTES = 15
"""How long a link is good for that opens what is known already (access.md W14)."""


def make_token(
    session: Session,
    contact_id: int,
    purpose: str,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    *,
    until: datetime | None = None,
) -> str:
    """Make a link's secret for one contact and one purpose; it is given out here and never again.

    It is good until then, or for 15 minutes.
    """
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        GoToken(
            token_hash=_hash(secret),
            contact_id=contact_id,
            purpose=purpose,
            payload=dict(payload or {}),
            expires_at=until or now + timedelta(minutes=MINUTES),
            created_at=now,
        )
    )
    session.flush()
    return secret


def find_token(session: Session, secret: str, now: datetime) -> GoToken | None:
    """Give what a secret opens, or None when it is unknown, used or over. Looking does not use it."""
    wanted = select(GoToken).where(GoToken.token_hash == _hash(secret), *_good(now))
    return session.exec(wanted).one_or_none()


def made_token(session: Session, secret: str) -> GoToken | None:
    """Give what a secret was made for, used or over as it may be, as long as it is kept."""
    return session.exec(select(GoToken).where(GoToken.token_hash == _hash(secret))).one_or_none()


def use_token(session: Session, secret: str, now: datetime) -> GoToken | None:
    """Use a secret up and give what it opens; of two at once, one gets None."""
    token = find_token(session, secret, now)
    if token is None:
        return None
    taking = update(GoToken).where(col(GoToken.id) == token.id, *_good(now)).values(used_at=now)
    if session.connection().execute(taking).rowcount != 1:
        return None
    session.refresh(token)
    return token


def void_tokens(
    session: Session, contact_id: int, purpose: str, payload: Mapping[str, Any], now: datetime
) -> None:
    """End a contact's unused links of one purpose whose payload says all of this."""
    wanted = select(GoToken).where(GoToken.contact_id == contact_id, GoToken.purpose == purpose, *_good(now))
    for token in session.exec(wanted).all():
        if payload.items() <= token.payload.items():
            token.expires_at = now
            session.add(token)
    session.flush()


def _good(now: datetime) -> tuple[Any, ...]:
    return (col(GoToken.used_at).is_(None), col(GoToken.expires_at) > now)


def _hash(secret: str) -> str:
    return lookup_hash(f"go:{secret}")
