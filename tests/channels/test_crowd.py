"""200 people at once on Telegram: everybody gets through, each tap is answered once, nothing is filed twice."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlmodel import col, func, select

from storage.base import Store
from storage.tables import Account, Contact, Conversation, Inbox, InboxStatus, Outbox, Person
from tests.channels.botapi import BotApi, manners
from tests.channels.chatting import until
from tests.channels.crowds import Crowd
from tests.channels.on_air import OnAir

PEOPLE = 200
TAPS = 4
"""For each of them: as far as the list of courses, when the contact and the person are filed."""

PATIENCE = 300.0
"""Seconds for all of them, on a machine that does something else as well."""


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_200_people_at_once_get_through_and_nothing_is_done_twice(
    telegram: Callable[..., OnAir], stocked: Store, api: BotApi, mode: str
) -> None:
    telegram(telegram_mode=mode)
    crowd = Crowd("at once", 1000, PEOPLE, taps=TAPS)
    crowd.act(api, PATIENCE)
    api.waits_until(lambda: not api.updates and not api.unanswered, timeout=PATIENCE)
    until(lambda: _unsent(stocked) == 0)
    presses = crowd.presses(api)
    assert Counter(query.answers for query in presses) == {1: PEOPLE * TAPS}
    with stocked.reading() as session:
        for table in (Account, Contact, Conversation, Person):
            assert session.exec(select(func.count()).select_from(table)).one() == PEOPLE, table
        heard = session.exec(select(Inbox.status, func.count()).group_by(Inbox.status)).all()
        assert dict(heard) == {InboxStatus.DONE: PEOPLE * (1 + TAPS)}
        sent = select(func.count()).select_from(Outbox).where(col(Outbox.sent_at).is_not(None))
        assert session.exec(sent).one() == PEOPLE * (1 + TAPS)
    for person in crowd.everybody(api):
        asked = [message.text for message in person.heard]
        assert len(asked) == len(set(asked)) == 1 + TAPS, person
    manners.check(api, but=["T1"])  # how soon each was answered is measured on a quiet machine, not here


def _unsent(store: Store) -> int:
    waits = (col(Outbox.sent_at).is_(None), col(Outbox.dropped_at).is_(None))
    with store.reading() as session:
        return session.exec(select(func.count()).select_from(Outbox).where(*waits)).one()
