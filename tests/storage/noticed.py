"""Notices and the people they go to: for tests of sending to many."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import people
from storage.base import Store
from storage.notices.notices import Button, Words, write
from storage.staff import staff
from storage.tables import Channel, Contact, ContactRole, Notice, StaffRole, Topic

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""Five in the afternoon."""

WORDS = Words("招聘会", "周六上午九点，有招聘会。", buttons=(Button("看一看", "browse"),))


def clerk(session: Session) -> int:
    return staff.add_staff(session, "王芳", StaffRole.CLERK, NOW, actor="test").id


def meet(session: Session, number: int, *channels: Channel) -> int:
    """Somebody who has said who they are, at one place or several; the first is where they came from."""
    first, *rest = channels or (Channel.TELEGRAM,)
    contact = people.meet(session, first.value, str(1000 + number), NOW)
    contact.role = ContactRole.SELF
    session.add(contact)
    for each in rest:
        people.add_account(session, contact.id, each.value, str(1000 + number), NOW)
    session.flush()
    return contact.id


def crowd(store: Store, count: int, *channels: Channel) -> list[int]:
    with store.writing() as session:
        return [meet(session, number, *channels) for number in range(count)]


def notice(store: Store, words: Words = WORDS, topic: Topic = Topic.JOBS) -> int:
    with store.writing() as session:
        return write(session, topic, words, clerk(session), NOW).id


def state_of(store: Store, notice_id: int) -> str:
    with store.reading() as session:
        return session.get_one(Notice, notice_id).state.value


def unreachable(store: Store, contact_ids: Sequence[int]) -> None:
    with store.writing() as session:
        for contact_id in contact_ids:
            for account in people.accounts_of(session, contact_id):
                people.set_unreachable(session, account.id)
    assert contact_ids


def unknown(store: Store, contact_id: int) -> None:
    with store.writing() as session:
        session.get_one(Contact, contact_id).role = ContactRole.UNKNOWN
