"""What the dashboard of ratings tells: per class, organiser, project, region and month, as far as it may be told."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from sqlmodel import Session

from storage.afterwards import rating_report
from storage.afterwards.rating_report import ANSWERED, Ask
from storage.catalogue.snapshot import Snapshot
from storage.rules.few import Block, Level, Place, Share, Told, Unit, blocks, shares, told_by
from storage.rules.regions import office_area
from storage.tables import CallbackKind

T7, FOLLOW_UP, MONTHLY = "survey_t7", "followup_t30_t90", "monthly_check"

POINTS: Mapping[str, int] = {"s5": 5, "s4": 4, "s3": 3, "s2": 2, "s1": 1}
"""What an answer is worth; s0, 不想说, is worth nothing and counted apart."""

OVERALL = Ask(T7, "sat_overall", POINTS)
KEPT = Ask(T7, "support_delivered", {"all": 1, "part": 0, "none": 0})
WORKS_30 = Ask(FOLLOW_UP, "employed", {"yes": 1, "no": 0}, "t30")
WORKS_90 = replace(WORKS_30, wave="t90")

AFTER: Mapping[CallbackKind, timedelta] = {
    CallbackKind.T7: timedelta(days=7),
    CallbackKind.T30: timedelta(days=30),
    CallbackKind.T90: timedelta(days=90),
    CallbackKind.MONTHLY: timedelta(0),
}
"""How long after the end of a class it is asked: in which month a call-back counts."""

LOW = 3.5
"""Points below which a class is looked at."""

NOWHERE = "没有写是哪里办的"


@dataclass(frozen=True, slots=True)
class Mean:
    """Points on average, of how many answers."""

    points: float
    n: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the overview; what may not be told, or is not there, is None.

    Args:
        key: the class, the organiser, …
        asked: how many were asked a week after the class.
        rate: which share of them answered.
        own: points the trainees gave.
        family: points their families gave in their place.
        kept: the share of trainees with whom every promised support was kept.
        works_30: the share of trainees who work a month after.
        works_90: the same after three months.

    """

    key: Hashable
    asked: int | None = None
    rate: Share | None = None
    own: Mean | None = None
    family: Mean | None = None
    kept: Share | None = None
    works_30: Share | None = None
    works_90: Share | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose answers are looked at, and how closely.

    Args:
        session: a session to read with.
        catalogue: says where classes belong.
        intakes: which classes; None for all.
        strict: whether each single number has to be five or more: to who may know no names.

    """

    session: Session
    catalogue: Snapshot
    intakes: Collection[int] | None
    strict: bool

    @property
    def places(self) -> Mapping[int, Place]:
        return places_in(self.catalogue)


@lru_cache(maxsize=2)  # the catalogue as it is, and the one that a page still open was begun with
def places_in(catalogue: Snapshot) -> Mapping[int, Place]:
    """Give where every class belongs."""
    return {
        run.id: Place(
            run.id,
            card.project_id,
            card.organiser,
            "".join(office_area(card.commissioned_by, (run.province, run.city, run.district))) or NOWHERE,
        )
        for card, run in catalogue.courses()
    }


@lru_cache(maxsize=2 * len(AFTER))
def months_in(catalogue: Snapshot, kind: CallbackKind) -> Mapping[int, str]:
    """Give the month in which every class is asked."""
    return {run.id: f"{run.end_date + AFTER[kind]:%Y-%m}" for _, run in catalogue.courses()}


@dataclass(frozen=True, slots=True)
class Found:
    """What lines are made of, read once for all their levels: blocks of answers.

    Args:
        classes: those in which anybody was asked, or answered.
        asked: who answered, and who did not.
        own: points the trainees gave.
        family: points their families gave in their place.
        kept: who had every promised support kept, and who had not.
        works_30: who works a month after, and who does not.
        works_90: the same after three months.
        strict: as of their scope.

    """

    classes: frozenset[int]
    asked: Sequence[Block]
    own: Sequence[Block]
    family: Sequence[Block]
    kept: Sequence[Block]
    works_30: Sequence[Block]
    works_90: Sequence[Block]
    strict: bool


def find(scope: Scope) -> Found:
    """Read what lines are made of."""
    stands = asked_by(scope, CallbackKind.T7)
    overall = rating_report.sums_of(scope.session, OVERALL, scope.places, scope.intakes)
    answered = [two(unit, sum(unit.sums[:ANSWERED])) for unit in stands]
    return Found(
        frozenset(unit.place.intake for units in (stands, overall[False], overall[True]) for unit in units),
        blocks(answered),
        blocks(overall[False]),
        blocks(overall[True]),
        _parts(scope, KEPT),
        _parts(scope, WORKS_30),
        _parts(scope, WORKS_90),
        scope.strict,
    )


def lines_of(found: Found, level: Level) -> list[Line]:
    """Give the overview on one level, in the order of the keys."""
    asked, own, family = (told_by(each, level) for each in (found.asked, found.own, found.family))
    rates, kept, works_30, works_90 = (
        shares(each, level, exactly=not found.strict)
        for each in (found.asked, found.kept, found.works_30, found.works_90)
    )
    keys = {*asked, *own, *family, *kept, *works_30, *works_90}
    if level == "class":
        keys |= found.classes
    return [
        Line(
            key,
            asked[key].n if key in asked else None,
            rates.get(key),
            mean_of(own[key]) if key in own else None,
            mean_of(family[key]) if key in family else None,
            kept.get(key),
            works_30.get(key),
            works_90.get(key),
        )
        for key in sorted(keys, key=str)
    ]


def asked_by(scope: Scope, kind: CallbackKind) -> Sequence[Unit]:
    """Give how those who were asked stand, per class."""
    months = months_in(scope.catalogue, kind)
    return rating_report.asked(scope.session, kind, scope.places, months, scope.intakes)


def means_of(units: Sequence[Unit], level: Level) -> dict[Hashable, Mean]:
    """Give points on average, for every place of a level that has five answers."""
    return {key: mean_of(found) for key, found in told_by(blocks(units), level).items()}


def mean_of(found: Told) -> Mean:
    """Give points on average."""
    return Mean(round(found.sums[0] / found.n + 1e-9, 1), found.n)


def two(unit: Unit, part: int) -> Unit:
    """Give answers as a part and the rest, of which a share is told."""
    return Unit(unit.place, unit.month, unit.n, (part, unit.n - part))


def _parts(scope: Scope, ask: Ask) -> Sequence[Block]:
    units = rating_report.sums_of(scope.session, ask, scope.places, scope.intakes)[False]
    return blocks([two(unit, unit.sums[0]) for unit in units])
