"""One turn: read what is known, think, and keep everything in one transaction."""

from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session

from bot.forgetting import after_erasing, drop_replaced
from bot.going_on import go_on_in_chats
from bot.heard import Address, Heard, Upload
from bot.read_here import settle_read
from bot.settings import Clock, Settings
from bot.tickets.after_talk import step_back
from bot.visit import OURS, Visit
from dialogs.asking import is_draft
from dialogs.book import Book
from dialogs.screen import show
from dialogs.state import Frame, State
from dialogs.talk import Again, Effect, Event, Keep, Say
from storage import conversations, draft_reminders, outbox, people
from storage.catalogue.shelf import Shelf
from storage.crypto import lookup_hash
from storage.desk import Desk
from storage.files import keep_file
from storage.tables import Account, Channel, Contact


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
        account: Account | None = None,
    ) -> Heard:
        """One turn inside a transaction of the caller's, who may have found the address's account in it already."""
        now = self.clock.now()
        contact = people.meet(session, address.channel, address.key, now, known=account)
        visit = Visit(self, session, address, contact, now)
        standing = conversations.read_conversation(session, contact.id)
        state = State.load(standing.state)
        channel = Channel(address.channel)
        # Keyed, and without whose it is: a name made from an answer must not tell the answer, nor who complained.
        if once and not conversations.remember_update(session, channel, lookup_hash(f"once:{once}"), now):
            return _heard(visit, state)
        if not state.frames:
            state = visit.converse(state, visit.welcome()).state
        state, event = step_back(visit, state, event)
        talk = visit.converse(state, event)
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
        kept = left.dump()
        conversations.save_conversation(session, contact.id, kept, standing.version, now)
        drop_replaced(session, contact.id, standing.state, kept, talk.effects)
        self._watch_drafts(session, contact, state, left)
        heard = _heard(visit, left, talk.effects)
        settle_read(session, contact.id, heard, now)
        if self.settings.telegram_token is not None and address.channel in OURS and not heard.screen.private:
            go_on_in_chats(session, contact.id, heard.screen.prompt, now)
        return replace(heard, promised=bool(session.info.pop(outbox.PROMISED, False)))

    def look_in(self, session: Session, address: Address) -> Heard:
        """What is on the screen, read inside a session of the caller's."""
        contact = people.find_contact(session, address.channel, address.key)
        visit = Visit(self, session, address, contact, self.clock.now())
        kept = conversations.read_conversation(session, contact.id, lock=False).state if contact else {}
        state = State.load(kept)
        if not state.frames:
            state = visit.converse(state, visit.welcome()).state
        state, _ = step_back(visit, state, Again())
        return _heard(visit, state)

    def _watch_drafts(self, session: Session, contact: Contact, before: State, after: State) -> None:
        """Keep one reminder per draft: a warning before it goes, and the day it goes."""
        kept = {frame.key: frame for frame in self._drafts(after)}
        for frame in kept.values():
            draft_reminders.watch_draft(
                session, contact.id, frame.flow, dict(frame.about), frame.touched, self.clock.now()
            )
        for key in {frame.key for frame in self._drafts(before)} - set(kept):
            draft_reminders.forget_draft(session, contact.id, key[0], dict(key[1]))

    def _drafts(self, state: State) -> list[Frame]:
        return [frame for frame in (*state.frames, *state.waiting) if is_draft(self.book, frame)]


def _heard(visit: Visit, state: State, effects: tuple[Effect, ...] = ()) -> Heard:
    """What there is to show after a turn, or to who only looks."""
    here = visit.place(state)
    if here is None or here.question is None:
        # A deploy took the question away: what comes next is on the screen, and is kept with the next answer.
        state = visit.converse(state, Again()).state
        here = visit.place(state)
    if here is None:
        raise RuntimeError("no question is open, although one was just asked")
    contact, asked = visit.contact, effects[-1] if effects else None
    screen = asked.screen if isinstance(asked, Say) and visit.is_current(state) else None
    return Heard(
        screen=screen or show(here, state),
        said=state.said,
        size=contact.size.value if contact else "standard",
        reading=here.world.reading,
        here=here,
        contact_id=contact.id if contact else None,
        effects=effects,
    )
