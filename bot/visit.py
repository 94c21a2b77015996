"""One person's turn at one place: who it is, and what was read of the world for it so far."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeAlias

from sqlmodel import Session

from bot.asking import Kin
from bot.facts import read_facts
from bot.heard import Address
from bot.naming import without_family_names
from bot.settings import Settings
from bot.submitted import Submitted
from dialogs.book import Book, is_staff_word
from dialogs.engine import Talk, converse
from dialogs.model import Answers, Flow
from dialogs.screen import Place, place
from dialogs.spoken.tidy import tidy
from dialogs.state import Frame, State
from dialogs.talk import About, Again, Begin, Event, Reading, Said, Submit, World
from storage.applications.entered import staff_in
from storage.catalogue.shelf import Shelf
from storage.finding import get, read_again
from storage.tables import Application, Contact, ContactRole, Purpose

OF_THE_TALK = frozenset({"drafts"})
"""Facts about the conversation itself, which a turn changes."""

OURS = frozenset({"web", "terminal", "desk"})
"""Channels whose servers are ours: private questions may be asked on them."""

Key: TypeAlias = tuple[str, About]


class Host(Protocol):
    """What a visit needs of whoever runs it: the flows, the catalogue, the settings, our bot's name on Telegram."""

    book: Book
    shelf: Shelf
    settings: Settings
    bot_name: str


