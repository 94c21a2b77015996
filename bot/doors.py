"""What a channel, or another errand, is to the postman, and what it may answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from bot.letters.letter import Post
from storage.outbox import Claimed

AWAY_SECONDS = 5.0
"""Seconds until we try again to reach a channel that is not there."""

BARRED_SECONDS = 60.0
"""Seconds until we try again to be let in with our token."""


class Unreachable(Exception):
    """Nothing arrives at this account any more (Telegram's 403): its owner goes on the phone list."""


class Busy(Exception):
    """The channel asks everybody to wait (Telegram's 429); no message is given up for it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class Away(Busy):
    """Nobody is there: no connection came about, so nothing was sent, and no message is given up for it."""

    def __init__(self, why: str) -> None:
        super().__init__(AWAY_SECONDS)
        self.why = why


class Barred(Busy):
    """The channel does not know us (any more): everything waits until somebody gives us another token."""

    def __init__(self) -> None:
        super().__init__(BARRED_SECONDS)


class Faulty(Exception):
    """The channel will never take this message (Telegram's 400); its text names the fault for staff."""


class Doubtful(Exception):
    """No answer came (a reset, a hang): the message may be out all the same, and is sent again."""


class Door(Protocol):
    """A channel as the postman knows it."""

    async def send(self, address: str, post: Post) -> None:
        """Send a message.

        Raises:
            Unreachable: nothing arrives there any more.
            Busy: not now, for nobody.
            Faulty: not this message.
            Doubtful: perhaps it is out; to be tried again.
            Exception: anything else is not out, and to be tried again.

        """


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of an errand.

    Args:
        why_not: why it is dropped; "" when it is done.
        note: writes down what it did, in the transaction that says that it is done.
        after: tidies up when that is written; nothing depends on it.

    """

    why_not: str = ""
    note: Callable[[Session], None] | None = None
    after: Callable[[], Awaitable[None]] | None = None


class Errand(Protocol):
    """Something promised that is not a letter, such as a file to be fetched; only a late reply waits for the morning."""

    somebody_waits: bool
    """Whether it is tried again within seconds when it fails."""

    async def run(self, claimed: Claimed, now: datetime) -> Ran:
        """Do it. Raises what a Door raises."""
