"""Applicants on phones of their own, and a clerk who decides, for tests of what is decided and answered."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from bot.applications import deciding
from bot.letters.table import LETTERS
from storage.applications import waiting
from storage.base import Store
from storage.tables import Application, Audit, Outbox, Staff
from storage.tickets.tables import Call
from tests.bot.conftest import NOW, ZONE, Phone
from tests.bot.test_applying import apply_for
from tests.storage.filed import clerk

T = TypeVar("T")


def applicant(store: Store, intake: int, key: str = "1", channel: str = "telegram") -> Phone:
    """Somebody who applied on a phone of their own."""
    phone = Phone(store, f"{channel}-{key}", channel)
    phone.finish("newcomer", role="self")
    apply_for(phone, intake)
    return phone


def applicants(store: Store, intake: int, many: int, channel: str = "telegram") -> list[Phone]:
    return [applicant(store, intake, str(number), channel) for number in range(many)]


def filed_by(phone: Phone) -> Application:
    """The last application somebody filed."""
    with phone.store.reading() as session:
        wanted = select(Application).where(Application.contact_id == phone.contact_id)
        return session.exec(wanted.order_by(col(Application.id).desc()).limit(1)).one()


def state(phone: Phone) -> str:
    return filed_by(phone).state.value


class Clerk:
    """A member of staff who decides, each time in a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.id = clerk(store)

    def do(self, act: Callable[[Session, Staff], T]) -> T:
        with self.store.writing() as session:
            return act(session, session.get_one(Staff, self.id))


def letters(store: Store, *kinds: str) -> list[Outbox]:
    """The messages promised, in order; of these kinds, or all."""
    with store.reading() as session:
        every = session.exec(select(Outbox).order_by(col(Outbox.id))).all()
        return [row for row in every if not kinds or row.kind in kinds]


def told(store: Store, *kinds: str) -> list[tuple[str, int | None]]:
    """Which messages were promised, and to whom."""
    return [(row.kind, row.contact_id) for row in letters(store, *kinds)]


def calls(store: Store) -> list[tuple[str, bool]]:
    """Why somebody is phoned, and whether that is over."""
    with store.reading() as session:
        every = session.exec(select(Call).order_by(col(Call.id))).all()
        return [(call.why, call.done_at is not None) for call in every]


def audited(store: Store) -> list[tuple[str, str, str]]:
    """What members of staff did, by the audit."""
    with store.reading() as session:
        every = session.exec(select(Audit).order_by(col(Audit.id))).all()
        return [(row.actor, row.action, row.detail) for row in every if row.actor.startswith("staff:")]


def hour(day: int, clock: int) -> datetime:
    """A moment of November."""
    return NOW.replace(day=day, hour=clock)


def accept(clerk: Clerk, number: int, seen: int | None = None) -> None:
    clerk.do(lambda s, m: deciding.accept(s, number, m, seen=seen, now=NOW, zone=ZONE))


def put_on_list(clerk: Clerk, number: int) -> None:
    clerk.do(lambda s, m: deciding.put_on_list(s, number, m, seen=None, now=NOW, zone=ZONE))


def decline(clerk: Clerk, number: int, reason: str = "名额满了") -> None:
    clerk.do(lambda s, m: deciding.decline(s, number, m, seen=None, now=NOW, zone=ZONE, reason=reason))


def useless(store: Store, row: int) -> str:
    """Why a letter is of no use, as judged when it is due."""
    with store.reading() as session:
        letter = next(each for each in letters(store) if each.id == row)
        return LETTERS[letter.kind].useless(session, letter.payload)


def offered(clerk: Clerk, phone: Phone) -> dict[str, int | str]:
    """Offer somebody a seat; give what the answer is about."""
    filed = filed_by(phone)
    put_on_list(clerk, filed.id)
    clerk.do(lambda s, m: deciding.offer_seats(s, filed.intake_id, m, now=NOW, zone=ZONE))
    with phone.store.reading() as session:
        standing = waiting.open_offer(session, filed.id)
    assert standing is not None
    return {"application": filed.id, "offer": standing.id}
