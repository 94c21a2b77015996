"""Lists of applications for staff: by place, state and who it is, in the order they are looked at."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from storage.crypto import lookup_hash
from storage.people import ID_PART, name_hash
from storage.tables import Application, ApplicationState, Need, NeedAnswer, Person

A_PAGE = 50

NUMBER = re.compile(r"^\d{4}-\d{4,}$")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list."""

    application: Application
    person: Person
    open_needs: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, and how long the whole list is."""

    lines: Sequence[Listed]
    total: int


def find_applications(
    session: Session,
    *,
    intakes: Collection[int] | None,
    states: Collection[ApplicationState] = (),
    needs_open: bool = False,
    words: str = "",
    page: int = 1,
) -> Found:
    """Find applications: the highest priority first, then who waits longest.

    Args:
        session: a session to read with.
        intakes: whose they may be; None for all.
        states: which states; all when empty.
        needs_open: only those in which a need has no answer yet, and that are not over.
        words: a whole name, a telephone number, a certificate number or an application's number.
        page: which page of 50, counted from 1.

    """
    where = [*_among(intakes), *([col(Application.state).in_(states)] if states else [])]
    if needs_open:
        where += _NEEDS_OPEN
    if words:
        where.append(_is_about(words))
    total = session.exec(select(func.count()).select_from(Application).join(Person).where(*where)).one()
    order = (col(Application.priority).desc(), col(Application.submitted_at), col(Application.id))
    wanted = select(Application, Person).join(Person).where(*where).order_by(*order)
    found = session.exec(wanted.offset((page - 1) * A_PAGE).limit(A_PAGE)).all()
    waiting = open_needs(session, [application.id for application, _ in found])
    return Found([Listed(each, person, waiting.get(each.id, 0)) for each, person in found], total)


def open_needs(session: Session, application_ids: Collection[int]) -> dict[int, int]:
    """Count the needs without an answer, by application."""
    wanted = select(Need.application_id, func.count()).where(
        col(Need.application_id).in_(application_ids), Need.answer == NeedAnswer.OPEN
    )
    return dict(session.exec(wanted.group_by(col(Need.application_id))).all())


def count_states(session: Session, intakes: Collection[int] | None) -> dict[ApplicationState, int]:
    """Count applications by state."""
    wanted = select(Application.state, func.count()).where(*_among(intakes))
    found = session.exec(wanted.group_by(col(Application.state))).all()
    return {ApplicationState(state): count for state, count in found}


def count_open_needs(session: Session, intakes: Collection[int] | None) -> int:
    """Count the applications that have a need without an answer, and are not over."""
    wanted = select(func.count()).select_from(Application).where(*_among(intakes), *_NEEDS_OPEN)
    return int(session.exec(wanted).one())


_NEEDS_OPEN = (
    col(Application.state).in_(
        (ApplicationState.SUBMITTED, ApplicationState.QUESTION, ApplicationState.ACCEPTED)
    ),
    select(Need.id).where(Need.application_id == Application.id, Need.answer == NeedAnswer.OPEN).exists(),
)


def _among(intakes: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if intakes is None else [col(Application.intake_id).in_(intakes)]


def _is_about(words: str) -> ColumnElement[bool]:
    """Whose name, telephone, certificate or application it is; sealed ones are found by their keyed hash."""
    said = "".join(words.split())
    if NUMBER.match(said):
        return col(Application.number) == said
    about: list[Any] = [
        col(Person.name_hash) == name_hash(said),
        col(Person.phone_hash) == _hash("phone", said),
    ]
    if len(said) >= ID_PART:
        about.append(col(Person.cert_hash) == _hash("cert", said[:ID_PART].upper()))
    return and_(or_(*about))


def _hash(kind: str, value: str) -> str:
    return lookup_hash(f"{kind}:{value}")
