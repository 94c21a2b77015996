"""One update, one turn: kept first, then answered; what a crash cuts off, the postman answers."""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from bot.channels.messenger.fetching import promise_file
from bot.channels.messenger.links import follow
from bot.channels.messenger.meaning import Meaning, meaning, opened_row, start_secret
from bot.channels.messenger.replies import Promised, Replies
from bot.channels.messenger.updates import Standing, Tap, Unparsable, Update, Words, read_update
from bot.letters import opened
from bot.runner import Address, Runner
from dialogs.talk import Again, Keep
from storage import conversations, outbox, people
from storage.crypto import lookup_hash
from storage.desk import DeskClosed
from storage.tables import Channel, Contact, ContactRole

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.postman import Postman

REMEMBERED = 4096
"""Taps remembered, so that the second one of a double tap is passed over in silence."""

SORRY = "我这里出错了，这一句没有记下。再说一遍，或者找人帮忙。"
NOT_SAFE = "写在这里不够安全，这条消息删掉了。"
IN_PRIVATE = "训桥只跟一个人说话：https://t.me/{{ name }}"

AWAY = (DeskClosed, OperationalError, InterfaceError)
"""Errors of ours that say nothing about an update: it is not acknowledged, and comes again."""

Raw: TypeAlias = Mapping[str, Any]

