"""Whether somebody who was asked the same thing twice, once the other way round, said two things that cannot both be."""

from collections.abc import Mapping, Sequence

TWIN = "_r"
"""How the name of the opposite form of a question ends: sat_overall and sat_overall_r."""

UNSAID = frozenset({"s0", "i0", "skip", "dk", "@skip", ""})
"""Answers by which nothing is said: 不想说, 不清楚, left open."""

TOO_FAR = 0.5
"""How far the two may lie apart, of the whole way from the best answer to the worst; further is a contradiction."""


def contradictions(answers: Mapping[str, object], options: Mapping[str, Sequence[str]]) -> Mapping[str, bool]:
    """Say of each question that was answered with its twin whether the two contradict each other.

    Args:
        answers: by question name.
        options: of each question with one answer, its values as the sheet lists them: of the question itself
            from best to worst, of its twin from nothing bad to much.

    """
    found: dict[str, bool] = {}
    for name, values in options.items():
        twin = options.get(name + TWIN)
        if twin is None:
            continue
        straight, reverse = _place(answers.get(name), values), _place(answers.get(name + TWIN), twin)
        if straight is not None and reverse is not None:
            found[name] = abs(straight - reverse) > TOO_FAR
    return found


def _place(value: object, values: Sequence[str]) -> float | None:
    """Where an answer stands between the best, 0, and the worst, 1."""
    said = [each for each in values if each not in UNSAID]
    return said.index(value) / (len(said) - 1) if value in said and len(said) > 1 else None
