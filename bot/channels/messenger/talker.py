"""One update, one turn: kept first, then answered; what a crash cuts off, the postman answers."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import structlog
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from bot.channels.messenger.meaning import out_of_everything
from bot.channels.messenger.replies import Replies
from bot.channels.messenger.taps import Taps
from bot.channels.messenger.turns import Turns
from bot.channels.messenger.updates import Standing, Tap, Unparsable, Update, Words, read_update
from bot.runner import Runner
from dialogs.talk import Event
from storage import conversations, people
from storage.crypto import lookup_hash
from storage.desk import DeskClosed, TryAgain
from storage.outbox import Claimed
from storage.tables import Channel

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.postman import Postman

HEAD_START = 0.001
"""Seconds that the answer to a tap gets to go out before the turns of its batch take the processor."""

TOGETHER = 16
"""Turns that are taken at the same time: they share a commit, and the next ones need not wait long for its end."""

ONCE_IN_GROUP = 60
"""Seconds in which a group is told only once where we talk: who adds us often writes /start there as well."""

SORRY = "我这里出错了，这一句没有记下。再说一遍，或者找人帮忙。"
IN_PRIVATE = "训桥只跟一个人说话：https://t.me/{{ name }}"

NOT_KEPT = (DeskClosed, TryAgain, OperationalError, InterfaceError, InternalError)
"""Errors of ours that say nothing about an update: it is not acknowledged, and comes again."""

Raw: TypeAlias = Mapping[str, Any]

log = structlog.get_logger("messenger")


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
        self._name = name
        self._taps = Taps(telegram, runner.clock.now)
        self._turns = Turns(runner, worker)
        self._room = asyncio.Semaphore(TOGETHER)
        self._doing: set[asyncio.Task[None]] = set()
        self._groups_told: dict[int, int] = {}

    async def answer_first(self, batch: Sequence[Raw]) -> None:
        """Answer every tap of a batch: none of them waits for the turns of the others (T1)."""
        answers = []
        for raw in batch:
            with suppress(Unparsable):  # it is parked when it is its turn
                update = read_update(raw)
                if isinstance(update.meant, Tap):
                    answers.append(self._do(self._taps.answer(update.meant)))
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
        if isinstance(update.meant, Tap) and not self._taps.is_answered(update.meant):
            self._do(self._taps.answer(update.meant))
        if not update.is_private:
            await self._elsewhere(update)
        elif isinstance(update.meant, Standing):
            await self._runner.desk.do(lambda session: self._turns.note_standing(session, update))
        elif not isinstance(update.meant, Tap):
            await self._talk(update)
        elif not self._taps.is_double(update):  # the second one has nothing new to say
            kept = False
            try:
                kept = await self._talk(update)
            finally:
                self._taps.end(update, kept=kept)

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
            once = self._once(update.number)
            async with self._room:
                taken = await self._runner.desk.do(
                    lambda session: self._turns.take(session, update, once, instead)
                )
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
        if is_new and not self._is_just_told(update):
            voices = self._runner.book.voices
            lines = [voices[reading].say(IN_PRIVATE, {"name": self._name}) for reading in ("plain", "en")]
            self._do(self._telegram.send(update.chat, "\n".join(lines)))

    def _is_just_told(self, update: Update) -> bool:
        """Whether this group was told a moment ago; if not, it is now."""
        told = self._groups_told.items()
        self._groups_told = {chat: date for chat, date in told if abs(update.date - date) < ONCE_IN_GROUP}
        if update.chat in self._groups_told:
            return True
        self._groups_told[update.chat] = update.date
        return False

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
