"""What may be told of answers without telling what fewer than five people said.

Everything told is a sum of *blocks*, which are never taken apart. A block holds the answers of at least five
people: those of a class (of one month of it, where that has five); what is too little there is put together
with the rest of the same project, else of the same organiser, else of all, and counts only where the whole block
belongs. So a total minus whatever is shown beside it leaves whole blocks, never the answers of fewer than five.

To who may know no names (an evaluator, and the pack that leaves the house) no single number is below five: there
answers are told apart only in blocks that have, of each answer, none or at least five. Blocks that have not are
put together with their neighbours in the same way (`apart`); a share over them is told as far as it is known when
every number from one to four is hidden (`shares`).

How many were asked, and which class somebody is in, is no answer; who works with names sees both anyway.
Statisticians call the blocks micro-aggregation, and the five a threshold rule.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

FEWEST = 5
"""Answers of fewer people than this are told to nobody as a number."""

Level = Literal["all", "organiser", "project", "region", "class", "month"]


class Place(NamedTuple):
    """Where answers belong: a class, its project, who teaches it, and the area whose office ordered it."""

    intake: int
    project: str
    organiser: str
    region: str


class Unit(NamedTuple):
    """The answers of one class in one month: how many people, and whatever is added up beside it."""

    place: Place
    month: str
    n: int
    sums: tuple[int, ...] = ()


class Block(NamedTuple):
    """Answers of five people or more; a level it does not belong to as a whole is None."""

    n: int
    sums: tuple[int, ...]
    month: str
    intake: int | None = None
    project: str | None = None
    organiser: str | None = None
    region: str | None = None

    def at(self, level: Level) -> Hashable:
        """Give where it belongs on one level; None for nowhere."""
        place: Hashable = "" if level == "all" else getattr(self, "intake" if level == "class" else level)
        return place


class Told(NamedTuple):
    """What may be told of some answers: how many there are, and what was added up."""

    n: int
    sums: tuple[int, ...]


def blocks(units: Iterable[Unit]) -> list[Block]:
    """Put answers together so that each block holds those of five people or more; what never reaches five is left out."""
    by_class: defaultdict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.n:
            by_class[unit.place.intake].append(unit)
    made: list[Block] = []
    rest: list[Unit] = []
    for of_class in by_class.values():
        if sum([unit.n for unit in of_class]) < FEWEST:
            rest += of_class
        elif len(of_class) == 1:  # most of some thousand classes
            place, month, n, sums = of_class[0]
            made.append(Block(n, sums, month, *place))
        else:
            made += [_block(part, *of_class[0].place) for part in _months(of_class)]
    rest = _pool(rest, lambda it: (it.project, it.organiser, it.region), made)
    rest = _pool(rest, lambda it: (None, it.organiser, it.region), made)
    _pool(rest, lambda _: (None, None, None), made)
    return made


AREAS = (
    ("intake", "project", "organiser", "region"),
    ("project", "organiser", "region"),
    ("organiser", "region"),
    (),
)
"""What blocks that are put together have in common, the smallest area first."""


def apart(made: Iterable[Block]) -> list[Block]:
    """Put blocks together until every sum in each is none or at least five; what never gets there is left out."""
    whole: list[Block] = []
    rest: list[Block] = []
    for block in made:
        (whole if _is_fit(block) else rest).append(block)
    for area in AREAS:
        found: defaultdict[tuple[object, ...], list[Block]] = defaultdict(list)
        for block in rest:
            found[tuple([getattr(block, name) for name in area])].append(block)
        rest = []
        for place, mine in found.items():
            if len(mine) == 1:
                rest += mine
                continue
            merged = _merged(mine, dict(zip(area, place, strict=True)))
            if None not in place and _is_fit(merged):
                whole.append(merged)
            else:
                rest += mine
    return whole


def told(made: Iterable[Block], level: Level, key: Hashable = "") -> Told | None:
    """Add up the blocks that belong to a place as a whole; None where there is none."""
    mine = [block for block in made if block.at(level) == key]
    return _added(mine) if mine else None


def told_by(made: Iterable[Block], level: Level) -> dict[Hashable, Told]:
    """The same for every place of a level."""
    found: defaultdict[Hashable, list[Block]] = defaultdict(list)
    for block in made:
        if (key := block.at(level)) is not None:
            found[key].append(block)
    return {key: _added(mine) for key, mine in found.items()}


def standing_beside(counts: Mapping[str, int], most: int, least: int = FEWEST) -> frozenset[str]:
    """Give which questions may be told beside each other, and beside the one that most answered.

    Where 10 say whether they work, and 6 why they do not, 4 work: of two numbers that differ by one to four the
    larger is told. Statisticians call it secondary suppression (Handbook on Statistical Disclosure Control, ESSnet
    2010, chapters 4 and 5). It has to be worked out over all questions, also where one is looked at at a time.

    Args:
        counts: how many answered each question.
        most: how many answered the one that most did.
        least: by how many two numbers have to differ, or by none: more where up to four answers of each may be
            among those that are not told.

    """
    kept: dict[str, int] = {}
    for name, n in sorted(counts.items(), key=lambda each: -each[1]):
        if all(other == n or other - n >= least for other in (most, *kept.values())):
            kept[name] = n
    return frozenset(kept)


@dataclass(frozen=True, slots=True)
class Share:
    """A share in hundredths: at least the one, at most the other; both the same where it is known."""

    least: int
    most: int


def shares(made: Iterable[Block], level: Level, *, exactly: bool) -> dict[Hashable, Share]:
    """Give, for every place of a level, the share that the first of two sums has in both.

    Unless it may be told exactly, numbers from one to four are hidden: what they could be is between two shares.
    """
    known = made if exactly else [Block(block.n, _limits(*block.sums), *block[2:]) for block in made]
    found: dict[Hashable, Share] = {}
    for key, each in told_by(known, level).items():
        low, high = (each.sums[0], each.sums[0]) if exactly else each.sums
        if low == high:
            found[key] = Share(round(100 * low / each.n), round(100 * low / each.n))
        else:
            found[key] = Share(100 * low // each.n, -(-100 * high // each.n))
    return found


def _limits(part: int, rest: int) -> tuple[int, int]:
    """Give what the part could be at least and at most, where a number from one to four is hidden."""
    few, few_others = 0 < part < FEWEST, 0 < rest < FEWEST
    whole = part + rest
    if few and few_others:
        return 0, whole
    if few:
        return 0, FEWEST - 1
    return (whole - FEWEST + 1, whole) if few_others else (part, part)


def _is_fit(block: Block) -> bool:
    return all(number == 0 or number >= FEWEST for number in block.sums)


def _merged(mine: Sequence[Block], place: dict[str, object]) -> Block:
    sums = tuple([sum(column) for column in zip(*(block.sums for block in mine), strict=True)])
    return Block(sum([block.n for block in mine]), sums, _month(mine), **place)  # type: ignore[arg-type]  # by name


def _months(units: Sequence[Unit]) -> list[list[Unit]]:
    """Cut the answers of a class into months of five and more: a month with fewer goes with the next one."""
    parts: list[list[Unit]] = [[]]
    for unit in sorted(units, key=lambda each: each.month):
        if sum([each.n for each in parts[-1]]) >= FEWEST:
            parts.append([])
        parts[-1].append(unit)
    if len(parts) > 1 and sum([each.n for each in parts[-1]]) < FEWEST:
        last = parts.pop()
        parts[-1] += last
    return parts


def _pool(
    units: Iterable[Unit],
    where: Callable[[Place], tuple[str | None, str | None, str | None]],
    made: list[Block],
) -> list[Unit]:
    """Put together what belongs to the same place; give what is still too little."""
    found: defaultdict[tuple[str | None, str | None, str | None], list[Unit]] = defaultdict(list)
    for unit in units:
        found[where(unit.place)].append(unit)
    rest: list[Unit] = []
    for (project, organiser, region), pooled in found.items():
        if sum([unit.n for unit in pooled]) < FEWEST:
            rest += pooled
        else:
            made.append(_block(pooled, None, project, organiser, region))
    return rest


def _block(
    units: Sequence[Unit],
    intake: int | None,
    project: str | None,
    organiser: str | None,
    region: str | None,
) -> Block:
    if len(units) == 1:
        return Block(units[0].n, units[0].sums, units[0].month, intake, project, organiser, region)
    sums = tuple([sum(column) for column in zip(*(unit.sums for unit in units), strict=True)])
    return Block(sum([unit.n for unit in units]), sums, _month(units), intake, project, organiser, region)


def _month(parts: Sequence[Unit] | Sequence[Block]) -> str:
    """The month most of these answers came in."""
    months: defaultdict[str, int] = defaultdict(int)
    for part in parts:
        months[part.month] += part.n
    return max(sorted(months), key=lambda each: months[each])


def _added(mine: Sequence[Block]) -> Told:
    if len(mine) == 1:
        return Told(mine[0].n, mine[0].sums)
    sums = tuple([sum(column) for column in zip(*[block.sums for block in mine], strict=True)])
    return Told(sum([block.n for block in mine]), sums)
