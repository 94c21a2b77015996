"""What a channel tells a turn, and what it shows after it: who it is from, a file, the question that came of it."""

from dataclasses import dataclass, field

from dialogs.screen import Place
from dialogs.talk import Effect, FileRef, Line, Reading, Screen


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached: a channel, and who it is there (a visitor's secret, a chat's number)."""

    channel: str
    key: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a channel shows after a turn, or when it only looks.

    Args:
        screen: the question.
        said: the statements of the last turn, to be read above it.
        size: how large this contact reads: standard, large, huge.
        reading: plain, easy or en.
        here: where the conversation stands.
        contact_id: None for a visitor who has not answered anything yet.
        effects: everything the turn did, for channels that speak (empty when only looking).
        promised: whether the postman has something to do now.

    """

    screen: Screen
    said: tuple[str, ...]
    size: str
    reading: Reading
    here: Place
    contact_id: int | None = None
    effects: tuple[Effect, ...] = field(default=())
    promised: bool = False

    @property
    def history(self) -> tuple[Line, ...]:
        """What was answered so far in what is open, oldest first."""
        return self.here.history()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a channel received it, its size and kind already checked."""

    ref: FileRef
    body: bytes
