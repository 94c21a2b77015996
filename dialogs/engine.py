"""The engine: one event in, a new state and effects out. Pure: same in, same out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dialogs.answering import answer, said, sent, tapped
from dialogs.asking import Turn, ask, is_draft
from dialogs.book import Book
from dialogs.kinds.choice import Note
from dialogs.kinds.relay import OVER, Relay
from dialogs.model import Json
from dialogs.moving import back, change
from dialogs.screen import Place, identity, place
from dialogs.state import Frame, State
from dialogs.talk import (
    Again,
    Back,
    Begin,
    Change,
    Drop,
    Effect,
    Event,
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

SHUT = "staff_closed"
"""The record that is kept when somebody asks for a flow of staff and is none."""

MOST_STEPS = 20
"""How many turns one event may set off before we call it a loop."""


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
        if coming is None and world.asks_first is not None and _is_private(book, state, world):
            coming = world.asks_first
    else:
        raise RuntimeError(f"flows lead round in a circle: {state.asked}")
    said = tuple(effect.text for effect in effects if isinstance(effect, Say) and effect.screen is None)
    return Talk(replace(state, said=said), tuple(effects))


def _is_private(book: Book, state: State, world: World) -> bool:
    here = place(book, state, world)
    return here is not None and here.question is not None and here.question.private and not world.trusted


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
    if isinstance(event, Drop):
        return _drop(book, state, event)
    here = place(book, state, world)
    if here is None:
        return Turn(
            replace(state, frames=state.frames[:-1]),
            () if isinstance(event, Again) else _shut(book, state.top, world),
            then=Again() if len(state.frames) > 1 else Begin(book.home),
        )
    if here.question is None:
        return _complete(book, state, here)
    moved = not state.asked.startswith(identity(here) + "|")
    if here.frame.view.get("of", here.question.name) != here.question.name:
        # Page and ticks belong to the question they were made for, not to the one that took its place.
        here = replace(here, frame=replace(here.frame, view={}, tries=0))
        state = state.with_top(here.frame)
    if moved:
        state = replace(state, error="", typed="")
    if isinstance(event, Again):
        return ask(state, here)
    if _is_stale(state, event, moved=moved):
        return ask(state, here, here.say("刚才那一页是旧的。现在问的是下面这个。"))
    match event:
        case Back():
            return back(book, state, here)
        case Change():
            return change(state, here, event.question)
        case Tapped():
            return tapped(book, state, here, event.value)
        case Said():
            return said(book, state, here, event.text)
        case Sent():
            return sent(book, state, here, event)


def _is_stale(state: State, event: Said | Tapped | Sent | Back | Change, *, moved: bool) -> bool:
    """Whether the event belongs to another screen: an old page, a double tap, a question that moved."""
    return (event.prompt is not None and event.prompt != state.prompt) or (
        moved and not isinstance(event, Back)
    )


def _begin(book: Book, state: State, event: Begin, world: World) -> Turn:
    flow = book.find(event.flow)
    if flow is None or not flow.is_open_to(world):
        shut = _shut(book, Frame(event.flow, event.about), world) or (_say_shut(book, world),)
        return Turn(state, shut, then=Begin(book.home) if not state.frames else Again())
    if flow.name == book.home:
        state = _put_aside(book, state)
    state = _leave_what_was_read(book, state, event, world)
    found = next((frame for frame in (*state.frames, *state.waiting) if frame.is_at(event)), None)
    given: dict[str, Json] = dict(event.given)  # type: ignore[arg-type]  # given values are JSON
    frame = found or Frame(flow.name, event.about, touched=world.today.isoformat())
    if given:
        # What it is begun with now wins over what was said under those names before, and what hung on that.
        over = {
            *given,
            *(each for asked in flow.literal or () if asked.name in given for each in asked.forgets),
        }
        answers = {name: value for name, value in frame.answers.items() if name not in over}
        frame = replace(frame, given=given, answers=answers, view={})
    state = replace(
        state,
        frames=(*(each for each in state.frames if each is not found), frame),
        waiting=tuple(each for each in state.waiting if each is not found),
        error="",
        typed="",
    )
    return Turn(state, then=Again())


def _leave_what_was_read(book: Book, state: State, event: Begin, world: World) -> State:
    """Leave what was only told, and shown, on another day: it would be told again once this is over."""
    top = state.top
    flow = book.find(top.flow) if top else None
    if top is None or flow is None or top.is_at(event) or flow.literal is None:
        return state
    is_told = len(flow.literal) == 1 and isinstance(flow.literal[0], Note) and not flow.literal[0].private
    was_shown = state.asked.startswith(f"{flow.name}|") and "" < top.touched < world.today.isoformat()
    goes_nowhere = flow.record is None and not flow.stays and not flow.draft
    return replace(state, frames=state.frames[:-1]) if is_told and was_shown and goes_nowhere else state


def _shut(book: Book, frame: Frame | None, world: World) -> tuple[Effect, ...]:
    """What is said, and kept, when somebody asks for what is staff's and they are not; nothing for any other flow."""
    flow = book.find(frame.flow) if frame else None
    if frame is None or flow is None or flow.is_open_to(world):
        return ()
    return Submit(SHUT, flow.name, frame.about, {}), _say_shut(book, world)


def _say_shut(book: Book, world: World) -> Say:
    return Say(book.voice(world.reading).say("这里现在打不开。您可以从菜单开始。"))


def _may_talk(book: Book, state: State) -> bool:
    """Whether the open flow is one for a talk with staff; no other is asked anything, so a broken one can be left."""
    flow = book.find(state.top.flow) if state.top else None
    return flow is not None and any(isinstance(question, Relay) for question in flow.literal or ())


def _stop(book: Book, state: State, world: World) -> Turn:
    here = place(book, state, world) if _may_talk(book, state) else None
    if here is not None and isinstance(here.question, Relay):
        return answer(book, state, here, OVER)  # back to what was asked before, not to the menu
    kept = any(is_draft(book, frame) for frame in state.frames)
    words = book.voice(world.reading).say("停在这里了。您说的都记下了，随时可以接着来。")
    return Turn(state, (Say(words),) if kept else (), then=Begin(book.home))


def _drop(book: Book, state: State, event: Drop) -> Turn:
    gone = (event.flow, event.about)
    frames = tuple(frame for frame in state.frames if frame.key != gone)
    waiting = tuple(frame for frame in state.waiting if frame.key != gone)
    return Turn(replace(state, frames=frames, waiting=waiting), then=Again() if frames else Begin(book.home))


def _put_aside(book: Book, state: State) -> State:
    """Leave everything that is open; drafts wait."""
    drafts = tuple(frame for frame in state.frames if is_draft(book, frame))
    waiting = (*(each for each in state.waiting if each.key not in {draft.key for draft in drafts}), *drafts)
    return replace(state, frames=(), waiting=waiting)


def _complete(book: Book, state: State, here: Place) -> Turn:
    """A flow is finished: submit what it becomes, leave it, and go where it leads."""
    flow, frame = here.flow, here.frame
    following = flow.then(here.path.answers, here.world) if flow.then else None
    effects: tuple[Effect, ...] = ()
    if flow.record is not None:
        effects = (Submit(flow.record, flow.name, frame.about, dict(here.path.answers)),)
    effects += tuple(Say(here.say_words(note.text)) for note in here.path.closing)
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
