"""Walks a flow as far as its answers lead, as a person would, in every world it can be in."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.preview.sample import CERTIFICATE, MINORS_CERTIFICATE, NOW, worlds
from dialogs.book import Book
from dialogs.kinds import Certificate, Choice, Date, Location, Many, Number, Phone, Text
from dialogs.model import Flow, Json, Question
from dialogs.screen import Place, place, show
from dialogs.state import Frame, State
from dialogs.talk import Reading, Screen, World

WALKED: tuple[Reading, ...] = ("plain", "easy")
"""Readings that may be asked different questions; English goes the way of one of them."""

MOST_TURNS = 2
"""How many answers of a walk may be other than everyday ones."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One question in one state of the world, with what was answered before it."""

    book: Book = field(repr=False)
    flow: str
    question: str
    facts: Mapping[str, object] = field(repr=False)
    given: Mapping[str, Json] = field(repr=False)
    said: Mapping[str, Json] = field(repr=False)
    walked: Reading = "plain"
    """The reading in which the ways to it are walked."""

    def world(self, reading: Reading, *, trusted: bool = True) -> World:
        flow = self.book.find(self.flow)
        is_staff = flow is not None and flow.role == "staff"
        return World(NOW, reading, self.facts, trusted=trusted, staff=is_staff)

    def state(self, **view: Json) -> State:
        return State(frames=(Frame(self.flow, (), self.said, self.given, view=view),), prompt=1)

    def place(self, reading: Reading, *, trusted: bool = True, **view: Json) -> Place:
        """Where a reader stands here, on our own page or where servers are not ours.

        Raises:
            LookupError: when the book has no such flow.

        """
        here = place(self.book, self.state(**view), self.world(reading, trusted=trusted))
        if here is None:
            raise LookupError(f"the book has no flow {self.flow}")
        return here

    def screens(self, reading: Reading) -> Iterator[Screen]:
        """The question as it looks in a reading, page by page."""
        first = show(self.place(reading), self.state())
        yield first
        for page in range(2, first.pages + 1):
            yield show(self.place(reading, page=page), self.state(page=page))


Answering = Callable[[Question, Place], Json]
Key = TypeVar("Key", bound=Hashable)


def spots(book: Book, flow: Flow) -> tuple[Spot, ...]:
    """Every question of a flow that answers can lead to, once for every different look in either Chinese."""
    found: dict[Hashable, Spot] = {}
    for reading in WALKED:
        looks: dict[Hashable, Spot] = {}
        for start in starts(book, flow):
            _explore(replace(start, walked=reading), _look, looks)
        for spot in looks.values():
            found.setdefault(_way(spot), spot)
    return tuple(found.values())


def reach(book: Book, flow: Flow) -> dict[str, Spot]:
    """A way to each question, by its name, in the order of the flow: the one that offers most, else the first."""
    found: dict[str, Spot] = {}
    for reading in WALKED:
        offers: dict[tuple[str, int], Spot] = {}
        for start in starts(book, flow):
            _explore(replace(start, walked=reading), _offer, offers)
            most = {name: spot for (name, _), spot in sorted(offers.items(), key=lambda each: each[0])}
            if flow.literal is not None and not unreached(flow, {**most, **found}):
                break
        found = {**most, **found}
        if not unreached(flow, found):
            break
    order = [question.name for question in flow.literal or ()]
    return dict(
        sorted(found.items(), key=lambda each: order.index(each[0]) if each[0] in order else len(order))
    )


def unreached(flow: Flow, found: Mapping[str, Spot]) -> tuple[str, ...]:
    """Questions of the flow that no way led to."""
    return tuple(question.name for question in flow.literal or () if question.name not in found)


def starts(book: Book, flow: Flow) -> Iterator[Spot]:
    """The flow just begun, in every world."""
    for facts, given in worlds(flow):
        yield Spot(book, flow.name, "", facts, given, {})


def walk(start: Spot, answering: Answering) -> Iterator[tuple[Spot, Place, Question]]:
    """The questions on one way that have no usable answer yet.

    Raises:
        ValueError: when a question does not accept the answer it was given.

    """
    spot, here = start, start.place(start.walked)
    while question := here.question:
        if question.name in spot.said:
            raise ValueError(f"{spot.flow}.{question.name} does not accept {spot.said[question.name]!r}")
        spot = replace(spot, question=question.name)
        yield spot, here, question
        spot = replace(spot, said={**spot.said, question.name: answering(question, here)})
        here = spot.place(spot.walked)


def _explore(start: Spot, see: Callable[[Spot, Place], Key], found: dict[Key, Spot]) -> None:
    """Add each question on the ways from here that looks like none found before.

    Each way takes everyday answers; where it meets a new look, other answers to it are tried later.
    """
    turns: list[Mapping[str, Json]] = [{}]
    while turns:
        forced = turns.pop()
        for spot, here, question in walk(start, _everyday_but(forced)):
            look = see(spot, here)
            if look in found:
                continue
            found[look] = spot
            is_far = question.name in forced or len(forced) >= MOST_TURNS
            others = [] if is_far else answers(question, here)[1:]
            turns += [{**forced, question.name: other} for other in others]


def _everyday_but(forced: Mapping[str, Json]) -> Answering:
    return lambda question, here: (
        forced[question.name] if question.name in forced else answers(question, here)[0]
    )


def _look(spot: Spot, here: Place) -> Hashable:
    """All that a question shows."""
    screen = show(here, spot.state())
    return (spot.question, screen.text, screen.hint, screen.options, screen.lines, screen.current)


def _way(spot: Spot) -> Hashable:
    """The world and the answers that lead to a question."""
    return (spot.question, tuple(map(id, spot.facts.values())), repr(spot.given), repr(spot.said))


def _offer(spot: Spot, here: Place) -> tuple[str, int]:
    """A question, and how many answers it offers."""
    return spot.question, len(here.options())


def answers(question: Question, here: Place) -> list[Json]:
    """Answers that lead to different places, the everyday one first."""
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
    return [*found, *([] if question.skip is None else [question.skip.value])]
