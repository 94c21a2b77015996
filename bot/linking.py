"""One person on two devices: what was said on the second one comes along, and nothing of it is lost."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from dialogs.book import Book
from dialogs.state import Frame, State
from dialogs.talk import About, Begin
from storage import conversations, draft_reminders, joining, people
from storage.tables import Contact, ContactRole

GOES_ON = "continue"
"""The purpose of a link that was asked for to go on elsewhere."""

JOINS = frozenset({GOES_ON, "answer"})
"""Purposes of links by which one person goes on at another place: who was known there is that person too."""

SHOWS_LINK = frozenset({"continue_ready", "continue_page"})
"""Flows that show such a link: there is nothing to go on with in them."""

ON_THE_WAY = frozenset({"home", "settings", GOES_ON, *SHOWS_LINK})
"""Flows that lead to such a link, and are nothing to go on with either."""

COPY = "copy"
"""Part of what a second draft of the same thing is about, so that both are kept until one is chosen."""


def is_somebody_else(session: Session, contact_id: int, channel: str, key: str) -> Contact | None:
    """Give who is known at a place, where that is another contact who has told us something."""
    there = people.find_contact(session, channel, key)
    if there is None or there.id == contact_id or there.role is ContactRole.UNKNOWN:
        return None
    return there


def bring_here(session: Session, book: Book, contact_id: int, channel: str, key: str, now: datetime) -> bool:
    """Let a contact be reached at a place as well. Say whether drafts came along from who was there before.

    Whoever was there must have agreed: from now on the other place sees all they told us.
    """
    kept = session.get_one(Contact, contact_id)
    there = people.find_account(session, channel, key)
    if there is None or there.contact_id == contact_id:
        people.add_account(session, contact_id, channel, key, now)
        return False
    joined = session.get_one(Contact, there.contact_id)
    gone = joined.id
    theirs = conversations.read_conversation(session, gone)
    mine = conversations.read_conversation(session, kept.id)
    became = joining.join(session, kept, joined)
    begun = _drafts(book, State.load(theirs.state))
    for frame in begun:
        draft_reminders.forget_draft(session, gone, frame.flow, dict(frame.about))
    drafts = [_renamed(frame, became) for frame in begun]
    if theirs.version:
        conversations.save_conversation(session, gone, State().dump(), theirs.version, now)
    after = State.load(mine.state)
    if drafts:
        after = replace(after, frames=tuple(frame for frame in after.frames if frame.flow not in ON_THE_WAY))
    # The next question has a number that no old button of either place carries.
    before = State.load(theirs.state)
    state = replace(_with_drafts(after, drafts), prompt=max(before.prompt, after.prompt), asked="")
    conversations.save_conversation(session, contact_id, state.dump(), mine.version, now)
    return bool(drafts)


def left_for_link(session: Session, book: Book, contact_id: int, now: datetime) -> Begin | None:
    """Give what was left for the menu on the way to a link: its draft, or which of several; None where nothing was.

    Who would begin it leaves the menu, so that the used link is not shown again at the end.
    """
    before = conversations.read_conversation(session, contact_id)
    state = State.load(before.state)
    drafts = _drafts(book, replace(state, frames=()))
    if not drafts or any(frame.flow not in ON_THE_WAY for frame in state.frames):
        return None
    left = replace(state, frames=()).dump()
    conversations.save_conversation(session, contact_id, left, before.version, now)
    return Begin(drafts[0].flow, drafts[0].about) if len(drafts) == 1 else CHOOSE


def _drafts(book: Book, state: State) -> list[Frame]:
    names = {flow.name for flow in book.flows if flow.draft}
    return [frame for frame in (*state.waiting, *state.frames) if frame.flow in names and frame.answers]


def _renamed(frame: Frame, became: dict[int, int]) -> Frame:
    about: About = tuple(
        (name, became.get(value, value) if name == "person" and isinstance(value, int) else value)
        for name, value in frame.about
    )
    return replace(frame, about=about, again="", view={})


def _with_drafts(state: State, drafts: list[Frame]) -> State:
    taken = {frame.key for frame in (*state.frames, *state.waiting)}
    added: list[Frame] = []
    for frame in drafts:
        number, kept = 2, frame
        while kept.key in taken:
            kept = replace(frame, about=(*frame.about, (COPY, number)))
            number += 1
        taken.add(kept.key)
        added.append(kept)
    return replace(state, waiting=(*state.waiting, *added))


CHOOSE = Begin("drafts")
"""What is asked when drafts came along: which of them to go on with."""
