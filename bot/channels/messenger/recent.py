"""What happened a moment ago, kept in memory: enough to pass over the second of a double tap."""

from collections import OrderedDict
from typing import Generic, TypeVar

REMEMBERED = 4096
"""Taps, and answers to taps, that are remembered: of a double tap, the second is passed over in silence."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """What happened lately: the oldest is forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def find(self, key: Key) -> Value | None:
        return self._kept.get(key)

    def keep(self, key: Key, value: Value) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)

    def forget(self, key: Key) -> None:
        self._kept.pop(key, None)
