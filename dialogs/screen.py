"""What is on the screen: one question as any channel can show it, derived from what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dialogs.book import Book
from dialogs.kinds.choice import Many, Note
from dialogs.kinds.review import Review
from dialogs.model import Flow, Json, Option, Path, Question, path
from dialogs.state import Frame, State
from dialogs.talk import Line, Reading, Screen, Shown, World
from dialogs.words import Voice, Words, spoken

PAGE = {"plain": 4, "easy": 3, "en": 4}
"""Options on one page of a list that is cut into pages (R11)."""

ONE_PAGE = {"plain": 5, "easy": 3, "en": 5}
"""A list up to this long is not cut into pages (R11)."""

MOST_WAYS = {"plain": 5, "easy": 4, "en": 5}
"""The same, counting the way to leave the question open."""

KEEP = "@keep"
READY = "@ready"
"""How the value of a ready answer's button begins: the answer itself is not in it."""

MOST_READY = 2
"""Ready answers at the most, with the one that is known already (R11)."""

NEXT = "@next"
PREVIOUS = "@prev"
DONE = "@done"
DROP = "@drop"
GO = "@go"
AS_ANSWER = "@answer"


@dataclass(frozen=True, slots=True)
class Place:
    """The question a frame stands at, with the path that led there."""

    flow: Flow
    frame: Frame
    path: Path
    question: Question | None
    world: World
    voice: Voice
    book: Book
    _shown: dict[str, tuple[Shown, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Options by question: a place never changes, and they are asked for again and again."""

    _values: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The same for what placeholders stand for."""

    @property
    def values(self) -> Mapping[str, object]:
        """What the placeholders of the wording stand for: facts, what it was begun with, what was said."""
        if not self._values:
            self._values.update(
                {
                    "today": self.world.today,
                    **self.world.facts,
                    **self.frame.given,
                    **self.path.answers.counted,
                    **self._own_values(),
                }
            )
        return self._values

    def _own_values(self) -> Mapping[str, object]:
        question = self.question
        return question.values(self.path.answers, self.world) if question and question.values else {}

    def say(self, words: str, **values: object) -> str:
        return self.voice.say(words, {**self.values, **values})

    def looking(self, **view: Json) -> Frame:
        """The frame with another view of the open question; what is "" is taken out of it."""
        kept: dict[str, Json] = {**self.frame.view, "of": self.question.name if self.question else "", **view}
        return replace(self.frame, view={name: value for name, value in kept.items() if value != ""})

    def options(self, question: Question | None = None) -> tuple[Shown, ...]:
        """All options of a question, numbered through its pages, with every name they answer to."""
        asked = question or self.question
        if asked is None:
            return ()
        if asked.name not in self._shown:
            picked, values = self.picked(asked), self.values
            options = asked.options_in(self.path.answers, self.world)
            self._shown[asked.name] = tuple(
                self.shown(n, option, values, option.value in picked) for n, option in enumerate(options, 1)
            )
        return self._shown[asked.name]

    def extras(self, count: int) -> tuple[Shown, ...]:
        """Ways that are not answers to choose from: keep what is known, leave the question open.

        They are numbered on from the last option; where the options are cut into pages, leaving it open is 0.
        """
        if self.question is None:
            return ()
        ways: list[Option] = []
        if (
            self.known is not None
            and not isinstance(self.question, Note)
            and self.question.form not in ("choice", "many")
        ):
            ways.append(Option(KEEP, "就用这个", also=("不变", "没变", "对", "是的", "对的")))
        ways += (replace(option, value=f"{READY}{n}") for n, option in enumerate(self.ready()))
        if (skip := self.question.skip) is None:
            return self._numbered(ways, count + 1)
        ways.append(Option(skip.value, skip.label, also=skip.also))
        if not _is_cut(self.question, count, len(ways), self.world.reading):
            return self._numbered(ways, count + 1)
        # On every page of a list the same number, which no option has: one after the last option would jump.
        ways[-1] = replace(ways[-1], also=(*ways[-1].also, "零", "zero"))
        return (*self._numbered(ways[:-1], count + 1), *self._numbered(ways[-1:], 0))

    def _numbered(self, ways: Sequence[Option], start: int) -> tuple[Shown, ...]:
        question = self.question
        was_open = question is not None and question.left_open(self._kept(question))
        open_way = question.skip.value if question is not None and question.skip and was_open else ""
        return tuple(
            self.shown(n, way, self.values, way.value == open_way) for n, way in enumerate(ways, start)
        )

    def ready(self) -> tuple[Option, ...]:
        """Answers that were just given to another question and may be this one's too; a value is the answer."""
        question, known = self.question, self.known
        if question is None or question.offers is None:
            return ()
        offered = {
            option.value: option
            for option in question.offers(self.path.answers, self.world)
            if option.value != known and question.accepts(option.value)
        }
        return tuple(offered.values())[: MOST_READY - (known is not None)]

    def meant(self, act: str) -> Json:
        """The answer behind the button of a ready one; None for every other button."""
        place = act.removeprefix(READY)
        ready = self.ready()
        is_one = act.startswith(READY) and place.isdecimal() and int(place) < len(ready)
        return ready[int(place)].value if is_one else None

    @property
    def known(self) -> Json:
        """The answer we already have for the open question, or None."""
        kept = None if self.question is None else self._kept(self.question)
        return kept if kept is not None and self.question and self.question.accepts(kept) else None

    def _kept(self, question: Question) -> Json:
        """What was answered or is known already, even that it was left open."""
        if question.private and not self.world.trusted:
            return None
        kept = self.frame.answers.get(question.name, self.frame.given.get(question.name))
        return question.known(self.world) if kept is None and question.known is not None else kept

    def picked(self, question: Question) -> tuple[str, ...]:
        """Options that are ticked: those picked on the screen, else those already known, else suggested."""
        if "picked" in self.frame.view or not isinstance(question, Many):
            kept = self.frame.view.get("picked", self.known)
        else:
            kept = self.known or (list(question.suggests(self.world)) if question.suggests else None)
        return tuple(str(item) for item in kept) if isinstance(kept, list) else (str(kept),) if kept else ()

    def lines(self) -> tuple[Line, ...]:
        """The answers so far, as a list to check."""
        left_out = self.question.leaves_out if isinstance(self.question, Review) else ()
        return tuple(line for line in self.history() if line.question not in left_out)

    def history(self) -> tuple[Line, ...]:
        """What was answered in this flow, oldest first, leaving out notes and what the system filled in."""
        return tuple(
            Line(question.name, self.say_words(question.brief or question.text), self.read_back(question))
            for question in self.path.answered
            if not isinstance(question, Note)
            and question.name not in self.path.filled
            and (self.world.trusted or not question.private)
        )

    def table(self) -> tuple[Line, ...]:
        """What there is to read with the question."""
        question = self.question
        if question is None or question.table is None:
            return ()
        rows = question.table(self.path.answers, self.world)
        return tuple(
            Line("", self.say_words(row.label), self.voice.say(row.text, {**self.values, **row.values}))
            for row in rows
            if self.world.trusted or not row.private
        )

    def say_words(self, words: Words) -> str:
        return self.voice.say(words, self.values)

    def read_back(self, question: Question, value: Json = None) -> str:
        """An answer as it is said back; what was left open is said as such."""
        value = self.path.answers[question.name] if value is None else value
        if question.left_open(value) and question.skip is not None:
            return self.say_words(question.skip.label)
        return question.show(value, self.voice, self.options(question), self.world)

    def shown(self, number: int, option: Option, values: Mapping[str, object], picked: bool = False) -> Shown:
        """An option as it is on the screen, and every name it answers to."""
        values = {**values, **option.values}
        label, note = self.voice.say(option.label, values), self.voice.say(option.note, values)
        voices = self.book.voices.values()

        def called() -> tuple[str, ...]:
            return (*dict.fromkeys(voice.say(option.label, values) for voice in voices), *option.also)

        return Shown(option.value, number, label, called, picked, note, option.picture)


def place(book: Book, state: State, world: World) -> Place | None:
    """Where the conversation stands, or None when nothing is open, its flow is gone, or it is staff's and they are not."""
    frame = state.top
    flow = book.find(frame.flow) if frame else None
    if frame is None or flow is None or not flow.is_open_to(world):
        return None
    here = path(flow, frame.answers, frame.given, world)
    question = here.question(frame.again) if frame.again else None
    return Place(flow, frame, here, question or here.next, world, book.voice(world.reading), book)


def identity(here: Place) -> str:
    """Which question this is, whatever its page or error."""
    about = ",".join(f"{name}={value}" for name, value in here.frame.about)
    return f"{here.flow.name}|{about}|{here.question.name if here.question else ''}"


def screen_key(here: Place, error: str) -> str:
    """What must change for the number to grow: question, page, what is asked back, error."""
    view = here.frame.view
    parts = (view.get("page", 1), view.get("drop", ""), view.get("ask_back", ""), here.frame.again, error)
    return "|".join((identity(here), *map(str, parts)))


def show(here: Place, state: State) -> Screen:
    """The screen of a place; `state` gives its number, its error and what was typed."""
    question = here.question
    if question is None:
        raise ValueError(f"{here.flow.name} has nothing to show: it is complete")
    if here.frame.view.get("ask_back"):
        return _asking_back(here, state, question)
    if question.private and not here.world.trusted:
        return Screen(
            prompt=state.prompt, flow=here.flow.name, question=question.name, form="private", private=True,
            text=here.say("这个问题在网页上答，更安全。"), speech=here.say("这个问题在网页上答，更安全。"),
        )  # fmt: skip
    every = here.options()
    extras = here.extras(len(every))
    dropping = bool(here.frame.view.get("drop"))
    listed = tuple(option for option in every if option.picked) if dropping else every
    size = PAGE[here.world.reading]
    one_page = not _is_cut(question, len(listed), len(extras), here.world.reading)
    pages = 1 if one_page else -(-len(listed) // size)
    page = min(_whole(here.frame.view.get("page", 1)), max(pages, 1))
    on_page = listed if one_page else listed[(page - 1) * size : page * size]
    text = here.say("去掉哪一个？") if dropping else here.say_words(question.text)
    hint = here.say_words(question.hint) if question.hint else ""
    offered = (*on_page, *extras)
    lines = here.lines() if isinstance(question, Review) else here.table()
    known = here.known
    return Screen(
        prompt=state.prompt,
        flow=here.flow.name,
        question=question.name,
        form=question.drawn_as,
        text=text,
        speech=spoken(
            text,
            ((option.number, option.label) for option in offered),
            here.voice,
            hint=hint,
            lines=((line.label, line.value) for line in lines),
        ),
        hint=hint,
        error=state.error,
        options=offered,
        page=page,
        pages=pages,
        total_options=len(every),
        lines=lines,
        current=here.read_back(question, known)
        if known is not None and not isinstance(question, Note)
        else "",
        number=len(here.path.answered) + 1,
        # A menu, or one question alone, is no way to go: counting it would only be noise.
        total=None if here.flow.stays or here.path.total == 1 else here.path.total,
        can_go_back=bool(here.path.answered) or len(state.frames) > 1 or bool(here.frame.again),
        private=question.private,
        files=question.takes_files,
        asking_for=str(here.world.facts.get("for_whom", "")),
        typed=state.typed,
        dropping=dropping,
        link=str(here.frame.given.get("link", "")),
        chat_link=str(here.frame.given.get("telegram", "")),
        picture=question.picture,
    )


def _asking_back(here: Place, state: State, question: Question) -> Screen:
    word = str(here.frame.view.get("words", ""))
    text = here.say("您说“{{ word }}”。是要做这件事，还是写进回答里？", word=word)
    ways = (
        Option(GO, "做这件事", also=("是", "做")),
        Option(AS_ANSWER, "写进回答里", also=("写", "回答")),
    )
    options = tuple(here.shown(n, way, here.values) for n, way in enumerate(ways, 1))
    return Screen(
        prompt=state.prompt, flow=here.flow.name, question=question.name, form="choice", text=text,
        speech=spoken(text, tuple((o.number, o.label) for o in options), here.voice), options=options,
        asking_for=str(here.world.facts.get("for_whom", "")),
    )  # fmt: skip


def _is_cut(question: Question, options: int, ways: int, reading: Reading) -> bool:
    """Whether a list is cut into pages (R11)."""
    if question.whole:
        return False
    return options > ONE_PAGE[reading] or options + ways > MOST_WAYS[reading]


def _whole(value: Json) -> int:
    return value if isinstance(value, int) else 1
