"""Many people who talk to the bot at once, each by themselves."""

import asyncio
import random
import re
import threading
import time
from dataclasses import dataclass

from tests.channels.botapi import BotApi, Message, Person
from tests.channels.botapi.records import Query

ANSWERS = ("1 ", "1 给我自己", "1 找课", "1 ", "0 看全部", "1 ", "1 ", "1 ", "1 同意")
"""From the first question into an application: which button each one taps."""

LONGEST = 4
"""Times the average that nobody reads longer than."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many people who do the same, beginning at the same moment.

    Args:
        name: how they are called in print.
        first: the first one's number.
        people: how many they are.
        reads: seconds each one reads a question, on average; 0 presses at once.
        taps: how many buttons each one presses.

    """

    name: str
    first: int
    people: int
    reads: float = 0.0
    taps: int = len(ANSWERS)

    def everybody(self, api: BotApi) -> list[Person]:
        return [api.person(self.first + number) for number in range(self.people)]

    def act(self, api: BotApi, patience: float) -> float:
        """Let them all go their way; give the seconds until the last one is through."""
        done = threading.Semaphore(0)
        chance = random.Random(self.first)
        everybody = self.everybody(api)
        for person in everybody:
            self._taps(person, list(ANSWERS[: self.taps]), done, chance)
        start = time.monotonic()
        with api.held():
            for person in everybody:
                person.commands("/start")
        for _ in everybody:
            assert done.acquire(timeout=patience), "not everybody came through"
        return time.monotonic() - start

    def presses(self, api: BotApi) -> list[Query]:
        """Every button they pressed."""
        return [each for each in api.queries if self.first <= each.chat.id < self.first + self.people]

    def _taps(
        self, person: Person, left: list[str], done: threading.Semaphore, chance: random.Random
    ) -> None:
        """Let a person tap their way by themselves."""

        def react(message: Message) -> None:
            if not message.keyboard:
                return
            if not left:
                done.release()
                return
            wanted = left.pop(0)
            labels = message.labels
            label = next((each for each in labels if each.startswith(wanted)), None)
            label = label or next(each for each in labels if re.match(r"\d", each))
            if not self.reads:
                person.taps(label, on=message)
                return
            pause = min(chance.expovariate(1 / self.reads), LONGEST * self.reads)
            asyncio.get_running_loop().call_later(pause, lambda: person.taps(label, on=message))

        person.reacts(react)
