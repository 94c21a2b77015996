"""Sorts what was promised: judges each message when it is due, and words it for whoever gets it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from math import inf
from time import monotonic

from sqlmodel import Session

from bot.doors import Errand
from bot.going_on import REPLY
from bot.letters.letter import Post, address, write
from bot.letters.table import LETTERS
from bot.naming import letter_without_family_names
from bot.notices.links import FRESH, link_to, words_of
from bot.notices.posts import PLACEHOLDERS, attached_to, is_private, wording
from bot.reading_ahead import read_named
from bot.tickets import talking
from dialogs.book import Book
from dialogs.words import Voice
from storage import messages, outbox, people
from storage.ahead import portion
from storage.finding import get, read_ahead
from storage.notices.chat import LISTED
from storage.notices.notices import TRIAL, text_of
from storage.outbox import Claimed
from storage.rules.calendar import next_allowed, next_answer
from storage.tables import Account, Channel, Contact

TOO_LATE = "过了时间，没有用了"
UNKNOWN = "不认识的消息"
NOWHERE = "没有能发到的地方，改打电话"

NO_POST = Post("")


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


ASKED_FOR = (REPLY, FRESH, LISTED)
"""Kinds of messages somebody waits for, because they have just asked for something."""

TOGETHER = 20
"""Messages that are read ahead for at once."""

LOST = Judged("postponed")
"""Our lease ran out, and another worker has it."""


class Sorter:
    """Judges messages for one worker.

    Args:
        book: the voices.
        zone: whose night it is that nobody is disturbed in.
        worker: the worker's name.
        open_to: the channels that are open, beside our own page.
        errands: kind of message -> who does it.
        home: the address of our page, for links in chats.

    """

    def __init__(
        self,
        book: Book,
        zone: tzinfo,
        worker: str,
        open_to: Collection[Channel],
        errands: Mapping[str, Errand],
        home: str = "",
    ) -> None:
        self._book = book
        self._zone = zone
        self._worker = worker
        self._open_to = open_to
        self._errands = errands
        self._home = home

    def judge(self, session: Session, claimed: Claimed, now: datetime) -> Judged:
        """Decide, in one transaction, what becomes of a message; one for our own page is out with it."""
        return self._judge_all(session, [claimed], now, inf)[0]

    def judge_some(
        self, session: Session, waiting: Sequence[Claimed], now: datetime, seconds: float
    ) -> list[Judged]:
        """Judge messages one after another until one has to leave us, or the time is over."""
        stop = monotonic() + seconds
        judged: list[Judged] = []
        while len(judged) < len(waiting):
            # Of messages that have to leave us only the first is judged: for one alone nothing is read ahead.
            after = len(judged)
            some = waiting[after : after + (TOGETHER if judged else 1)]
            judged += self._judge_all(session, some, now, stop)
            if not judged[-1].settled or monotonic() > stop:
                break
        return judged

    def _judge_all(
        self, session: Session, some: Sequence[Claimed], now: datetime, stop: float
    ) -> list[Judged]:
        judged: list[Judged] = []
        pages: list[tuple[int, str, int]] = []
        with portion(session) as together:
            if len(some) > 1:
                contacts = {each.contact_id for each in some if each.contact_id is not None}
                read_ahead(session, Contact, contacts)
                people.read_accounts_ahead(session, together, contacts)
                read_named(session, [each.payload for each in some])
            for each in some:
                judged.append(self._judge_one(session, each, now, pages))
                if not judged[-1].settled or monotonic() > stop:
                    break
        messages.put_messages(session, pages, now)
        sent = [each.id for each, told in zip(some, judged, strict=False) if told.settled == "sent"]
        outbox.mark_all_sent(session, sent, self._worker, now)
        return judged

    def _judge_one(
        self, session: Session, claimed: Claimed, now: datetime, pages: list[tuple[int, str, int]]
    ) -> Judged:
        errand = self._errands.get(claimed.kind)
        if reason := self._useless(session, claimed, now):
            outbox.drop(session, [claimed.id], now, reason)
            return Judged("dropped")
        allowed = self._allowed(session, claimed, now)
        if allowed > now:
            outbox.postpone(session, claimed, self._worker, allowed)
            return Judged("postponed")
        if errand is not None:
            return Judged(errand=errand) if outbox.begin(session, claimed, self._worker) else LOST
        contact = get(session, Contact, claimed.contact_id)
        accounts = _accounts(session, claimed)
        on_page = any(each.channel is Channel.WEB for each in accounts)
        elsewhere = tuple(each for each in accounts if each.channel in self._open_to)
        if contact is None or not (on_page or elsewhere):
            outbox.drop(session, [claimed.id], now, NOWHERE)
            return Judged("dropped")
        voice = self._book.voice(contact.reading.value)
        if on_page or _is_read_there(session, claimed):
            pages.append((contact.id, _on_page(session, claimed, voice), claimed.id))
        if not elsewhere:
            return Judged("sent")
        if not outbox.begin(session, claimed, self._worker):
            return LOST
        return Judged(
            post=self._in_chat(session, claimed, voice, elsewhere[0].id, now),
            accounts=elsewhere,
            on_page=on_page,
        )

    def _in_chat(
        self, session: Session, claimed: Claimed, voice: Voice, account_id: int, now: datetime
    ) -> Post:
        """Give a message as it stands in a chat that is not ours."""

        def link() -> str:
            return link_to(session, self._home, claimed.contact_id or 0, account_id, now)

        if claimed.kind == FRESH:
            return Post(words_of(voice, link()), outbox_id=claimed.id)
        if claimed.kind == TRIAL:
            text = text_of(session, claimed.payload["notice"])
            words = wording(text, voice, attached_to(session, text))
            return words.post(PLACEHOLDERS["name"], claimed.id, link() if words.private else "")
        letter = LETTERS[claimed.kind]
        said = write(letter, letter_without_family_names(claimed.payload), voice)
        post = address(letter, said, voice, claimed.id)
        return post if letter.picture is None else replace(post, attached=letter.picture(claimed.payload))

    def _allowed(self, session: Session, claimed: Claimed, now: datetime) -> datetime:
        """Say from when on a message may come: nobody is woken by what can wait, nor by a reply hours later."""
        if claimed.kind in ASKED_FOR:
            return next_answer(claimed.promised_at, now, self._zone)
        if claimed.kind == talking.SAID:
            heard = talking.last_heard(session, claimed.payload["ticket"], now)
            return next_allowed(now, self._zone) if heard is None else next_answer(heard, now, self._zone)
        return now if claimed.kind in self._errands else next_allowed(now, self._zone)

    def _useless(self, session: Session, claimed: Claimed, now: datetime) -> str:
        """Say why a message is of no use any more, "" while it is."""
        letter = LETTERS.get(claimed.kind)
        if letter is None and claimed.kind not in (TRIAL, FRESH) and claimed.kind not in self._errands:
            return UNKNOWN
        if claimed.not_after is not None and now > claimed.not_after:
            return TOO_LATE
        if claimed.attempts >= outbox.MOST_ATTEMPTS:
            return f"试了{outbox.MOST_ATTEMPTS}次，都没有发完"
        return letter.useless(session, claimed.payload) if letter is not None else ""


def _is_read_there(session: Session, claimed: Claimed) -> bool:
    """Whether it is read on our page alone, also by who was never there: the chat has only the link."""
    return claimed.kind == TRIAL and is_private(text_of(session, claimed.payload["notice"]))


def _on_page(session: Session, claimed: Claimed, voice: Voice) -> str:
    """Give the words of a message on our own page."""
    if claimed.kind == TRIAL:
        text = text_of(session, claimed.payload["notice"])
        return wording(text, voice, attached_to(session, text)).on_page(PLACEHOLDERS["name"])
    return write(LETTERS[claimed.kind], claimed.payload, voice)


def _accounts(session: Session, claimed: Claimed) -> list[Account]:
    """Give where it may go, the place its receiver used last in front."""
    if claimed.contact_id is None:
        return []
    found = people.accounts_of(session, claimed.contact_id)
    wanted = [each for each in found if claimed.account_id in (None, each.id)]
    return sorted(wanted, key=lambda each: each.seen_at, reverse=True)
