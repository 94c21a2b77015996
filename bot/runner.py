"""One turn: read what is known, think, and keep everything in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from sqlmodel import Session

from bot.facts import read_facts
from bot.forgetting import after_erasing, drop_replaced
from bot.going_on import go_on_in_chats
from bot.naming import without_family_names
from bot.outcomes import OUTCOMES, Submitted
from bot.settings import Clock, Settings
from dialogs.book import Book
from dialogs.engine import Talk, converse
from dialogs.model import Answers
from dialogs.screen import place, show
from dialogs.state import Frame, State
from dialogs.talk import (
    About,
    Again,
    Begin,
    Effect,
    Event,
    FileRef,
    Keep,
    Line,
    Reading,
    Screen,
    Submit,
    World,
)
from storage import consents, conversations, outbox, people, reminders
from storage.catalogue.shelf import Shelf
from storage.crypto import lookup_hash
from storage.desk import Desk
from storage.files import keep_file
from storage.tables import Application, Channel, Contact, ContactRole, Purpose

Worlds: TypeAlias = dict[tuple[str, About], World]
"""What was read in this turn already, by flow and what it is about."""

OF_THE_TALK = frozenset({"drafts"})
"""Facts about the conversation itself, which a turn changes."""

OURS = frozenset({"web", "terminal"})
"""Channels whose servers are ours: private questions may be asked on them."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached: a channel, and who it is there (a visitor's secret, a chat's number)."""

    channel: str
    key: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a channel shows after a turn, or when it only looks.

    Args:
        screen: the question.
        said: the statements of the last turn, to be read above it.
        size: how large this contact reads: standard, large, huge.
        reading: plain, easy or en.
        history: what was answered so far in what is open, oldest first.
        contact_id: None for a visitor who has not answered anything yet.
        effects: everything the turn did, for channels that speak (empty when only looking).
        promised: whether the postman has something to do now.

    """

    screen: Screen
    said: tuple[str, ...]
    size: str
    reading: Reading
    history: tuple[Line, ...] = ()
    contact_id: int | None = None
    effects: tuple[Effect, ...] = field(default=())
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a channel received it, its size and kind already checked."""

    ref: FileRef
    body: bytes


