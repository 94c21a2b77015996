"""Reaches every question of a flow by giving answers, as a person would."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.preview.sample import CERTIFICATE, MINORS_CERTIFICATE, NOW, worlds
from dialogs.book import Book
from dialogs.kinds import Certificate, Choice, Date, Many, Number, Phone
from dialogs.model import Flow, Json, Question
from dialogs.screen import Place, place
from dialogs.state import Frame, State
from dialogs.talk import Reading, World

MOST_STEPS = 200
"""Questions on one way through a flow: more would be a circle."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One question, with the world and the answers that lead to it."""

    flow: str
    facts: Mapping[str, object] = field(repr=False)
    given: Mapping[str, Json] = field(repr=False)
    said: Mapping[str, Json] = field(repr=False)

    @property
    def state(self) -> State:
        return State(frames=(Frame(self.flow, (), self.said, self.given),), prompt=1)

    def place(self, book: Book, reading: Reading) -> Place | None:
        """Where a reader stands here; None when no such flow is in the book."""
        return place(book, self.state, World(NOW, reading, self.facts))


def reach(book: Book, flow: Flow) -> dict[str, Spot]:
    """A way to each question, by its name, in the order of the flow: the one that offers most, else the first.

    Every way takes everyday answers but for one, and where that leads to a new question, but for its answers too.
    """
    found: dict[str, Spot] = {}
    offers: dict[str, int] = {}
    for facts, given in worlds(flow):
        everyday: dict[str, Json] = {}
        ways: list[Mapping[str, Json]] = [{}]
        while ways:
            forced = ways.pop()
            for spot, here, question in _walk(book, Spot(flow.name, facts, given, {**everyday, **forced})):
                if (offered := len(here.options(question))) > offers.get(question.name, -1):
                    found[question.name], offers[question.name] = spot, offered
                if question.name not in everyday:
                    everyday[question.name], *others = answers(question, here)
                    ways += [{**forced, question.name: other} for other in others]
        if flow.literal is not None and len(found) == len(flow.literal):
            break
    order = [question.name for question in flow.literal or ()]
    return dict(
        sorted(found.items(), key=lambda each: order.index(each[0]) if each[0] in order else len(order))
    )


def unreached(flow: Flow, found: Mapping[str, Spot]) -> tuple[str, ...]:
    """Questions of the flow that no way led to."""
    return tuple(question.name for question in flow.literal or () if question.name not in found)


def _walk(book: Book, start: Spot) -> Iterator[tuple[Spot, Place, Question]]:
    """The questions on one way that have no usable answer yet; each is then given its everyday one."""
    said = dict(start.said)
    for _ in range(MOST_STEPS):
        here = replace(start, said=said).place(book, "plain")
        if here is None or here.question is None:
            return
        counted = {question.name for question in here.path.answered}
        before = {name: value for name, value in said.items() if name in counted}
        yield replace(start, said=before), here, here.question
        said[here.question.name] = answers(here.question, here)[0]
    raise RuntimeError(f"{start.flow} asks for ever")


def answers(question: Question, here: Place) -> list[Json]:
    """Answers that may lead to different places, the everyday one first."""
    values: list[Json] = [option.value for option in here.options(question)]
    found: list[Json]
    match question:
        case Many():
            together = [value for value in values if value not in question.exclusive]
            found = [together, *([value] for value in values)]
        case Choice():
            found = values
        case Number():
            found = [max(question.low, min(question.high, 30)), question.low]
        case Phone():
            found = ["15400000002"]
        case Certificate():
            found = [CERTIFICATE, MINORS_CERTIFICATE]
        case Date():
            found = ["2026-12-07"]
        case _:
            found = ["做面包"]
    return [*found, *([] if question.skip is None else [question.skip.value])]
