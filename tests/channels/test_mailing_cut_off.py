import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing

import pytest
from sqlmodel import col, select

from bot import touch
from bot.notices import mailing as sending
from storage.base import Store
from storage.notices import mailing
from storage.tables import Fate, Outbox
from tests.channels.botapi import BotApi
from tests.channels.mailings import Moved, fates, is_over, known, mail, planned, report
from tests.channels.test_mailing import heard
from tests.databases import on_both
from tests.storage.lines import Line, cut_off
from tests.storage.noticed import crowd

pytestmark = on_both

PEOPLE = 45


def going_out(store: Store, api: BotApi) -> int:
    everybody = crowd(store, PEOPLE)
    known(api, everybody)
    return planned(store, everybody)


def everybody_once(store: Store, api: BotApi, number: int) -> bool:
    """Whether everybody got it once, and the report knows it for sure."""
    assert heard(api) == dict.fromkeys(range(1000, 1000 + PEOPLE), 1)
    assert [each.contact_id for each in report(store, number) if each.perhaps_twice] == []
    return fates(store, number) == {Fate.SENT: PEOPLE}


def test_a_commit_whose_answer_was_lost_doubles_nothing_and_leaves_nothing_in_doubt(
    store: Store, api: BotApi
) -> None:
    number = going_out(store, api)
    with cut_off(store, lambda commit: "after" if commit % 3 == 0 else ""):
        asyncio.run(mail(store, api, is_over(store, number), workers=2, rate=100.0))
    assert everybody_once(store, api, number)


def test_clocks_that_are_set_ahead_one_after_the_other_give_nobodys_messages_away(
    store: Store, api: BotApi
) -> None:
    number = going_out(store, api)
    clocks = [Moved(), Moved()]
    left = list(clocks)

    def meanwhile() -> None:
        if left and len(api.called("sendMessage")) >= 20 - 5 * len(left):
            left.pop().move(hours=2)

    asyncio.run(
        mail(store, api, is_over(store, number), clocks=clocks, rate=60.0, workers=2, meanwhile=meanwhile)
    )
    assert left == []
    assert everybody_once(store, api, number)


def test_a_database_away_for_longer_than_a_lease_doubles_nothing_whoever_comes_back_first(
    store: Store, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "LEASE_SECONDS", 5.0)
    monkeypatch.setattr(sending, "SETTLED_WITHIN", 1.0)
    monkeypatch.setattr(touch, "STEADY", 30.0)  # however slow the machine is, the second is back before that
    number = going_out(store, api)
    with ExitStack() as stack:
        stores = [stack.enter_context(closing(Store(_url(store)))) for _ in range(2)]
        first, second = lines = [stack.enter_context(cut_off(each, lambda _: "")) for each in stores]
        steps = iter(_away_and_back(lines, api))

        def meanwhile() -> None:
            next(steps, None)

        asyncio.run(
            mail(
                store,
                api,
                is_over(store, number),
                stores=stores,
                rate=40.0,
                workers=2,
                answer_seconds=2.0,
                meanwhile=meanwhile,
            )
        )
        assert first.commits > first.kept
        assert second.commits > second.kept
    assert everybody_once(store, api, number)


def _url(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def _away_and_back(lines: Sequence[Line], api: BotApi) -> Iterator[None]:
    """Cut everybody off in the middle, for longer than a lease; the first to come back finds the others' leases over."""
    while len(api.called("sendMessage")) < PEOPLE // 3:
        yield
    for each in lines:
        each.cut = lambda _: "before"
    end = time.monotonic() + 1.2 * mailing.LEASE_SECONDS
    while time.monotonic() < end:
        time.sleep(0.2)  # they are asked to look each time
        yield
    early, late = lines
    early.cut, before = (lambda _: ""), early.kept
    while early.kept < before + 2:
        yield
    late.cut = lambda _: ""


def test_a_worker_told_to_stop_writes_down_what_it_sent_though_the_database_stumbles(
    store: Store, api: BotApi
) -> None:
    number = going_out(store, api)
    with cut_off(store, lambda _: "") as line:

        def enough() -> bool:
            if len(api.called("sendMessage")) < PEOPLE // 3:
                return False
            last = line.commits + 3
            line.cut = lambda commit: "before" if commit <= last else ""
            return True

        asyncio.run(mail(store, api, enough, rate=60.0))
    with store.reading() as session:
        of_it = select(col(Outbox.contact_id)).where(Outbox.notice_id == number)
        sent = session.exec(of_it.where(col(Outbox.sent_at).is_not(None))).all()
        held = session.exec(of_it.where(col(Outbox.sent_at).is_(None), col(Outbox.claimed_by).is_not(None)))
        assert held.all() == []
    assert {999 + (each or 0) for each in sent} == set(heard(api))


def test_what_is_on_its_way_for_too_long_as_a_worker_stops_is_taken_up_at_once_and_marked(
    store: Store, api: BotApi
) -> None:
    number = going_out(store, api)
    api.hang("sendMessage")

    def one_hangs_and_the_others_are_out() -> bool:
        return len(api.called("sendMessage")) == PEOPLE

    asyncio.run(mail(store, api, one_hangs_and_the_others_are_out))
    (left,) = [each.contact_id for each in report(store, number) if each.fate is Fate.WAITING]
    asyncio.run(mail(store, api, is_over(store, number)))
    assert fates(store, number) == {Fate.SENT: PEOPLE}
    assert [each.contact_id for each in report(store, number) if each.perhaps_twice] == [left]
