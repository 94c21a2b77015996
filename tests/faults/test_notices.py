"""Small versions of the table that `make faults` prints: real workers, killed in the middle of a notice."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.base import Store
from storage.crypto import KeyRing
from storage.tables import Fate
from tests.channels.botapi import BotApi
from tests.channels.mailings import Moved, fates, is_over, known, mail, planned, report
from tests.databases import BOTH, Databases, on_both
from tests.faults.notices import run
from tests.faults.noticing.grounds import Ground
from tests.faults.noticing.striking import kills
from tests.faults.noticing.trial import LEAVERS
from tests.storage.noticed import crowd

MESSAGES, KILLS = 120, 3


@pytest.fixture
def ground(request: pytest.FixtureRequest, keys: KeyRing) -> Callable[[str], Ground]:
    assert keys.numbers

    def give(kind: str) -> Ground:
        if kind == "sqlite":
            return Ground(str)
        databases: Databases = request.getfixturevalue("databases")
        return Ground(databases.make)

    return give


@pytest.mark.parametrize("kind", BOTH)
def test_workers_that_are_killed_lose_nothing_and_say_what_may_have_come_twice(
    kind: str, ground: Callable[[str], Ground], tmp_path: Path
) -> None:
    found = run(kills(KILLS), tmp_path / "home", ground(kind), people=MESSAGES, rate=100)
    assert (found.lost, found.undue, found.unmarked, found.left) == (0, 0, 0, 0)
    assert found.told.fates == {Fate.SENT: MESSAGES - LEAVERS, Fate.SKIPPED: LEAVERS}
    assert found.doubled <= found.marked < MESSAGES
    assert found.busiest <= 100


@pytest.fixture
def api(keys: KeyRing) -> object:
    assert keys.numbers
    with BotApi() as served:
        yield served


@on_both
def test_a_clock_that_jumps_and_a_database_that_goes_away_lose_nothing_and_double_nothing_unseen(
    store: Store, api: BotApi
) -> None:
    everybody = crowd(store, 80)
    known(api, everybody)
    number = planned(store, everybody)
    clock, left = Moved(), [2, -1, 1]

    def meanwhile() -> None:
        if left and len(api.called("sendMessage")) > 80 - 20 * len(left):
            clock.move(hours=left.pop(0))
            if not store.is_sqlite:
                with store.engine.begin() as connection:
                    connection.execute(
                        text(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        )
                    )

    asyncio.run(
        mail(store, api, is_over(store, number), clock=clock, rate=60.0, workers=2, meanwhile=meanwhile)
    )
    heard = Counter(call.parameters["chat_id"] for call in api.called("sendMessage") if call.taken)
    twice = {chat for chat, times in heard.items() if times > 1}
    assert len(heard) == 80
    assert twice <= {999 + each.contact_id for each in report(store, number) if each.perhaps_twice}
    assert fates(store, number) == {Fate.SENT: 80}
