"""Keyboards under messages: what Telegram takes for one, and what it refuses."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.channels.botapi.refusing import Refused, bad

ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
INLINE = ACTIONS | {"text", "icon_custom_emoji_id", "style"}
PLAIN = frozenset(
    {
        "text",
        "icon_custom_emoji_id",
        "style",
        "request_users",
        "request_chat",
        "request_contact",
        "request_location",
        "request_poll",
        "web_app",
    }
)
SHAPES = {
    "inline_keyboard": frozenset({"inline_keyboard"}),
    "keyboard": frozenset(
        {
            "keyboard",
            "is_persistent",
            "resize_keyboard",
            "one_time_keyboard",
            "input_field_placeholder",
            "selective",
        }
    ),
    "remove_keyboard": frozenset({"remove_keyboard", "selective"}),
    "force_reply": frozenset({"force_reply", "input_field_placeholder", "selective"}),
}


@dataclass(frozen=True, slots=True)
class Button:
    """One button; exactly one of data and url says what an inline one does, asks what a plain one sends."""

    text: str
    data: str | None = None
    url: str | None = None
    asks: str = ""

    def as_json(self) -> dict[str, str]:
        if self.data is not None:
            return {"text": self.text, "callback_data": self.data}
        return {"text": self.text, "url": self.url} if self.url is not None else {"text": self.text}


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Markup:
    """A reply_markup as it was understood.

    Args:
        inline: rows under the message itself.
        plain: rows in place of the phone's keyboard; None leaves that one as it is, () takes it away.

    """

    inline: Rows = ()
    plain: Rows | None = None


def read_markup(given: Any) -> Markup:
    """Read a `reply_markup`.

    Raises:
        Refused: a shape, button, label, datum or address Telegram does not take.

    """
    if given is None:
        return Markup()
    if not isinstance(given, dict):
        raise bad("object expected as reply markup")
    shape = next((name for name in SHAPES if name in given), None)
    if shape is None:
        return Markup() if not given else _unknown("reply markup", given)
    _known("reply markup", given, SHAPES[shape])
    if shape == "inline_keyboard":
        rows = tuple(tuple(_inline(each) for each in row) for row in _rows(given[shape], "inline keyboard"))
        if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
            raise bad("REPLY_MARKUP_TOO_LONG")
        return Markup(tuple(row for row in rows if row))
    if shape == "keyboard":
        return Markup(
            plain=tuple(tuple(_plain(each) for each in row) for row in _rows(given[shape], "keyboard"))
        )
    return Markup(plain=()) if shape == "remove_keyboard" else Markup()


def _rows(given: Any, what: str) -> list[list[Any]]:
    if not isinstance(given, list) or not all(isinstance(row, list) for row in given):
        raise bad(f"can't parse {what}: Field must be an Array of Arrays")
    return given


def _known(what: str, given: dict[str, Any], names: frozenset[str]) -> None:
    if strange := sorted(given.keys() - names):
        _unknown(what, dict.fromkeys(strange))


def _unknown(what: str, given: dict[str, Any]) -> Markup:
    raise bad(f"unknown field in {what}: {', '.join(given)}")


def _text(given: Any, what: str) -> str:
    if not isinstance(given, dict):
        raise bad(f"can't parse {what}: {what} must be an Object")
    if "text" not in given:
        raise bad(f"can't parse {what}: Can't find field \"text\"")
    if not isinstance(given["text"], str):
        raise bad(f'can\'t parse {what}: Field "text" must be of type String')
    if not given["text"].strip():
        raise bad(f"{what} text must be non-empty")
    return given["text"]


def _inline(given: Any) -> Button:
    text = _text(given, "inline keyboard button")
    _known("inline keyboard button", given, INLINE)
    actions = [name for name in given if name in ACTIONS and given[name] not in (None, "")]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad(f"can't parse inline keyboard button: more than one action: {', '.join(actions)}")
    value = given[actions[0]]
    if actions[0] == "callback_data":
        if not isinstance(value, str) or len(value.encode()) > 64:
            raise bad("BUTTON_DATA_INVALID")
        return Button(text, data=value)
    if actions[0] == "url":
        if trouble := _trouble(value):
            raise trouble
        return Button(text, url=value)
    return Button(text, asks=actions[0])


def _trouble(address: Any) -> Refused | None:
    """Say what is wrong with a button's address: Telegram knows no host without a dot, such as localhost."""
    parts = urlsplit(str(address))
    said = f"inline keyboard button URL '{address}' is invalid: "
    if parts.scheme not in {"", "http", "https", "tg"}:
        return bad(f"{said}Unsupported URL protocol")
    host = parts.hostname or parts.path.split("/")[0]
    if parts.scheme != "tg" and "." not in host.strip("."):
        return bad(f"{said}Wrong HTTP URL")
    return None


def _plain(given: Any) -> Button:
    if isinstance(given, str):
        given = {"text": given}
    text = _text(given, "keyboard button")
    _known("keyboard button", given, PLAIN)
    asks = [name for name in given if name not in {"text", "style", "icon_custom_emoji_id"} and given[name]]
    return Button(text, asks=asks[0] if asks else "")
