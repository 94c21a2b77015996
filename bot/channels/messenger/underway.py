"""A reply on its way: what is sent, what waits for the same chat, and what is kept once it is out or overtaken."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from sqlmodel import Session

from bot.channels.messenger.drawing import MOST, Card, cut
from storage import outbox, people
from storage.outbox import Claimed
from storage.tables import Outbox


@dataclass(frozen=True, slots=True)
class Drawn:
    """A reply ready to be sent.

    Args:
        chat: where to.
        card: the words and buttons.
        said: the statements in it, for the reply that overtakes it.
        prompt: the number of its question.
        on_page: whether it sends the person to our own page for the answer.
        not_before: until when Telegram has asked everybody to wait.
        before: the message in which the last question stood, 0 for none.
        tapped: the message whose button led to it, 0 for none: a copy of a question that was sent twice, or an older
            one, of which nobody else knows that it still has its buttons.

    """

    chat: int
    card: Card
    said: tuple[str, ...]
    prompt: int
    on_page: bool
    not_before: datetime
    before: int
    tapped: int = 0


@dataclass(frozen=True, slots=True)
class Promised:
    """A reply promised and drawn in a turn that is not yet committed."""

    claimed: Claimed
    drawn: Drawn


class Line:
    """What goes to one chat, one after the other: of several that wait, only the newest is still of use."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.newest = 0
        self.unsaid: tuple[str, ...] = ()
        """What was said in replies that were overtaken; the next one says it."""
        self.shown = 0
        """The message in which the question stands now, as soon as it is out; 0 while nothing was sent here."""


def hand_on(session: Session, claimed: Claimed) -> None:
    """Let the newest reply that waits for the same chat say what an overtaken one had to say: it was promised."""
    said = session.get_one(Outbox, claimed.id).payload.get("said", ())
    newer = outbox.newest_waiting(session, claimed) if said else None
    if newer is not None:
        newer.payload = {**newer.payload, "said": [*said, *newer.payload.get("said", ())]}
        session.add(newer)


def note_shown(session: Session, account_id: int | None, drawn: Drawn, message: int) -> None:
    """Remember which question stands in the chat, and where."""
    if account_id is not None:
        people.note_shown(session, account_id, drawn.prompt, message, on_page=drawn.on_page)


def with_unsaid(card: Card, unsaid: Sequence[str]) -> Card:
    """Put what overtaken replies had to say above a reply, in a message of its own where there is no room."""
    first, *rest = card.texts
    told = dict.fromkeys(escape(line) for text in unsaid for line in text.splitlines() if line.strip())
    lines = [line for line in told if line not in first.splitlines()]
    if not lines:
        return card
    above = "\n".join(lines)
    together = f"{above}\n\n{first}"
    texts = (together, *rest) if len(together) <= MOST else (*cut(lines), *card.texts)
    return replace(card, texts=texts)
