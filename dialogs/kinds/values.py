"""Questions answered by a value that has a shape: a number, a day, a telephone number, a certificate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal

from dialogs.model import Json, Question, Unreadable
from dialogs.spoken import Misheard
from dialogs.spoken.certificate import group, read_certificate
from dialogs.spoken.dates import read_date
from dialogs.spoken.numbers import read_number
from dialogs.spoken.phones import read_phone, show_phone
from dialogs.talk import Shown, World
from dialogs.words import Voice

NOT_A_NUMBER: Mapping[str, str] = {
    "too_small": "这个数太小了。写 {{ low }} 到 {{ high }} 中的一个数。",
    "too_big": "这个数太大了。写 {{ low }} 到 {{ high }} 中的一个数。",
    "": "这里要一个数，比如 {{ low }}。",
}

NOT_A_DAY: Mapping[str, str] = {
    "no_such_day": "日历上没有这一天。看一看月和日，再写一次。",
    "future": "这一天还没有到。写过去的一天，比如 1990 年 3 月 7 日。",
    "too_old": "这一天太早了。写成这样：1990 年 3 月 7 日。",
    "lunar": "这里要公历的日子，不是农历。写成这样：1990 年 3 月 7 日。",
    "no_year": "还要写是哪一年。写成这样：1990 年 3 月 7 日。",
    "": "没看懂是哪一天。写成这样：1990 年 3 月 7 日。",
}

NOT_A_PHONE: Mapping[str, str] = {
    "too_short": "这个号码好像少了几个数字。手机号有 11 个数字。",
    "too_long": "这个号码好像多了几个数字。手机号有 11 个数字。",
    "no_area_code": "家里的电话，前面要写区号。比如 0371 开头。",
    "": "这个号码好像不对。手机号有 11 个数字，座机前面写区号。",
}

NOT_A_CERTIFICATE: Mapping[str, str] = {
    "id_only": "这是身份证号，18 位。残疾人证号有 20 位，后面多两个数字。",
    "old_id": "这是老的号码。现在的残疾人证号有 20 位。",
    "checksum": "第 18 位好像不对。对着证，一个一个看一遍，再写一次。",
    "birth_date": "第 7 位到第 14 位是生日，好像不对。对着证再看一遍。",
    "category": "倒数第二个数字要在 1 到 7 中间。对着证再看一遍。",
    "level": "最后一个数字要在 1 到 4 中间。对着证再看一遍。",
    "suffix": "补办的证，后面是字母 B 和数字，比如 B1。对着证再看一遍。",
    "": "残疾人证号有 20 位。对着证再写一次，也可以不写。",
}


def sentence(reasons: Mapping[str, str], problem: Misheard) -> str:
    """What to say of a problem: its own sentence, else that of its family, else the general one."""
    return reasons.get(problem.reason) or reasons.get(problem.family) or reasons[""]


@dataclass(frozen=True, slots=True)
class Number(Question):
    """A whole number from `low` to `high`."""

    low: int = field(default=0, kw_only=True)
    high: int = field(default=1000, kw_only=True)

    kind: ClassVar[str] = "number"
    form: ClassVar[str] = "number"

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        try:
            return read_number(said, self.low, self.high)
        except Misheard as problem:
            raise Unreadable(sentence(NOT_A_NUMBER, problem), low=self.low, high=self.high) from None

    def accepts(self, value: Json) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Date(Question):
    """A day, kept as ISO 8601. `prefer` tells which year is meant when none is said; "either" asks for it."""

    prefer: Literal["past", "future", "either"] = field(default="past", kw_only=True)

    kind: ClassVar[str] = "date"
    form: ClassVar[str] = "date"

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        try:
            return self._day(said, world.today).isoformat()
        except Misheard as problem:
            raise Unreadable(sentence(NOT_A_DAY, problem)) from None

    def _day(self, said: str, today: date) -> date:
        if self.prefer != "either":
            return read_date(said, today, prefer=self.prefer)
        try:
            return read_date(said, today, prefer="past")
        except Misheard as problem:
            if problem.reason != "future":
                raise
            return read_date(said, today, prefer="future")

    def accepts(self, value: Json) -> bool:
        try:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        except ValueError:
            return False

    def show(self, value: Json, voice: Voice, shown: Sequence[Shown], world: World) -> str:  # noqa: ARG002
        return voice.say(
            "{{ when.year }} 年 {{ when.month }} 月 {{ when.day }} 日",
            {"when": date.fromisoformat(str(value))},
        )


@dataclass(frozen=True, slots=True)
class Phone(Question):
    """A telephone number, mobile or with its area code; kept as digits."""

    kind: ClassVar[str] = "phone"
    form: ClassVar[str] = "phone"

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        try:
            return read_phone(said)
        except Misheard as problem:
            raise Unreadable(sentence(NOT_A_PHONE, problem)) from None

    def show(self, value: Json, voice: Voice, shown: Sequence[Shown], world: World) -> str:  # noqa: ARG002
        return show_phone(str(value))


@dataclass(frozen=True, slots=True)
class Certificate(Question):
    """The 20-digit number on a disability certificate (残疾人证管理办法, 2017), kept normalised.

    No region or age makes it wrong; only its shape, its check digit and its dates do.
    """

    kind: ClassVar[str] = "certificate"
    form: ClassVar[str] = "certificate"

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        try:
            return read_certificate(said, world.today).number
        except Misheard as problem:
            raise Unreadable(sentence(NOT_A_CERTIFICATE, problem)) from None

    def show(self, value: Json, voice: Voice, shown: Sequence[Shown], world: World) -> str:  # noqa: ARG002
        return group(str(value))
