"""Questions answered by a thing: a photo, a voice message, a document, a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from dialogs.model import Json, Question, Unreadable
from dialogs.talk import FileRef, Shown, World
from dialogs.words import Voice

MOST_BYTES = 20 * 1024 * 1024
"""The largest file we keep, in bytes."""

NOT_TAKEN: Mapping[str, str] = {
    "photo": "这里要一张照片。换一个，或者写几个字。",
    "voice": "这里要一段语音。换一个，或者写几个字。",
    "document": "这里要一个文件。换一个，或者写几个字。",
    "": "这里不收这一种。换一个，或者写几个字。",
}


@dataclass(frozen=True, slots=True)
class File(Question):
    """A photo, a voice message or a document; words say it too, so that nobody needs a camera (R21)."""

    takes: tuple[str, ...] = field(default=("photo", "voice", "document"), kw_only=True)

    kind: ClassVar[str] = "file"
    form: ClassVar[str] = "file"
    free: ClassVar[bool] = True

    @property
    def takes_files(self) -> tuple[str, ...]:
        return self.takes

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        words = said.strip()
        if not words:
            raise Unreadable("这里还是空的。发一个文件，或者写几个字。")
        return words[:1000]

    def receive(self, file: FileRef, world: World) -> Json:  # noqa: ARG002 - other kinds need it
        if file.size > MOST_BYTES:
            raise Unreadable("这个文件太大了，最大 20 兆。换一个小的，或者写几个字。")
        if file.kind not in self.takes:
            raise Unreadable(NOT_TAKEN[self.takes[0] if len(self.takes) == 1 else ""])
        return f"file:{file.key}"

    def show(self, value: Json, voice: Voice, shown: Sequence[Shown], world: World) -> str:  # noqa: ARG002
        return voice.say("收到一个文件") if str(value).startswith("file:") else str(value)


@dataclass(frozen=True, slots=True)
class Location(Question):
    """A place, in words or as "纬度,经度" from a phone that shares it."""

    kind: ClassVar[str] = "location"
    form: ClassVar[str] = "location"
    free: ClassVar[bool] = True

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        words = " ".join(said.split())
        if not words:
            raise Unreadable("这里还是空的。写街道或者村的名字。")
        if len(words) > 100:
            raise Unreadable("太长了，有 {{ have }} 个字。写街道或者村的名字就行。", have=len(words))
        return words
