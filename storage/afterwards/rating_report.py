"""Adds up counted answers for the dashboard: per class and month in the database, the rest by the rule of `few`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, false, literal, or_, type_coerce, union_all
from sqlalchemy import select as pick
from sqlmodel import Session, SQLModel, func

from storage.afterwards.ratings import ANYTHING
from storage.among import among
from storage.classes.tables import Tally
from storage.rules.few import FEWEST, Place, Unit
from storage.tables import CallbackKind, Disposition
from storage.tickets.tables import Callback

TALLY, CALLBACK = (SQLModel.metadata.tables[str(kind.__tablename__)].c for kind in (Tally, Callback))

OPEN = frozenset({Disposition.ASKED, Disposition.LATER, Disposition.TO_CALL})
"""Asked, and not answered yet."""

STEPS: Sequence[tuple[str, frozenset[Disposition]]] = (
    ("complete", frozenset({Disposition.COMPLETE})),
    ("partial", frozenset({Disposition.PARTIAL})),
    ("refused", frozenset({Disposition.REFUSED})),
    ("unreached", frozenset({Disposition.UNREACHED})),
    ("open", OPEN),
)
"""How those who were asked stand, in the order of the sums of `asked`; who is not asked yet, or not any more, is left out."""

ANSWERED = 2
"""How many of the steps, from the first, are an answer."""

Sides = Mapping[bool, Sequence[Unit]]
"""Answers by who gave them: the person's own under False, those of the family in their place under True."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question whose answers are added up.

    Args:
        form: its form.
        item: its name.
        weights: each answer that says something, and what it is worth: its points, or 1 for the answer whose share
            is told and 0 for the others.
        wave: which call-back, where the form is asked more than once.

    """

    form: str
    item: str
    weights: Mapping[str, int] = field(default_factory=dict)
    wave: str = ""


def sums_of(
    session: Session, ask: Ask, places: Mapping[int, Place], intakes: Collection[int] | None
) -> Sides:
    """Give, per class and month, how many answered a question, and the sum of what their answers are worth."""
    wanted = (
        pick(TALLY.intake_id, TALLY.by_family, TALLY.month, func.sum(TALLY["count"]), _worth(ask.weights))
        .where(*_of(ask.form, ask.wave), TALLY.item == ask.item, TALLY.value.in_(ask.weights))
        .group_by(TALLY.intake_id, TALLY.by_family, TALLY.month)
    )
    mine = _mine(places, intakes)
    found: dict[bool, list[Unit]] = {False: [], True: []}
    for intake, by_family, month, count, worth in session.execute(_within(wanted, intakes, places)).all():
        if (place := mine.get(intake)) is not None:
            found[bool(by_family)].append(Unit(place, month, count, (worth,)))
    return found


def spread_of(
    session: Session,
    form: str,
    wave: str,
    items: Mapping[str, Sequence[str]],
    places: Mapping[int, Place],
    intakes: Collection[int] | None,
) -> Mapping[str, Sides]:
    """Give, per class, how often each answer to some questions was given.

    Args:
        session: a session to read with.
        form: which form.
        wave: which call-back, where it is asked more than once.
        items: each question with its answers, in the order of the sums; an answer nobody listed is not added up.
        places: where classes belong.
        intakes: which classes; None for all.

    Returns:
        for each question; `n` is how many people answered it, also where each may give several answers.

    """
    columns = list(dict.fromkeys(value for values in items.values() for value in values))
    tally = func.sum(TALLY["count"])
    wanted = (
        pick(
            TALLY.item,
            TALLY.intake_id,
            TALLY.by_family,
            *(tally.filter(TALLY.value == value) for value in columns),
        )
        .where(*_of(form, wave), TALLY.item.in_(items))
        .group_by(TALLY.item, TALLY.intake_id, TALLY.by_family)
    )
    at = {name: [columns.index(value) for value in values] for name, values in items.items()}
    mine = _mine(places, intakes)
    found: dict[str, dict[bool, list[Unit]]] = {name: {False: [], True: []} for name in items}
    for item, intake, by_family, *counts in session.execute(_within(wanted, intakes, places)).all():
        if (place := mine.get(intake)) is not None:
            sums = tuple([counts[column] or 0 for column in at[item]])
            people = sums[items[item].index(ANYTHING)] if ANYTHING in items[item] else sum(sums)
            found[item][bool(by_family)].append(Unit(place, "", people, sums))
    return found


def answered(
    session: Session,
    form: str,
    wave: str,
    items: Mapping[str, Sequence[str]],
    places: Mapping[int, Place],
    intakes: Collection[int] | None,
) -> Mapping[str, Sides]:
    """Give, per class, how many answered each question; otherwise as `spread_of`, with nothing told apart."""
    said = or_(
        false(), *(and_(TALLY.item == name, TALLY.value.in_(values)) for name, values in items.items())
    )
    wanted = (
        pick(TALLY.item, TALLY.intake_id, TALLY.by_family, func.sum(TALLY["count"]))
        .where(*_of(form, wave), said)
        .group_by(TALLY.item, TALLY.intake_id, TALLY.by_family)
    )
    mine = _mine(places, intakes)
    found: dict[str, dict[bool, list[Unit]]] = {name: {False: [], True: []} for name in items}
    for item, intake, by_family, people in session.execute(_within(wanted, intakes, places)).all():
        if (place := mine.get(intake)) is not None:
            found[item][bool(by_family)].append(Unit(place, "", people))
    return found


def totals(
    session: Session,
    form: str,
    wave: str,
    items: Mapping[str, Sequence[str]],
    intakes: Collection[int] | None,
) -> Mapping[bool, Mapping[str, int]]:
    """Give how many answered each question in all classes together, by side; cheaper than `answered`."""
    found: dict[bool, dict[str, int]] = {False: {}, True: {}}
    if not items:
        return found
    number = func.sum(TALLY["count"])
    own, familys = number.filter(TALLY.by_family.is_(False)), number.filter(TALLY.by_family.is_(True))

    mine = () if intakes is None else (among(TALLY.intake_id, intakes),)  # type: ignore[arg-type]  # a plain column

    def one(name: str, values: Sequence[str]) -> Select[str, Any, Any]:
        said = (TALLY.item == name, TALLY.value.in_(values), *mine)
        return pick(literal(name), own, familys).where(*_of(form, wave), *said)

    # One after the other in one statement: each is a walk along the index, with nothing to be sorted.
    for name, *sides in session.execute(union_all(*(one(*each) for each in items.items()))).all():
        for by_family, people in zip((False, True), sides, strict=True):
            if people:
                found[by_family][name] = people
    return found


def asked(
    session: Session,
    kind: CallbackKind,
    places: Mapping[int, Place],
    months: Mapping[int, str],
    intakes: Collection[int] | None,
) -> Sequence[Unit]:
    """Give, per class, how many were asked, and how they stand: one sum for each of STEPS.

    `months` says in which month the call-back of a class falls.
    """
    state = type_coerce(CALLBACK.state, String)  # as it is written: thousands of rows are read
    wanted = (
        pick(CALLBACK.intake_id, state, func.count())
        .where(CALLBACK.kind == kind, CALLBACK.intake_id.is_not(None))
        .group_by(CALLBACK.intake_id, CALLBACK.state)
    )
    where = {each.value: place for place, (_, states) in enumerate(STEPS) for each in states}
    counted: defaultdict[int, list[int]] = defaultdict(lambda: [0] * len(STEPS))
    for intake, stands, number in session.execute(_within(wanted, intakes, places, CALLBACK.intake_id)).all():
        if stands in where:
            counted[intake][where[stands]] += number
    mine = _mine(places, intakes)
    return [
        Unit(mine[intake], months.get(intake, ""), sum(sums), tuple(sums))
        for intake, sums in counted.items()
        if intake in mine
    ]


def low_classes(session: Session, ask: Ask, below: float, since: str, intakes: Collection[int] | None) -> int:
    """Count the classes whose own people gave less than so many points on average, since a month.

    Those with fewer than five answers are not counted.
    """
    number = func.sum(TALLY["count"])
    of_class = (
        pick(TALLY.intake_id)
        .where(*_of(ask.form, ask.wave), TALLY.item == ask.item, TALLY.by_family.is_(False))
        .where(TALLY.value.in_(ask.weights), TALLY.month >= since)
        .group_by(TALLY.intake_id)
        .having(number >= FEWEST, _worth(ask.weights) < below * number)
    )
    low = _within(of_class, intakes, ()).subquery()
    return int(session.execute(pick(func.count()).select_from(low)).scalar_one())


def _of(form: str, wave: str) -> tuple[ColumnElement[bool], ...]:
    return (TALLY.form == form, TALLY.wave == wave)


def _worth(weights: Mapping[str, int]) -> ColumnElement[int]:
    """The sum of what answers are worth."""
    worth = {value: literal(points) for value, points in weights.items() if points}
    if not worth:
        return func.sum(literal(0))
    return func.sum(TALLY["count"] * case(worth, value=TALLY.value, else_=0))


def _within(
    wanted: Select[Any],
    intakes: Collection[int] | None,
    places: Collection[int],
    column: ColumnElement[int] = TALLY.intake_id,
) -> Select[Any]:
    """Ask only for some classes; where they are most of all there are, the few others are passed over afterwards."""
    if intakes is None or 2 * len(intakes) > len(places) > 0:
        return wanted
    return wanted.where(among(column, intakes))  # type: ignore[arg-type]  # a plain column


def _mine(places: Mapping[int, Place], intakes: Collection[int] | None) -> Mapping[int, Place]:
    """Where those classes belong that are wanted."""
    return places if intakes is None else {each: places[each] for each in intakes if each in places}
