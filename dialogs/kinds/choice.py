"""Questions answered by choosing: one of some, several of some, yes or no, and one of many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from dialogs.model import Answers, Json, Option, OptionsSource, Question, Unreadable
from dialogs.spoken.choosing import pick_many, pick_one
from dialogs.talk import Shown, World
from dialogs.words import Voice


def labels_of(values: Sequence[str], shown: Sequence[Shown], voice: Voice) -> str:
    """The labels of what was chosen, each as a sentence of its own: labels may hold commas."""
    by_value = {option.value: option.label for option in shown}
    between = ". " if voice.reading == "en" else "。"
    return between.join(by_value.get(value, value) for value in values)


@dataclass(frozen=True, slots=True)
class Choice(Question):
    """One of some options; a value that is not among today's options still counts once it was given."""

    options: OptionsSource = ()

    kind: ClassVar[str] = "choice"
    form: ClassVar[str] = "choice"

    def options_in(self, answers: Answers, world: World) -> tuple[Option, ...]:
        return tuple(self.options(answers, world) if callable(self.options) else self.options)

    def accepts(self, value: Json) -> bool:
        if not isinstance(value, str) or not value:
            return False
        # A literal list is the whole truth: an answer that left it must be asked again.
        return callable(self.options) or value in {option.value for option in self.options}

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        found = pick_one(said, [option.names for option in shown])
        if found is None:
            raise Unreadable("没听懂“{{ said }}”。说前面的数字，或者说那几个字。", said=_short(said))
        return shown[found].value

    def show(self, value: Json, voice: Voice, shown: Sequence[Shown], world: World) -> str:  # noqa: ARG002
        return labels_of([str(value)], shown, voice)


@dataclass(frozen=True, slots=True)
class YesNo(Choice):
    """A choice of two, kept as "yes" and "no"."""

    options: OptionsSource = (
        Option("yes", "是", also=("是的", "对", "对的", "好", "好的", "可以", "嗯", "要", "有", "yes", "y")),
        Option("no", "不是", also=("否", "不", "不对", "不行", "不可以", "不要", "没有", "no", "n")),
    )

    kind: ClassVar[str] = "yesno"


@dataclass(frozen=True, slots=True)
class Note(Choice):
    """Something to read, with one way on."""

    options: OptionsSource = (Option("read", "知道了", also=("好", "好的", "继续", "嗯", "ok", "next")),)

    kind: ClassVar[str] = "note"
    form: ClassVar[str] = "note"

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        found = pick_one(said, [option.names for option in shown])
        return shown[found].value if found is not None else shown[0].value if shown else "read"


@dataclass(frozen=True, slots=True)
class Pick(Choice):
    """One of a long list that the world holds (the catalogue), shown page by page."""

    kind: ClassVar[str] = "pick"


@dataclass(frozen=True, slots=True)
class Many(Question):
    """Several of some options; none of them is a way below the list, the same on every page.

    Args:
        exclusive: options that stand alone, for lists that are not our own (sheets) and have them as an option.

    """

    options: OptionsSource = ()
    exclusive: tuple[str, ...] = field(default=(), kw_only=True)
    suggests: Callable[[World], Sequence[str]] | None = field(default=None, kw_only=True)

    kind: ClassVar[str] = "many"
    form: ClassVar[str] = "many"

    def options_in(self, answers: Answers, world: World) -> tuple[Option, ...]:
        return tuple(self.options(answers, world) if callable(self.options) else self.options)

    def accepts(self, value: Json) -> bool:
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            return False
        return callable(self.options) or set(value) <= {option.value for option in self.options}

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:  # noqa: ARG002 - other kinds need it
        stands_alone = {*self.exclusive, self.skip.value if self.skip else ""}
        alone = frozenset(n for n, option in enumerate(shown) if option.value in stands_alone)
        found = pick_many(said, [option.names for option in shown], exclusive=alone)
        if not found:
            raise Unreadable("没听懂“{{ said }}”。可以说几个数字，比如“1 3”。", said=_short(said))
        if self.skip is not None and [shown[number].value for number in found] == [self.skip.value]:
            return self.skip.value
        return self.settle([shown[number].value for number in found], shown)

    def left_open(self, value: Json) -> bool:
        return self.skip is not None and value in (self.skip.value, [self.skip.value])

    def settle(self, values: Sequence[str], shown: Sequence[Shown]) -> Json:
        """The picked values as an answer.

        Raises:
            Unreadable: when an option that stands alone was picked together with others.

        """
        picked = list(dict.fromkeys(values))
        alone = next(
            (option.label for option in shown if option.value in self.exclusive and option.value in picked),
            "",
        )
        if alone and len(picked) > 1:
            raise Unreadable("选了“{{ alone }}”，就不用选别的。再选一次。", alone=alone)
        return list(picked)

    def show(self, value: Json, voice: Voice, shown: Sequence[Shown], world: World) -> str:  # noqa: ARG002
        values = [str(item) for item in value] if isinstance(value, list) else [str(value)]
        return labels_of(values, shown, voice)


def _short(said: str) -> str:
    return said if len(said) <= 20 else said[:20] + "……"
