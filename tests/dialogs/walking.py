"""Every question of our own flows, walked once for all tests."""

from collections.abc import Iterator
from functools import cache

from bot.preview.walking import Answering, Spot, answers, starts, walk
from bot.preview.walking import spots as spots_of
from bot.voices import load_voices
from dialogs import flows
from dialogs.book import Book, flows_in
from dialogs.kinds import Many
from dialogs.model import Flow, Json, Question
from dialogs.plain_words import GLOSSARY
from dialogs.screen import Place
from dialogs.talk import Reading

READINGS: tuple[Reading, ...] = ("plain", "easy", "en")


@cache
def whole_book() -> Book:
    return Book(flows_in(flows), load_voices(), glossary=GLOSSARY)


@cache
def spots(flow_name: str) -> tuple[Spot, ...]:
    """Every question of a flow that answers can lead to, once for every different look."""
    return spots_of(whole_book(), _flow(flow_name))


def totals(flow_name: str) -> list[tuple[int, int]]:
    """Every total that is promised on the way, with the number of the last question."""
    found: list[tuple[int, int]] = []
    for steps in _walks(flow_name, lambda question, here: answers(question, here)[0]):
        screens = [next(spot.screens("plain")) for spot in steps]
        found += [(screen.total, screens[-1].number) for screen in screens if screen.total is not None]
    return found


def fewest(flow_name: str) -> int:
    """How many questions are asked of somebody who needs nothing and leaves open what may be left open."""
    return min(len(steps) for steps in _walks(flow_name, _least))


def _walks(flow_name: str, answering: Answering) -> Iterator[list[Spot]]:
    for start in starts(whole_book(), _flow(flow_name)):
        yield [spot for spot, _, _ in walk(start, answering)]


def _flow(name: str) -> Flow:
    flow = whole_book().find(name)
    assert flow is not None
    return flow


def _least(question: Question, here: Place) -> Json:
    """The answer that leads to as few questions as may be."""
    if question.skip is not None:
        return question.skip.value
    if isinstance(question, Many) and question.exclusive:
        return [question.exclusive[0]]
    every = answers(question, here)
    return "none" if "none" in every else every[0]
