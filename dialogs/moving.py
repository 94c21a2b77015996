"""Back one question, another page of a list, one answer asked again."""

from dataclasses import replace

from dialogs.asking import Turn, ask, is_draft
from dialogs.book import Book
from dialogs.screen import NEXT, Place, show
from dialogs.state import Frame, State
from dialogs.talk import Again, Begin


def back(book: Book, state: State, here: Place) -> Turn:
    state = replace(state, error="", typed="")
    if here.frame.view.get("ask_back") or here.frame.view.get("drop"):
        frame = here.looking(ask_back="", words="", drop="")
        return ask(state.with_top(frame), replace(here, frame=frame))
    names = [question.name for question in here.path.answered if question.name in here.frame.answers]
    if here.frame.again in names:
        names = names[: names.index(here.frame.again)]
    if names:
        return change(state, here, names[-1])
    if len(state.frames) == 1 and here.flow.name == book.home:
        return ask(state, here)
    if is_draft(book, here.frame):
        waiting = (
            *(each for each in state.waiting if each.key != here.frame.key),
            replace(here.frame, again=""),
        )
        state = replace(state, waiting=waiting)
    frames = state.frames[:-1]
    before = here.flow.before(here.world) if here.flow.before is not None else None
    return Turn(replace(state, frames=frames), then=Again() if frames else before or Begin(book.home))


def change(state: State, here: Place, name: str) -> Turn:
    """Ask an answered question again; its answer stays until another one is given."""
    question = here.path.question(name)
    if question is None:
        return ask(state, here)
    frame = replace(here.frame, again=name, view={}, tries=0)
    return ask(
        replace(state.with_top(frame), error="", typed=""), replace(here, frame=frame, question=question)
    )


def turn_page(state: State, here: Place, frame: Frame, act: str) -> Turn:
    screen = show(here, state)
    page = max(1, min(screen.pages, screen.page + (1 if act == NEXT else -1)))
    frame = replace(replace(here, frame=frame).looking(page=page), tries=0)
    return ask(replace(state.with_top(frame), error="", typed=""), replace(here, frame=frame))
