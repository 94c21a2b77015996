"""One update, one turn: kept first, then answered; what a crash cuts off, the postman answers."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import structlog
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlmodel import Session

from bot.channels.messenger.deleting import promise_deletion
from bot.channels.messenger.drawing import ABROAD
from bot.channels.messenger.fetching import promise_file
from bot.channels.messenger.links import follow
from bot.channels.messenger.meaning import (
    Meaning,
    agreed_secret,
    meaning,
    opened_row,
    out_of_everything,
    start_secret,
)
from bot.channels.messenger.recent import Recent
from bot.channels.messenger.replies import Replies
from bot.channels.messenger.underway import Promised
from bot.channels.messenger.updates import Standing, Tap, Unparsable, Update, Words, read_update
from bot.going_on import REPLY
from bot.letters import opened
from bot.runner import Address, Runner
from bot.visit import talked_of
from dialogs.state import State
from dialogs.talk import Again, Begin, Event, Keep
from storage import conversations, outbox, people
from storage.crypto import lookup_hash
from storage.desk import DeskClosed, TryAgain
from storage.finding import get_one
from storage.outbox import Claimed
from storage.rules.calendar import next_answer
from storage.tables import Account, Channel, Contact, ContactRole

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.postman import Postman

DOUBLE = 60.0
"""Seconds in which another tap on the same button is the same one; after that somebody wants an answer."""

HEAD_START = 0.001
"""Seconds that the answer to a tap gets to go out before the turns of its batch take the processor."""

SORRY = "我这里出错了，这一句没有记下。再说一遍，或者找人帮忙。"
NOT_SAFE = "写在这里不够安全，这条消息删掉了。"
IN_PRIVATE = "训桥只跟一个人说话：https://t.me/{{ name }}"

NOT_KEPT = (DeskClosed, TryAgain, OperationalError, InterfaceError, InternalError)
"""Errors of ours that say nothing about an update: it is not acknowledged, and comes again."""

Raw: TypeAlias = Mapping[str, Any]

TapName: TypeAlias = tuple[int, int, str]
"""A button of a message: the chat, the message, what it carries."""

log = structlog.get_logger("telegram")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a committed turn leaves to be done."""

    promised: Promised | None
    """The reply to be sent now; None where it waits for the morning."""
    for_others: bool
    """Whether the postman has something else to do now."""


