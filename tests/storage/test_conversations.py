from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from storage.base import Store
from storage.conversations import LostRace, read_conversation, remember_update, save_conversation
from storage.desk import Desk
from storage.tables import Channel, Contact, Conversation, Inbox, InboxStatus

from .rows import NOW


@pytest.fixture
def contact_id(store: Store) -> int:
    with store.writing() as session:
        contact = Contact(created_at=NOW, seen_at=NOW)
        session.add(contact)
        session.flush()
        return contact.id


def test_a_contact_who_has_said_nothing_stands_at_the_beginning(store: Store, contact_id: int) -> None:
    with store.reading() as session:
        standing = read_conversation(session, contact_id, lock=False)
    assert (standing.version, standing.state) == (0, {})


def test_what_was_said_is_there_next_time(store: Store, contact_id: int) -> None:
    later = NOW + timedelta(days=7)
    with store.writing() as session:
        assert save_conversation(session, contact_id, {"姓名": "王小明"}, 0, NOW) == 1
    with store.writing() as session:
        standing = read_conversation(session, contact_id)
        assert standing.state == {"姓名": "王小明"}
        assert save_conversation(session, contact_id, {"姓名": "王小红"}, standing.version, later) == 2
    with store.reading() as session:
        row = session.exec(select(Conversation)).one()
        assert (row.version, row.state, row.touched_at) == (2, {"姓名": "王小红"}, later)


@pytest.mark.parametrize("stale", [0, 1, 3])
def test_an_old_version_changes_nothing(store: Store, contact_id: int, stale: int) -> None:
    with store.writing() as session:
        save_conversation(session, contact_id, {"n": 1}, 0, NOW)
        save_conversation(session, contact_id, {"n": 2}, 1, NOW)
    with pytest.raises(LostRace, match=f"no longer at version {stale}"), store.writing() as session:
        save_conversation(session, contact_id, {"n": 9}, stale, NOW)
    with store.reading() as session:
        assert read_conversation(session, contact_id, lock=False).state == {"n": 2}


def test_an_update_heard_again_is_known(store: Store) -> None:
    def hear(key: str, channel: Channel = Channel.TELEGRAM) -> bool:
        with store.writing() as session:
            return remember_update(session, channel, key, NOW)

    assert hear("7001")
    assert not hear("7001")
    assert hear("7001", Channel.WEB)
    assert hear("7002")


def test_an_update_whose_turn_failed_is_not_known(store: Store) -> None:
    with store.writing() as session:
        assert remember_update(session, Channel.TELEGRAM, "7001", NOW)
        session.rollback()
    with store.writing() as session:
        assert remember_update(session, Channel.TELEGRAM, "7001", NOW)


def test_an_update_that_cannot_be_read_is_parked(store: Store) -> None:
    with store.writing() as session:
        assert remember_update(session, Channel.TELEGRAM, "7001", NOW, failed="no chat in it")
        assert not remember_update(session, Channel.TELEGRAM, "7001", NOW)
    with store.reading() as session:
        parked = session.exec(select(Inbox)).one()
        assert (parked.status, parked.note) == (InboxStatus.FAILED, "no chat in it")


def test_two_machines_moving_one_conversation_lose_no_step(store: Store, contact_id: int) -> None:
    def step(session: Session) -> None:
        standing = read_conversation(session, contact_id)
        said = [*standing.state.get("said", []), standing.version]
        save_conversation(session, contact_id, {"said": said}, standing.version, NOW)

    with closing(Desk(store)) as one, closing(Desk(store)) as other, ThreadPoolExecutor(20) as people:
        for _ in people.map(lambda n: (one, other)[n % 2].do_now(step), range(60)):
            pass
    with store.reading() as session:
        standing = read_conversation(session, contact_id, lock=False)
    assert standing.version == 60
    assert standing.state == {"said": list(range(60))}


def test_one_update_delivered_to_two_machines_is_worked_once(store: Store, contact_id: int) -> None:
    def hear(session: Session) -> bool:
        if not remember_update(session, Channel.TELEGRAM, "7001", NOW):
            return False
        save_conversation(session, contact_id, {"heard": True}, 0, NOW)
        return True

    with closing(Desk(store)) as one, closing(Desk(store)) as other, ThreadPoolExecutor(20) as people:
        worked = list(people.map(lambda n: (one, other)[n % 2].do_now(hear), range(40)))
    assert worked.count(True) == 1
