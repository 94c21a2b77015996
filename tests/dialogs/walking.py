"""Walks every flow as far as its answers lead, and shows each question once for every way it can look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from bot.voices import load_voices
from dialogs import flows
from dialogs.book import Book, flows_in
from dialogs.kinds import Certificate, Choice, Date, Location, Many, Number, Phone, Text
from dialogs.model import Flow, Json, Question
from dialogs.plain_words import GLOSSARY
from dialogs.screen import Place, place, show
from dialogs.state import Frame, State
from dialogs.talk import Reading, Screen, World
from tests.dialogs.samples import CERTIFICATE, MINORS_CERTIFICATE, NOW, scenarios

MOST_TURNS = 2
"""How many answers of a walk may be other than everyday ones."""

READINGS: tuple[Reading, ...] = ("plain", "easy", "en")


@cache
def whole_book() -> Book:
    return Book(flows_in(flows), load_voices(), glossary=GLOSSARY)


@dataclass(frozen=True, slots=True)
class Spot:
    """One question in one state of the world, with what was answered before it."""

    flow: str
    question: str
    facts: Mapping[str, object] = field(repr=False)
    given: Mapping[str, Json] = field(repr=False)
    said: Mapping[str, Json] = field(repr=False)

    def world(self, reading: Reading) -> World:
        return World(NOW, reading, self.facts)

    def state(self, **view: Json) -> State:
        return State(frames=(Frame(self.flow, (), self.said, self.given, view=view),), prompt=1)

    def place(self, reading: Reading, **view: Json) -> Place:
        here = place(whole_book(), self.state(**view), self.world(reading))
        assert here is not None
        assert here.question is not None
        return here

    def screens(self, reading: Reading) -> Iterator[Screen]:
        """The question as it looks in a reading, page by page."""
        first = show(self.place(reading), self.state())
        yield first
        for page in range(2, first.pages + 1):
            yield show(self.place(reading, page=page), self.state(page=page))


@cache
def spots(flow_name: str) -> tuple[Spot, ...]:
    """Every question of a flow that answers can lead to, once for every different look.

    Each walk takes everyday answers; where it meets a new look, other answers to it are walked later.
    """
    flow = whole_book().find(flow_name)
    assert flow is not None
    found: dict[object, Spot] = {}
    for facts, given in scenarios(flow):
        turns: list[Mapping[str, Json]] = [{}]
        while turns:
            forced = turns.pop()
            for spot, question in _walk(flow, facts, given, forced):
                look = _look(spot)
                if look in found:
                    continue
                found[look] = spot
                is_far = question.name in forced or len(forced) >= MOST_TURNS
                others = [] if is_far else answers(question, spot)[1:]
                turns += [{**forced, question.name: other} for other in others]
    return tuple(found.values())


def _look(spot: Spot) -> object:
    screen = next(spot.screens("plain"))
    return (spot.question, screen.text, screen.hint, screen.options, screen.lines, screen.current)


def _walk(
    flow: Flow,
    facts: Mapping[str, object],
    given: Mapping[str, Json],
    forced: Mapping[str, Json],
    *,
    brief: bool = False,
) -> Iterator[tuple[Spot, Question]]:
    spot = Spot(flow.name, "", facts, given, {})
    while True:
        here = place(whole_book(), spot.state(), spot.world("plain"))
        assert here is not None
        question = here.question
        if question is None:
            return
        assert question.name not in spot.said, f"{question.name} does not accept {spot.said[question.name]!r}"
        spot = replace(spot, question=question.name)
        yield spot, question
        answer = _least(question, spot) if brief else forced.get(question.name, answers(question, spot)[0])
        spot = replace(spot, said={**spot.said, question.name: answer})


def answers(question: Question, spot: Spot) -> list[Json]:
    """Answers that lead to different places, the everyday one first."""
    here = spot.place("plain")
    values = [option.value for option in here.options(question)]
    found: list[Json]
    match question:
        case Many():
            several: Json = [value for value in values if value not in question.exclusive]
            found = [several, *(list[Json]([value]) for value in values)] if several else []
        case Choice() if callable(question.options):
            found = list(dict.fromkeys((*values[:1], *values[-1:])))
        case Choice():
            found = list(values)
        case Number():
            found = [max(question.low, min(question.high, 30)), question.low]
        case Phone():
            found = ["15400000002"]
        case Certificate():
            found = [CERTIFICATE, MINORS_CERTIFICATE]
        case Date():
            found = ["2026-12-07"]
        case Text() | Location():
            found = ["做面包"]
        case _:
            raise TypeError(f"no sample answer for the kind {question.kind}")
    skip = [] if question.skip is None else [question.skip.value]
    return [*found, *skip]


def totals(flow_name: str) -> list[tuple[int, int]]:
    """Every total that is promised on the way, with the number of the last question."""
    found: list[tuple[int, int]] = []
    for steps in _everyday_walks(flow_name, brief=False):
        screens = [next(spot.screens("plain")) for spot, _ in steps]
        found += [(screen.total, screens[-1].number) for screen in screens if screen.total is not None]
    return found


def fewest(flow_name: str) -> int:
    """How many questions are asked of somebody who needs nothing and leaves open what may be left open."""
    return min(len(steps) for steps in _everyday_walks(flow_name, brief=True))


def _everyday_walks(flow_name: str, *, brief: bool) -> Iterator[list[tuple[Spot, Question]]]:
    flow = whole_book().find(flow_name)
    assert flow is not None
    for facts, given in scenarios(flow):
        yield list(_walk(flow, facts, given, {}, brief=brief))


def _least(question: Question, spot: Spot) -> Json:
    """The answer that leads to as few questions as may be."""
    if question.skip is not None:
        return question.skip.value
    if isinstance(question, Many) and question.exclusive:
        return [question.exclusive[0]]
    every = answers(question, spot)
    return "none" if "none" in every else every[0]