class Visit:
    """What one turn knows. Nothing is read twice before something is decided.

    Args:
        host: who runs it.
        session: the turn's own.
        address: where somebody talks.
        contact: who it is; None for who was never met there.
        now: the moment of the turn.

    """

    def __init__(
        self, host: Host, session: Session, address: Address, contact: Contact | None, now: datetime
    ) -> None:
        self.session = session
        self.contact = contact
        self._host = host
        self._address = address
        self._now = now
        self._worlds: dict[Key, World] = {}
        self._kin = Kin(session, contact, now)

    @property
    def reading(self) -> Reading:
        return self.contact.reading.value if self.contact else "plain"

    def welcome(self) -> Begin:
        """A newcomer is first asked how we shall talk; everybody else sees the menu."""
        new = self.contact is None or self.contact.role is ContactRole.UNKNOWN
        return Begin("reading") if new else Begin(self._host.book.home)

    def converse(self, state: State, event: Event) -> Talk:
        """Run an event to the next question; what is finished on the way is decided here and now."""
        return converse(self._host.book, state, event, self.world, self._decide)

    def place(self, state: State) -> Place | None:
        """Where the conversation stands."""
        return place(self._host.book, state, self.world(state, Again()))

    def is_current(self, state: State) -> bool:
        """Whether what was shown last was shown with what is known now."""
        return state.top is not None and state.top.key in self._worlds

    def world(self, state: State, event: Event) -> World:
        """The facts that the flow on top, or the flow being begun, asked to know."""
        frame = Frame(event.flow, event.about) if isinstance(event, Begin) else state.top
        flow = self._host.book.find(frame.flow) if frame else None
        is_staff = self._is_for_staff(flow, event) and self._kin.member is not None
        if frame is not None and frame.key in self._worlds:
            return replace(self._worlds[frame.key], staff=is_staff)
        host = self._host
        trusted = self._trusts(frame, flow)
        facts = read_facts(
            self.session,
            flow.facts if flow else (),
            contact_id=self.contact.id if self.contact else None,
            kin=self._kin,
            now=self._now,
            about=dict(frame.about) if frame else {},
            shelf=host.shelf,
            office=host.settings.office,
            state=state,
            book=host.book,
        )
        world = World(
            now=self._now,
            reading=self.reading,
            facts=facts if trusted else without_family_names(facts),
            trusted=trusted,
            asks_first=None if trusted else self._asks_first(frame, flow),
            staff=is_staff,
        )
        if frame is not None and flow is not None and not OF_THE_TALK.intersection(flow.facts):
            self._worlds[frame.key] = world
        return world

    def _is_for_staff(self, flow: Flow | None, event: Event) -> bool:
        """Whether it matters that somebody works here: only then is it looked up."""
        if flow is not None and flow.role == "staff":
            return True
        return isinstance(event, Said) and is_staff_word(event.text, tidy)

    def _trusts(self, frame: Frame | None, flow: Flow | None) -> bool:
        """Whether private questions may be asked here: our own servers, or a consent of their own.

        What staff look at is about others, whose consent is not theirs to use: on our own servers only.
        """
        if self._address.channel in OURS:
            return True
        if flow is not None and flow.role == "staff":
            return False
        return self._host.settings.private_where == "chat" and self._abroad(frame).get(Purpose.ABROAD, False)

    def _asks_first(self, frame: Frame | None, flow: Flow | None) -> Begin | None:
        """Ask for that consent whom it is about, where they never answered; staff are led to the console instead."""
        if flow is not None and flow.role == "staff":
            return (
                None
                if self._host.settings.private_where == "web"
                else Begin("staff_console", frame.about if frame else ())
            )
        whom = talked_of(self.session, self.contact, frame)
        if self._host.settings.private_where == "web" or whom is None:
            return None
        return None if Purpose.ABROAD in self._abroad(frame) else Begin("abroad", (("person", whom),))

    def _abroad(self, frame: Frame | None) -> Mapping[Purpose, bool]:
        """What whom it is about agreed to; nothing where that is nobody."""
        whom = talked_of(self.session, self.contact, frame)
        return {} if whom is None else self._kin.standing(whom)

    def _decide(self, submit: Submit) -> Begin | None:
        from bot.outcomes import OUTCOMES

        contact = self.contact
        if contact is None:
            raise RuntimeError("nothing can be submitted by somebody who only looks")
        submitted = Submitted(
            record=submit.record,
            flow=submit.flow,
            about=dict(submit.about),
            answers=submit.answers,  # type: ignore[arg-type]  # answers are JSON
            contact_id=contact.id,
            channel=self._address.channel,
            reading=self.reading,
            now=self._now,
            wordings=lambda name: self._wording(submit, name),
            shelf=self._host.shelf,
            bot_name=self._host.bot_name,
            staff_id=staff_in(self._address.channel, self._address.key),
        )
        following = OUTCOMES[submit.record](self.session, submitted)
        self.session.flush()
        read_again(self.session, contact)
        self._forget()  # what is decided changes what there is to know
        return following

    def _forget(self) -> None:
        self._worlds.clear()
        self._kin = Kin(self.session, self.contact, self._now)

    def _wording(self, submit: Submit, name: str) -> str:
        """The words in which a question was asked, filled in as they were read, to be kept with a consent."""
        flow = self._host.book.find(submit.flow)
        question = next((each for each in (flow.listed if flow else ()) if each.name == name), None)
        if question is None:
            return ""
        self._forget()
        world = self.world(State(), Begin(submit.flow, submit.about))
        answers = Answers(given=submit.answers)  # type: ignore[arg-type]  # answers are JSON
        own = question.values(answers, world) if question.values else {}
        values = {"today": world.today, **world.facts, **submit.answers, **own}
        voice = self._host.book.voice(self.reading)
        # The hint says who sees it, for how long, and that it can be taken back: it belongs to what was agreed to.
        return "\n".join(voice.say(words, values) for words in (question.text, question.hint) if words)


def talked_of(session: Session, contact: Contact | None, frame: Frame | None) -> int | None:
    """The person a flow is about, or whose application it is, else the one the contact talks for."""
    about = dict(frame.about) if frame else {}
    if named := about.get("person"):
        return int(named)
    number = about.get("application")
    filed = get(session, Application, int(number)) if number else None
    if filed is not None:
        return filed.person_id
    return contact.current_person_id if contact else None
