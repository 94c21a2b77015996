"""Talking at a terminal."""

from pathlib import Path

from bot.channels.terminal import Terminal
from bot.heard import Address, Heard
from bot.runner import Runner
from dialogs.talk import Shown
from tests.channels.devices.talking import VOICE, Talking


class AtTerminal(Talking):
    """A person at a terminal, who types the numbers of the answers.

    Args:
        folder: where a voice message lies as a file.
        name: which conversation it is.

    """

    def __init__(self, runner: Runner, folder: Path, name: str = "小梅") -> None:
        super().__init__(runner)
        self._name = name
        self._voice = folder / "话.ogg"
        self._voice.write_bytes(VOICE)
        self._terminal = Terminal(runner, name)
        self._see(self._terminal.open())

    @property
    def address(self) -> Address:
        return Address("terminal", self._name)

    @property
    def shown(self) -> str:
        return "\n".join(self._lines)

    def offers(self, option: Shown) -> bool:
        return any(line[3:].startswith(f"{option.number}  {option.label}") for line in self._lines)

    def say(self, words: str) -> None:
        self._see(self._terminal.hear(words))

    def _see(self, heard: Heard) -> None:
        self._lines = [*self._terminal.show(heard)]
        self.screen = heard.screen

    def tap(self, value: str) -> None:
        self.say(str(self.option(value).number))

    def tick(self, *values: str) -> None:
        numbers: dict[str, int] = {}
        for _ in range(self.screen.pages):
            numbers |= {option.value: option.number for option in self.screen.options}
            if set(values) <= set(numbers):
                break
            self.turn_page()
        self.say(" ".join(str(numbers[value]) for value in values))

    def send_voice(self) -> None:
        self.say(f"文件 {self._voice}")

    def back(self) -> None:
        self.say("返回")

    def turn_page(self) -> None:
        self.say("下一页")
