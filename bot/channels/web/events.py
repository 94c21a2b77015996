"""A posted form becomes one event: pure, and never surprised by nonsense."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from dialogs.screen import DONE, NEXT, PREVIOUS
from dialogs.talk import Again, Back, Begin, Change, Event, Said, Stop, Tapped

Form: TypeAlias = Mapping[str, Sequence[str]]
"""What was posted: field name -> its values, in the page's order."""

OLD = -1
"""A number no screen has: what comes with it is taken as from an old page, and kindly asked again."""

MOST_TICKS = 200
"""Boxes one page can have; what is beyond was not ticked on a page of ours."""

MOST_VALUE = 200
"""Characters the value of a button can have."""

CHOOSING = "choosing"
"""The field that says that a page had options, and a field to write into beside them."""

SENDING = frozenset({"", "send", DONE})
"""What sends such a page: Enter in its field, the field's own button, 选好了."""

PAGE_ACTS = frozenset({DONE, NEXT, PREVIOUS})

NUMBER = re.compile(r"^[0-9]{1,9}$")
NONCE = re.compile(r"^[A-Za-z0-9_-]{16,64}$")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters but tab and line feed, and halves of characters; no keyboard sends them."""


def event_of(form: Form) -> Event:
    """What a posted form means.

    A button that changes an answer comes before a tapped option, that before the buttons that work everywhere,
    and words come last: the button pressed is what was meant, whatever else the page posts with it.
    """
    prompt = prompt_of(form)
    tapped_on = OLD if prompt is None else prompt
    if question := _button(form, "change"):
        return Change(tapped_on, question)
    if value := _button(form, "tap"):
        return Tapped(tapped_on, value)
    act = _button(form, "act")
    match act:
        case "back":
            return Back(prompt)
        case "again":
            return Again()
        case "stop":
            return Stop()
        case "help":
            # Begin, not the word 找人帮忙: a button is never asked back, whatever question is open.
            return Begin("help")
    ticks = tuple(value for value in form.get("tick", ())[:MOST_TICKS] if len(value) <= MOST_VALUE)
    if CHOOSING in form and act in SENDING and (written := words_of(form)) is not None:
        # With nothing written, pressing Enter must choose nothing: the question says what would answer it.
        is_meant = bool(written.strip()) and not (act == DONE and ticks)
        return Said(written, prompt) if is_meant else Tapped(tapped_on, (*ticks, DONE))
    if act in PAGE_ACTS:
        return Tapped(tapped_on, (*ticks, act))
    if ticks:
        return Tapped(tapped_on, (*ticks, DONE))
    if (words := words_of(form)) is not None:
        return Said(words, prompt)
    return Again()


def prompt_of(form: Form) -> int | None:
    """The number of the question the form was shown for; None where the form names none."""
    values = form.get("prompt", ())
    if not values:
        return None
    return int(values[0]) if NUMBER.match(values[0]) else OLD


def words_of(form: Form) -> str | None:
    """What was written, tidied of what no keyboard sends; None where the form has no field for words."""
    day = _day_of(form)
    if day and _button(form, "act") != "said":
        return day
    written = form.get("say", ())
    if not written and day is None:
        return None
    return _clean(written[0]) if written else ""


def once_of(form: Form, event: Event) -> str:
    """The name under which this very act counts once: the page's own number, and what was done on it.

    An empty name means that it cannot be told from another one.
    """
    nonce = (*form.get("once", ()), "")[0]
    if not NONCE.match(nonce):
        return ""
    act = hashlib.sha256(repr(event).encode()).hexdigest()[:16]
    return f"{nonce}.{act}"


def _day_of(form: Form) -> str | None:
    """The three fields of a date as one: whole as 1990-3-7, in part as 1990 年 3 月, so that it can be corrected."""
    parts = [_clean((*form.get(name, ()), "")[0]).strip()[:20] for name in ("year", "month", "day")]
    if not any(name in form for name in ("year", "month", "day")):
        return None
    if all(parts):
        return "-".join(parts)
    return " ".join(f"{part} {unit}" for part, unit in zip(parts, "年月日", strict=True) if part)


def _button(form: Form, name: str) -> str:
    value = (*form.get(name, ()), "")[0]
    return value if len(value) <= MOST_VALUE else ""


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
