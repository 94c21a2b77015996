"""Talking: one small way to hold a conversation, whatever channel the person is on."""

import re
from abc import ABC, abstractmethod

from bot.heard import Address
from bot.runner import Runner
from dialogs.talk import Reading, Screen, Shown

VOICE = b"OggS" + bytes(2000)
"""What a voice message holds."""


class Talking(ABC):
    """A person on one channel: what they do, what they are asked, and what of it they can see."""

    screen: Screen
    """The question that is open, as the service knows it."""
    reading: Reading = "plain"
    """In which words they are asked."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner

    @property
    @abstractmethod
    def address(self) -> Address:
        """Who they are on this channel."""

    @property
    @abstractmethod
    def shown(self) -> str:
        """Everything there is to read now."""

    @abstractmethod
    def offers(self, option: Shown) -> bool:
        """Whether an answer can be read and chosen now."""

    @abstractmethod
    def say(self, words: str) -> None: ...

    @abstractmethod
    def tap(self, value: str) -> None: ...

    @abstractmethod
    def tick(self, *values: str) -> None:
        """Choose these of a list of several, and nothing else."""

    @abstractmethod
    def send_voice(self) -> None: ...

    @abstractmethod
    def back(self) -> None: ...

    @abstractmethod
    def turn_page(self) -> None:
        """Look at the next page of a list."""

    def change(self, question: str) -> None:
        """Ask one line of a list of answers again."""
        lines = [line.question for line in self.screen.lines]
        self.say(self.word("改 {{ n }}", n=lines.index(question) + 1))

    def look(self) -> Screen:
        """See which question is open."""
        heard = self.runner.desk.read(lambda session: self.runner.look_in(session, self.address))
        self.reading = heard.reading
        return heard.screen

    def word(self, words: str, **values: object) -> str:
        """One of our own sentences, as it is said to this person."""
        return self.runner.book.voice(self.reading).say(words, values)

    def option(self, value: str) -> Shown:
        """An answer that is on the screen."""
        screen = self.screen
        found = next((option for option in screen.options if option.value == value), None)
        offered = [option.value for option in screen.options]
        assert found is not None, f"{screen.flow}.{screen.question} offers {offered}, not {value!r}"
        return found


def without_spaces(text: str) -> str:
    """A text to be compared with one that was broken into lines elsewhere."""
    return re.sub(r"\s", "", text)
