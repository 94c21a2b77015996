"""Lists of applications for staff: by place, state and who it is, in the order they are looked at."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, literal
from sqlalchemy import select as pick
from sqlmodel import Session, col, func, or_, select

from storage.among import among
from storage.crypto import lookup_hash
from storage.people import ID_PART, name_hash
from storage.tables import Application, ApplicationState, Person

A_PAGE = 50

BATCH = 500
"""Applications read at once for a list that is taken away."""

MOST_PEOPLE = 200
"""People of one name whose applications are shown."""

NUMBER = re.compile(r"^\d{4}-\d{4,}$")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list."""

    application: Application
    person: Person


@dataclass(frozen=True, slots=True)
class Entry:
    """One application of a list that is taken away, with what is sealed of its person."""

    number: str
    intake_id: int
    state: ApplicationState
    rank: int
    open_needs: int
    submitted_at: datetime | None
    name: str | None
    certificate: str | None
    phone: str | None


_ORDER = (col(Application.rank), col(Application.submitted_at), col(Application.id))
"""The highest priority first, then who waits longest."""


def find_applications(
    session: Session,
    *,
    intakes: Collection[int] | None,
    states: Collection[ApplicationState] = (),
    needs_open: bool = False,
    words: str = "",
    page: int = 1,
) -> list[Listed]:
    """Find one page of applications: the highest priority first, then who waits longest.

    Args:
        session: a session to read with.
        intakes: whose they may be; None for all.
        states: which states; all when empty.
        needs_open: only those in which a need has no answer yet, and that are not over.
        words: a whole name, a telephone number, a certificate number or an application's number.
        page: which page of 50, counted from 1.

    """
    where = _chosen(session, intakes, states, words, needs_open=needs_open)
    # The numbers first: they stand in an index in this order, and what is skipped is never read.
    chosen = select(Application.id).where(*where).order_by(*_ORDER).offset((page - 1) * A_PAGE).limit(A_PAGE)
    numbers = session.exec(chosen).all()
    found = session.exec(
        select(Application, Person).join(Person).where(col(Application.id).in_(numbers)).order_by(*_ORDER)
    ).all()
    return [Listed(application, person) for application, person in found]


def every_application(
    session: Session,
    *,
    intakes: Collection[int] | None,
    states: Collection[ApplicationState] = (),
    needs_open: bool = False,
    words: str = "",
) -> Iterator[Entry]:
    """Give all that `find_applications` gives page by page, a batch at a time, so that memory stays flat."""
    where = _chosen(session, intakes, states, words, needs_open=needs_open)
    numbers = session.exec(select(Application.id).where(*where).order_by(*_ORDER)).all()
    for start in range(0, len(numbers), BATCH):
        wanted = pick(
            col(Application.number),
            col(Application.intake_id),
            col(Application.state),
            col(Application.rank),
            col(Application.open_needs),
            col(Application.submitted_at),
            col(Person.name),
            col(Person.cert_no),
            col(Person.phone),
        ).join(Person, col(Person.id) == col(Application.person_id))
        some = wanted.where(col(Application.id).in_(numbers[start : start + BATCH])).order_by(*_ORDER)
        for row in session.execute(some).all():
            yield Entry(*row)


def _chosen(
    session: Session,
    intakes: Collection[int] | None,
    states: Collection[ApplicationState],
    words: str,
    *,
    needs_open: bool,
) -> list[ColumnElement[bool]]:
    where = [*_among(intakes), *([col(Application.state).in_(states)] if states else [])]
    if needs_open:
        where += _NEEDS_OPEN
    if words:
        where.append(_is_about(session, words))
    return where


def count_states(session: Session, intakes: Collection[int] | None) -> dict[ApplicationState, int]:
    """Count applications by state."""
    wanted = select(Application.state, func.count()).where(*_among(intakes))
    found = session.exec(wanted.group_by(col(Application.state))).all()
    return {ApplicationState(state): count for state, count in found}


def count_needing(session: Session, intakes: Collection[int] | None) -> int:
    """Count the applications that have a need without an answer, and are not over."""
    wanted = select(func.count()).select_from(Application).where(*_among(intakes), *_NEEDS_OPEN)
    return int(session.exec(wanted).one())


def count_needing_in(
    session: Session, intakes: Collection[int] | None, some: Collection[int]
) -> tuple[int, Mapping[int, int]]:
    """Count the same, and of how many in each of some intakes that have any, with one question."""
    whole = pick(literal(0), func.count()).where(*_among(intakes), *_NEEDS_OPEN)
    each = pick(col(Application.intake_id), func.count()).where(*_among(some), *_NEEDS_OPEN)
    rows = session.execute(whole.union_all(each.group_by(col(Application.intake_id)))).all()
    counts = {int(row[0]): int(row[1]) for row in rows}
    return counts.pop(0), counts


_NEEDS_OPEN = (
    col(Application.open_needs) > 0,
    col(Application.state).in_(
        (ApplicationState.SUBMITTED, ApplicationState.QUESTION, ApplicationState.ACCEPTED)
    ),
)


def _among(intakes: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if intakes is None else [among(col(Application.intake_id), intakes)]


def _is_about(session: Session, words: str) -> ColumnElement[bool]:
    """Whose name, telephone, certificate or application it is; sealed ones are found by their keyed hash."""
    said = "".join(words.split())
    if NUMBER.match(said):
        return col(Application.number) == said
    about = [col(Person.name_hash) == name_hash(said), col(Person.phone_hash) == lookup_hash(f"phone:{said}")]
    if len(said) >= ID_PART:
        about.append(col(Person.cert_hash) == lookup_hash(f"cert:{said[:ID_PART].upper()}"))
    people = session.exec(select(Person.id).where(or_(*about)).limit(MOST_PEOPLE)).all()
    return col(Application.person_id).in_(people)
