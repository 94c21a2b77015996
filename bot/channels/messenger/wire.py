"""What goes over the wire to Telegram and back: fields as JSON or as a form, and what an answer says."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import orjson

from bot.attached import Attached
from bot.channels.messenger.drawing import Button

UNKNOWN_STOP = 5.0
"""Seconds we stop for a 429 that does not say how long."""

NO_LONGER = ("chat not found", "user is deactivated", "bot was kicked", "bot can't initiate conversation")
"""How Telegram says, with another code than 403, that nothing arrives there."""

NOTHING_LEFT = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
    "query is too old",
)
"""Refusals of tidying up that mean: it is tidy, or too late."""


def read(body: bytes) -> Any:  # noqa: ANN401 - JSON, or None where it is none
    """Read an answer."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _read_all_the_same(body)


def is_gone(words: str) -> bool:
    """Whether a refusal says that nothing arrives there."""
    return any(each in words for each in NO_LONGER)


def is_tidy(words: str) -> bool:
    """Whether a refusal of tidying up says that there is nothing to do."""
    return any(each in words for each in NOTHING_LEFT)


def as_json(asked: Mapping[str, object]) -> tuple[bytes, dict[str, str]]:
    """Give the body of a request, and its headers."""
    return orjson.dumps(asked), {"Content-Type": "application/json"}


def as_form(asked: Mapping[str, object], photo: Attached) -> tuple[aiohttp.FormData, dict[str, str]]:
    """A form with a picture in it; its own type comes with it."""
    form = aiohttp.FormData()
    for name, value in asked.items():
        form.add_field(name, str(value))
    form.add_field("photo", photo.body, filename=photo.name, content_type=photo.mime)
    return form, {}


def retry_after(told: object) -> float:
    """Give the seconds a 429 wants us to wait."""
    try:
        return max(float(told["parameters"]["retry_after"]), 1.0)  # type: ignore[index]  # if it is not there
    except (KeyError, TypeError, ValueError):
        return UNKNOWN_STOP


def keyboard(rows: Sequence[Sequence[Button]]) -> dict[str, object]:
    """Give the buttons under a message as Telegram wants them."""
    return {
        "inline_keyboard": [
            [
                {"text": each.label, "url": each.url}
                if each.url
                else {"text": each.label, "callback_data": each.data}
                for each in row
            ]
            for row in rows
        ]
    }


def _read_all_the_same(body: bytes) -> Any:  # noqa: ANN401 - JSON, or None where it is none
    """Read what orjson refuses: half a character in one update must not hold up all the others."""
    try:
        return json.loads(body)
    except ValueError:
        return None
