"""What a question of a form offers: the lines of its list, the numbers on its scale, the answer it starts with."""

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from dialogs.model import Json, Option
from dialogs.xform.form import Control, Item, Wording
from dialogs.xform.values import as_text


class Offered(Sequence[Option]):
    """The lines of a filtered list, worked out when somebody looks."""

    def __init__(self, work_out: Callable[[], tuple[Option, ...]]) -> None:
        self._work_out = work_out
        self._found: tuple[Option, ...] | None = None

    def _all(self) -> tuple[Option, ...]:
        if self._found is None:
            self._found = self._work_out()
        return self._found

    @overload
    def __getitem__(self, index: int) -> Option: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Option]: ...
    def __getitem__(self, index: int | slice) -> Option | Sequence[Option]:
        return self._all()[index]

    def __iter__(self) -> Iterator[Option]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def option(item: Item) -> Option:
    """Give a line of a list as an option."""
    return Option(item.value, item.label.said())


def numbers(control: Control) -> tuple[Item, ...]:
    """Give the numbers on a range, from the first to the last."""
    count = int((control.high - control.low) / control.step) + 1
    values = [as_text(float(round(control.low + place * control.step, 6))) for place in range(count)]
    return tuple(Item(value, Wording((value,)), {"name": value, "score": value}) for value in values)


def typed(kind: str, text: str) -> Json:
    """Give a default as an answer of its kind; None where it is none."""
    if kind == "many":
        return list[Json](text.split())
    if kind in ("whole", "decimal"):
        try:
            number = float(text)
        except ValueError:
            return None
        return int(number) if kind == "whole" else number
    return text
