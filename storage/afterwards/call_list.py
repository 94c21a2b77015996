"""Whom staff phone for a call-back: on which numbers, whether in writing, when again, and which are asked once more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlmodel import Session, col, func, select

from storage.afterwards.callbacks import keep, whose
from storage.among import among
from storage.applications.enrolment import applications_of
from storage.rules.calendar import next_allowed
from storage.rules.dispositions import follow
from storage.tables import CallbackKind, Disposition, Person, Recheck
from storage.tickets.tables import Callback, CallTry

IN_WRITING = frozenset({"text_contact"})
"""Supports (codes.csv, service) of who is not to be phoned."""

DEAF, SPEECH = "2", "3"
"""The category digit of a certificate (GB/T 26341): hearing, speech."""

CATEGORY_AT, CERTIFICATE = 18, 20
"""Where that digit stands, and how long a number has to be to have it."""

SHARE = 5
"""One call-back in so many is asked once more."""


def prefers_text(person: Person) -> bool:
    """Say whether somebody is to be reached in writing: said so, or neither hears nor speaks."""
    known: Mapping[str, Any] = person.profile
    asked = {code for name, codes in known.items() if name.startswith("need_") for code in _several(codes)}
    if asked & IN_WRITING:
        return True
    certificate = person.cert_no or ""
    category = certificate[CATEGORY_AT] if len(certificate) >= CERTIFICATE else ""
    return category in (DEAF, SPEECH) or known.get("contact_pref") == "sms"


def _several(codes: object) -> Sequence[str]:
    return [str(each) for each in codes] if isinstance(codes, list) else [str(codes)]


@dataclass(frozen=True, slots=True)
class Number:
    """One telephone number: whose it is, and whether that is the person themselves."""

    whose: str
    phone: str
    own: bool


def numbers_of(session: Session, person: Person) -> Sequence[Number]:
    """Give the numbers at which somebody may be reached: their own, then whom they named for emergencies."""
    found = [Number("本人", person.phone, own=True)] if person.phone else []
    known: list[Mapping[str, Any]] = [each.answers for each in applications_of(session, [person.id])]
    for answers in (person.profile, *reversed(known)):
        phone, name = answers.get("emergency_phone"), answers.get("emergency_name")
        if phone and isinstance(phone, str) and phone not in {each.phone for each in found}:
            found.append(Number(f"联系人 {name}" if name else "联系人", phone, own=False))
    return found


def tries_of(session: Session, callback_id: int) -> Sequence[CallTry]:
    """Give every try to reach somebody for a call-back, the newest first."""
    wanted = select(CallTry).where(CallTry.callback_id == callback_id)
    return session.exec(wanted.order_by(col(CallTry.id).desc())).all()


def phone_due(listed: Sequence[Callback], now: datetime) -> Sequence[Callback]:
    """Give who of the call list is to be phoned now; the others wait for the hour that was planned or agreed."""
    return [each for each in listed if each.next_at <= now]


def ask_in_chat(session: Session, callback: Callback, now: datetime) -> None:
    """Ask somebody in the chat once more instead of phoning them, as soon as it is day."""
    callback.state = follow(callback.state, Disposition.LATER)
    callback.next_at = next_allowed(now, now.tzinfo or UTC)
    keep(session, callback)


@dataclass(frozen=True, slots=True)
class Draw:
    """Which call-backs are asked once more, drawn so that anybody can draw the same ones again.

    Args:
        seed: what the draw began with.
        population: the numbers it was drawn from, in order.
        drawn: those that were drawn, in order.

    """

    seed: int
    population: tuple[int, ...]
    drawn: tuple[int, ...]

    @property
    def recipe(self) -> str:
        """How to draw the same ones again, in Python."""
        return f"sorted(random.Random({self.seed}).sample({list(self.population)}, {len(self.drawn)}))"


def draw(seed: int, population: Collection[int]) -> Draw:
    """Draw one in five, at least one: `sorted(random.Random(seed).sample(sorted(population), many))`."""
    among_them = sorted(population)
    many = -(-len(among_them) // SHARE)
    drawn = sorted(Random(seed).sample(among_them, many))  # noqa: S311 - to be drawn again by anybody
    return Draw(seed, tuple(among_them), tuple(drawn))


def completed(
    session: Session,
    intakes: Collection[int] | None,
    kinds: Collection[CallbackKind],
    since: datetime,
    until: datetime,
    *,
    fairs: Collection[str] = (),
) -> Sequence[int]:
    """Give the numbers of the call-backs answered to the end, of some classes and fairs (None for all), due in a time.

    The end of the time is not in it.
    """
    wanted = select(Callback.id).where(
        Callback.state == Disposition.COMPLETE,
        col(Callback.kind).in_(kinds),
        col(Callback.due_at) >= since,
        col(Callback.due_at) < until,
    )
    if intakes is not None:
        wanted = wanted.where(whose(intakes, fairs))
    return session.exec(wanted.order_by(col(Callback.id))).all()


def mark_drawn(session: Session, drawn: Draw) -> int:
    """Put those that were drawn on the list to be asked once more; say how many were not there or done already."""
    wanted = select(Callback).where(
        among(col(Callback.id), drawn.drawn), Callback.recheck == Recheck.NOT_DRAWN
    )
    found = session.exec(wanted).all()
    for each in found:
        each.recheck = Recheck.DRAWN
        session.add(each)
    session.flush()
    return len(found)


def to_check(
    session: Session, intakes: Collection[int] | None, fairs: Collection[str] = ()
) -> Sequence[Callback]:
    """Give the call-backs that were drawn, those first that nobody has asked again yet."""
    wanted = select(Callback).where(Callback.recheck != Recheck.NOT_DRAWN)
    if intakes is not None:
        wanted = wanted.where(whose(intakes, fairs))
    return session.exec(wanted.order_by(col(Callback.recheck) != Recheck.DRAWN, col(Callback.id))).all()


def count_unchecked(session: Session, intakes: Collection[int] | None, fairs: Collection[str] = ()) -> int:
    """Count the call-backs that were drawn and that nobody has asked again yet."""
    wanted = select(func.count()).where(Callback.recheck == Recheck.DRAWN)
    if intakes is not None:
        wanted = wanted.where(whose(intakes, fairs))
    return session.exec(wanted).one()
