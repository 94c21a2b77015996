"""Workers of a trial: real processes on a clock that makes it morning, to be killed and started again."""

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from tests.faults.forking import Forked

ZONE = "Asia/Shanghai"

MORNING = 10
"""The hour by all clocks at the start: nobody's night, nor two hours later."""

PAUSES = {
    "storage.notices.mailing.LEASE_SECONDS": 20.0,
    "storage.notices.mailing.FIRST_SECONDS": 0.5,
    "bot.channels.broadcast.ANSWER_SECONDS": 6.0,
}
"""What in earnest takes minutes, in seconds."""


def ahead() -> str:
    """Say how far the trial's clocks are ahead, so that it is morning: alike in processes started at any moment."""
    now = datetime.now(ZoneInfo(ZONE))  # noqa: TID251 - trials run on the real clock, set ahead
    return f"+{(MORNING - now.hour) % 24 * 60 - now.minute + 1440}m"


class Worker(Forked):
    """`xunqiao worker`, to be killed and started again."""

    def start(self) -> Self:
        for line in self._begin():
            if line.startswith("Xunqiao worker: "):
                return self
        raise AssertionError(f"the worker ended with {self.stop()}: {self._errors.read_text()[-2000:]}")
