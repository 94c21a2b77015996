"""Members of staff: who they are, how they get into the console, and when they are out of it again.

There are no passwords. A one-time link opens the console in one browser; the browser's own key, of which only
a hash is kept, keeps it open until nothing was pressed for twelve hours, or the member leaves. A chat is a
member's by a word of one use (`storage.staff.chats`).
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, delete, select, update

from storage.crypto import lookup_hash
from storage.finding import Finds
from storage.tables import Audit, Staff, StaffLink, StaffRole, StaffVisit

KEY_BYTES = 32
LINK_MINUTES = 15
"""How long a link into the console is good for."""

IDLE = timedelta(hours=12)
"""Without a press for so long, a browser is out."""

SEEN_AGAIN = timedelta(minutes=5)
"""How old `seen_at` may grow before it is written again, so that not every page writes."""

_STAFF = SQLModel.metadata.tables["staff"].columns
_OF_CONTACT: Finds[tuple[Staff]] = Finds(
    Staff,
    build=lambda wanted: wanted.where(
        _STAFF["contact_id"] == bindparam("contact_id"), _STAFF["revoked_at"].is_(None)
    ),
)


def add_staff(
    session: Session,
    name: str,
    role: StaffRole,
    now: datetime,
    *,
    region: str = "",
    projects: Sequence[str] = (),
    actor: str,
) -> Staff:
    """Add a member of staff, audited.

    Args:
        session: a writing session.
        name: as decisions name them.
        role: what they are there for.
        now: the moment.
        region: the place a clerk or evaluator is responsible for, such as 郑州市; "" for everywhere.
        projects: the projects a teacher teaches, such as P025.
        actor: who adds them, for the audit.

    """
    member = Staff(name=name, role=role, region=region, projects=list(projects), created_at=now)
    session.add(member)
    session.flush()
    note_act(session, actor, "staff_added", member.id, now, f"{role.value} {region}".strip())
    return member


def all_staff(session: Session) -> list[Staff]:
    """Give everybody who ever was staff and is still known, in the order they came."""
    return list(session.exec(select(Staff).order_by(col(Staff.id))).all())


def find_staff(session: Session, name: str) -> list[Staff]:
    """Give who is staff now under a name; names are sealed, and staff are few."""
    return [each for each in all_staff(session) if each.revoked_at is None and each.name == name]


def change_staff(
    session: Session,
    member: Staff,
    now: datetime,
    *,
    role: StaffRole,
    region: str,
    projects: Sequence[str] | None = None,
    actor: str,
) -> None:
    """Give a member of staff another role, place or projects; an open browser knows it at the next press."""
    member.role, member.region = role, region
    if projects is not None:
        member.projects = list(projects)
    session.add(member)
    note_act(session, actor, "staff_changed", member.id, now, f"{role.value} {region}".strip())


def revoke_staff(session: Session, member: Staff, now: datetime, *, actor: str) -> None:
    """End a member's access at once: open browsers are out, unused links open nothing."""
    member.revoked_at = now
    member.contact_id = None
    session.add(member)
    session.execute(delete(StaffVisit).where(col(StaffVisit.staff_id) == member.id))
    session.execute(delete(StaffLink).where(col(StaffLink.staff_id) == member.id))
    note_act(session, actor, "staff_revoked", member.id, now)


def make_link(session: Session, member: Staff, now: datetime) -> str:
    """Make the secret of a one-time link into the console; it is given out here and never again."""
    secret = secrets.token_urlsafe(KEY_BYTES)
    until = now + timedelta(minutes=LINK_MINUTES)
    session.add(StaffLink(token_hash=hash_of("link", secret), staff_id=member.id, expires_at=until))
    session.flush()
    return secret


def link_owner(session: Session, secret: str, now: datetime) -> Staff | None:
    """Say whom a link would let in; None when it is unknown, used or over. Looking does not use it."""
    return owner_of(session, hash_of("link", secret), now)


def come_in(session: Session, secret: str, now: datetime) -> str | None:
    """Use a link up and give the browser's key; of two at once, one gets None."""
    member = link_owner(session, secret, now)
    if member is None or not use_up(session, hash_of("link", secret), now):
        return None
    key = secrets.token_urlsafe(KEY_BYTES)
    session.add(StaffVisit(key_hash=hash_of("visit", key), staff_id=member.id, began_at=now, seen_at=now))
    note_act(session, f"staff:{member.id}", "came_in", member.id, now)
    return key


def who_is_in(session: Session, key: str, now: datetime) -> tuple[Staff, StaffVisit] | None:
    """Give who sits at a browser with this key, with the role they have now; None when nobody may."""
    wanted = (
        select(Staff, StaffVisit)
        .join(StaffVisit, col(StaffVisit.staff_id) == col(Staff.id))
        .where(StaffVisit.key_hash == hash_of("visit", key), StaffVisit.seen_at > now - IDLE)
        .where(col(Staff.revoked_at).is_(None))
    )
    return session.exec(wanted).one_or_none()


def is_stale(visit: StaffVisit, now: datetime) -> bool:
    """Whether it should be written down that the browser was used again."""
    return now - visit.seen_at > SEEN_AGAIN


def touch(session: Session, visit_id: int, now: datetime) -> None:
    """Write down that a browser was used."""
    session.execute(update(StaffVisit).where(col(StaffVisit.id) == visit_id).values(seen_at=now))


def go_out(session: Session, key: str) -> None:
    """Close the console in this browser."""
    session.execute(delete(StaffVisit).where(col(StaffVisit.key_hash) == hash_of("visit", key)))


def staff_of_contact(session: Session, contact_id: int) -> Staff | None:
    """Give who works through this chat, as long as they are staff."""
    found = _OF_CONTACT.first(session, contact_id=contact_id)
    return None if found is None else found[0]


def note_access(
    session: Session,
    member: Staff,
    action: str,
    kind: str,
    number: int | None,
    now: datetime,
    detail: str = "",
) -> None:
    """Keep that a member of staff looked at, exported or was refused something."""
    session.add(
        Audit(
            at=now,
            actor=f"staff:{member.id}",
            action=action,
            subject_kind=kind,
            subject_id=number,
            detail=detail,
        )
    )


def note_act(session: Session, actor: str, action: str, number: int, now: datetime, detail: str = "") -> None:
    """Keep what was done about a member of staff."""
    session.add(
        Audit(at=now, actor=actor, action=action, subject_kind="staff", subject_id=number, detail=detail)
    )
    session.flush()


def owner_of(session: Session, token_hash: str, now: datetime) -> Staff | None:
    """Say whose secret it is, by its hash; None when it is unknown, used or over."""
    wanted = (
        select(Staff)
        .join(StaffLink, col(StaffLink.staff_id) == col(Staff.id))
        .where(StaffLink.token_hash == token_hash, col(StaffLink.used_at).is_(None))
        .where(StaffLink.expires_at > now, col(Staff.revoked_at).is_(None))
    )
    return session.exec(wanted).one_or_none()


def use_up(session: Session, token_hash: str, now: datetime) -> bool:
    """Use a secret up. Say whether it was still unused."""
    unused = update(StaffLink).where(
        col(StaffLink.token_hash) == token_hash, col(StaffLink.used_at).is_(None)
    )
    return bool(session.connection().execute(unused.values(used_at=now)).rowcount == 1)


def hash_of(kind: str, secret: str) -> str:
    """Give what a secret of one kind is kept as."""
    return lookup_hash(f"staff {kind}:{secret}")
