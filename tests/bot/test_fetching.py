import asyncio
from contextlib import closing

from sqlmodel import select

from bot.channels.messenger.fetching import FETCH, GONE, Fetches
from storage import outbox
from storage.base import Store
from storage.desk import Desk
from storage.outbox import Claimed
from storage.tables import StoredFile
from tests.bot.conftest import Phone
from tests.bot.courses import make_course
from tests.bot.test_applying import apply_for


class Slow:
    """Where a file lies; while it comes, the person it is of is erased."""

    def __init__(self, mother: Phone, person: int) -> None:
        self._mother, self._person = mother, person

    async def download(self, telegram_id: str) -> bytes:
        self._mother.finish("erase", {"person": self._person}, sure="yes")
        return telegram_id.encode()


def claimed_fetch(mother: Phone) -> Claimed:
    payload = {"file": "far", "key": "a1", "kind": "voice", "mime": "audio/ogg", "name": ""}
    with mother.store.writing() as session:
        outbox.promise(session, mother.contact_id, FETCH, payload, now=mother.now)
        claimed = outbox.claim(session, mother.now, "one", 10, 60)
    return next(each for each in claimed if each.kind == FETCH)


def test_a_file_of_somebody_erased_while_it_came_is_not_kept(mother: Phone, store: Store) -> None:
    son = mother.current
    apply_for(mother, make_course(store), applicant_role="family", words="file:a1")
    mother.finish("whose", person="self")
    claimed = claimed_fetch(mother)
    with closing(Desk(store)) as desk:
        fetches = Fetches(desk, Slow(mother, son))  # type: ignore[arg-type]  # all that is asked of Telegram
        assert asyncio.run(fetches.run(claimed, mother.now)).why_not == GONE
    with store.reading() as session:
        assert session.exec(select(StoredFile)).all() == []
