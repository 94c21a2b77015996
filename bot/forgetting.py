"""What is dropped from a conversation: drafts about people one no longer speaks for, drafts that are too old."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from dialogs.state import Frame, State
from dialogs.talk import Effect, Submit
from storage import conversations, people
from storage.files import drop_files, files_in

ERASED = "erased"
"""The flow in which somebody is told that their data are gone."""


def without_people(state: State, known: Collection[int]) -> State:
    """Forget whatever is open or waiting about people not in `known`; when there are none, everything.

    What is on the screen stays: it is where the person is being told.
    """
    top = state.frames[-1:]
    below = tuple(frame for frame in state.frames[:-1] if _is_about(frame, known))
    waiting = tuple(frame for frame in state.waiting if _is_about(frame, known))
    return replace(state, frames=(*below, *top), waiting=waiting, said=(), typed="", error="")


def after_erasing(session: Session, contact_id: int, state: State, now: datetime) -> State:
    """Forget drafts about somebody who was erased in this very turn; every other state stays as it is.

    The outcome cannot do it: the conversation it runs in is written after it, by whoever runs the turn.
    """
    if state.top is None or state.top.flow != ERASED:
        return state
    return without_people(state, {person.id for person, _ in people.people_of(session, contact_id, now)})


def without_draft(state: State, flow: str, about: Mapping[str, int | str]) -> State:
    """Forget one draft, wherever it is."""

    def is_other(frame: Frame) -> bool:
        return frame.flow != flow or dict(frame.about) != dict(about)

    frames, waiting = tuple(filter(is_other, state.frames)), tuple(filter(is_other, state.waiting))
    if frames == state.frames and waiting == state.waiting:
        return state
    return replace(state, frames=frames, waiting=waiting, typed="", error="")


def change_conversation(
    session: Session, contact_id: int, change: Callable[[State], State], now: datetime
) -> None:
    """Change somebody's conversation from outside of it. Raises LostRace when they spoke meanwhile."""
    standing = conversations.read_conversation(session, contact_id)
    if standing.version == 0:
        return
    state = State.load(standing.state)
    changed = change(state)
    if changed != state:
        conversations.save_conversation(session, contact_id, changed.dump(), standing.version, now)
        drop_replaced(session, contact_id, standing.state, changed.dump())


def drop_replaced(
    session: Session,
    contact_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    effects: Sequence[Effect] = (),
) -> None:
    """Delete files that were in a conversation and are in no answer any more; what was sent in is an answer."""
    if files := files_in(before):
        sent_in = [dict(effect.answers) for effect in effects if isinstance(effect, Submit)]
        drop_files(session, contact_id, files - files_in([after, *sent_in]))


def _is_about(frame: Frame, known: Collection[int]) -> bool:
    person = dict(frame.about).get("person")
    return bool(known) if person is None else person in known
