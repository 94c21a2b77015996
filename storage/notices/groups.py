"""Choices of recipients that staff keep under a name, such as 郑州盲人, to choose by again; each region has its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.notices.tables import NoticeGroup
from storage.tables import Staff


def groups_of(session: Session, region: str) -> Sequence[NoticeGroup]:
    """Give the groups of a region, by name."""
    return session.exec(
        select(NoticeGroup).where(NoticeGroup.region == region).order_by(col(NoticeGroup.name))
    ).all()


def find_group(session: Session, region: str, number: int) -> NoticeGroup | None:
    """Give one of the region's own groups; None for another's, and for one that is gone."""
    found = session.get(NoticeGroup, number)
    return found if found is not None and found.region == region else None


def keep_group(
    session: Session, member: Staff, name: str, audience: Mapping[str, Any], now: datetime
) -> NoticeGroup:
    """Keep a choice under a name; a choice that had the name is replaced.

    Args:
        session: a writing session.
        member: who keeps it, for colleagues of the same region too.
        name: what it is called.
        audience: the choice, as `audience.Choice.kept` gives it.
        now: the moment.

    """
    same = select(NoticeGroup).where(NoticeGroup.region == member.region, NoticeGroup.name == name)
    group = session.exec(same).first() or NoticeGroup(region=member.region, name=name, at=now)
    group.audience, group.at = dict(audience), now
    session.add(group)
    session.flush()
    return group