class Talker:
    """Talks with everybody on Telegram.

    Args:
        runner: takes what is said.
        telegram: where it is heard.
        postman: sends what a turn promised.
        replies: draws and sends questions.
        worker: this process's name among all that deliver.
        name: the bot's user name.

    """

    def __init__(
        self,
        runner: Runner,
        telegram: "Telegram",
        postman: "Postman",
        replies: Replies,
        worker: str,
        name: str,
    ) -> None:
        self._runner = runner
        self._telegram = telegram
        self._postman = postman
        self._replies = replies
        self._worker = worker
        self._name = name
        self._tapped: Recent[TapName, tuple[int, float]] = Recent()
        self._answered: Recent[str, bool] = Recent()
        self._doing: set[asyncio.Task[None]] = set()

    async def answer_first(self, batch: Sequence[Raw]) -> None:
        """Answer every tap of a batch: none of them waits for the turns of the others (T1)."""
        answers = []
        for raw in batch:
            with suppress(Unparsable):  # it is parked when it is its turn
                update = read_update(raw)
                if isinstance(update.meant, Tap):
                    answers.append(self._do(self._answer(update.meant)))
        if len(answers) > 1:
            await asyncio.wait(answers, timeout=HEAD_START * len(answers))

    async def hear(self, raw: Raw) -> None:
        """Take one update; when this returns, it is committed, or parked as one we cannot read.

        Raises:
            Exception: when the database cannot be reached: do not acknowledge the update.

        """
        try:
            update = read_update(raw)
        except Unparsable as problem:
            await self._park(raw.get("update_id"), str(problem))
            return
        if isinstance(update.meant, Tap) and not self._answered.find(update.meant.callback):
            self._do(self._answer(update.meant))
        if not update.is_private:
            await self._elsewhere(update)
        elif isinstance(update.meant, Standing):
            await self._runner.desk.do(lambda session: self._note_standing(session, update))
        elif (tap := _tap_name(update)) is None:
            await self._talk(update)
        elif not self._is_double(tap, update.number):  # the second one has nothing new to say
            kept = False
            try:
                kept = await self._talk(update)
            finally:
                if not kept:
                    self._tapped.forget(tap)  # it comes again, or the person taps once more

    def _is_double(self, tap: TapName, number: int) -> bool:
        """Whether this button was tapped just now, by another update.

        An update that comes again is none: only the database knows whether it is kept.
        """
        now = asyncio.get_running_loop().time()
        before = self._tapped.find(tap)
        if before is not None and before[0] != number and now - before[1] < DOUBLE:
            return True
        self._tapped.keep(tap, (number, now))
        return False

    async def rest(self, seconds: float) -> None:
        """Wait for what is being sent; what takes longer is cut off, and the postman has it."""
        if self._doing:
            await asyncio.wait(self._doing, timeout=seconds)
        for task in self._doing:
            task.cancel()

    async def _talk(self, update: Update, instead: Event | None = None) -> bool:
        """Take a turn and answer it. Say whether it is kept, and not only parked.

        Args:
            update: what was heard.
            instead: what it is taken for, after a turn with what it means has failed.

        """
        try:
            taken = await self._runner.desk.do(lambda session: self._take(session, update, instead))
        except NOT_KEPT:
            raise
        except Exception as problem:
            # A fault of ours: the next one who says this must not stop everybody's updates.
            log.exception("turn_failed", update=update.number)
            if instead is None and (way_out := out_of_everything(update)) is not None:
                return await self._talk(update, way_out)
            if await self._park(update.number, type(problem).__name__):
                self._do(self._say_sorry(update.chat))
            return False
        if taken is None:
            return True
        if taken.for_others:
            self._runner.nudge()
        if taken.promised is not None:
            self._do(self._reply(self._replies.take_up(taken.promised)))
        return True

    def _take(self, session: Session, update: Update, instead: Event | None) -> Taken | None:
        """One turn: what was meant, what it becomes, and the promise of a reply; None when it was heard before."""
        address, now = Address(Channel.TELEGRAM, str(update.chat)), self._runner.clock.now()
        account = people.find_account(session, address.channel, address.key)
        meant = (
            Meaning(instead)
            if instead
            else self._link(session, address, update) or self._meaning(session, address, update, account)
        )
        heard = self._runner.hear_in(session, address, meant.event, once=self._once(update.number))
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
            self._replies.promise_later(session, account, heard, said, now, due_at)
            return Taken(None, for_others=True)
        promised = self._replies.promise(session, account, heard, said, now, self._worker, meant.offer)
        waits = heard.promised or bool(session.info.pop(outbox.PROMISED, False))
        return Taken(promised, waits)

    def _answer_at(self, update: Update, now: datetime) -> datetime:
        """Say when to answer: of a tap Telegram does not tell when it was, so it is taken to be of now."""
        clock, zone = self._runner.clock, self._runner.settings.zone
        return next_answer(clock.moment(update.date), now, zone) if update.date else now

    def _meaning(
        self, session: Session, address: Address, update: Update, account: Account | None
    ) -> Meaning:
        contact = None if account is None else get_one(session, Contact, account.contact_id)
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

    def _note_standing(self, session: Session, update: Update) -> None:
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

    async def _answer(self, tap: Tap) -> None:
        """Answer a tap, once; again where Telegram only stumbles, for the button turns until then."""
        if self._answered.find(tap.callback):
            return  # the update came again
        self._answered.keep(tap.callback, True)
        try:
            await self._telegram.answer(tap.callback)
        except ConnectionError:
            await self._telegram.answer(tap.callback)

    async def _reply(self, claimed: Claimed) -> None:
        """Send a reply; where that does not work, the postman is told to look when it is due again."""
        settled = False
        try:
            now, begun = self._runner.clock.now(), self._replies.is_ours(claimed)
            settled = await self._postman.send_now(claimed, now, begun=begun)
        finally:
            self._replies.forget(claimed)
            if not settled:
                self._runner.nudge()

    async def _say_sorry(self, chat: int) -> None:
        """Say that a sentence was lost, as this chat reads."""
        contact = await self._runner.desk.look(
            lambda session: people.find_contact(session, Channel.TELEGRAM, str(chat))
        )
        voice = self._runner.book.voice(contact.reading.value if contact else "plain")
        await self._telegram.send(chat, voice.say(SORRY))

    async def _elsewhere(self, update: Update) -> None:
        """Say in a group where we talk, when somebody there talks to us."""
        words = update.meant.text if isinstance(update.meant, Words) else ""
        let_in = isinstance(update.meant, Standing) and not update.meant.gone
        if not (let_in or words.startswith("/") or f"@{self._name}".casefold() in words.casefold()):
            return
        now = self._runner.clock.now()
        key = lookup_hash(f"once:{self._once(update.number)}")
        is_new = await self._runner.desk.do(
            lambda session: conversations.remember_update(session, Channel.TELEGRAM, key, now)
        )
        if is_new:
            voices = self._runner.book.voices
            lines = [voices[reading].say(IN_PRIVATE, {"name": self._name}) for reading in ("plain", "en")]
            self._do(self._telegram.send(update.chat, "\n".join(lines)))

    async def _park(self, number: object, why: str) -> bool:
        """Keep that there was an update we could not work, without its words: it is not tried again.

        Say whether it is parked only now.
        """
        now = self._runner.clock.now()
        key = lookup_hash(f"once:{self._once(number)}")
        parked = await self._runner.desk.do(
            lambda session: conversations.remember_update(session, Channel.TELEGRAM, key, now, failed=why)
        )
        if parked:
            log.warning("update_parked", why=why)
        return parked

    def _once(self, number: object) -> str:
        """The update's own name: numbers belong to one bot."""
        return f"{self._telegram.number}:{number}"

    def _do(self, sending: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        """Send beside everything else; what goes wrong is written down."""
        task = asyncio.create_task(_quietly(sending))
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)
        return task


async def _quietly(sending: Coroutine[Any, Any, object]) -> None:
    try:
        await sending
    except Exception as problem:  # noqa: BLE001 - an answer to a tap, or a line to a group: not worth more
        log.warning("not_sent", problem=type(problem).__name__)


def _tap_name(update: Update) -> TapName | None:
    return (update.chat, update.message, update.meant.data) if isinstance(update.meant, Tap) else None


def _ask_abroad(session: Session, contact: Contact) -> Begin:
    """Ask once more whether private questions may be answered here; first for whom, where that is not known."""
    state = State.load(conversations.read_conversation(session, contact.id, lock=False).state)
    whom = talked_of(session, contact, state.top)
    if whom is not None:
        return Begin("abroad", (("person", whom),))
    return Begin("who" if contact.role is ContactRole.UNKNOWN else "whose", (("next", "abroad"),))
