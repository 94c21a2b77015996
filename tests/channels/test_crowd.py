"""Many people at once on Telegram: everybody gets through, each tap is answered once, nothing is filed twice."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import Session, col, func, select

import bot.channels.messenger.polling
from storage.base import Store
from storage.desk import Desk
from storage.tables import Account, Contact, Conversation, Inbox, InboxStatus, Outbox, Person
from tests.channels.botapi import BotApi, manners
from tests.channels.chatting import talk, until
from tests.channels.crowds import Crowd
from tests.channels.on_air import OnAir
from tests.more import MORE

PEOPLE = 120 * MORE
"""More than Telegram gives at one asking."""

TAPS = 4
"""For each of them: as far as the list of courses, when the contact and the person are filed."""

PATIENCE = 300.0
"""Seconds for all of them, on a machine that does something else as well."""


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_120_people_at_once_get_through_and_nothing_is_done_twice(
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
    manners.check(api, but=["T1 late"])  # how soon each was answered is measured on a quiet machine, not here


@pytest.mark.parametrize("mode", ["polling", "webhook"])
def test_a_press_whose_turn_waits_is_answered_meanwhile_once_and_then_told_what_came_of_it(
    telegram: Callable[..., OnAir], api: BotApi, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.channels.messenger.polling, "RENEWED", 60.0)  # that waits for the desk as well
    on = telegram(telegram_mode=mode)
    first, second = api.person(77), api.person(78)
    for person in (first, second):
        talk(person, "/start")
    with held_up(on.service.desk):
        first.taps("1 一般的字")
        api.waits_until(lambda: len(api.queries) == 1 and not api.unanswered)
        second.taps("2 大一点的字")  # is heard although nothing before it is kept
        first.taps("1 一般的字")  # and once more, for nothing has happened yet
        pressed = 3 if mode == "polling" else 2  # Telegram posts what one person does one after the other
        api.waits_until(lambda: sum(query.answers for query in api.queries) == pressed)
        assert len(api.updates) == 3, "none of them is acknowledged before it is kept"
        assert [len(person.heard) for person in (first, second)] == [1, 1]
    for person in (first, second):
        person.waits_for("您给谁找课")
    api.waits_until(lambda: not api.updates and not api.unanswered)
    assert [query.answers for query in api.queries] == [1, 1, 1]
    assert [len(person.heard) for person in (first, second)] == [2, 2]
    manners.check(api, but=["T1 late"])


@contextmanager
def held_up(desk: Desk) -> Iterator[None]:
    """Let everything that is to be kept wait."""
    begun, go_on = threading.Event(), threading.Event()

    def wait(_: Session) -> None:
        begun.set()
        assert go_on.wait(PATIENCE)

    holding = threading.Thread(target=desk.do_now, args=(wait,))
    holding.start()
    assert begun.wait(PATIENCE)
    try:
        yield
    finally:
        go_on.set()
        holding.join()


def _unsent(store: Store) -> int:
    waits = (col(Outbox.sent_at).is_(None), col(Outbox.dropped_at).is_(None))
    with store.reading() as session:
        return session.exec(select(func.count()).select_from(Outbox).where(*waits)).one()
