"""Questions answered by any number, or by a time of day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import ClassVar

from dialogs.model import Json, Question, Unreadable
from dialogs.spoken import Misheard
from dialogs.spoken.amounts import read_amount
from dialogs.spoken.times import read_time
from dialogs.talk import Shown, World
from dialogs.words import Voice

NOT_AN_AMOUNT: Mapping[bool, str] = {
    True: "这里要一个整的数，比如 3。",
    False: "这里要一个数，比如 3，或者 2.5。",
}


@dataclass(frozen=True, slots=True)
class Amount(Question):
    """Any number, also below nothing or with a point, unless only whole ones will do."""

    only_whole: bool = field(default=False, kw_only=True)

    kind: ClassVar[str] = "amount"
    form: ClassVar[str] = "number"

    @property
    def drawn_as(self) -> str:
        return "number" if self.only_whole else "text"  # a phone's keys for numbers may have no point

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        try:
            return read_amount(said, whole=self.only_whole)
        except Misheard:
            raise Unreadable(NOT_AN_AMOUNT[self.only_whole]) from None

    def accepts(self, value: Json) -> bool:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return isinstance(value, int) or not self.only_whole


@dataclass(frozen=True, slots=True)
class Clock(Question):
    """A time of day, kept as HH:MM."""

    kind: ClassVar[str] = "clock"

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        try:
            return f"{read_time(said):%H:%M}"
        except Misheard:
            raise Unreadable("没看懂是几点。写成这样：上午 9 点半。") from None

    def accepts(self, value: Json) -> bool:
        try:
            return isinstance(value, str) and bool(f"{time.fromisoformat(value):%H:%M}" == value)
        except ValueError:
            return False

    def show(self, value: Json, voice: Voice, shown: Sequence[Shown], world: World) -> str:  # noqa: ARG002
        return voice.say("{{ at | clock }}", {"at": time.fromisoformat(str(value))})
