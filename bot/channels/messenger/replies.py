"""Replies: an open question sent as a message, right after its turn, or by the postman when that was cut off."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import structlog
from sqlmodel import Session

from bot.channels.messenger.drawing import Button, Card, Rows, draw, draw_neutral, tells
from bot.channels.messenger.underway import Drawn, Line, Promised, hand_on, note_shown, with_unsaid
from bot.channels.pacing import TELEGRAM_PACE
from bot.doors import Away, Barred, Busy, Doubtful, Ran
from bot.going_on import REPLY
from bot.runner import Address, Heard, Runner
from storage import gotokens, outbox, pace
from storage.outbox import Claimed
from storage.tables import Account, Channel, Lane, Outbox

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram

LEASE = timedelta(seconds=20)
"""How long a reply is this worker's before another one takes it up."""

IN_TIME = 15.0
"""Seconds in which it is out, or given back: well within its lease, so that nobody else sends it meanwhile."""

UNSEEN = 0
"""The number that stands for a question nobody has seen yet: whatever is said, it is no answer to one."""

STUMBLES = (0.2, 1.0, 2.0)
"""Seconds before a reply that certainly did not arrive is tried again; after that the postman has it."""

MOVED_ON = "已经接着说了"
GONE = "这个聊天已经没有了"

log = structlog.get_logger("telegram")


