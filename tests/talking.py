"""Chat: hold a conversation in a test as a person would, with the engine and nothing around it.

Every tap is made twice and the state goes through JSON after every step, so that each test of a flow is
also a double-tap test and a restart test.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo

from bot.voices import load_voices
from dialogs import flows
from dialogs.book import Book, flows_in
from dialogs.engine import Talk, converse
from dialogs.facts.people import Me, Office
from dialogs.model import Flow
from dialogs.plain_words import GLOSSARY
from dialogs.state import State
from dialogs.talk import (
    About,
    Again,
    Back,
    Begin,
    Change,
    Event,
    FileRef,
    Reading,
    Said,
    Say,
    Screen,
    Sent,
    Stop,
    Submit,
    Tapped,
    World,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OFFICE = Office("训桥示例服务台", "0371-00001100", "15400009000")


@cache
def whole_book() -> Book:
    return Book(flows_in(flows), load_voices(), glossary=GLOSSARY)


class Chat:
    """One person talking.

    Args:
        book: the flows; all of ours when None.
        facts: what the world holds, by name.
        decide: what storage would answer when a flow is finished.
        reading: plain, easy or en.
    """

    def __init__(
        self,
        book: Book | None = None,
        *,
        facts: Mapping[str, object] | None = None,
        decide: Callable[[Submit], Begin | None] = lambda _: None,
        reading: Reading = "plain",
        trusted: bool = True,
        staff: bool = False,
    ) -> None:
        self.book = book or whole_book()
        self.facts = {"office": OFFICE, "me": Me(contact_id=1, new=False), "for_whom": "", **(facts or {})}
        self.reading: Reading = reading
        self.trusted = trusted
        self.staff = staff
        self.submitted: list[Submit] = []
        self.state = State()
        self.talk = Talk(self.state)
        self._decide = decide

    # ---- doing

    def begin(self, flow: str, about: About = (), **given: object) -> Self:
        return self._do(Begin(flow, about, given))

    def tap(self, *labels: str) -> Self:
        """Tap the buttons with these labels (or values), one after the other, each one twice."""
        for label in labels:
            event = Tapped(self.screen.prompt, self._value(label))
            self._do(event)
            once, submitted = self.state, len(self.submitted)
            self._do(event)
            if self.screen.form != "many":
                assert self.state.frames == once.frames, "the second tap of a double tap changed something"
            assert len(self.submitted) == submitted, "the second tap of a double tap submitted again"
        return self

    def tick(self, *labels: str, done: bool = True) -> Self:
        """Tick boxes on a page and press its button, as the web page does."""
        values = tuple(self._value(label) for label in labels)
        return self._do(Tapped(self.screen.prompt, (*values, "@done" if done else "@next")))

    def say(self, *words: str) -> Self:
        for each in words:
            self._do(Said(each))
        return self

    def send(self, file: FileRef) -> Self:
        return self._do(Sent(file))

    def back(self) -> Self:
        return self._do(Back(self.screen.prompt))

    def change(self, question: str) -> Self:
        return self._do(Change(self.screen.prompt, question))

    def stop(self) -> Self:
        return self._do(Stop())

    def again(self) -> Self:
        return self._do(Again())

    def _do(self, event: Event) -> Self:
        self.talk = converse(self.book, self.state, event, self._read, self._take)
        self.state = State.load(json.loads(json.dumps(self.talk.state.dump())))
        return self

    def _read(self, _state: State, _event: Event) -> World:
        return World(NOON, self.reading, self.facts, trusted=self.trusted, staff=self.staff)

    def _take(self, submit: Submit) -> Begin | None:
        self.submitted.append(submit)
        return self._decide(submit)

    def _value(self, label: str) -> str:
        for option in self.screen.options:
            if label in (option.value, option.label, *option.names):
                return option.value
        if label.startswith("@"):
            return label
        raise AssertionError(f"no button {label!r} among {self.options}")

    # ---- seeing

    @property
    def screen(self) -> Screen:
        says = [
            effect for effect in self.talk.effects if isinstance(effect, Say) and effect.screen is not None
        ]
        assert says, "nothing is being asked"
        screen = says[-1].screen
        assert screen is not None
        return screen

    @property
    def asking(self) -> str:
        """The name of the question on the screen."""
        return self.screen.question

    @property
    def text(self) -> str:
        return self.screen.text

    @property
    def said(self) -> tuple[str, ...]:
        """The statements before the question."""
        return self.talk.state.said

    @property
    def error(self) -> str:
        return self.screen.error

    @property
    def options(self) -> list[str]:
        return [option.label for option in self.screen.options]

    @property
    def answers(self) -> Mapping[str, object]:
        """What was said in the flow on the screen."""
        top = self.state.top
        return top.answers if top else {}


def book_of(*some: Flow) -> Book:
    """A small book for a test: its first flow is home."""
    return Book(some, load_voices(), home=some[0].name)
