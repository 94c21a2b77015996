"""What a flow is: questions with names, when they are asked, and what their answers become."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from dialogs.talk import Begin, Drop, FileRef, Reading, Shown, World
from dialogs.words import Voice, Words

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

HIDDEN: Json = None
"""What an answer reads as when its question was not asked of this person."""


class NotYet(LookupError):
    """A condition asked for an answer that is not given yet: no total can be promised."""


class Unreadable(ValueError):
    """What was said does not answer the question; carries the sentence that says what would.

    Args:
        words: what is wrong and what would be right, in at most two sentences.
        values: what the sentence's placeholders stand for.

    """

    def __init__(self, words: Words, **values: object) -> None:
        super().__init__(str(words))
        self.words = words
        self.values = values


class Answers(Mapping[str, Json]):
    """The answers that count so far, by question name. A hidden question reads as None."""

    __slots__ = ("counted", "given", "hidden")

    def __init__(
        self, given: Mapping[str, Json] | None = None, counted: Mapping[str, Json] | None = None
    ) -> None:
        self.given = dict(given or {})
        self.counted = dict(counted or {})
        self.hidden: set[str] = set()

    def __getitem__(self, name: str) -> Json:
        if name in self.counted:
            return self.counted[name]
        if name in self.given:
            return self.given[name]
        if name in self.hidden:
            return HIDDEN
        raise NotYet(name)

    def __contains__(self, name: object) -> bool:
        return name in self.counted or name in self.given or name in self.hidden

    def __iter__(self) -> Iterator[str]:
        return iter({**self.given, **self.counted})

    def __len__(self) -> int:
        return len({**self.given, **self.counted})

    def text(self, name: str) -> str:
        """The answer as text; "" when its question was not asked."""
        value = self[name]
        return value if isinstance(value, str) else ""

    def many(self, name: str) -> tuple[str, ...]:
        """The answer as several values; () when its question was not asked."""
        value = self[name]
        return tuple(str(item) for item in value) if isinstance(value, list) else ()


def always(_: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: the value is kept for ever, the label may change."""

    value: str
    label: Words
    also: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    note: Words = ""
    """A second line that says more, such as where and when; not a name the option answers to."""
    picture: str = ""
    """What channels call the picture beside it; its label says what is on it."""
    reading: Reading | None = None
    """How whoever chooses it is spoken to from then on."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line to read with a question: what it is about, and what there is to know.

    A private one is left out on a channel whose servers are not ours.
    """

    label: Words
    text: Words
    values: Mapping[str, object] = field(default_factory=dict)
    private: bool = False


