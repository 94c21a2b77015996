"""The questions of a call-back on one page: as the form asks them, as they were answered, and what is still missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from bot.afterwards.called_back import TALK
from bot.channels.web.posted import Posted
from dialogs.book import Book
from dialogs.kinds import Note
from dialogs.kinds.choice import Many
from dialogs.model import Answers, Flow, Json, Option, Question, Unreadable, path
from dialogs.screen import Place
from dialogs.state import Frame
from dialogs.talk import Shown, World
from dialogs.xform.flow import SheetFlow
from dialogs.xform.held import SKIPPED
from dialogs.xform.laid_out import Laid, lay_out

NOW = "now"
"""The answer to the question by which a form opens: whoever is on the telephone has said that it suits."""

FIELD = "q-"
"""How the name of a field begins that answers a question."""

ON_PAGE = "asked"
"""The field of a page that says which questions are on it."""

A_PAGE = 40
"""Questions on one page: what is posted has an end."""

MOST_TYPED = 2000


@dataclass(frozen=True, slots=True)
class Tick:
    """One answer to choose."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One question as the page draws it.

    Args:
        name: of the question.
        shape: one, many, short, long or note.
        words: what to ask.
        hint: help with it.
        sure: whether it is asked; False while that hangs on an answer not given yet.
        needed: whether the form wants an answer.
        ticks: answers to choose from.
        typed: what was written.
        wrong: why that is no answer.
        answered: whether there is an answer.

    """

    name: str
    shape: str
    words: str
    hint: str
    sure: bool
    needed: bool
    ticks: Sequence[Tick]
    typed: str
    wrong: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that stand together: all asked, or all hanging on what was not answered yet."""

    sure: bool
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All questions of one call as far as they are answered.

    Args:
        lines: in order.
        answers: what counts, by the name of the question.
        is_note: names of what is only read out.

    """

    lines: Sequence[Line]
    answers: Mapping[str, Json]
    notes: frozenset[str] = field(default=frozenset())

    @property
    def said(self) -> Mapping[str, Json]:
        """What was answered, without what was only read out."""
        return {name: value for name, value in self.answers.items() if name not in self.notes}

    @property
    def wrong(self) -> Sequence[Line]:
        return [line for line in self.lines if line.wrong]

    @property
    def missing(self) -> Sequence[Line]:
        """What the form wants to know and nobody answered."""
        return [line for line in self.lines if line.sure and line.needed and not line.answered]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.lines) // A_PAGE))

    def on_page(self, page: int) -> Sequence[Line]:
        """Give the questions of one page, counted from 1."""
        last = min(max(page, 1), self.pages) * A_PAGE
        return self.lines[last - A_PAGE : last]

    def parts(self, page: int) -> Sequence[Part]:
        """Give the questions of one page as they stand together."""
        return [
            Part(sure, list(lines)) for sure, lines in groupby(self.on_page(page), key=lambda line: line.sure)
        ]

    def page_of(self, name: str) -> int:
        """Give on which page a question stands."""
        return next(n for n, line in enumerate(self.lines) if line.name == name) // A_PAGE + 1

    def names(self, page: int) -> str:
        """Give which questions are on a page, for its hidden field."""
        return " ".join(line.name for line in self.on_page(page))


def script_of(flow: Flow | None, book: Book, now: datetime) -> str:
    """Give the words with which a form opens: where it asks whether now suits, that; "" where there is no such form."""
    if not isinstance(flow, SheetFlow):
        return ""
    here = place_at(flow, {}, {}, book, now)
    asked = [laid.question for laid in lay_out(flow, here.world, lambda *_: None)]
    opening = next((each for each in asked if each.name == TALK), asked[0] if asked else None)
    return "" if opening is None else here.voice.say(opening.text, here.values)


def place_at(
    flow: SheetFlow, answers: Mapping[str, Json], known: Mapping[str, object], book: Book, now: datetime
) -> Place:
    """Give a place at a form outside any conversation; `known` is what the system knows of whom it is about."""
    world = World(now, "plain", {"record": known, "helping": True})
    return Place(
        flow, Frame(flow.name), path(flow, answers, {}, world), None, world, book.voice("plain"), book
    )


def read_sheet(
    here: Place, kept: Mapping[str, Json], posted: Posted | None = None, *, finishing: bool = False
) -> Sheet:
    """Read what a page brought, and what was kept before.

    Args:
        here: the form, at the person it is about.
        kept: answers by name, as they were kept.
        posted: the page; None where it is only shown.
        finishing: whether what was left open and may be is closed.

    """
    flow = here.flow
    if not isinstance(flow, SheetFlow):
        return Sheet((), {})
    reader = _Reader(here, kept, posted, finishing=finishing)
    opens = flow.form.find(TALK)
    given: dict[str, Json] = {TALK: NOW} if opens is not None else {}
    laid = list(lay_out(flow, here.world, reader.said, given))
    lines = [reader.line(each) for each in laid]
    answers = {each.question.name: each.value for each in laid if each.sure and each.value is not None}
    notes = frozenset(each.question.name for each in laid if isinstance(each.question, Note))
    return Sheet(lines, {**given, **answers}, notes)


class _Reader:
    """Reads one page question by question, and remembers what was wrong."""

    def __init__(
        self, here: Place, kept: Mapping[str, Json], posted: Posted | None, *, finishing: bool
    ) -> None:
        self._here, self._kept, self._posted, self._finishing = here, kept, posted, finishing
        fields = posted.fields if posted else {}
        sent = {name.removeprefix(FIELD) for name in fields if name.startswith(FIELD)}
        self._on_page = frozenset(sent | {*posted.one(ON_PAGE).split()} if posted else sent)
        self._wrong: dict[str, str] = {}

    def said(self, question: Question, answers: Answers, needed: bool) -> Json:
        """Give the answer to a question: from the page where it is on it, else as it was kept."""
        if isinstance(question, Note):
            return "read"
        value = self._answer(question)
        if value is not None and question.refuses is not None and not question.left_open(value):
            refused = question.refuses(value, answers, self._here.world)
            if refused:
                self._wrong[question.name] = self._here.voice.say(refused, self._here.values)
                return None
        if value is None and self._finishing and not needed and question.name not in self._wrong:
            return self._left_open(question)
        return value

    def line(self, laid: Laid) -> Line:
        """Draw one question."""
        question, here = laid.question, self._here
        hint = here.voice.say(question.hint, here.values) if question.hint else ""
        return Line(
            name=question.name,
            shape=_shape(question, self._options(question)),
            words=here.voice.say(question.text, here.values),
            hint=hint,
            sure=laid.sure,
            needed=laid.needed,
            ticks=self._ticks(question, laid.value),
            typed=self._typed(question, laid.value),
            wrong=self._wrong.get(question.name, ""),
            answered=laid.value is not None,
        )

    def _answer(self, question: Question) -> Json:
        name = question.name
        if name not in self._on_page or self._posted is None:
            kept = self._kept.get(name)
            return kept if question.accepts(kept) or question.left_open(kept) else None
        try:
            return self._read(
                question, [each for each in self._posted.fields.get(f"{FIELD}{name}", ()) if each]
            )
        except Unreadable as problem:
            self._wrong[name] = self._here.voice.say(problem.words, {**self._here.values, **problem.values})
            return None

    def _read(self, question: Question, values: Sequence[str]) -> Json:
        options = self._options(question)
        if not values:
            return None
        if not options:
            return question.read(values[0][:MOST_TYPED], (), self._here.world)
        if question.skip is not None and question.skip.value in values:
            return question.skip.value
        chosen = [each for each in values if each in {option.value for option in options}]
        if isinstance(question, Many):
            return question.settle(chosen, self._shown(options)) if chosen else None
        return chosen[0] if chosen else None

    def _left_open(self, question: Question) -> Json:
        """Close what nobody asked: as the form itself has it, where it has a way."""
        if question.skip is not None:
            return question.skip.value
        if "skip" in {option.value for option in self._options(question)}:
            return ["skip"] if isinstance(question, Many) else "skip"
        return None

    def _options(self, question: Question) -> Sequence[Option]:
        return question.options_in(self._here.path.answers, self._here.world)

    def _shown(self, options: Sequence[Option]) -> Sequence[Shown]:
        return [self._here.shown(number, each, self._here.values) for number, each in enumerate(options, 1)]

    def _ticks(self, question: Question, value: Json) -> Sequence[Tick]:
        options = list(self._options(question))
        if not options or isinstance(question, Note):
            return ()
        if question.skip is not None and (question.skip.value != SKIPPED or not isinstance(question, Many)):
            options.append(Option(question.skip.value, question.skip.label))
        chosen = {str(each) for each in (value if isinstance(value, list) else [value])}
        if value is None and self._posted is not None and question.name in self._on_page:
            chosen = {
                *self._posted.fields.get(f"{FIELD}{question.name}", ())
            }  # as it was ticked, to be put right
        return [
            Tick(each.value, self._here.voice.say(each.label, self._here.values), each.value in chosen)
            for each in options
        ]

    def _typed(self, question: Question, value: Json) -> str:
        if self._options(question):
            return ""
        if value is not None:
            return "" if question.left_open(value) else str(value)
        if self._posted is not None and question.name in self._on_page:
            return self._posted.one(f"{FIELD}{question.name}")[:MOST_TYPED]
        return ""


def _shape(question: Question, options: Sequence[Option]) -> str:
    if isinstance(question, Note):
        return "note"
    if options:
        return "many" if isinstance(question, Many) else "one"
    return "long" if question.drawn_as == "long" else "short"
