"""What a Telegram update means: read from its JSON, before anything of it is believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from dialogs.talk import FileRef
from storage.tables import FILE_LIMIT

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""Updates we ask for; everything else is not even sent to us."""

MOST = 100
"""Updates Telegram gives at one asking, or posts at the same time, as many as it ever does."""

GONE = frozenset({"kicked", "left"})

Json: TypeAlias = Mapping[str, Any]


class Unparsable(ValueError):
    """An update we cannot read: parked, never tried again. The text says what was missing, not what was said."""


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Tap:
    """A button: the message it stands under, what it carries, and the name its answer goes to."""

    data: str
    callback: str


@dataclass(frozen=True, slots=True)
class FileSent:
    """A file that still lies with Telegram; `caption` are the words beside it."""

    telegram_id: str
    kind: str
    size: int
    mime: str
    name: str
    caption: str

    @property
    def too_large(self) -> bool:
        return self.size > FILE_LIMIT

    def ref(self, key: str) -> FileRef:
        return FileRef(key, self.kind, self.size, self.mime, self.name)  # type: ignore[arg-type]  # one of ours


@dataclass(frozen=True, slots=True)
class PhoneShared:
    number: str


@dataclass(frozen=True, slots=True)
class PlaceShared:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Other:
    """Something we cannot use: edited, sticker, poll, video_note, or any other kind."""

    what: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The person stopped the bot, or took it back; in a group, the bot was let in or shown out."""

    gone: bool


Meant: TypeAlias = Words | Tap | FileSent | PhoneShared | PlaceShared | Other | Standing


@dataclass(frozen=True, slots=True)
class Update:
    """One update.

    Args:
        number: its own number: told twice, it counts once.
        chat: where it comes from; the same as who, in a private chat.
        date: when it happened, in whole seconds since 1970; 0 for a tap, of which Telegram does not tell it: the date
            in it is that of the message its button stands under, which only says that the tap came after it. Somebody
            awake who presses yesterday's button cannot be told from a tap that was held up, and the first one waits
            for an answer. A known limit: a tap of the night that reaches us hours later is answered at once, not in
            the morning.
        message: the message it is, or the one its button stands under; 0 for none.
        is_private: whether only one person reads there.
        meant: what happened.

    """

    number: int
    chat: int
    date: int
    message: int
    is_private: bool
    meant: Meant


def read_update(raw: Json) -> Update:
    """Read an update.

    Raises:
        Unparsable: when it is of a kind we did not ask for, or not of the shape Telegram promises.

    """
    try:
        return _read(raw)
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        raise Unparsable(f"{type(problem).__name__} in {_kind(raw)}") from None


def _kind(raw: object) -> str:
    known = [name for name in ALLOWED if isinstance(raw, Mapping) and name in raw]
    return known[0] if known else "an unknown update"


def _read(raw: Json) -> Update:
    number = int(raw["update_id"])
    if "callback_query" in raw:
        tap = raw["callback_query"]
        message = tap["message"]
        meant: Meant = Tap(str(tap.get("data", "")), str(tap["id"]))
    elif "my_chat_member" in raw:
        message = raw["my_chat_member"]
        meant = Standing(message["new_chat_member"]["status"] in GONE)
    elif "edited_message" in raw:
        message = raw["edited_message"]
        meant = Other("edited")
    else:
        message = raw["message"]
        meant = _message(message)
    chat = message["chat"]
    date = 0 if isinstance(meant, Tap) else int(message.get("edit_date") or message["date"])
    is_private = chat["type"] == "private"
    return Update(number, int(chat["id"]), date, int(message.get("message_id", 0)), is_private, meant)


def _message(message: Json) -> Meant:
    if "text" in message:
        return Words(str(message["text"]))
    if "contact" in message:
        return PhoneShared(str(message["contact"]["phone_number"]))
    if "location" in message and "venue" not in message:
        place = message["location"]
        return PlaceShared(float(place["latitude"]), float(place["longitude"]))
    caption = str(message.get("caption", ""))
    for name, kind in (
        ("voice", "voice"),
        ("audio", "voice"),
        ("document", "document"),
        ("video", "document"),
    ):
        if name in message:
            return _file(message[name], kind, caption)
    if "photo" in message:
        # The sizes of one picture, smallest first.
        return _file({"mime_type": "image/jpeg", **message["photo"][-1]}, "photo", caption)
    for what in ("sticker", "poll", "video_note", "animation", "venue", "dice", "game", "story"):
        if what in message:
            return Other(what)
    return Other("unknown")


def _file(file: Json, kind: str, caption: str) -> FileSent:
    mime = str(file.get("mime_type", ""))
    if kind == "document" and mime.startswith("image/"):
        kind = "photo"
    return FileSent(
        str(file["file_id"]),
        kind,
        int(file.get("file_size", 0)),
        mime,
        str(file.get("file_name", ""))[-80:],
        caption,
    )
