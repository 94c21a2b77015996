"""What a letter is and how its words are filled in; a post is one filled in, as a channel sends it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot.attached import Attached
from dialogs.talk import Begin
from dialogs.words import Voice
from storage.finding import get
from storage.tables import Person

Payload = Mapping[str, Any]

BUTTON = "o:"
"""What the datum of a letter's button begins with; the number of its row in the outbox follows."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of message.

    Args:
        words: source wording, Chinese with Jinja2 inside; translated like every other wording.
        useless: why it is of no more use when it is due, "" while it is of use (law 5).
        button: source wording of the button under it, "" for none.
        begins: what its button begins.
        more: further ways, in a chat only: the wording of each button, and what it begins.
        picture: draws what goes with it into a chat.

    """

    words: str
    useless: Callable[[Session, Payload], str]
    button: str = ""
    begins: Callable[[Payload], Begin] | None = None
    more: tuple[tuple[str, Callable[[Payload], Begin]], ...] = ()
    picture: Callable[[Payload], Attached] | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A letter filled in, as a channel sends it.

    Args:
        text: everything there is to read; it names the buttons as well (access.md T5).
        button: the label of the first button, "" for none.
        outbox_id: which row it is; the button carries it.
        more: the labels of further buttons.
        attached: a picture or a paper that goes with it.

    """

    text: str
    button: str = ""
    outbox_id: int = 0
    more: tuple[str, ...] = ()
    attached: Attached | None = None

    @property
    def datum(self) -> str:
        """What the button sends back: the number alone, so that it tells nothing."""
        return f"{BUTTON}{self.outbox_id}"

    @property
    def buttons(self) -> tuple[tuple[str, str], ...]:
        """Every button: its label, and what it sends back."""
        if not self.button:
            return ()
        further = ((label, f"{self.datum}:{way}") for way, label in enumerate(self.more, 1))
        return ((self.button, self.datum), *further)


def write(letter: Letter, payload: Payload, voice: Voice) -> str:
    """Fill in the words in somebody's reading mode. Raises jinja2.UndefinedError for a missing value."""
    return voice.say(letter.words, payload)


def address(letter: Letter, text: str, voice: Voice, outbox_id: int) -> Post:
    """Make the filled-in words of a letter one that can be answered by its buttons; each stands in the text, too."""
    if not letter.button:
        return Post(text, outbox_id=outbox_id)
    label, *more = labels = [
        voice.say(words) for words in (letter.button, *(words for words, _ in letter.more))
    ]
    hints = (voice.say("点“{{ button }}”。", {"button": each}) for each in labels)
    return Post("\n".join((text, *hints)), label, outbox_id, tuple(more))


def gone(session: Session, payload: Payload) -> str:
    """Say why a letter to somebody, of whatever it tells, is of no more use: they are erased."""
    person = get(session, Person, payload["person"])
    return "本人已删除信息" if person is None or person.erased_at is not None else ""
