"""Delivers what was promised: judges each message when it is due, and marks it only after it is out."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import partial

import structlog
from sqlmodel import Session

from bot.doors import Busy, Door, Doubtful, Errand, Faulty, Ran, Unreachable
from bot.going_on import REPLY
from bot.letters import LETTERS, Post, address, write
from bot.naming import letter_without_family_names
from bot.notice_posts import PLACEHOLDERS, wording
from dialogs.book import Book
from dialogs.words import Voice
from storage import messages, outbox, people
from storage.desk import Desk
from storage.notices import TRIAL, text_of
from storage.outbox import Claimed
from storage.rules.calendar import next_allowed, next_answer
from storage.tables import Account, Channel, Contact

log = structlog.get_logger("postman")

MOST = 50
"""Messages claimed at once."""

LEASE_SECONDS = 120.0
"""How long a worker may take over them before another one may."""

SAFE_PART = 0.4
"""The part of the lease in which a worker still begins to send."""

TOO_LATE = "过了时间，没有用了"
UNKNOWN = "不认识的消息"
NOWHERE = "没有能发到的地方，改打电话"
FAULTY = "渠道不收这条消息："

NO_POST = Post("")


@dataclass
class Delivered:
    """What became of the messages of one round, by their numbers in the outbox.

    Args:
        sent: on the page, or accepted by the channel.
        postponed: not now: quiet hours, or a busy channel.
        failed: to be tried again.
        dropped: not sent, with a reason staff can see.
        perhaps_doubled: sent now, and perhaps before by a worker that was cut off.

    """

    sent: list[int] = field(default_factory=list)
    postponed: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    perhaps_doubled: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.sent, self.postponed, self.failed, self.dropped))


@dataclass(frozen=True, slots=True)
class Judged:
    """What a message has become: settled already, an errand to run, or a post for one of these accounts.

    The likeliest account stands first.
    """

    settled: str = ""
    errand: Errand | None = None
    post: Post = NO_POST
    accounts: tuple[Account, ...] = ()
    on_page: bool = False


class Postman:
    """One worker that delivers.

    Every worker on a database has the same doors and errands: what one does not know it drops.

    Args:
        desk: where turns are kept.
        book: the voices.
        zone: whose night it is that nobody is disturbed in.
        worker: this worker's name, its own among all machines.
        doors: the channels that are open, beside our own page.
        errands: kind of message -> who does it.

    """

    def __init__(
        self,
        desk: Desk,
        book: Book,
        zone: tzinfo,
        worker: str,
        doors: Mapping[Channel, Door],
        errands: Mapping[str, Errand] | None = None,
    ) -> None:
        self._desk = desk
        self._book = book
        self._zone = zone
        self._worker = worker
        self._doors = doors
        self._errands = errands or {}
        self._busy: dict[Channel, datetime] = {}

    async def deliver(self, now: datetime) -> Delivered:
        """Deliver what is due, as long as the lease lasts; what is not reached is given back."""
        claiming = partial(outbox.claim, now=now, worker=self._worker, most=MOST, lease_seconds=LEASE_SECONDS)
        clock = asyncio.get_running_loop().time
        done = Delivered()
        claimed = await self._desk.do(claiming)
        stop = clock() + LEASE_SECONDS * SAFE_PART
        for each in claimed:
            if clock() > stop:
                await self._desk.do(partial(outbox.postpone, claimed=each, worker=self._worker, until=now))
                done.postponed.append(each.id)
                continue
            outcome, in_time = await self._deliver_one(each, now)
            getattr(done, outcome).append(each.id)
            if outcome == "sent" and (each.interrupted or not in_time):
                done.perhaps_doubled.append(each.id)
        return done

    async def send_now(self, claimed: Claimed, now: datetime, *, begun: bool) -> bool:
        """Send what was promised as this worker's own, right after its turn: an errand of ours.

        Args:
            claimed: what was promised.
            now: the moment.
            begun: whether it is still ours for certain: then its promise itself says that it was begun.

        Returns:
            whether it is settled; what is not is tried again when it is due.

        """
        outcome, _ = await self._deliver_one(claimed, now, begun=begun)
        return outcome in ("sent", "dropped")

    async def _deliver_one(self, claimed: Claimed, now: datetime, *, begun: bool = False) -> tuple[str, bool]:
        """Give what became of it, and whether it was still ours when it was out."""
        try:
            if begun:
                judged = Judged(errand=self._errands[claimed.kind])
            else:
                judged = await self._desk.do(lambda session: self._judge(session, claimed, now))
            if judged.settled:
                return judged.settled, True
            if judged.errand is not None:
                ran = await self._run(judged.errand, claimed, now)
            else:
                ran = Ran(await self._hand_over(judged, now))
        except Busy as busy:
            until = now + timedelta(seconds=busy.seconds)
            await self._desk.do(lambda session: outbox.postpone(session, claimed, self._worker, until))
            return "postponed", True
        except Exception as problem:  # noqa: BLE001 - one message must not hold up the others
            await self._give_back(claimed, now, problem)
            return "failed", True
        in_time = await self._desk.do(lambda session: self._settle(session, claimed, now, ran))
        if ran.after is not None:
            await ran.after()
        return ("dropped", True) if ran.why_not else ("sent", in_time)

    def _settle(self, session: Session, claimed: Claimed, now: datetime, ran: Ran) -> bool:
        """Write down that a message is out, or why it never will be. Say whether it was ours when it was out."""
        in_time = True
        if ran.why_not:
            outbox.drop(session, [claimed.id], now, ran.why_not)
        else:
            in_time = outbox.mark_sent(session, claimed.id, self._worker, now)
        if ran.note is not None:
            ran.note(session)
        if claimed.kind in self._errands:
            outbox.empty(session, claimed.id)  # a reply repeats what was said, perhaps without a name
        return in_time

    async def _give_back(self, claimed: Claimed, now: datetime, problem: Exception) -> None:
        why, doubtful = type(problem).__name__, isinstance(problem, Doubtful)
        errand = self._errands.get(claimed.kind)
        if doubtful and str(problem):
            why = str(problem)
        await self._desk.do(
            lambda session: outbox.mark_failed(
                session,
                claimed,
                self._worker,
                now,
                why,
                doubtful=doubtful,
                somebody_waits=errand is not None and errand.somebody_waits,
            )
        )

    async def _run(self, errand: Errand, claimed: Claimed, now: datetime) -> Ran:
        """Run an errand; one that nobody can be reached for is dropped."""
        try:
            return await errand.run(claimed, now)
        except Unreachable:
            if claimed.account_id is not None:
                await self._lose(claimed.account_id)
            return Ran(NOWHERE)
        except Faulty as fault:
            return Ran(f"{FAULTY}{fault}")

    async def _hand_over(self, judged: Judged, now: datetime) -> str:
        """Send to the first account that can be reached; give why it is dropped, or ""."""
        for account in judged.accounts:
            try:
                if await self._send(account, judged.post, now):
                    return ""
            except Faulty as fault:
                if not judged.on_page:
                    return f"{FAULTY}{fault}"
                log.warning("not_sent_but_on_page", outbox=judged.post.outbox_id, fault=str(fault))
                return ""
        return "" if judged.on_page else NOWHERE

    async def _send(self, account: Account, post: Post, now: datetime) -> bool:
        """Send to one account. Raises Busy while its channel asks everybody to wait."""
        busy_until = self._busy.get(account.channel, now)
        if busy_until > now:
            raise Busy((busy_until - now).total_seconds())
        try:
            await self._doors[account.channel].send(account.address, post)
        except Unreachable:
            await self._lose(account.id)
            return False
        except Busy as busy:
            self._busy[account.channel] = now + timedelta(seconds=busy.seconds)
            raise
        return True

    async def _lose(self, account_id: int) -> None:
        await self._desk.do(lambda session: people.set_unreachable(session, account_id))

    def _judge(self, session: Session, claimed: Claimed, now: datetime) -> Judged:
        """Decide, in one transaction, what becomes of a message; one for our own page is out with it."""
        errand = self._errands.get(claimed.kind)
        if reason := self._useless(session, claimed, now):
            outbox.drop(session, [claimed.id], now, reason)
            return Judged("dropped")
        allowed = self._allowed(claimed, now)
        if allowed > now:
            outbox.postpone(session, claimed, self._worker, allowed)
            return Judged("postponed")
        if errand is not None:
            return Judged(errand=errand) if outbox.begin(session, claimed, self._worker) else LOST
        contact = session.get(Contact, claimed.contact_id) if claimed.contact_id else None
        accounts = _accounts(session, claimed)
        on_page = any(each.channel is Channel.WEB for each in accounts)
        elsewhere = tuple(each for each in accounts if each.channel in self._doors)
        if contact is None or not (on_page or elsewhere):
            outbox.drop(session, [claimed.id], now, NOWHERE)
            return Judged("dropped")
        voice = self._book.voice(contact.reading.value)
        text, post = _worded(session, claimed, voice)
        if on_page:
            messages.put_message(session, contact.id, text, claimed.id, now)
        if not elsewhere:
            outbox.mark_sent(session, claimed.id, self._worker, now)
            return Judged("sent")
        if not outbox.begin(session, claimed, self._worker):
            return LOST
        return Judged(post=post, accounts=elsewhere, on_page=on_page)

    def _allowed(self, claimed: Claimed, now: datetime) -> datetime:
        """Say from when on a message may come: nobody is woken by what can wait, nor by a reply hours later."""
        if claimed.kind == REPLY:
            return next_answer(claimed.promised_at, now, self._zone)
        return now if claimed.kind in self._errands else next_allowed(now, self._zone)

    def _useless(self, session: Session, claimed: Claimed, now: datetime) -> str:
        """Say why a message is of no use any more, "" while it is."""
        letter = LETTERS.get(claimed.kind)
        if letter is None and claimed.kind != TRIAL and claimed.kind not in self._errands:
            return UNKNOWN
        if claimed.not_after is not None and now > claimed.not_after:
            return TOO_LATE
        if claimed.attempts >= outbox.MOST_ATTEMPTS:
            return f"试了{outbox.MOST_ATTEMPTS}次，都没有发完"
        return letter.useless(session, claimed.payload) if letter is not None else ""


LOST = Judged("postponed")
"""Our lease ran out, and another worker has it."""


def _worded(session: Session, claimed: Claimed, voice: Voice) -> tuple[str, Post]:
    """Give the words of a message: on our page, and in a chat that is not ours."""
    if claimed.kind == TRIAL:
        words = wording(text_of(session, claimed.payload["notice"]), voice)
        whole = words.on_page(PLACEHOLDERS["name"])
        return whole, words.post(PLACEHOLDERS["name"], claimed.id)
    letter = LETTERS[claimed.kind]
    there = write(letter, letter_without_family_names(claimed.payload), voice)
    return write(letter, claimed.payload, voice), address(letter, there, voice, claimed.id)


def _accounts(session: Session, claimed: Claimed) -> list[Account]:
    """Give where it may go, the place its receiver used last in front."""
    if claimed.contact_id is None:
        return []
    found = people.accounts_of(session, claimed.contact_id)
    wanted = [each for each in found if claimed.account_id in (None, each.id)]
    return sorted(wanted, key=lambda each: each.seen_at, reverse=True)
