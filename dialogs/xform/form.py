"""What an XForm is once it is read: its fields in order, what is asked about them, and the lists to choose from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from dialogs.talk import Reading
from dialogs.words import Own
from dialogs.xform.values import Value, as_text

if TYPE_CHECKING:
    from regex import Pattern


class Holder(Protocol):
    """Whoever knows the answers so far."""

    today: str
    now: str

    def value(self, node: "Node", rows: tuple[int, ...]) -> str: ...

    def count(self, repeat: "Node", rows: tuple[int, ...]) -> int: ...

    def matches(self, text: str, pattern: "Pattern[str]") -> bool: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression is worked out.

    Args:
        held: the answers so far.
        rows: the row of each repeat around the field it belongs to, the outermost first.
        outer: the same of the field that a list is filtered for.
        own: what "." stands for.
        item: the line of a list that is looked at.
        reading: in which wording labels are wanted.

    """

    held: Holder
    rows: tuple[int, ...] = ()
    outer: tuple[int, ...] = ()
    own: str = ""
    item: Mapping[str, str] = field(default_factory=dict)
    reading: Reading = "plain"


@dataclass(frozen=True, slots=True)
class Code:
    """An expression, ready to run, the fields it looks at, and how many lines of lists it looks through."""

    text: str
    run: Callable[[Scope], Value]
    needs: tuple["Node", ...]
    scans: int = 0


@dataclass(slots=True, eq=False)
class Node:
    """One field, group or repeat of the form.

    Args:
        name: as the sheet has it.
        parent: the group it stands in; None for the form itself.
        order: its place in the form, from 0.
        repeats: the repeats around it, itself included, the outermost first.
        key: the name its answer is kept under; the row of each repeat is put between.

    """

    name: str
    parent: "Node | None"
    order: int
    is_repeat: bool = False
    children: dict[str, "Node"] = field(default_factory=dict)
    repeats: tuple["Node", ...] = ()
    type: str = "string"
    start: str = ""
    relevant: Code | None = None
    calculate: Code | None = None
    constraint: Code | None = None
    default: Code | None = None
    times: Code | None = None
    required: Code | None = None
    control: "Control | None" = None
    title: "Wording | None" = None
    """Of a group or repeat: its own name for people."""
    key: str = ""
    last: int = 0
    """The order of the last field inside it."""
    settled: int = -1
    """The order of the last question its value hangs on: known once that one is answered."""
    shown: int = -1
    """The same of whether it is there at all."""
    is_always: bool = False
    """Whether it is there whatever was answered."""

    @property
    def path(self) -> str:
        return f"{self.parent.path}/{self.name}" if self.parent else f"/{self.name}"

    def key_at(self, rows: tuple[int, ...]) -> str:
        """The name of its answer in these rows: kids[2]/age."""
        if not self.repeats:
            return self.key
        inside = (f"{each.name}[{row}]" for each, row in zip(self.repeats, rows, strict=True))
        return "/".join((*inside, *([] if self.is_repeat else [self.key])))

    def every(self) -> Iterator["Node"]:
        """Give it and all fields inside it, in order."""
        yield self
        for child in self.children.values():
            yield from child.every()


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of the sheet in each language it has, with expressions between them.

    Args:
        plain: pieces of text and expressions in the form's own language.
        easy: the same where a language whose name begins with 易读 has them.
        en: the same in English.
        pictures: the picture of each reading, where there is one.

    """

    plain: tuple[str | Code, ...] = ()
    easy: tuple[str | Code, ...] = ()
    en: tuple[str | Code, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_fixed(self) -> bool:
        """Whether it says the same whatever was answered."""
        return not any(isinstance(piece, Code) for piece in (*self.plain, *self.easy, *self.en))

    def __bool__(self) -> bool:
        return bool(self.plain)

    def picture(self, reading: Reading) -> str:
        """Give the name of the picture for a reading, that of the form's own language where it has none; "" for none."""
        return (
            self.pictures.get(reading) or self.pictures.get("plain") or next(iter(self.pictures.values()), "")
        )

    def said(self, scope: Scope | None = None) -> Own:
        """Give the words, the answers put in."""
        return Own(*(_filled(pieces, scope, reading) for pieces, reading in self._readings()))

    def _readings(self) -> tuple[tuple[tuple[str | Code, ...], Reading], ...]:
        return ((self.plain, "plain"), (self.easy, "easy"), (self.en, "en"))


def _filled(pieces: tuple[str | Code, ...], scope: Scope | None, reading: Reading) -> str:
    if scope is None:
        return "".join(piece for piece in pieces if isinstance(piece, str)).strip()
    scope = Scope(scope.held, scope.rows, scope.outer, scope.own, scope.item, reading)
    return "".join(piece if isinstance(piece, str) else as_text(piece.run(scope)) for piece in pieces).strip()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: its value, its label, and every other column of the sheet."""

    value: str
    label: Wording
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Control:
    """How a field is asked about.

    Args:
        kind: note, one, many, scale, agree, text, whole, decimal, date, time, photo, sound, place.
        label: the question.
        hint: help with it.
        guidance: help for who helps.
        wrong: what is said when the constraint does not hold.
        missing: what is said when it was left empty.
        items: the list to choose from.
        keeps: which lines of the list are offered.
        low, high, step: of a scale.
        looks: the words of the appearance column.

    """

    kind: str
    label: Wording = Wording()
    hint: Wording = Wording()
    guidance: Wording = Wording()
    wrong: Wording = Wording()
    missing: Wording = Wording()
    items: tuple[Item, ...] = ()
    keeps: Code | None = None
    low: float = 0
    high: float = 0
    step: float = 1
    looks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form, ready to be asked; the same object serves every conversation.

    Args:
        name: its form_id.
        version: as the sheet has it.
        title: its name for people.
        root: the field that holds all others.
        lists: the lists to choose from, by name.

    """

    name: str
    version: str
    title: str
    root: Node
    lists: Mapping[str, tuple[Item, ...]]

    @property
    def asked(self) -> tuple[Node, ...]:
        """Every field there is a question about, in order."""
        return tuple(node for node in self.root.every() if node.control is not None)

    @property
    def given(self) -> tuple[Node, ...]:
        """Fields that are neither asked nor worked out: the system gives them by their name."""
        return tuple(
            node
            for node in self.root.every()
            if node.control is None and not node.children and node.calculate is None and node is not self.root
        )

    def find(self, name: str) -> Node | None:
        """Find a field by its name in the sheet."""
        return next((node for node in self.root.every() if node.name == name), None)
