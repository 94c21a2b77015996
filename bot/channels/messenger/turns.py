"""A turn of a chat, inside its transaction: what was meant, what it becomes, and the promise of a reply."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.channels.messenger.deleting import promise_deletion
from bot.channels.messenger.drawing import ABROAD
from bot.channels.messenger.fetching import promise_file
from bot.channels.messenger.links import follow
from bot.channels.messenger.meaning import (
    Meaning,
    agreed_secret,
    answers_question,
    meaning,
    opened_row,
    start_secret,
)
from bot.channels.messenger.promising import promise, promise_later
from bot.channels.messenger.underway import Promised
from bot.channels.messenger.updates import Standing, Tap, Update
from bot.going_on import REPLY
from bot.heard import Address
from bot.letters.opening import opened
from bot.runner import Runner
from bot.visit import talked_of
from dialogs.state import State
from dialogs.talk import Again, Begin, Event, Keep
from storage import conversations, outbox, people
from storage.finding import get_one
from storage.rules.calendar import next_answer
from storage.tables import Account, Channel, Contact, ContactRole

NOT_SAFE = "写在这里不够安全，这条消息删掉了。"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a committed turn leaves to be done."""

    promised: Promised | None
    """The reply to be sent now; None where it waits for the morning."""
    for_others: bool
    """Whether the postman has something else to do now."""


class Turns:
    """Takes turns; its methods run in the desk's transactions.

    Args:
        runner: takes what is said.
        worker: this process's name among all that deliver.

    """

    def __init__(self, runner: Runner, worker: str) -> None:
        self._runner = runner
        self._worker = worker

    def take(self, session: Session, update: Update, once: str, instead: Event | None = None) -> Taken | None:
        """Take one turn. None when it was heard before.

        Args:
            session: the turn's own.
            update: what was heard.
            once: its own name among everything ever heard.
            instead: what it is taken for, whatever it means.

        """
        address, now = Address(Channel.TELEGRAM, str(update.chat)), self._runner.clock.now()
        account = people.find_account(session, address.channel, address.key)
        # Held here, so that the session has it until the end of the turn and nobody reads it once more.
        contact = None if account is None else get_one(session, Contact, account.contact_id)
        meant = (
            Meaning(instead)
            if instead
            else self._link(session, address, update)
            or self._meaning(session, address, update, account, contact)
        )
        heard = self._runner.hear_in(session, address, meant.event, once=once, account=account)
        account = account or people.find_account(session, address.channel, address.key)
        if not heard.effects or account is None:
            return None
        if meant.file is not None:
            for effect in heard.effects:
                if isinstance(effect, Keep):
                    promise_file(session, account.contact_id, effect.file, meant.file, now)
        unsafe = meant.answers and account.on_page
        if unsafe:
            promise_deletion(session, account, update.message, now)
        voice = self._runner.book.voice(heard.reading)
        notes = [meant.note, NOT_SAFE if unsafe else ""]
        said = (*(voice.say(note, meant.values) for note in notes if note), *heard.said)
        due_at = self._answer_at(update, now)
        if due_at > now and meant.offer is None:
            promise_later(session, account, heard, said, now, due_at)
            return Taken(None, for_others=True)
        promised = promise(session, self._runner, account, heard, said, now, self._worker, meant.offer)
        if answers_question(update.meant):
            promised = replace(promised, drawn=replace(promised.drawn, tapped=update.message))
        waits = heard.promised or bool(session.info.pop(outbox.PROMISED, False))
        return Taken(promised, waits)

    def _answer_at(self, update: Update, now: datetime) -> datetime:
        """Say when to answer: of a tap Telegram does not tell when it was, so it is taken to be of now."""
        clock, zone = self._runner.clock, self._runner.settings.zone
        return next_answer(clock.moment(update.date), now, zone) if update.date else now

    def _meaning(
        self,
        session: Session,
        address: Address,
        update: Update,
        account: Account | None,
        contact: Contact | None,
    ) -> Meaning:
        row = opened_row(update.meant.data) if isinstance(update.meant, Tap) else None
        if row is not None and contact is not None:
            number, way = row
            return Meaning(opened(session, number, contact.id, way, self._runner.clock.now()) or Again())
        if contact is not None and isinstance(update.meant, Tap) and update.meant.data == ABROAD:
            return Meaning(_ask_abroad(session, contact))
        is_new = contact is None or contact.role is ContactRole.UNKNOWN
        return meaning(update, account, lambda: self._runner.look_in(session, address).screen, is_new=is_new)

    def _link(self, session: Session, address: Address, update: Update) -> Meaning | None:
        """Follow a link to this chat; None where there is none."""
        agreed = agreed_secret(update)
        secret = agreed or start_secret(update)
        return follow(session, self._runner, address, secret, agreed=bool(agreed)) if secret else None

    def note_standing(self, session: Session, update: Update) -> None:
        """Remember that somebody stopped the bot, or took it back.

        One who talked here after that took it back: updates may come in another order than they happened in.
        """
        account = people.find_account(session, Channel.TELEGRAM, str(update.chat))
        if account is None or not isinstance(update.meant, Standing):
            return
        within = self._runner.clock.moment(update.date + 1)  # Telegram tells whole seconds
        if update.meant.gone and outbox.promised_since(session, account.id, REPLY, within):
            return
        account.reachable = not update.meant.gone
        session.add(account)


def _ask_abroad(session: Session, contact: Contact) -> Begin:
    """Ask once more whether private questions may be answered here; first for whom, where that is not known."""
    state = State.load(conversations.read_conversation(session, contact.id, lock=False).state)
    whom = talked_of(session, contact, state.top)
    if whom is not None:
        return Begin("abroad", (("person", whom),))
    return Begin("who" if contact.role is ContactRole.UNKNOWN else "whose", (("next", "abroad"),))
