"""What becomes of recipients when it is their turn: skipped, put on our page, or a message for a chat."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import TemplateError
from sqlmodel import Session

from bot.letters.letter import Post
from bot.notices.links import link_to
from bot.notices.posts import Wording
from bot.sorting import NOWHERE
from storage import messages
from storage.notices import mailing, recipients
from storage.notices.mailing import Taken
from storage.notices.recipients import NOBODY, REFUSED, Reached
from storage.tables import Fate, Notice, Reading

MISWRITTEN = "通知的话里有填不了的空："


@dataclass(frozen=True, slots=True)
class Ready:
    """A message for a chat.

    Args:
        taken: for which recipient.
        account_id: where it goes.
        address: the chat's number.
        post: what is sent.
        on_page: whether it stands on our page as well.

    """

    taken: Taken
    account_id: int
    address: str
    post: Post
    on_page: bool


class Judging:
    """Judges recipients of one notice, in one transaction; those of our page have it when that is committed.

    Args:
        session: a writing session.
        notice: which notice.
        wording: gives the words for a reading mode.
        worker: who took them.
        now: the moment.
        home: the address of our page.
        chats: whether we can send to chats.

    """

    def __init__(
        self,
        session: Session,
        notice: Notice,
        wording: Callable[[Reading], Wording],
        worker: str,
        now: datetime,
        *,
        home: str,
        chats: bool,
    ) -> None:
        self._session = session
        self._notice = notice
        self._wording = wording
        self._worker = worker
        self._now = now
        self._home = home
        self._chats = chats
        self._over: defaultdict[tuple[Fate, str], list[int]] = defaultdict(list)
        self._on_page: list[tuple[int, str, int]] = []
        self._there: list[int] = []

    def judge(self, taken: Sequence[Taken]) -> list[Ready]:
        """Decide over all of them; give what is to be sent. That is noted as begun."""
        found = recipients.reached(self._session, [each.contact_id for each in taken], self._notice.topic)
        names = self._names(list(found.values()))
        ready = [self._judge_one(each, found[each.contact_id], names) for each in taken]
        messages.put_messages(self._session, self._on_page, self._now)
        version = self._notice.version
        for (fate, why), ids in self._over.items():
            if fate is Fate.FAILED:
                mailing.note_version(self._session, ids, version)
            mailing.end(self._session, ids, fate, why, self._now)
        going = [each for each in ready if each is not None]
        mailing.note_on_page(self._session, self._there, version, self._now)
        mailing.begin(self._session, [each.taken for each in going], version, self._worker, self._now)
        return going

    def _judge_one(self, taken: Taken, how: Reached, names: dict[int, str]) -> Ready | None:
        if how.refused or not how.known:
            self._over[Fate.SKIPPED, REFUSED if how.refused else NOBODY].append(taken.id)
            return None
        chat = how.telegram if self._chats else None
        if chat is None and not how.on_page:
            self._over[Fate.BLOCKED if how.blocked else Fate.UNREACHABLE, NOWHERE].append(taken.id)
            return None
        words = self._wording(how.reading)
        name = names.get(how.person_id or 0, "")
        try:
            on_page = how.on_page or words.private
            if on_page:
                self._on_page.append((taken.contact_id, words.on_page(name), taken.id))
            if chat is not None:
                link = self._link(taken.contact_id, chat[0]) if words.private else ""
                return Ready(taken, *chat, words.post(name, taken.id, link), on_page)
        except TemplateError as problem:
            self._over[Fate.FAILED, f"{MISWRITTEN}{problem}"].append(taken.id)
            return None
        self._there.append(taken.id)
        return None

    def _link(self, contact_id: int, account_id: int) -> str:
        return link_to(self._session, self._home, contact_id, account_id, self._now)

    def _names(self, found: Sequence[Reached]) -> dict[int, str]:
        readings = {each.reading for each in found}
        if not any(self._wording(reading).names_people for reading in readings):
            return {}
        people = {each.person_id for each in found if each.person_id is not None}
        return recipients.names(self._session, people)
