"""What happened: every call with its answer, every button pressed with its answer."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.channels.botapi.chats import Chat, Json, Message


@dataclass(slots=True, eq=False)
class Call:
    """One call of a method.

    Args:
        parameters: as they were understood, files as "(n bytes)".
        at: `time.monotonic()` when it arrived, seconds; `answered_at` when the answer was ready.
        status: HTTP status; 0 while under way or never answered.
        fault: which injected fault it met, "" for none.
        result: what Telegram gave back, None when refused.

    """

    method: str
    parameters: Json
    at: float
    answered_at: float | None = None
    status: int = 0
    description: str = ""
    result: Any = None
    fault: str = ""

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def taken(self) -> bool:
        """Telegram carried it out, even when the bot was not told so."""
        return self.result is not None

    @property
    def refused(self) -> bool:
        """Telegram itself said no; an injected fault does not count."""
        return self.status >= 400 and not self.fault

    def __repr__(self) -> str:
        said = f" -> {self.status} {self.description}".rstrip()
        return f"{self.method}({self.parameters}){said}{' (' + self.fault + ')' if self.fault else ''}"


@dataclass(slots=True, eq=False)
class Query:
    """One press of a callback button.

    Args:
        handed_at: monotonic seconds when its update first went to the bot; None before.
        answered_at: monotonic seconds when it was first answered.
        answers: how often the bot tried to answer it.
        expired: Telegram forgot it, as after an hour.

    """

    id: str
    chat: Chat
    message: Message
    label: str
    data: str
    at: float
    handed_at: float | None = None
    answered_at: float | None = None
    answers: int = 0
    toast: str = ""
    alert: bool = False
    expired: bool = False

    def __repr__(self) -> str:
        return f"Query({self.label!r} on message {self.message.id} of chat {self.chat.id})"


def busiest(times: Iterable[float], window: float = 1.0) -> int:
    """Count the most moments that fall into any window of so many seconds."""
    inside: deque[float] = deque()
    most = 0
    for moment in sorted(times):
        inside.append(moment)
        while moment - inside[0] >= window:
            inside.popleft()
        most = max(most, len(inside))
    return most


@dataclass(slots=True)
class Limit:
    """How much Telegram takes in a second; None takes all."""

    per_chat: int | None = None
    total: int | None = None
    taken: deque[tuple[float, int]] = field(default_factory=deque)

    def takes(self, chat: int, now: float) -> bool:
        """Count one message in, unless it is one too many."""
        while self.taken and now - self.taken[0][0] >= 1:
            self.taken.popleft()
        here = sum(1 for _, where in self.taken if where == chat)
        if self.per_chat is not None and here >= self.per_chat:
            return False
        if self.total is not None and len(self.taken) >= self.total:
            return False
        self.taken.append((now, chat))
        return True