class Replies:
    """Sends replies, one after the other in each chat.

    Args:
        runner: knows what is on the screen.
        telegram: where it is sent.

    """

    somebody_waits = True

    def __init__(self, runner: Runner, telegram: "Telegram") -> None:
        self._runner = runner
        self._telegram = telegram
        self._fresh: dict[int, tuple[Drawn, Line]] = {}
        self._lines: WeakValueDictionary[int, Line] = WeakValueDictionary()
        self._stopped_until: datetime | None = None

    def promise(
        self,
        session: Session,
        account: Account,
        heard: Heard,
        said: Sequence[str],
        now: datetime,
        worker: str,
        offer: Button | None = None,
    ) -> Promised:
        """Promise a reply in the turn's transaction, as this worker's own; it is drawn already.

        The offer is a button for what a statement asks; it stands above the answers.
        """
        payload = _payload(heard, said)
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
            promised_at=now,
            due_at=now,
            not_after=None,
            attempts=0,
            interrupted=False,
        )
        drawn = self._draw(session, account, heard, said, now)
        if offer is not None:
            drawn = replace(drawn, card=replace(drawn.card, rows=((offer,), *drawn.card.rows)))
        return Promised(claimed, drawn)

    def promise_later(
        self,
        session: Session,
        account: Account,
        heard: Heard,
        said: Sequence[str],
        now: datetime,
        due_at: datetime,
    ) -> None:
        """Promise a reply nobody waits for any more: the postman draws and sends it, when it is due."""
        outbox.promise(
            session,
            account.contact_id,
            REPLY,
            _payload(heard, said),
            now=now,
            due_at=due_at,
            account_id=account.id,
        )

    def take_up(self, promised: Promised) -> Claimed:
        """Have a reply ready to be sent, now that its turn is committed; after that, `forget` it."""
        claimed, drawn = promised.claimed, promised.drawn
        line = self._lines.setdefault(drawn.chat, Line())
        line.newest = max(line.newest, claimed.id)
        self._fresh[claimed.id] = (drawn, line)
        return claimed

    def forget(self, claimed: Claimed) -> None:
        """Let go of a reply: sent or not, from now on it is the postman's."""
        self._fresh.pop(claimed.id, None)

    def is_ours(self, claimed: Claimed) -> bool:
        """Whether a reply promised as ours is out before its lease ends, if it is begun now."""
        return self._runner.clock.now() - claimed.due_at < LEASE - timedelta(seconds=IN_TIME)

    async def run(self, claimed: Claimed, now: datetime) -> Ran:
        """Send a reply, as an errand of the postman.

        Raises what a Door raises; Busy without trying as long as Telegram is known to be away, or wants us to wait.
        """
        overtaken = partial(hand_on, claimed=claimed)
        fresh = self._fresh.get(claimed.id)
        if fresh is None:
            found = await self._runner.desk.do(lambda session: self._draw_anew(session, claimed, now))
            if isinstance(found, str):
                return Ran(found, note=overtaken)
            fresh = (found, self._lines.setdefault(found.chat, Line()))
            stumbles: tuple[float, ...] = ()
        else:
            stumbles = STUMBLES
        drawn, line = fresh
        try:
            async with asyncio.timeout(IN_TIME), line.lock:
                if claimed.id < line.newest:
                    line.unsaid += drawn.said
                    return Ran(MOVED_ON, note=overtaken)
                self._wait_for_telegram(drawn)
                card = with_unsaid(drawn.card, line.unsaid)
                message = await self._send(drawn.chat, card, stumbles, lambda: claimed.id < line.newest)
                if message is None:
                    line.unsaid += drawn.said
                    return Ran(MOVED_ON, note=overtaken)
                line.unsaid = ()
                # What stands in the chat is written down a moment later: the next reply already knows it from here.
                old, line.shown = line.shown or drawn.before, message
        except TimeoutError:
            raise Doubtful("no answer in time") from None
        except Busy as busy:
            await self._stop(busy)
            raise
        return Ran(
            note=partial(note_shown, account_id=claimed.account_id, drawn=drawn, message=message),
            after=partial(self._take_buttons, line, drawn.chat, old),
        )

    def _wait_for_telegram(self, drawn: Drawn) -> None:
        """Raise Busy while nobody is to be written to."""
        now = self._runner.clock.now()
        until = max(drawn.not_before, self._stopped_until or drawn.not_before)
        if until > now:
            raise Busy((until - now).total_seconds())

    async def _stop(self, busy: Busy) -> None:
        """Write to nobody for a while; what Telegram itself asks for holds for all workers."""
        now = self._runner.clock.now()
        until = now + timedelta(seconds=busy.seconds)
        is_known = self._stopped_until is not None and until <= self._stopped_until
        self._stopped_until = max(until, self._stopped_until or until)
        if not is_known and not isinstance(busy, Away | Barred):
            await self._runner.desk.do(lambda session: pace.stop(session, TELEGRAM_PACE, now, until))

    async def _send(
        self, chat: int, card: Card, stumbles: Sequence[float], is_overtaken: Callable[[], bool]
    ) -> int | None:
        """Send its messages, the buttons with the last one; give the number of that.

        Where Telegram only stumbles, somebody waits for it: it is tried again at once, unless it was overtaken
        by then; that gives None.
        """
        *before, last = card.texts
        waits = iter(stumbles)
        for text in before:
            if await self._patiently(chat, text, (), waits, is_overtaken) is None:
                return None
        return await self._patiently(chat, last, card.rows, waits, is_overtaken)

    async def _patiently(
        self, chat: int, text: str, rows: Rows, waits: Iterator[float], is_overtaken: Callable[[], bool]
    ) -> int | None:
        while True:
            try:
                return await self._telegram.send(chat, text, rows)
            except (ConnectionError, Away):
                wait = next(waits, None)
                if wait is None:
                    raise
            await asyncio.sleep(wait)
            if is_overtaken():
                return None

    async def _take_buttons(self, _line: Line, chat: int, message: int) -> None:
        """Take the buttons of the last question away; its line is kept for whoever comes after it meanwhile.

        The reply is out: whatever goes wrong here, it must not be sent again.
        """
        if not message:
            return
        try:
            await self._telegram.take_buttons(chat, message)
        except Exception as problem:  # noqa: BLE001 - an old button does nothing but say that it is old
            log.info("buttons_left", problem=type(problem).__name__)

    def _draw_anew(self, session: Session, claimed: Claimed, now: datetime) -> Drawn | str:
        """Draw what is on the screen now, unless the conversation went on without this reply."""
        account = session.get(Account, claimed.account_id) if claimed.account_id is not None else None
        if account is None or not account.reachable:
            return GONE
        if outbox.is_overtaken(session, claimed):
            return MOVED_ON
        heard = self._runner.look_in(session, Address(Channel.TELEGRAM, account.address))
        if claimed.payload.get("prompt", heard.screen.prompt) != heard.screen.prompt:
            return MOVED_ON
        said = session.get_one(Outbox, claimed.id).payload.get(
            "said", ()
        )  # more than when it was claimed, perhaps
        drawn = self._draw(session, account, heard, said, now)
        if "prompt" not in claimed.payload and tells(drawn.card):
            # Nobody said a word in this chat: what comes now by itself may be read on a lock screen.
            neutral = draw_neutral(heard.screen, self._runner.book.voice(heard.reading))
            return replace(drawn, card=neutral, prompt=UNSEEN)
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
        not_before = pace.stopped_until(session, TELEGRAM_PACE)
        prompt, before = heard.screen.prompt, account.shown_message
        return Drawn(int(account.address), card, tuple(said), prompt, on_page, not_before, before)


def _payload(heard: Heard, said: Sequence[str]) -> dict[str, object]:
    return {"prompt": heard.screen.prompt, "said": list(said)}
