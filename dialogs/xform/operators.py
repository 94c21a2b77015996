"""What the signs of an expression do: compare, add, multiply."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dialogs.xform.form import Scope
from dialogs.xform.paths import Steps
from dialogs.xform.values import NAN, Value, as_number, differ, same

Run = Callable[[Scope], Value]


@dataclass(slots=True)
class Part:
    """A piece of an expression: how to run it, and which path or literal it is."""

    run: Run
    literal: str | None = None
    steps: Steps | None = None


def compared(left: Part, right: Part, *, equal: bool) -> Part:
    one, other = left.run, right.run
    node = left.steps.node if left.steps is not None and left.steps.is_plain else None
    if node is not None and right.literal is not None and node.calculate is None:
        # By far the commonest: ${question} = 'value', outside every repeat.
        wanted = right.literal
        if equal:
            return Part(lambda s: s.held.value(node, ()) == wanted)
        return Part(lambda s: s.held.value(node, ()) != wanted)
    compare = same if equal else differ
    return Part(lambda s: compare(one(s), other(s)))


ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def ordered(one: Run, other: Run, holds: Callable[[float, float], bool]) -> Run:
    def run(s: Scope) -> Value:
        left, right = one(s), other(s)
        lefts = left if isinstance(left, list) else [left]
        rights = right if isinstance(right, list) else [right]
        return any(holds(as_number(a), as_number(b)) for a in lefts for b in rights)

    return run


def _divided(one: float, other: float) -> float:
    if other == 0:
        return NAN if one == 0 or math.isnan(one) else math.copysign(math.inf, one)
    return one / other


def _rest(one: float, other: float) -> float:
    return (
        NAN
        if other == 0 or math.isinf(one) or math.isnan(one) or math.isnan(other)
        else math.fmod(one, other)
    )


SUMS: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "div": _divided,
    "mod": _rest,
}


def reckoned(one: Run, other: Run, reckon: Callable[[float, float], float]) -> Run:
    return lambda s: reckon(as_number(one(s)), as_number(other(s)))
