"""What goes in and what comes out: events, effects, and the world as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

About: TypeAlias = tuple[tuple[str, int | str], ...]
"""What a running flow is about, such as (("person", 7), ("intake", 12)). Part of its identity."""

Reading: TypeAlias = Literal["plain", "easy", "en"]


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file somebody sent: the conversation keeps the reference, the bytes live in storage."""

    key: str
    kind: Literal["photo", "voice", "document"]
    size: int
    mime: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Begin:
    """Open a flow about something, perhaps with some answers given."""

    flow: str
    about: About = ()
    given: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """Words typed or dictated. `prompt` is the number of the question they were typed under, where known."""

    text: str
    prompt: int | None = None


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button, or the ticked boxes of a list followed by its button."""

    prompt: int
    value: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A photo, a voice message or a document."""

    file: FileRef
    prompt: int | None = None


@dataclass(frozen=True, slots=True)
class Back:
    """One question back; None where the channel cannot know which question was on the screen."""

    prompt: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Ask one answered question again, from the list of answers."""

    prompt: int
    question: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Leave everything as it is, kept, and go to the menu."""


@dataclass(frozen=True, slots=True)
class Again:
    """Say the question once more."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Throw away what was begun about something, wherever it waits."""

    flow: str
    about: About = ()


Event: TypeAlias = Begin | Drop | Said | Tapped | Sent | Back | Change | Stop | Again


@dataclass(frozen=True, slots=True)
class World:
    """All a turn may know: values only, never a handle.

    Args:
        now: the moment of the turn, with its zone.
        reading: how this person reads: plain Chinese, easy-read Chinese, English.
        facts: what the flow asked to know, by name.
        trusted: whether the channel's servers are ours, so that private questions may be asked on it.
        asks_first: what asks whether they may be asked all the same, of whom they are about; None where nothing is to
            be asked.
        staff: whether the person at the other end works here.

    """

    now: datetime
    reading: Reading = "plain"
    facts: Mapping[str, object] = field(default_factory=dict)
    trusted: bool = True
    asks_first: Begin | None = None
    staff: bool = False

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Shown:
    """An option as it is on the screen.

    Args:
        value: what it stands for.
        number: what it is chosen by.
        label: what is read on it.
        called: gives every wording by which it may be named; asked when somebody said something, for the wordings
            in other reading modes are looked up in catalogues that who only looks does not wait for.
        picked: whether it is chosen already.
        note: a line below it.
        picture: what channels call the picture beside it; "" for none.

    """

    value: str
    number: int
    label: str
    called: Callable[[], tuple[str, ...]] = field(compare=False, repr=False)
    picked: bool = False
    note: str = ""
    picture: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return self.called()


@dataclass(frozen=True, slots=True)
class Line:
    """One line to read: an answer with the question that changes it, or a line of a table (question "")."""

    question: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A question as any channel can show it: rendered words, options, and how it wants to be answered."""

    prompt: int
    flow: str
    question: str
    form: str
    text: str
    speech: str
    hint: str = ""
    error: str = ""
    options: tuple[Shown, ...] = ()
    page: int = 1
    pages: int = 1
    total_options: int = 0
    lines: tuple[Line, ...] = ()
    current: str = ""
    """The answer already known, shown to be kept."""
    number: int = 0
    total: int | None = None
    can_go_back: bool = True
    private: bool = False
    files: tuple[str, ...] = ()
    asking_for: str = ""
    """For whom we are talking, where that is somebody else or one of several."""
    typed: str = ""
    """What was typed and could not be read: kept, to be corrected."""
    dropping: bool = False
    """Whether the options are those picked so far, and choosing one takes it out."""
    link: str = ""
    """The one-time link this screen gives, as our own outcome made it: no other words are one."""
    chat_link: str = ""
    """The same for a chat on Telegram, whole."""
    picture: str = ""
    """What channels call the picture that belongs to the question."""

    def whole(self, words: str, address: str) -> str:
        """Words with the one-time link as it is opened from elsewhere; `address` is where people find us."""
        return words.replace(self.link, address + self.link) if self.link.startswith("/") else words


@dataclass(frozen=True, slots=True)
class Say:
    """Words to the person who spoke: a plain statement, or a question with its screen."""

    text: str
    screen: Screen | None = None


@dataclass(frozen=True, slots=True)
class Submit:
    """A finished flow's answers, to become a record in the same transaction."""

    record: str
    flow: str
    about: About
    answers: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Keep:
    """A file that is now part of an answer: fetch it and keep it."""

    file: FileRef


Effect: TypeAlias = Say | Submit | Keep
