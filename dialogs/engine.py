"""The engine: one event in, a new state and effects out. Pure: same in, same out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dialogs.book import EVERYWHERE, Book, universal
from dialogs.kinds.choice import Many, Note
from dialogs.kinds.review import Review
from dialogs.model import Json, Unreadable
from dialogs.safeguard import CALM, in_danger
from dialogs.screen import (
    AS_ANSWER,
    DONE,
    DROP,
    GO,
    KEEP,
    NEXT,
    PREVIOUS,
    Place,
    identity,
    place,
    screen_key,
    show,
)
from dialogs.spoken.tidy import tidy
from dialogs.state import Frame, State
from dialogs.talk import (
    Again,
    Back,
    Begin,
    Change,
    Effect,
    Event,
    Keep,
    Reading,
    Said,
    Say,
    Sent,
    Stop,
    Submit,
    Tapped,
    World,
)

GONE = "这个课现在没有了。"

MOST_STEPS = 20
"""How many turns one event may set off before we call it a loop."""

PAGE_WORDS = {
    NEXT: ("下一页", "还有吗", "更多", "下页", "next"),
    PREVIOUS: ("上一页", "前一页", "上页", "previous"),
    DONE: ("选好了", "好了", "就这些", "done"),
    DROP: ("去掉", "去掉几个", "remove"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event did: the new state, what to do and say, and the event it leads to."""

    state: State
    effects: tuple[Effect, ...] = ()
    then: Event | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A whole exchange: the state after it, and everything to do and say; the last `Say` is the question."""

    state: State
    effects: tuple[Effect, ...] = field(default=())


def converse(
    book: Book,
    state: State,
    event: Event,
    read: Callable[[State, Event], World],
    decide: Callable[[Submit], Begin | None],
) -> Talk:
    """Run an event to the next question.

    Finished flows are decided on the way (`decide` runs in the caller's transaction, so storage decides
    before we speak), and what they lead to is begun with the world read afresh. `read` raises LookupError
    when what a flow is about does not exist any more.
    """
    effects: list[Effect] = []
    coming: Event | None = event
    reading: Reading = "plain"
    for _ in range(MOST_STEPS):
        if coming is None:
            break
        try:
            world = read(state, coming)
        except LookupError:
            # What this was about is gone from the catalogue: say so and go on with what was open before.
            state = state if isinstance(coming, Begin) else replace(state, frames=state.frames[:-1])
            effects.append(Say(book.voice(reading).say(GONE)))
            coming = Again() if state.frames else Begin(book.home)
            continue
        reading = world.reading
        done = turn(book, state, coming, world)
        state, coming = done.state, done.then
        for effect in done.effects:
            effects.append(effect)
            if isinstance(effect, Submit) and (begun := decide(effect)) is not None:
                coming = begun
    else:
        raise RuntimeError(f"flows lead round in a circle: {state.asked}")
    said = tuple(effect.text for effect in effects if isinstance(effect, Say) and effect.screen is None)
    return Talk(replace(state, said=said), tuple(effects))


def turn(book: Book, state: State, event: Event, world: World) -> Turn:
    """One step of a conversation.

    Args:
        book: the flows there are.
        state: what we remember.
        event: what happened.
        world: the facts named by the flow on top, or by the flow being begun.

    """
    if isinstance(event, Begin):
        return _begin(book, state, event, world)
    if isinstance(event, Stop):
        return _stop(book, state, world)
    here = place(book, state, world)
    if here is None:
        return Turn(
            replace(state, frames=state.frames[:-1]),
            then=Again() if len(state.frames) > 1 else Begin(book.home),
        )
    if here.question is None:
        return _complete(book, state, here)
    if isinstance(event, Again):
        return _ask(state, here)
    if _is_stale(state, here, event):
        return _ask(state, here, here.say("刚才那一页是旧的。现在问的是下面这个。"))
    match event:
        case Back():
            return _back(book, state, here)
        case Change():
            return _change(state, here, event.question)
        case Tapped():
            return _tapped(book, state, here, event.value)
        case Said():
            return _said(book, state, here, event.text)
        case Sent():
            return _sent(book, state, here, event)


def _is_stale(state: State, here: Place, event: Said | Tapped | Sent | Back | Change) -> bool:
    """Whether the event belongs to another screen: an old page, a double tap, a question that moved."""
    if event.prompt is not None and event.prompt != state.prompt:
        return True
    moved = not state.asked.startswith(identity(here) + "|")
    return moved and not isinstance(event, Back)


# ---- asking


def _ask(state: State, here: Place, *said: str) -> Turn:
    """Put the open question on the screen; its number grows only when the screen changes."""
    key = screen_key(here, state.error)
    if key != state.asked:
        state = replace(state, asked=key, prompt=state.prompt + 1)
    screen = show(here, state)
    return Turn(state, (*(Say(words) for words in said), Say(screen.text, screen)))


def _begin(book: Book, state: State, event: Begin, world: World) -> Turn:
    flow = book.find(event.flow)
    if flow is None or (flow.role == "staff" and not world.staff):
        voice = book.voice(world.reading)
        home = Begin(book.home) if not state.frames else Again()
        return Turn(state, (Say(voice.say("这里现在打不开。您可以从菜单开始。")),), then=home)
    if flow.name == book.home:
        state = _put_aside(book, state)
    found = next((frame for frame in (*state.frames, *state.waiting) if frame.is_at(event)), None)
    given: dict[str, Json] = dict(event.given)  # type: ignore[arg-type]  # given values are JSON
    frame = found or Frame(flow.name, event.about, touched=world.today.isoformat())
    if given:
        # What it is begun with now wins over what was said under those names before.
        answers = {name: value for name, value in frame.answers.items() if name not in given}
        frame = replace(frame, given={**frame.given, **given}, answers=answers)
    state = replace(
        state,
        frames=(*(each for each in state.frames if each is not found), frame),
        waiting=tuple(each for each in state.waiting if each is not found),
        error="",
        typed="",
    )
    return Turn(state, then=Again())


def _stop(book: Book, state: State, world: World) -> Turn:
    kept = any(_is_draft(book, frame) for frame in state.frames)
    said = (
        (Say(book.voice(world.reading).say("停在这里了。您说的都记下了，随时可以接着来。")),) if kept else ()
    )
    return Turn(state, said, then=Begin(book.home))


def _put_aside(book: Book, state: State) -> State:
    """Leave everything that is open; drafts wait."""
    drafts = tuple(frame for frame in state.frames if _is_draft(book, frame))
    waiting = (*(each for each in state.waiting if each.key not in {draft.key for draft in drafts}), *drafts)
    return replace(state, frames=(), waiting=waiting)


def _is_draft(book: Book, frame: Frame) -> bool:
    flow = book.find(frame.flow)
    return flow is not None and flow.draft and bool(frame.answers)


# ---- answering


def _answer(book: Book, state: State, here: Place, value: Json, *effects: Effect) -> Turn:
    """File an answer under the question that was on the screen, and go on."""
    question = here.question
    if question is None:
        return Turn(state, then=Again())
    frame = replace(here.frame.answering(question.name, value), touched=here.world.today.isoformat())
    state = replace(state.with_top(frame), error="", typed="")
    told: tuple[Effect, ...] = ()
    # Coming back to a list does not say again what was tapped; a note needs no echo.
    if not isinstance(question, (Note, Review)) and question.name not in here.flow.stays:
        told = (
            Say(
                here.say(
                    "您选了：{{ it }}" if here.options() else "记下了：{{ it }}",
                    it=here.read_back(question, value),
                )
            ),
        )
    if question.free and isinstance(value, str) and in_danger(value):
        told = (Submit("safeguard", here.flow.name, frame.about, {"words": value}), Say(here.say(CALM)))
    following = place(book, state, here.world)
    if following is None or following.question is None:
        return Turn(state, (*effects, *told), then=Again())
    asked = _ask(state, following)
    return Turn(asked.state, (*effects, *told, *asked.effects))


def _complete(book: Book, state: State, here: Place) -> Turn:
    """A flow is finished: submit what it becomes, leave it, and go where it leads."""
    flow, frame = here.flow, here.frame
    following = flow.then(here.path.answers, here.world) if flow.then else None
    effects: tuple[Effect, ...] = ()
    if flow.record is not None:
        effects = (Submit(flow.record, flow.name, frame.about, dict(here.path.answers)),)
    if flow.stays:
        kept = {name: value for name, value in frame.answers.items() if name not in flow.stays}
        frames = (*state.frames[:-1], replace(frame, answers=kept, again="", view=frame.view))
    else:
        frames = state.frames[:-1]
    state = replace(state, frames=frames, error="", typed="")
    back = Again() if frames else Begin(book.home)
    if following is None and flow.stays and len(frames) and frames[-1].key == frame.key:
        return Turn(state, effects, then=Again())
    return Turn(state, effects, then=following or back)


def _misheard(state: State, here: Place, problem: Unreadable, typed: str) -> Turn:
    """Say what would be right, never in the same words twice, and keep what was typed (R19)."""
    tries = here.frame.tries + 1
    sentence = here.voice.say(problem.words, {**here.values, **problem.values})
    if tries == 2:
        sentence = here.say("还是没看懂，没关系。") + sentence
    elif tries > 2:
        sentence = here.say("试了 {{ tries }} 次了，不要紧。可以说“返回”，也可以说“找人帮忙”。", tries=tries)
    frame = replace(here.frame, tries=tries)
    state = replace(state.with_top(frame), error=sentence, typed=typed[:500])
    return _ask(state, replace(here, frame=frame))


def _tapped(book: Book, state: State, here: Place, value: str | tuple[str, ...]) -> Turn:
    ticked = (value,) if isinstance(value, str) else value
    act = ticked[-1] if ticked else ""
    question = here.question
    if here.frame.view.get("ask_back"):
        return _asked_back(book, state, here, act)
    if question is None:
        return Turn(state, then=Again())
    offered = {option.value for option in (*here.options(), *here.extras(0))}
    chosen = tuple(one for one in ticked if one in offered)
    if act in (NEXT, PREVIOUS):
        frame = (
            _ticking(here, chosen)
            if isinstance(question, Many) and not isinstance(value, str)
            else here.frame
        )
        return _turn_page(state, here, frame, act)
    if act == KEEP and here.known is not None:
        return _answer(book, state, here, here.known)
    if question.skip is not None and act == question.skip.value:
        return _answer(book, state, here, question.skip.value)
    if isinstance(question, Many):
        return _tick(book, state, here, question, chosen, act, whole_page=not isinstance(value, str))
    if act in offered:
        return _answer(book, state, here, act)
    return _misheard(state, here, Unreadable("选一个按钮，或者写下来。"), "")


def _ticking(here: Place, chosen: tuple[str, ...]) -> Frame:
    """The frame with this page's boxes as they were left, and the other pages' as they were."""
    screen = show(here, State(frames=(here.frame,)))
    on_page = {option.value for option in screen.options}
    question = here.question
    kept = [v for v in (here.picked(question) if question else ()) if v not in on_page]
    return (
        here.frame.looking(picked=[*kept, *chosen])
        if kept or chosen
        else replace(here.frame, view={**here.frame.view, "picked": []})
    )


def _tick(
    book: Book,
    state: State,
    here: Place,
    question: Many,
    chosen: tuple[str, ...],
    act: str,
    *,
    whole_page: bool,
) -> Turn:
    """Several of some: a tap adds, 选好了 commits, 去掉 is a list of its own; a page sends all its boxes."""
    if whole_page:
        frame = _ticking(here, chosen)
    elif here.frame.view.get("drop") and chosen:
        left: list[Json] = [one for one in here.picked(question) if one not in chosen]
        frame = replace(here.frame, view={**here.frame.view, "picked": left, "drop": ""})
    elif chosen:
        added = [one for one in here.picked(question) if one not in chosen]
        # An option that stands alone clears the others, and the other way round.
        alone = set(chosen) & set(question.exclusive)
        added = [] if alone else [one for one in added if one not in question.exclusive]
        frame = here.frame.looking(picked=[*added, *chosen])
    else:
        frame = here.frame
    here = replace(here, frame=frame)
    state = state.with_top(frame)
    if act == DROP:
        frame = frame.looking(drop="yes", page=1)
        return _ask(state.with_top(frame), replace(here, frame=frame))
    if act != DONE:
        return _ask(state, here)
    try:
        picked = here.picked(question)
        if not picked:
            raise Unreadable("还没有选。选一个，或者几个。")
        return _answer(book, state, here, question.settle(picked))
    except Unreadable as problem:
        return _misheard(state, here, problem, "")


def _turn_page(state: State, here: Place, frame: Frame, act: str) -> Turn:
    screen = show(here, state)
    page = max(1, min(screen.pages, screen.page + (1 if act == NEXT else -1)))
    frame = replace(frame, view={**frame.view, "page": page}, tries=0)
    return _ask(replace(state.with_top(frame), error="", typed=""), replace(here, frame=frame))


def _said(book: Book, state: State, here: Place, text: str) -> Turn:
    question = here.question
    if question is None:
        return Turn(state, then=Again())
    if here.frame.view.get("ask_back"):
        screen = show(here, state)
        named = [
            o.value for o in screen.options if tidy(text) in {tidy(n) for n in (*o.names, str(o.number))}
        ]
        return _asked_back(book, state, here, named[0] if named else AS_ANSWER)
    shown = (*here.options(), *here.extras(len(here.options())))
    word = universal(text, tidy)
    names = {tidy(name) for option in shown for name in option.names}
    if word and tidy(text) not in names:
        if question.free:
            frame = here.frame.looking(ask_back=word, words=text.strip())
            return _ask(replace(state.with_top(frame), error="", typed=""), replace(here, frame=frame))
        return _everywhere(book, state, here, word)
    if isinstance(question, Review) and (changed := question.change_meant(text, here.lines())):
        return _change(state, here, changed)
    act = next((act for act, ways in PAGE_WORDS.items() if tidy(text) in ways), "")
    if act and (show(here, state).pages > 1 or isinstance(question, Many)):
        return _tapped(book, state, here, act)
    extra = next((o for o in here.extras(0) if tidy(text) in {tidy(n) for n in o.names}), None)
    if extra is not None:
        return _tapped(book, state, here, extra.value)
    try:
        value = question.read(text, shown, here.world)
    except Unreadable as problem:
        return _misheard(state, here, problem, text)
    if value == KEEP or (question.skip is not None and value == question.skip.value):
        return _tapped(book, state, here, str(value))
    return _answer(book, state, here, value)


def _asked_back(book: Book, state: State, here: Place, act: str) -> Turn:
    """The word stood in a free answer: do what it says, or keep it as the answer."""
    word, words = str(here.frame.view["ask_back"]), str(here.frame.view["words"])
    frame = here.frame.looking(ask_back="", words="")
    here = replace(here, frame=frame)
    state = state.with_top(frame)
    if act == GO:
        return _everywhere(book, state, here, word)
    if act != AS_ANSWER or here.question is None:
        return _ask(state, here)
    try:
        return _answer(book, state, here, here.question.read(words, (), here.world))
    except Unreadable as problem:
        return _misheard(state, here, problem, words)


def _everywhere(book: Book, state: State, here: Place, word: str) -> Turn:
    if word == "explain":
        return _ask(state, here, *_explained(book, here))
    event, _ = EVERYWHERE[word]
    match event:
        case Back():
            return _back(book, state, here)
        case Again():
            return _ask(state, here)
        case _:
            return Turn(state, then=event)


def _explained(book: Book, here: Place) -> tuple[str, ...]:
    """What the hard words of this question mean (R6)."""
    question = here.question
    asked = here.say_words(question.text) + here.say_words(question.hint) if question else ""
    found = [
        here.say("{{ word }}：{{ meaning }}", word=w, meaning=m)
        for w, m in book.glossary.items()
        if w in asked
    ]
    return tuple(found) or (here.say("可以问工作人员。说“找人帮忙”就行。"),)


def _sent(book: Book, state: State, here: Place, event: Sent) -> Turn:
    question = here.question
    if question is None:
        return Turn(state, then=Again())
    try:
        value = question.receive(event.file, here.world)
    except Unreadable as problem:
        return _misheard(state, here, problem, "")
    return _answer(book, state, here, value, Keep(event.file))


# ---- going back and changing


def _back(book: Book, state: State, here: Place) -> Turn:
    state = replace(state, error="", typed="")
    if here.frame.view.get("ask_back") or here.frame.view.get("drop"):
        frame = here.frame.looking(ask_back="", words="", drop="")
        return _ask(state.with_top(frame), replace(here, frame=frame))
    names = [question.name for question in here.path.answered if question.name in here.frame.answers]
    if here.frame.again in names:
        names = names[: names.index(here.frame.again)]
    if names:
        return _change(state, here, names[-1])
    if len(state.frames) == 1 and here.flow.name == book.home:
        return _ask(state, here)
    if _is_draft(book, here.frame):
        waiting = (
            *(each for each in state.waiting if each.key != here.frame.key),
            replace(here.frame, again=""),
        )
        state = replace(state, waiting=waiting)
    frames = state.frames[:-1]
    return Turn(replace(state, frames=frames), then=Again() if frames else Begin(book.home))


def _change(state: State, here: Place, name: str) -> Turn:
    """Ask an answered question again; its answer stays until another one is given."""
    question = here.path.question(name)
    if question is None:
        return _ask(state, here)
    frame = replace(here.frame, again=name, view={}, tries=0)
    return _ask(
        replace(state.with_top(frame), error="", typed=""), replace(here, frame=frame, question=question)
    )
