"""Talking in a Telegram chat, one word after the other, and looking at what comes of it."""

import re
import time
from collections.abc import Callable

from tests.channels.botapi import Message, Person
from tests.channels.on_air import OnAir

Telegram = Callable[..., OnAir]

NEWCOMER = ("/start", "t:1 一般的字", "t:1 给我自己")
"""How somebody gets to the menu."""


def replies(messages: list[Message]) -> int:
    return sum(1 for message in messages if message.mine)


def talk(person: Person, *words: str) -> None:
    """Say one thing after the other, each after the answer to the one before; `t:` taps."""
    for each in words:
        before = replies(person.chat)
        if each.startswith("t:"):
            person.taps(each.removeprefix("t:"))
        else:
            person.says(each)
        person.waits_until(lambda messages, before=before: replies(messages) > before)  # type: ignore[misc]


def last(person: Person) -> str:
    return person.heard[-1].text


def page_link(person: Person) -> str:
    found = re.search(r"https?://\S+(/go/\S+)", last(person))
    assert found, last(person)
    return found[1]


def until(true: Callable[[], object], patience: float = 30.0) -> None:
    """Wait for something that the tests' Telegram is not told of."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)
