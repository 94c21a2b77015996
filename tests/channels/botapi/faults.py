"""Faults a test asks for, each for a counted number of times."""

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Fault:
    """One disturbance.

    Args:
        kind: fail, flood and cut keep it from being carried out; delay and hang put it off; reset and
            garbage spoil the answer.
        method: whom it strikes, "" for all but getUpdates.
        times: how often it is still to strike.
        status: HTTP status of fail.
        seconds: of delay, or retry_after of flood.
        gate: opens for the calls that hang.

    """

    kind: str
    method: str
    times: int
    status: int = 0
    seconds: float = 0
    words: str = ""
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def strikes(self, method: str) -> bool:
        if not self.method:
            return self.times > 0 and method.lower() != "getupdates"
        return self.times > 0 and self.method.lower() == method.lower()


@dataclass(slots=True)
class Faults:
    """All that are still to come, in the order they were asked for."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def drop(self, fault: Fault) -> None:
        fault.times = 0
        self.waiting = [each for each in self.waiting if each is not fault]

    def take(self, method: str) -> Fault | None:
        """Give the first that strikes this call, and count it."""
        for fault in self.waiting:
            if fault.strikes(method):
                fault.times -= 1
                if not fault.times:
                    self.waiting.remove(fault)
                return fault
        return None
