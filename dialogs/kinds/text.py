"""Questions answered in the person's own words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from dialogs.model import Json, Question, Unreadable
from dialogs.talk import FileRef, Shown, World
from dialogs.words import Voice


@dataclass(frozen=True, slots=True)
class Text(Question):
    """Any words, up to a length; a voice message instead where `voice` allows it.

    Args:
        most: how many characters are kept at the most.
        long: whether a page offers several lines.
        voice: whether a voice message is an answer too.

    """

    most: int = field(default=40, kw_only=True)
    long: bool = field(default=False, kw_only=True)
    voice: bool = field(default=False, kw_only=True)

    kind: ClassVar[str] = "text"
    form: ClassVar[str] = "text"
    free: ClassVar[bool] = True

    @property
    def drawn_as(self) -> str:
        return "long" if self.long else self.form

    @property
    def takes_files(self) -> tuple[str, ...]:
        return ("voice",) if self.voice else ()

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        words = "".join(c for c in said if c.isprintable() or c == "\n").strip()
        if not words:
            raise Unreadable("这里还是空的。写几个字就行。")
        if len(words) > self.most:
            raise Unreadable(
                "太长了，有 {{ have }} 个字。最多写 {{ most }} 个字。", have=len(words), most=self.most
            )
        return words

    def receive(self, file: FileRef, world: World) -> Json:
        if self.voice and file.kind == "voice":
            return f"file:{file.key}"
        if self.voice:
            raise Unreadable("这里收文字，也收语音，不收别的文件。写出来，或者说一段话。")
        return Question.receive(self, file, world)

    def accepts(self, value: Json) -> bool:
        return isinstance(value, str) and bool(value)

    def show(self, value: Json, voice: Voice, shown: Sequence[Shown], world: World) -> str:  # noqa: ARG002
        is_spoken = self.voice and str(value).startswith("file:")
        return voice.say("您说的一段话，我们收到了") if is_spoken else str(value)


ENOUGH_DIGITS = 6
"""No name has so many; a telephone or certificate number has more."""


def looks_like_number(name: str) -> bool:
    """Whether a telephone or certificate number stands where a name should."""
    return sum(each.isdigit() for each in name) >= ENOUGH_DIGITS


@dataclass(frozen=True, slots=True)
class Name(Text):
    """The name of somebody; a number written there by mistake is asked back about."""

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:
        words = Text.read(self, said, shown, world)
        if looks_like_number(said):
            raise Unreadable("这好像是号码。这里写名字，比如“王小明”。")
        return words
