"""What is counted in a trial, and what may not be held against whoever sent."""

from dataclasses import dataclass

from storage.notices.report import Progress
from tests.channels.botapi.records import Call
from tests.faults.noticing.workers import PAUSES

UNANSWERED = ("reset", "hang")
"""Faults of Telegram's after which nobody knows whether a message is out."""

NEARLY = 0.8
"""The part of the time a call may take after which the answer may have come too late, on the way there and back."""


@dataclass(frozen=True)
class Count:
    """What became of a notice's recipients, as Telegram and as the report see it.

    Args:
        lost: not sent and not in the report as unsent.
        doubled: got it more than once.
        undue: of those, how many were not on their way in a worker as it was killed, nor left without an answer.
        unmarked: of those, how many the report does not call "maybe twice".
        marked: how many it calls so.
        busiest: the most messages in any one second.
        left: how many were sent it who had said before that they want no such notices.

    """

    lost: int
    doubled: int
    undue: int
    unmarked: int
    marked: int
    busiest: int
    left: int
    told: Progress

    def is_right(self, rate: int) -> bool:
        """Whether the laws held: nothing lost, nothing doubled but what was in doubt, and that said; not too fast."""
        return (self.lost, self.undue, self.unmarked, self.left) == (0, 0, 0, 0) and self.busiest <= rate


def is_unanswered(call: Call) -> bool:
    """Say whether a call that was taken was left without its answer, or got it when nobody waited for it any more."""
    if call.fault in UNANSWERED or call.answered_at is None:
        return True
    return call.answered_at - call.at > NEARLY * PAUSES["bot.channels.broadcast.ANSWER_SECONDS"]
