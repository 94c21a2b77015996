"""Replies: an open question sent as a message, right after its turn, or by the postman when that was cut off."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import structlog
from sqlmodel import Session

from bot.channels.messenger.drawing import Card, Rows, draw, draw_neutral, tells
from bot.going_on import REPLY
from bot.runner import Address, Heard, Runner
from storage import gotokens, outbox
from storage.outbox import Claimed
from storage.tables import Account, Channel, Lane

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

LEASE = timedelta(seconds=60)
"""How long a reply is this worker's before another one takes it up."""

STUMBLES = (0.2, 1.0, 2.0)
"""Seconds before a reply that certainly did not arrive is tried again; after that the postman has it."""

MOVED_ON = "已经接着说了"
GONE = "这个聊天已经没有了"

log = structlog.get_logger("telegram")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A reply ready to be sent.

    Args:
        chat: where to.
        card: the words and buttons.
        prompt: the number of its question.
        on_page: whether it sends the person to our own page for the answer.
        old: the message whose buttons are taken away after it, 0 for none.

    """

    chat: int
    card: Card
    prompt: int
    on_page: bool
    old: int


@dataclass(frozen=True, slots=True)
class Promised:
    """A reply promised and drawn in a turn that is not yet committed."""

    claimed: Claimed
    drawn: Drawn


class Replies:
    """Sends replies, one after the other in each chat.

    Args:
        runner: knows what is on the screen.
        telegram: where it is sent.

    """

    def __init__(self, runner: Runner, telegram: "Telegram") -> None:
        self._runner = runner
        self._telegram = telegram
        self._drawn: dict[int, Drawn] = {}
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def promise(
        self,
        session: Session,
        account: Account,
        heard: Heard,
        said: Sequence[str],
        now: datetime,
        worker: str,
    ) -> Promised:
        """Promise a reply in the turn's transaction, as this worker's own; it is drawn already."""
        payload = {"prompt": heard.screen.prompt, "said": list(said)}
        number = outbox.promise(
            session,
            account.contact_id,
            REPLY,
            payload,
            now=now,
            account_id=account.id,
            claimed_by=worker,
            claimed_until=now + LEASE,
        )
        if number is None:
            raise RuntimeError("a promise without a key is always a new one")
        claimed = Claimed(
            id=number,
            lane=Lane.REPLY,
            contact_id=account.contact_id,
            account_id=account.id,
            kind=REPLY,
            payload=payload,
            due_at=now,
            not_after=None,
            attempts=0,
            interrupted=False,
        )
        return Promised(claimed, self._draw(session, account, heard, said, now))

    def take_up(self, promised: Promised) -> Claimed:
        """Have a reply ready to be sent, now that its turn is committed."""
        self._drawn[promised.claimed.id] = promised.drawn
        return promised.claimed

    async def run(self, claimed: Claimed, now: datetime) -> str:
        """Send a reply, as an errand of the postman; give why it is of no use any more, or ""."""
        drawn = self._drawn.pop(claimed.id, None)
        if drawn is None:
            found = await self._runner.desk.do(lambda session: self._draw_anew(session, claimed, now))
            if isinstance(found, str):
                return found
            drawn = found
        lock = self._locks.setdefault(drawn.chat, asyncio.Lock())
        async with lock:
            message = await self._send(drawn)
            account_id = claimed.account_id
            await self._runner.desk.do(lambda session: _note_shown(session, account_id, drawn, message))
        if drawn.old:
            await self._take_buttons(drawn)
        return ""

    async def _send(self, drawn: Drawn) -> int:
        """Send its messages, the buttons with the last one; give the number of that."""
        *before, last = drawn.card.texts
        for text in before:
            await self._patiently(drawn.chat, text, ())
        return await self._patiently(drawn.chat, last, drawn.card.rows)

    async def _patiently(self, chat: int, text: str, rows: Rows) -> int:
        """Send one message; where Telegram only stumbles, somebody waits for it: try again at once."""
        for wait in STUMBLES:
            try:
                return await self._telegram.send(chat, text, rows)
            except ConnectionError:
                await asyncio.sleep(wait)
        return await self._telegram.send(chat, text, rows)

    async def _take_buttons(self, drawn: Drawn) -> None:
        """The reply is out: whatever goes wrong here, it must not be sent again."""
        try:
            await self._telegram.take_buttons(drawn.chat, drawn.old)
        except Exception as problem:  # noqa: BLE001 - an old button does nothing but say that it is old
            log.info("buttons_left", problem=type(problem).__name__)

    def _draw_anew(self, session: Session, claimed: Claimed, now: datetime) -> Drawn | str:
        """Draw what is on the screen now, unless the conversation went on without this reply."""
        account = session.get(Account, claimed.account_id) if claimed.account_id is not None else None
        if account is None or not account.reachable:
            return GONE
        heard = self._runner.look_in(session, Address(Channel.TELEGRAM, account.address))
        if claimed.payload.get("prompt", heard.screen.prompt) != heard.screen.prompt:
            return MOVED_ON
        drawn = self._draw(session, account, heard, claimed.payload.get("said", ()), now)
        if "prompt" not in claimed.payload and tells(drawn.card):
            # Nobody said a word in this chat: what comes now by itself may be read on a lock screen.
            neutral = draw_neutral(heard.screen, self._runner.book.voice(heard.reading))
            return replace(drawn, card=neutral)
        return drawn

    def _draw(
        self, session: Session, account: Account, heard: Heard, said: Sequence[str], now: datetime
    ) -> Drawn:
        settings, on_page = self._runner.settings, heard.screen.form == "private"
        link = ""
        if on_page and settings.private_where == "web":
            link = f"{settings.address}/go/{gotokens.make_token(session, account.contact_id, 'answer', now)}"
        card = draw(
            heard,
            self._runner.book.voice(heard.reading),
            said,
            address=settings.address,
            link=link,
            office=settings.office,
        )
        return Drawn(int(account.address), card, heard.screen.prompt, on_page, account.shown_message)


def _note_shown(session: Session, account_id: int | None, drawn: Drawn, message: int) -> None:
    """Remember which question stands in the chat, and where."""
    account = session.get(Account, account_id) if account_id is not None else None
    if account is not None:
        account.shown_prompt, account.shown_message, account.on_page = drawn.prompt, message, drawn.on_page
        session.add(account)
