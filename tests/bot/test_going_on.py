from sqlmodel import Session, select

from bot.going_on import REPLY, go_on_in_chats
from storage import people
from storage.base import Store
from storage.tables import Outbox
from tests.bot.conftest import NOW, Phone


def sent_to_the_page(session: Session, contact_id: int) -> None:
    people.add_account(session, contact_id, "telegram", "77", NOW).on_page = True
    session.flush()


def test_a_chat_goes_on_once_for_each_question_of_each_conversation(store: Store) -> None:
    before, after = Phone(store, "one"), Phone(store, "two")
    with store.writing() as session:
        for contact_id, again in ((before.contact_id, True), (after.contact_id, False)):
            sent_to_the_page(session, contact_id)
            go_on_in_chats(session, contact_id, 5, NOW)
            if again:
                sent_to_the_page(session, contact_id)
                go_on_in_chats(session, contact_id, 5, NOW)
        promised = session.exec(select(Outbox.contact_id).where(Outbox.kind == REPLY)).all()
    assert sorted(map(str, promised)) == sorted(map(str, (before.contact_id, after.contact_id)))
