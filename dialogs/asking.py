"""Puts the open question on the screen, with what was wrong about the last answer."""

import re
from dataclasses import dataclass, replace

from dialogs.book import Book
from dialogs.model import Unreadable
from dialogs.screen import Place, screen_key, show
from dialogs.state import Frame, State
from dialogs.talk import Effect, Event, Say

_LAST_SENTENCE = re.compile(r"(?<=[。！？])(?=.)|(?<=[.!?])\s+(?=.)")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event did: the new state, what to do and say, and the event it leads to."""

    state: State
    effects: tuple[Effect, ...] = ()
    then: Event | None = None


def ask(state: State, here: Place, *said: str) -> Turn:
    """Put the open question on the screen; its number grows only when the screen changes."""
    key = screen_key(here, state.error)
    if key != state.asked:
        state = replace(state, asked=key, prompt=state.prompt + 1)
    screen = show(here, state)
    return Turn(state, (*(Say(words) for words in said), Say(screen.text, screen)))


def misheard(state: State, here: Place, problem: Unreadable, typed: str) -> Turn:
    """Say what would be right, never in the same words twice, and keep what was typed (R19)."""
    tries = here.frame.tries + 1
    sentence = here.voice.say(problem.words, {**here.values, **problem.values})
    if tries == 2:
        again = _LAST_SENTENCE.split(sentence.strip())[-1]  # what would be right; what is wrong was said
        sentence = here.say("还是没看懂，没关系。{{ again }}", again=again)
    elif tries > 2:
        sentence = here.say("试了 {{ tries }} 次了，不要紧。可以说“返回”，也可以说“找人帮忙”。", tries=tries)
    frame = replace(here.frame, tries=tries)
    state = replace(state.with_top(frame), error=sentence, typed=typed[:500])
    return ask(state, replace(here, frame=frame))


def is_draft(book: Book, frame: Frame) -> bool:
    flow = book.find(frame.flow)
    return flow is not None and flow.draft and bool(frame.answers)