class Runner:
    """Runs conversations for every channel."""

    def __init__(self, desk: Desk, book: Book, shelf: Shelf, settings: Settings, clock: Clock) -> None:
        self.desk = desk
        self.book = book
        self.shelf = shelf
        self.settings = settings
        self.clock = clock
        self.nudge: Callable[[], None] = lambda: None
        """Told after a turn that promised a message: whoever delivers looks at once."""
        self.bot_name = ""
        """The user name of our Telegram bot, once it is known."""

    async def hear(
        self, address: Address, event: Event, *, once: str = "", upload: Upload | None = None
    ) -> Heard:
        """Take one event; when this returns, it is committed.

        Args:
            address: who it is from; a newcomer is remembered from here on.
            event: what happened.
            once: the update's own name where it has one: told twice, it counts once.
            upload: the bytes of the file the event sends; kept only when an answer takes it.

        """
        heard = await self.desk.do(
            lambda session: self.hear_in(session, address, event, once=once, upload=upload)
        )
        if heard.promised:
            self.nudge()
        return heard

    async def look(self, address: Address) -> Heard:
        """What is on the screen, changing nothing."""
        return await self.desk.look(lambda session: self.look_in(session, address))

    def hear_in(
        self,
        session: Session,
        address: Address,
        event: Event,
        *,
        once: str = "",
        upload: Upload | None = None,
    ) -> Heard:
        """One turn inside a transaction of the caller's."""
        now = self.clock.now()
        worlds: Worlds = {}
        contact = people.meet(session, address.channel, address.key, now)
        standing = conversations.read_conversation(session, contact.id)
        before = state = State.load(standing.state)
        channel = Channel(address.channel)
        # Keyed, and without whose it is: a name made from an answer must not tell the answer, nor who complained.
        if once and not conversations.remember_update(session, channel, lookup_hash(f"once:{once}"), now):
            return self._heard(session, address, contact, worlds, state, ())
        if not state.frames:
            state = self._converse(session, address, contact, worlds, state, self._welcome(contact)).state
        talk = self._converse(session, address, contact, worlds, state, event)
        if upload is not None and any(isinstance(effect, Keep) for effect in talk.effects):
            keep_file(
                session,
                contact.id,
                upload.ref.key,
                kind=upload.ref.kind,
                mime=upload.ref.mime,
                name=upload.ref.name,
                body=upload.body,
                now=now,
            )
        left = after_erasing(session, contact.id, talk.state, now)
        conversations.save_conversation(session, contact.id, left.dump(), standing.version, now)
        drop_replaced(session, contact.id, before, left, talk.effects)
        self._watch_drafts(session, contact, state, left)
        session.refresh(contact)
        heard = self._heard(session, address, contact, worlds, left, talk.effects)
        if self.settings.telegram_token is not None and address.channel in OURS and not heard.screen.private:
            go_on_in_chats(session, contact.id, heard.screen.prompt, now)
        return replace(heard, promised=bool(session.info.pop(outbox.PROMISED, False)))

    def look_in(self, session: Session, address: Address) -> Heard:
        """What is on the screen, read inside a session of the caller's."""
        worlds: Worlds = {}
        contact = people.find_contact(session, address.channel, address.key)
        kept = conversations.read_conversation(session, contact.id, lock=False).state if contact else {}
        state = State.load(kept)
        if not state.frames:
            state = self._converse(session, address, contact, worlds, state, self._welcome(contact)).state
        return self._heard(session, address, contact, worlds, state, ())

    def _welcome(self, contact: Contact | None) -> Begin:
        """A newcomer is first asked how we shall talk; everybody else sees the menu."""
        new = contact is None or contact.role is ContactRole.UNKNOWN
        return Begin("reading") if new else Begin(self.book.home)

    def _converse(
        self,
        session: Session,
        address: Address,
        contact: Contact | None,
        worlds: Worlds,
        state: State,
        event: Event,
    ) -> Talk:
        return converse(
            self.book,
            state,
            event,
            lambda state, event: self._world(session, address, contact, worlds, state, event),
            lambda submit: self._decide(session, address, contact, worlds, submit),
        )

    def _world(
        self,
        session: Session,
        address: Address,
        contact: Contact | None,
        worlds: Worlds,
        state: State,
        event: Event,
    ) -> World:
        """The facts that the flow on top, or the flow being begun, asked to know: read once, until one is decided."""
        frame = Frame(event.flow, event.about) if isinstance(event, Begin) else state.top
        if frame is not None and frame.key in worlds:
            return worlds[frame.key]
        flow = self.book.find(frame.flow) if frame else None
        trusted = self._trusts(session, address, contact, frame)
        facts = read_facts(
            session,
            flow.facts if flow else (),
            contact_id=contact.id if contact else None,
            about=dict(frame.about) if frame else {},
            shelf=self.shelf,
            office=self.settings.office,
            now=self.clock.now(),
            state=state,
            book=self.book,
        )
        world = World(
            now=self.clock.now(),
            reading=contact.reading.value if contact else "plain",
            facts=facts if trusted else without_family_names(facts),
            trusted=trusted,
            asks_first="" if trusted else self._asks_first(session, contact, frame),
            staff=False,
        )
        if frame is not None and flow is not None and not OF_THE_TALK.intersection(flow.facts):
            worlds[frame.key] = world
        return world

    def _trusts(
        self, session: Session, address: Address, contact: Contact | None, frame: Frame | None
    ) -> bool:
        """Whether private questions may be asked here: our own servers, or a consent of their own."""
        if address.channel in OURS:
            return True
        whom = talked_of(session, contact, frame)
        return (
            self.settings.private_where == "chat"
            and whom is not None
            and consents.agreed(session, whom, Purpose.ABROAD)
        )

    def _asks_first(self, session: Session, contact: Contact | None, frame: Frame | None) -> str:
        """The flow that asks for that consent, where it was never answered."""
        whom = talked_of(session, contact, frame)
        if self.settings.private_where == "web" or whom is None:
            return ""
        return "" if consents.latest(session, whom, Purpose.ABROAD) else "abroad"

    def _decide(
        self, session: Session, address: Address, contact: Contact | None, worlds: Worlds, submit: Submit
    ) -> Begin | None:
        if contact is None:
            raise RuntimeError("nothing can be submitted by somebody who only looks")
        reading: Reading = contact.reading.value
        submitted = Submitted(
            record=submit.record,
            flow=submit.flow,
            about=dict(submit.about),
            answers=submit.answers,  # type: ignore[arg-type]  # answers are JSON
            contact_id=contact.id,
            channel=address.channel,
            reading=reading,
            now=self.clock.now(),
            wordings=lambda name: self._wording(session, address, contact, submit, name),
            shelf=self.shelf,
            bot_name=self.bot_name,
        )
        worlds.clear()  # what is decided changes what there is to know
        following = OUTCOMES[submit.record](session, submitted)
        session.flush()
        session.refresh(contact)
        return following

    def _wording(
        self, session: Session, address: Address, contact: Contact, submit: Submit, name: str
    ) -> str:
        """The words in which a question was asked, filled in as they were read, to be kept with a consent."""
        flow = self.book.find(submit.flow)
        question = next((each for each in (flow.literal or () if flow else ()) if each.name == name), None)
        if question is None:
            return ""
        world = self._world(session, address, contact, {}, State(), Begin(submit.flow, submit.about))
        answers = Answers(given=submit.answers)  # type: ignore[arg-type]  # answers are JSON
        own = question.values(answers, world) if question.values else {}
        values = {"today": world.today, **world.facts, **submit.answers, **own}
        return self.book.voice(contact.reading.value).say(question.text, values)

    def _watch_drafts(self, session: Session, contact: Contact, before: State, after: State) -> None:
        """Keep one reminder per draft: a warning before it goes, and the day it goes."""
        kept = {frame.key: frame for frame in self._drafts(after)}
        for frame in kept.values():
            reminders.watch_draft(
                session, contact.id, frame.flow, dict(frame.about), frame.touched, self.clock.now()
            )
        for key in {frame.key for frame in self._drafts(before)} - set(kept):
            reminders.forget_draft(session, contact.id, key[0], dict(key[1]))

    def _drafts(self, state: State) -> list[Frame]:
        flows = {flow.name for flow in self.book.flows if flow.draft}
        return [frame for frame in (*state.frames, *state.waiting) if frame.flow in flows and frame.answers]

    def _heard(
        self,
        session: Session,
        address: Address,
        contact: Contact | None,
        worlds: Worlds,
        state: State,
        effects: tuple[Effect, ...],
    ) -> Heard:
        world = self._world(session, address, contact, worlds, state, Again())
        here = place(self.book, state, world)
        if here is None or here.question is None:
            # A deploy took the question away: what comes next is on the screen, and is kept with the next answer.
            state = self._converse(session, address, contact, worlds, state, Again()).state
            world = self._world(session, address, contact, worlds, state, Again())
            here = place(self.book, state, world)
        if here is None:
            raise RuntimeError("no question is open, although one was just asked")
        return Heard(
            screen=show(here, state),
            said=state.said,
            size=contact.size.value if contact else "standard",
            reading=world.reading,
            history=here.history(),
            contact_id=contact.id if contact else None,
            effects=effects,
        )


def talked_of(session: Session, contact: Contact | None, frame: Frame | None) -> int | None:
    """The person a flow is about, or whose application it is, else the one the contact talks for."""
    about = dict(frame.about) if frame else {}
    if named := about.get("person"):
        return int(named)
    number = about.get("application")
    filed = session.get(Application, int(number)) if number else None
    if filed is not None:
        return filed.person_id
    return contact.current_person_id if contact else None