log = structlog.get_logger("telegram")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a committed turn leaves to be done."""

    promised: Promised
    unsafe: int
    """The message that is to be deleted, 0 for none."""
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
        self._tapped: OrderedDict[tuple[int, int, str], None] = OrderedDict()
        self._doing: set[asyncio.Task[None]] = set()

    async def hear(self, raw: Raw) -> None:
        """Take one update; when this returns, it is committed, or parked as one we cannot read.

        Raises:
            Exception: when the database cannot be reached: do not acknowledge the update.

        """
        try:
            update = read_update(raw)
        except Unparsable as problem:
            await self._park(raw, str(problem))
            return
        if isinstance(update.meant, Tap):
            self._do(self._telegram.answer(update.meant.callback))
        if not update.is_private:
            await self._elsewhere(update)
        elif isinstance(update.meant, Standing):
            await self._runner.desk.do(lambda session: _note_standing(session, update))
        elif not self._is_second_tap(update):
            await self._talk(update)

    async def rest(self, seconds: float) -> None:
        """Wait for what is being sent; what takes longer is cut off, and the postman has it."""
        if self._doing:
            await asyncio.wait(self._doing, timeout=seconds)
        for task in self._doing:
            task.cancel()

    async def _talk(self, update: Update) -> None:
        try:
            taken = await self._runner.desk.do(lambda session: self._take(session, update))
        except AWAY:
            raise
        except Exception as problem:
            # A fault of ours: the next one who says this must not stop everybody's updates.
            log.exception("turn_failed", update=update.number)
            await self._park({"update_id": update.number}, type(problem).__name__)
            self._do(self._telegram.send(update.chat, SORRY))
            return
        if taken is None:
            return
        if taken.unsafe:
            self._do(self._telegram.delete(update.chat, taken.unsafe))
        if taken.for_others:
            self._runner.nudge()
        claimed = self._replies.take_up(taken.promised)
        self._do(self._postman.send_now(claimed, self._runner.clock.now()))

    def _take(self, session: Session, update: Update) -> Taken | None:
        """One turn: what was meant, what it becomes, and the promise of a reply; None when it was heard before."""
        address, now = Address(Channel.TELEGRAM, str(update.chat)), self._runner.clock.now()
        meant = self._link(session, address, update) or self._meaning(session, address, update)
        heard = self._runner.hear_in(session, address, meant.event, once=self._once(update))
        account = people.find_account(session, address.channel, address.key)
        if not heard.effects or account is None:
            return None
        if meant.file is not None:
            for effect in heard.effects:
                if isinstance(effect, Keep):
                    promise_file(session, account.contact_id, effect.file, meant.file, now)
        unsafe = meant.answers and account.on_page
        voice = self._runner.book.voice(heard.reading)
        notes = [meant.note, NOT_SAFE if unsafe else ""]
        said = (*(voice.say(note, meant.values) for note in notes if note), *heard.said)
        promised = self._replies.promise(session, account, heard, said, now, self._worker)
        waits = heard.promised or bool(session.info.pop(outbox.PROMISED, False))
        return Taken(promised, update.message if unsafe else 0, waits)

    def _meaning(self, session: Session, address: Address, update: Update) -> Meaning:
        account = people.find_account(session, address.channel, address.key)
        contact = None if account is None else session.get_one(Contact, account.contact_id)
        row = opened_row(update.meant.data) if isinstance(update.meant, Tap) else None
        if row is not None and contact is not None:
            return Meaning(opened(session, row, contact.id) or Again())
        screen = self._runner.look_in(session, address).screen
        is_new = contact is None or contact.role is ContactRole.UNKNOWN
        return meaning(update, account, screen, is_new=is_new)

    def _link(self, session: Session, address: Address, update: Update) -> Meaning | None:
        """Follow a link to this chat; None where there is none."""
        secret = start_secret(update)
        if not secret:
            return None
        return follow(session, self._runner, address, secret)

    def _is_second_tap(self, update: Update) -> bool:
        """Whether this button of this message was tapped before: then there is nothing new to say."""
        if not isinstance(update.meant, Tap):
            return False
        key = (update.chat, update.message, update.meant.data)
        again = key in self._tapped
        self._tapped[key] = None
        self._tapped.move_to_end(key)
        if len(self._tapped) > REMEMBERED:
            self._tapped.popitem(last=False)
        return again

    async def _elsewhere(self, update: Update) -> None:
        """Say in a group where we talk, when somebody there talks to us."""
        words = update.meant.text if isinstance(update.meant, Words) else ""
        let_in = isinstance(update.meant, Standing) and not update.meant.gone
        if not (let_in or words.startswith("/") or f"@{self._name}".casefold() in words.casefold()):
            return
        now = self._runner.clock.now()
        key = lookup_hash(f"once:{self._once(update)}")
        is_new = await self._runner.desk.do(
            lambda session: conversations.remember_update(session, Channel.TELEGRAM, key, now)
        )
        if is_new:
            voices = self._runner.book.voices
            lines = [voices[reading].say(IN_PRIVATE, {"name": self._name}) for reading in ("plain", "en")]
            self._do(self._telegram.send(update.chat, "\n".join(lines)))

    async def _park(self, raw: Raw, why: str) -> None:
        """Keep that there was an update we could not work, without its words; it is not tried again."""
        now = self._runner.clock.now()
        key = lookup_hash(f"failed:{self._telegram.number}:{raw.get('update_id')}")
        await self._runner.desk.do(
            lambda session: conversations.remember_update(session, Channel.TELEGRAM, key, now, failed=why)
        )
        log.warning("update_parked", why=why)

    def _once(self, update: Update) -> str:
        """The update's own name: numbers belong to one bot."""
        return f"{self._telegram.number}:{update.number}"

    def _do(self, sending: Coroutine[Any, Any, object]) -> None:
        """Send beside everything else; what goes wrong is written down."""
        task = asyncio.create_task(_quietly(sending))
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)


async def _quietly(sending: Coroutine[Any, Any, object]) -> None:
    try:
        await sending
    except Exception as problem:  # noqa: BLE001 - an answer to a tap, or a line to a group: not worth more
        log.warning("not_sent", problem=type(problem).__name__)


def _note_standing(session: Session, update: Update) -> None:
    """Remember that somebody stopped the bot, or took it back."""
    account = people.find_account(session, Channel.TELEGRAM, str(update.chat))
    if account is not None and isinstance(update.meant, Standing):
        account.reachable = not update.meant.gone
        session.add(account)
