"""From an update to an event of the conversation: which question it answers, and what is said beside it."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.channels.messenger.drawing import AGAIN, BACK, HELP, JOIN, Button
from bot.channels.messenger.updates import (
    FileSent,
    Other,
    PhoneShared,
    PlaceShared,
    Tap,
    Update,
    Words,
)
from dialogs.book import EVERYWHERE, universal
from dialogs.spoken.tidy import tidy
from dialogs.talk import Again, Back, Begin, Event, Said, Screen, Sent, Stop, Tapped
from storage.tables import Account

START = re.compile(r"^/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*$")
COMMAND = re.compile(r"^(/\w+)@\w+")
ANSWER = re.compile(r"^(\d+)([:#<])(.*)$", re.DOTALL)
OPENED = re.compile(r"^o:(\d{1,18})(?::(\d))?$")

AGREED = re.compile(rf"^{JOIN}([A-Za-z0-9_-]{{16,60}})$")

OLD = -1
"""The number of a question that is on no screen any more."""

CANNOT = {
    "edited": "改过的话，我看不到。想改，就说“返回”。",
    "sticker": "我看不懂表情。写几个字，或者按下面的。",
    "poll": "这个我看不懂。写几个字，或者按下面的。",
    "video_note": "我看不了小视频。写几个字，或者按下面的。",
    "place": "现在不用发地方。答下面这个就行。",
    "phone": "现在不用发电话。答下面这个就行。",
    "unknown": "这一种我看不懂。写几个字，或者按下面的。",
}
"""What we cannot use -> the sentence that says what would be right."""

BESIDE_A_FILE = "旁边写的字，没有记。要的话，再写一次。"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an update says: the event, and a sentence of our own to go with the answer.

    Args:
        event: for the conversation.
        note: said above the question.
        answers: whether it is something the person gave us, so that it must not stay in the chat
            where the question was private.
        file: the file it sends, by the name Telegram gives it.
        values: what the placeholders of the note stand for.
        offer: a button for what the note asks, and what it carries.

    """

    event: Event
    note: str = ""
    answers: bool = False
    file: FileSent | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    offer: Button | None = None


def start_secret(update: Update) -> str | None:
    """The secret of a link that was followed here; None when it is no /start, "" when it brings none."""
    found = START.match(update.meant.text.strip()) if isinstance(update.meant, Words) else None
    return None if found is None else found[1] or ""


def agreed_secret(update: Update) -> str:
    """The secret of the link whose joining was agreed to by a button; "" for everything else."""
    found = AGREED.match(update.meant.data) if isinstance(update.meant, Tap) else None
    return found[1] if found else ""


def meaning(update: Update, account: Account | None, look: Callable[[], Screen], *, is_new: bool) -> Meaning:
    """Say what an update means.

    Args:
        update: what was heard.
        account: where it was said; None for who was never met there.
        look: gives what the conversation would show now; asked for only where it matters.
        is_new: whether they have not yet said how to talk.

    """
    if account is None or (not account.shown_prompt and not _is_a_way(update)):
        return Meaning(Again())  # they have not seen the question yet, so nothing can be its answer
    if start_secret(update) is not None:
        return Meaning(Again() if is_new else Stop())
    match update.meant:
        case Words(text):
            return _words(text, _prompt(update, account))
        case Tap(data):
            return Meaning(tap_event(data))
        case FileSent() as file:
            ref = file.ref(secrets.token_hex(16))
            note = BESIDE_A_FILE if file.caption.strip() else ""
            return Meaning(Sent(ref, _prompt(update, account)), note, answers=True, file=file)
        case PhoneShared(number) if look().form in ("phone", "private"):
            return Meaning(Said(number, _prompt(update, account)), answers=True)
        case PhoneShared():
            return Meaning(Again(), CANNOT["phone"], answers=True)
        case PlaceShared(latitude, longitude) if look().form == "location":
            return Meaning(Said(f"{latitude:.5f},{longitude:.5f}", _prompt(update, account)), answers=True)
        case PlaceShared():
            return Meaning(Again(), CANNOT["place"], answers=True)
        case Other(what):
            return Meaning(Again(), CANNOT.get(what, CANNOT["unknown"]))
    return Meaning(Again())


def tap_event(data: str) -> Event:
    """What a button carries; what is none of ours asks the question again."""
    if data == HELP:
        return EVERYWHERE["help"][0]
    found = ANSWER.match(data)
    if data == AGAIN or found is None:
        return Again()
    prompt, sign, value = int(found[1]), found[2], found[3]
    if sign == BACK:
        return Back(prompt)
    return Said(value, prompt) if sign == "#" else Tapped(prompt, value)


def answers_question(meant: object) -> bool:
    """Whether it is a button of a question."""
    return isinstance(meant, Tap) and ANSWER.match(meant.data) is not None


def opened_row(data: str) -> tuple[int, int] | None:
    """The number of the message whose button this is, and which of its buttons; None for a button of a question."""
    found = OPENED.match(data)
    return (int(found[1]), int(found[2] or 0)) if found else None


def _is_a_way(update: Update) -> bool:
    """Whether it is one of the ways that are open at any question, such as to a person."""
    match update.meant:
        case Tap(data):
            return data == HELP
        case Words(text):
            return bool(universal(COMMAND.sub(r"\1", text.strip()), tidy))
    return False


def out_of_everything(update: Update) -> Event | None:
    """What leads out of a question that is broken: the word for it, or its button; None for everything else."""
    match update.meant:
        case Words(text) if name := universal(COMMAND.sub(r"\1", text.strip()), tidy):
            event = EVERYWHERE[name][0]
        case Tap(data) if data == HELP:
            event = EVERYWHERE["help"][0]
        case _:
            return None
    return event if isinstance(event, Begin | Stop) else None


def _words(text: str, prompt: int) -> Meaning:
    text = COMMAND.sub(r"\1", text.strip())
    if universal(text, tidy):
        return Meaning(Said(text))  # works at any question, whichever was on the screen
    return Meaning(Said(text, prompt), answers=True)


def _prompt(update: Update, account: Account) -> int:
    """The question that was in the chat when this was written: numbers of messages grow with time."""
    return account.shown_prompt if update.message > account.shown_message else OLD
