"""The list of names of a class: who is in it, what they need, how often they came, how they finished."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from storage.catalogue import codes
from storage.classes.in_class import IN
from storage.classes.tables import Attendance, Result
from storage.tables import Application, Need, NeedAnswer, Person

BATCH = 500
"""People read at once: a list of ten thousand takes no more memory than one of five hundred."""

SHOWN = 4
"""Characters at the end of a masked number that still show, to compare it with a paper."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the list; numbers are "" for who may not see them, masked or whole."""

    number: str
    name: str
    certificate: str
    phone: str
    supports: str
    came: int
    passed: bool | None
    certificate_no: str


def masked(number: str) -> str:
    """Hide a number but for its end."""
    return f"••••{number[-SHOWN:]}" if len(number) > 2 * SHOWN else "••••" if number else ""


def entries(
    session: Session,
    intake_id: int,
    *,
    numbers: bool,
    whole: bool,
    functions: Collection[str] | None = None,
) -> Iterator[Entry]:
    """Give everybody in a class, in the order they applied, a batch at a time.

    Args:
        session: a session to read with, kept open until the last one.
        intake_id: which class.
        numbers: whether certificate numbers and phones are given at all.
        whole: whether they are given whole; masked otherwise.
        functions: the functions of the needs that are given (codes.csv); None for all.

    """
    after = 0
    while batch := _batch(session, intake_id, after, numbers=numbers):
        after = batch[-1][0]
        chosen = [filed for filed, *_ in batch]
        supports, came = _supports(session, chosen, functions), _came(session, chosen)
        for filed, number, name, certificate, phone, passed, certificate_no in batch:
            yield Entry(
                number,
                name or "",
                (certificate or "") if whole else masked(certificate or ""),
                (phone or "") if whole else masked(phone or ""),
                "、".join(supports[filed]),
                came.get(filed, 0),
                passed,
                certificate_no or "",
            )


Row = tuple[int, str, str | None, str | None, str | None, bool | None, str | None]


def _batch(session: Session, intake_id: int, after: int, *, numbers: bool) -> list[Row]:
    """Give the next people; what is not given is not unsealed either."""
    private = (col(Person.cert_no), col(Person.phone), col(Result.certificate_no)) if numbers else ()
    wanted = (
        select(col(Application.id), col(Application.number), col(Person.name), col(Result.passed))
        .add_columns(*private)
        .join(Person, col(Person.id) == col(Application.person_id))
        .outerjoin(Result, col(Result.application_id) == col(Application.id))
        .where(col(Application.intake_id) == intake_id, col(Application.id) > after)
        .where(col(Application.state).in_(IN))
        .order_by(col(Application.id))
        .limit(BATCH)
    )
    return [
        (
            filed,
            number,
            name,
            *((more[0], more[1]) if more else (None, None)),
            passed,
            more[2] if more else None,
        )
        for filed, number, name, passed, *more in session.execute(wanted).all()
    ]


def _supports(
    session: Session, chosen: Collection[int], functions: Collection[str] | None
) -> defaultdict[int, list[str]]:
    known = {code.code: code for code in codes.services()}
    wanted = select(Need.application_id, Need.code).where(
        col(Need.application_id).in_(chosen), Need.answer != NeedAnswer.CANNOT
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for filed, code in session.exec(wanted.order_by(col(Need.id))).all():
        if functions is None or code == "other" or (code in known and known[code].function in functions):
            found[filed].append(codes.label("service", code))
    return found


def _came(session: Session, chosen: Collection[int]) -> dict[int, int]:
    wanted = select(Attendance.application_id, func.count()).where(
        col(Attendance.application_id).in_(chosen), col(Attendance.came).is_(True)
    )
    return dict(session.exec(wanted.group_by(col(Attendance.application_id))).all())
