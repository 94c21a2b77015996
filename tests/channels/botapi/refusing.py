"""Refused: Telegram's no, in its own words and with its own code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """What Telegram answers instead of a result.

    Args:
        code: the HTTP status and `error_code`.
        description: its words, "Bad Request: …" and the like.
        retry_after: seconds to wait, only with 429.
        fault: the injected fault behind it, "" when Telegram means it.

    """

    code: int
    description: str
    retry_after: int | None = None
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


def bad(words: str) -> Refused:
    """Give the commonest of them."""
    return Refused(400, f"Bad Request: {words}")


def too_many(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", seconds)


CHAT_NOT_FOUND = bad("chat not found")
BLOCKED = Refused(403, "Forbidden: bot was blocked by the user")
DEACTIVATED = Refused(403, "Forbidden: user is deactivated")
KICKED = Refused(403, "Forbidden: bot was kicked from the supergroup chat")
UNAUTHORIZED = Refused(401, "Unauthorized")
TOO_OLD = bad("query is too old and response timeout expired or query ID is invalid")
TOO_LATE = Refused(TOO_OLD.code, TOO_OLD.description, fault="late")
NOT_MODIFIED = bad(
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
