"""What the page of one class, organiser, project or region tells: every question with its answers, and the trend."""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.afterwards import rated
from bot.afterwards.called_back import TALK
from bot.afterwards.rated import Asked
from bot.console.rating_figures import (
    FOLLOW_UP,
    MONTHLY,
    OVERALL,
    T7,
    WORKS_30,
    WORKS_90,
    Mean,
    Scope,
    asked_by,
    mean_of,
    two,
)
from storage.afterwards import rating_report
from storage.afterwards.rating_report import ANSWERED, STEPS, Ask, Sides
from storage.afterwards.ratings import AGREE, ANYTHING, CONTRADICT, PAIR, WAVE
from storage.rules.few import (
    FEWEST,
    Level,
    Share,
    Told,
    Unit,
    apart,
    blocks,
    shares,
    standing_beside,
    told,
    told_by,
)
from storage.tables import CallbackKind

MOST_CLASSES = 200
"""Classes of which every question is added up at once; of more, one at a time."""

ABOUT_THE_CALL = frozenset({WAVE, TALK})
"""Questions that say which call-back it is, and whether it suits: nobody is rated by them."""

STEP_WORDS: Mapping[str, str] = {
    "complete": "答完了",
    "partial": "答了一部分",
    "refused": "不想答",
    "unreached": "没有联系上",
    "open": "还在问",
}


@dataclass(frozen=True, slots=True)
class Wave:
    """One time people are asked.

    Args:
        name: as addresses have it.
        words: how it is called.
        form: which form.
        wave: which of its waves.
        kind: the call-back.
        trend: the question whose months are drawn.

    """

    name: str
    words: str
    form: str
    wave: str
    kind: CallbackKind
    trend: Ask | None


WAVES: Mapping[str, Wave] = {
    each.name: each
    for each in (
        Wave("t7", "结业后 7 天", T7, "", CallbackKind.T7, OVERALL),
        Wave("t30", "结业后 30 天", FOLLOW_UP, "t30", CallbackKind.T30, WORKS_30),
        Wave("t90", "结业后 90 天", FOLLOW_UP, "t90", CallbackKind.T90, WORKS_90),
        Wave("monthly", "上课时每月", MONTHLY, "", CallbackKind.MONTHLY, None),
    )
}


@dataclass(frozen=True, slots=True)
class Part:
    """One answer: how it is called, how often it was given, and its share in hundredths."""

    value: str
    words: str
    count: int
    percent: int


@dataclass(frozen=True, slots=True)
class Side:
    """What the trainees themselves, or their families in their place, answered to one question.

    Args:
        n: how many answered.
        mean: points on average, where the answers have points and five gave some.
        parts: each answer; empty where they may not be told apart.
        apart: of how many the answers are told apart.
        unsaid: how many would not say; 0 also where that may not be told.

    """

    n: int
    mean: Mean | None
    parts: Sequence[Part]
    apart: int
    unsaid: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One question; of one with `many` answers each person may have given several."""

    name: str
    words: str
    is_scored: bool
    many: bool
    own: Side | None
    family: Side | None


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything of one page.

    Args:
        asked: how many were asked; None below five.
        rate: which share of them answered.
        stands: how they stand; empty where that may not be told apart.
        figures: the questions that five answered.
        doubts: questions whose opposite was asked, too, and the share whose two answers cannot both be.
        trend: month -> points, or hundredths, of the trainees' own.
        others: every question, name and words, where there are so many classes that one is shown at a time.

    """

    asked: int | None
    rate: Share | None
    stands: Sequence[Part]
    figures: Sequence[Figure]
    doubts: Sequence[tuple[str, Share]]
    trend: Mapping[str, Mean]
    others: Sequence[tuple[str, str]]


def detail_of(scope: Scope, wave: Wave, *, level: Level, key: Hashable, item: str = "") -> Detail:
    """Add up everything that was answered in the classes of a scope, which are those of one place of a level.

    Of very many classes it is one question at a time: the one named, else the first with points.
    """
    classes = scope.places if scope.intakes is None else scope.intakes
    wanted = questions_in(scope, wave)
    others: list[tuple[str, str]] = []
    if len(classes) > MOST_CLASSES:
        others = [(each.closed.name, each.label) for each in wanted]
        wanted = sorted(wanted, key=lambda each: (each.closed.name != item, not each.is_scored))[:1]
    told_of = _telling(scope, wave, level, key) if scope.strict else None
    spread = _spread(scope, wave, wanted)
    figures = [
        figure for each in wanted if (figure := _figure(each, spread[each.closed.name], scope, level, key))
    ]
    figures = figures if told_of is None else _beside(figures, told_of)
    doubts = []
    for each in wanted:
        made = blocks(spread[PAIR + each.closed.name][False])
        doubted = shares(made, level, exactly=not scope.strict).get(key)
        if doubted is not None:
            doubts.append((each.label, doubted))
    asked, rate, stands = _standing(scope, wave.kind, level, key)
    return Detail(asked, rate, stands, figures, doubts, _trend(scope, wave, level, key), others)


def questions_in(scope: Scope, wave: Wave) -> list[Asked]:
    """Give the questions of a wave that are counted."""
    return [
        each
        for each in rated.newest(scope.session, wave.form).asked
        if each.closed.name not in ABOUT_THE_CALL
    ]


def figures_of(scope: Scope, wave: Wave, wanted: Sequence[Asked]) -> Iterator[Figure]:
    """Add up questions over all classes of a scope, one after the other, however many classes there are."""
    every = (
        figure
        for each in wanted
        if (figure := _figure(each, _spread(scope, wave, [each])[each.closed.name], scope, "all", ""))
    )
    yield from _beside(list(every), _telling(scope, wave, "all", "")) if scope.strict else every