OptionsSource: TypeAlias = Sequence[Option] | Callable[[Answers, World], Sequence[Option]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """How a question may be left open: the label of that way and the value kept for it."""

    label: Words = "不想说"
    value: str = "unsaid"
    also: tuple[str, ...] = ("跳过", "没有", "不说", "算了", "不想回答", "不回答")


TYPED = frozenset({"text", "long", "date", "number", "phone"})
"""Forms that are answered in words: without a skip there is nothing to choose."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. Its name is for ever (answers are kept under it); its wording is not.

    Args:
        name: the key its answer is kept under.
        text: the wording; Chinese source text, Jinja2 inside.
        when: whether it is asked, seeing only earlier answers that count.
        private: sensitive: neither asked nor said on a channel whose servers are not ours.
        brief: its short name in a list of answers; the wording itself when empty.
        skip: a way to leave it open, if there is one.
        known: the answer we already have, offered to be kept and never asked twice (R17).
        settled: an answer that stands already and is not asked again, such as a consent; it can be changed.
        was: names it had before; answers kept under them still count.
        forgets: answers to be asked anew when this one is given again, such as the filters of a search.
        values: what its placeholders stand for, beside the facts and the answers.
        table: lines to read with it, such as what a course costs and where it is.
        offers: ready answers from what was just said, so that nothing is said twice (R17); each option's value is
            the answer.
        refuses: what to say of a value of the right shape that may not be all the same; "" where it may.
        picture: what channels call the picture that belongs to it; its text says what is on it.
        understands: what words that answer it in no other way are taken for: answers by question, its own among them;
            None where they mean nothing here either.

    """

    name: str
    text: Words
    when: Callable[[Answers], bool] = field(default=always, kw_only=True)
    private: bool = field(default=False, kw_only=True)
    brief: Words = field(default="", kw_only=True)
    hint: Words = field(default="", kw_only=True)
    skip: Skip | None = field(default=None, kw_only=True)
    known: Callable[[World], Json] | None = field(default=None, kw_only=True)
    settled: Callable[[World], Json] | None = field(default=None, kw_only=True)
    was: tuple[str, ...] = field(default=(), kw_only=True)
    forgets: tuple[str, ...] = field(default=(), kw_only=True)
    values: Callable[[Answers, World], Mapping[str, object]] | None = field(default=None, kw_only=True)
    table: Callable[[Answers, World], Sequence["Row"]] | None = field(default=None, kw_only=True)
    offers: Callable[[Answers, World], Sequence["Option"]] | None = field(default=None, kw_only=True)
    refuses: Callable[[Json, Answers, World], Words] | None = field(default=None, kw_only=True)
    picture: str = field(default="", kw_only=True)
    understands: Callable[[str, World], Mapping[str, Json] | None] | None = field(default=None, kw_only=True)

    kind: ClassVar[str] = ""
    form: ClassVar[str] = "text"
    """How a page draws it: choice, many, text, long, date, number, phone, file, location, review, note."""

    whole: ClassVar[bool] = False
    """Whether all options stand on one page, however many they are: a scale."""

    free: ClassVar[bool] = False
    """Whether any words are an answer, so that words such as 返回 must be asked back."""

    @property
    def drawn_as(self) -> str:
        """Its form, unless how it was set up asks for another one."""
        return self.form

    @property
    def takes_files(self) -> tuple[str, ...]:
        """Kinds of file that answer it: photo, voice, document."""
        return ()

    def options_in(self, answers: Answers, world: World) -> tuple[Option, ...]:  # noqa: ARG002 - kinds use them
        return ()

    def read(self, said: str, shown: Sequence[Shown], world: World) -> Json:
        """Turn what was said into a value.

        Raises:
            Unreadable: with the sentence that says what would answer it.

        """
        raise NotImplementedError

    def receive(self, file: FileRef, world: World) -> Json:  # noqa: ARG002 - kinds use them
        """Take a file as the answer.

        Raises:
            Unreadable: when this question is not answered by a file, or not by this one.

        """
        if file.kind == "voice":  # nobody here turns it into words; the phone's own keyboard does
            raise Unreadable("这里听不了声音。写出来，或者用键盘说话。")
        if self.skip is None and self.drawn_as in TYPED:
            raise Unreadable("这里要文字，不是文件。写出来就行。")
        raise Unreadable("这里要文字，不是文件。写出来，或者选一个。")

    def accepts(self, value: Json) -> bool:
        """Whether a kept value still has the shape of an answer (not whether the world still allows it)."""
        return isinstance(value, str) and bool(value)

    def left_open(self, value: Json) -> bool:
        return self.skip is not None and value == self.skip.value

    def show(self, value: Json, voice: Voice, shown: Sequence[Shown], world: World) -> str:  # noqa: ARG002
        """The value as it is read back to the person."""
        return str(value)


QuestionsSource: TypeAlias = Callable[[Answers, World], Iterator[Question]]
Role: TypeAlias = Literal["anyone", "staff"]


class Flow:
    """A conversation as data: which questions, what they become, what follows.

    Args:
        name: its name, for ever.
        questions: the questions in order, or one function that yields them from the answers so far.
        record: what the answers become (a key of the outcomes table), or None.
        then: where the person goes next; None returns to what was open before.
        facts: what it needs to know about the world, by name.
        stays: answers forgotten when `then` leads on, so that coming back asks them again (menus, lists).
        fills: answers the system gives by itself from the facts (XLSForm calls them hidden).
        role: who may open it.
        title: its name in lists of things left open.
        settled: an answer that stands already and is not asked again, such as a consent; it can be changed.
        was: names it had before; answers kept under them are found again.
        draft: whether a half-filled one is worth keeping when the person leaves.
        before: what going back from its first question leads to, where nothing was open before; None is the menu.

    """

    def __init__(
        self,
        name: str,
        *questions: Question | QuestionsSource,
        record: str | None = None,
        then: Callable[[Answers, World], Begin | Drop | None] | None = None,
        facts: Sequence[str] = (),
        stays: Sequence[str] = (),
        fills: Callable[[World], Mapping[str, Json]] | None = None,
        role: Role = "anyone",
        title: Words = "",
        was: Sequence[str] = (),
        draft: bool = False,
        before: Callable[[World], Begin | None] | None = None,
    ) -> None:
        self.name = name
        self.record = record
        self.then = then
        self.facts = tuple(facts)
        self.stays = frozenset(stays)
        self.fills = fills
        self.role = role
        self.title = title
        self.was = tuple(was)
        self.draft = draft
        self.before = before
        if len(questions) == 1 and not isinstance(questions[0], Question):
            self._literal: tuple[Question, ...] | None = None
            self._source: QuestionsSource = questions[0]
        else:
            literal = tuple(q for q in questions if isinstance(q, Question))
            if len(literal) != len(questions):
                raise TypeError(f"flow {name}: give questions, or one function that yields them")
            self._literal = literal
            self._source = lambda _answers, _world: iter(literal)

    @property
    def literal(self) -> tuple[Question, ...] | None:
        """All questions, where they do not depend on the answers."""
        return self._literal

    def is_open_to(self, world: World) -> bool:
        """Whether whoever is at the other end may be in it, at this very moment."""
        return self.role == "anyone" or world.staff

    def questions(self, answers: Answers, world: World) -> Iterator[Question]:
        return self._source(answers, world)

    @property
    def listed(self) -> tuple[Question, ...]:
        """The questions that are known without any answer."""
        return self._literal or ()

    def path(self, said: Mapping[str, Json], given: Mapping[str, Json], world: World) -> "Path":
        """Where somebody stands who said this; a flow that costs much to walk may remember it."""
        return _walk(self, said, given, world)

    def __repr__(self) -> str:
        return f"Flow({self.name!r})"


@dataclass(frozen=True, slots=True)
class Path:
    """Where a person stands: the questions whose answers count, and the first one still open."""

    answered: tuple[Question, ...]
    next: Question | None
    answers: Answers
    filled: frozenset[str]
    """Names of answers the system gave by itself."""
    total: int | None
    """How many questions there are in all, or None while that depends on answers not yet given."""
    closing: tuple[Question, ...] = ()
    """Notes that are said when all is answered: nobody has to press anything under them."""

    def question(self, name: str) -> Question | None:
        if self.next is not None and self.next.name == name:
            return self.next
        return next((question for question in self.answered if question.name == name), None)


def path(flow: Flow, said: Mapping[str, Json], given: Mapping[str, Json], world: World) -> Path:
    """Derive the position from what was said: the next question is the first relevant one without an answer.

    Progress, back and resume all come from this; nothing else knows where a person is.
    """
    return flow.path(said, given, world)


def _walk(flow: Flow, said: Mapping[str, Json], given: Mapping[str, Json], world: World) -> Path:
    fills = flow.fills(world) if flow.fills else {}
    given = {**fills, **given}
    answers = Answers(given=given)
    answered: list[Question] = []
    open_question: Question | None = None
    total: int | None = 0
    try:
        for question in flow.questions(answers, world):
            if not question.when(answers):
                answers.hidden.add(question.name)
                continue
            total = None if total is None else total + 1
            if open_question is not None:
                continue  # only counting from here on
            value = _answer(question, said, given)
            if value is None and question.settled is not None:
                value = question.settled(world)
            counts = question.name in fills or question.left_open(value) or question.accepts(value)
            if value is not None and counts:
                answers.counted[question.name] = value
                answered.append(question)
            else:
                open_question = question
    except NotYet:
        if open_question is None:
            raise
        total = None
    return Path(tuple(answered), open_question, answers, frozenset(fills), total)


def _answer(question: Question, said: Mapping[str, Json], given: Mapping[str, Json]) -> Json:
    for name in (question.name, *question.was):
        if name in said:
            return said[name]
        if name in given:
            return given[name]
    return None
