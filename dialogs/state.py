"""What we remember of a conversation: what was said, by question name, and never a place in the code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from dialogs.model import Json
from dialogs.talk import About, Begin


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow that is open: its identity is (flow, about), so two drafts never mix.

    Args:
        flow: the flow's name.
        about: what it is about.
        answers: what was said, by question name.
        given: what it was begun with; not questions asked here, but words and conditions may use it.
        again: the question being asked once more, although it has an answer.
        view: page, options ticked so far, a word being asked back. Never an answer.
        tries: how often the answer on the screen could not be read.
        touched: the day something was last said here, ISO 8601: drafts are kept 30 days from it.

    """

    flow: str
    about: About = ()
    answers: Mapping[str, Json] = field(default_factory=dict)
    given: Mapping[str, Json] = field(default_factory=dict)
    again: str = ""
    view: Mapping[str, Json] = field(default_factory=dict)
    tries: int = 0
    touched: str = ""

    @property
    def key(self) -> tuple[str, About]:
        return (self.flow, self.about)

    def is_at(self, begin: Begin) -> bool:
        return self.key == (begin.flow, begin.about)

    def answering(self, name: str, value: Json) -> "Frame":
        return replace(self, answers={**self.answers, name: value}, again="", view={}, tries=0)


@dataclass(frozen=True, slots=True)
class State:
    """One contact's conversation.

    Args:
        frames: what is open, newest last; the last one is on the screen.
        waiting: drafts put aside, newest last.
        prompt: the number of the question on the screen; it grows only when the screen changes.
        asked: what is on the screen, to tell an old screen and a moved question.
        said: the statements of the last turn, still to be read above the question.
        typed: what was typed and could not be read.
        error: the sentence that says what would be right.

    """

    frames: tuple[Frame, ...] = ()
    waiting: tuple[Frame, ...] = ()
    prompt: int = 0
    asked: str = ""
    said: tuple[str, ...] = ()
    typed: str = ""
    error: str = ""

    @property
    def top(self) -> Frame | None:
        return self.frames[-1] if self.frames else None

    def with_top(self, frame: Frame) -> "State":
        return replace(self, frames=(*self.frames[:-1], frame))

    def dump(self) -> dict[str, Any]:
        """As JSON values, which are the state's own: they are written down, not changed."""
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        return {**kept, "frames": _dumped(self.frames), "waiting": _dumped(self.waiting)}

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> "State":
        """From JSON values; nothing at all is a conversation that has not begun."""
        return cls(
            **{
                **kept,
                "frames": tuple(_frame(each) for each in kept.get("frames", ())),
                "waiting": tuple(_frame(each) for each in kept.get("waiting", ())),
                "said": tuple(kept.get("said", ())),
            }
        )


def _dumped(frames: Iterable[Frame]) -> list[dict[str, Any]]:
    return [{each.name: getattr(frame, each.name) for each in fields(frame)} for frame in frames]


def _frame(kept: Mapping[str, Any]) -> Frame:
    about = tuple((str(name), value) for name, value in kept.get("about", ()))
    return Frame(**{**kept, "about": about})