def _telling(scope: Scope, wave: Wave, level: Level, key: Hashable) -> Sequence[Collection[str]]:
    """Give the questions whose answers may be told beside all others, of the trainees and of their families.

    All of them count, whichever are shown: they are shown one after the other. One with points may always be told:
    who did not answer it only would not say.
    """
    wanted = questions_in(scope, wave)
    scored = {each.closed.name for each in wanted if each.is_scored}
    items = {
        each.closed.name: (ANYTHING,)
        if each.closed.many
        else [value for value in each.closed.values if not each.closed.points or value in each.closed.points]
        for each in wanted
    }
    if level == "all":
        # Of all classes only what never comes to five is not told: up to four answers to each question.
        whole_of = rating_report.totals(scope.session, wave.form, wave.wave, items, scope.intakes)
        return [
            scored
            | standing_beside(
                {name: n for name, n in whole_of[side].items() if name not in scored},
                max(whole_of[side].values(), default=0),
                2 * FEWEST - 1,
            )
            for side in (False, True)
        ]
    answered = rating_report.answered(scope.session, wave.form, wave.wave, items, scope.places, scope.intakes)
    found: list[Collection[str]] = []
    for side in (False, True):
        counts = {
            name: whole.n
            for name, units in answered.items()
            if (whole := told(blocks(units[side]), level, key))
        }
        most = max(counts.values(), default=0)
        unscored = {name: n for name, n in counts.items() if name not in scored}
        found.append(scored | standing_beside(unscored, most))
    return found


def _beside(figures: Sequence[Figure], told_of: Sequence[Collection[str]]) -> list[Figure]:
    """Leave out what tells, beside another question, what fewer than five did not answer."""
    kept = []
    for each in figures:
        own, family = (
            side if side and each.name in names else None
            for side, names in zip((each.own, each.family), told_of, strict=True)
        )
        if own or family:
            kept.append(replace(each, own=own, family=family))
    return kept


def _spread(scope: Scope, wave: Wave, wanted: Sequence[Asked]) -> Mapping[str, Sides]:
    """Read how often each answer was given, and how often a question and its twin agree."""
    items = {
        each.closed.name: (*((ANYTHING,) if each.closed.many else ()), *each.closed.values) for each in wanted
    }
    pairs = {PAIR + name: (CONTRADICT, AGREE) for name in items}
    return rating_report.spread_of(
        scope.session, wave.form, wave.wave, {**items, **pairs}, scope.places, scope.intakes
    )


def _figure(asked: Asked, sides: Sides, scope: Scope, level: Level, key: Hashable) -> Figure | None:
    own, family = (_side(sides[side], asked, level, key, strict=scope.strict) for side in (False, True))
    if own is None and family is None:
        return None
    return Figure(asked.closed.name, asked.label, asked.is_scored, asked.closed.many, own, family)


def _side(units: Sequence[Unit], asked: Asked, level: Level, key: Hashable, *, strict: bool) -> Side | None:
    """Give one side of a question. Who would not say counts neither in the points nor among the answers."""
    closed, points = asked.closed, asked.closed.points
    first = 1 if closed.many else 0  # the number of people stands in front
    shown = [value for value in closed.values if not points or value in points]
    if points:
        places = [closed.values.index(value) for value in shown]
        cells = [tuple([unit.sums[place] for place in places]) for unit in units]
        said = [Unit(unit.place, unit.month, sum(row), row) for unit, row in zip(units, cells, strict=True)]
    else:
        said = [*units]
    made = blocks(said)
    whole = told(made, level, key)
    if whole is None:
        return None
    mean = None
    if points:
        worth = sum(points[value] * count for value, count in zip(shown, whole.sums, strict=True))
        mean = mean_of(Told(whole.n, (worth,)))
    split = told(apart(made), level, key) if strict else whole
    parts = zip(shown, split.sums[first:], strict=True) if split is not None else ()
    return Side(
        whole.n,
        mean,
        [
            Part(value, asked.labels[value], count, round(100 * count / split.n))
            for value, count in parts
            if split is not None and (count or points)
        ],
        split.n if split is not None else 0,
        0 if strict else sum(unit.n for unit in units) - sum(unit.n for unit in said),
    )


def _standing(
    scope: Scope, kind: CallbackKind, level: Level, key: Hashable
) -> tuple[int | None, Share | None, list[Part]]:
    units = asked_by(scope, kind)
    made = blocks(units)
    whole = told(made, level, key)
    if whole is None:
        return None, None, []
    answered = blocks([two(unit, sum(unit.sums[:ANSWERED])) for unit in units])
    rate = shares(answered, level, exactly=not scope.strict).get(key)
    split = told(apart(made), level, key) if scope.strict else whole
    if split is None:
        return whole.n, rate, []
    return (
        whole.n,
        rate,
        [
            Part(name, STEP_WORDS[name], count, round(100 * count / split.n))
            for (name, _), count in zip(STEPS, split.sums, strict=True)
        ],
    )


def _trend(scope: Scope, wave: Wave, level: Level, key: Hashable) -> dict[str, Mean]:
    if wave.trend is None:
        return {}
    units = rating_report.sums_of(scope.session, wave.trend, scope.places, scope.intakes)[False]
    made = blocks(units)
    if wave.trend is not OVERALL and scope.strict:  # a share: both parts may be told, or neither
        made = apart(blocks([two(unit, unit.sums[0]) for unit in units]))
    mine = told_by([each for each in made if each.at(level) == key], "month")
    months = sorted(mine.items(), key=lambda each: str(each[0]))
    if wave.trend is OVERALL:
        return {str(month): mean_of(each) for month, each in months}
    return {str(month): Mean(round(100 * each.sums[0] / each.n), each.n) for month, each in months}
