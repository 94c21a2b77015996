"""Reminders when clocks jump, workers are killed, many are due at once, or one of them cannot be handled."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.alarm import RINGS, Alarm
from bot.classes.minding import BEGUN
from bot.postman import Postman
from bot.ringing import MOST
from bot.settings import Clock, Settings
from storage import people
from storage.base import Store
from storage.classes import reminders as class_reminders
from storage.desk import Desk
from storage.reminders import Due
from storage.tables import Application, Outbox, Person, Relation, Reminder, ReminderState, Role
from tests.bot.conftest import ZONE
from tests.bot.test_postman import BOOK
from tests.databases import on_both
from tests.faults.reminding import EVE, alarm_of, fill, killed, taken, until_done

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what has no SQL of its own."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "heard.txt"


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    with closing(Desk(store)) as desk:
        yield desk


def tick(desk: Desk, file: Path, *moments: datetime) -> None:
    async def ticking() -> None:
        for now in moments:
            await alarm_of(desk, file, "worker").tick(now)

    asyncio.run(ticking())


@on_both
def test_workers_that_are_killed_lose_nothing_and_double_only_what_they_were_sending(
    store: Store, file: Path
) -> None:
    fill(store, 40)
    found = killed(store.url.render_as_string(hide_password=False), file, 40, (5, 25))
    assert found.lost == 0
    assert found.doubled <= 2


@on_both
def test_a_clock_that_jumps_back_tells_nobody_twice_and_one_that_jumps_ahead_judges_anew(
    store: Store, desk: Desk, file: Path
) -> None:
    fill(store, 3)
    tick(desk, file, EVE, EVE - timedelta(days=2))
    with store.writing() as session:
        for each in session.exec(select(Application)).all():
            class_reminders.plan(session, each, EVE - timedelta(days=2))
    tick(desk, file, EVE, EVE + timedelta(minutes=1))
    assert taken(file) == {1: 1, 2: 1, 3: 1}
    with store.writing() as session:
        row = session.exec(select(Reminder).where(Reminder.key == "class:1:1")).one()
        row.state, row.version_of = ReminderState.DUE, 1
        session.add(row)
    tick(desk, file, EVE + timedelta(days=30))
    assert taken(file)[1] == 1
    with store.reading() as session:
        assert session.exec(select(Reminder.reason).where(Reminder.key == "class:1:1")).one() == BEGUN


@on_sqlite
def test_many_at_one_minute_let_replies_through_and_nobody_is_written_to_at_night(
    store: Store, desk: Desk, file: Path
) -> None:
    many = MOST + 20
    fill(store, many)
    seen: list[int] = []

    def waiting(session: Session) -> int:
        left = select(Reminder.id).where(Reminder.state == ReminderState.DUE)
        return len(session.exec(left).all())

    async def remind() -> None:
        alarm = alarm_of(desk, file, "worker")
        reminding = asyncio.create_task(until_done(desk, alarm, EVE.replace(hour=21)))
        while not reminding.done():
            seen.append(await desk.do(waiting))
        await reminding

    asyncio.run(remind())
    assert any(0 < left < many for left in seen), "a turn had its place between two portions"
    assert not file.exists(), "it was night"
    tick(desk, file, EVE.replace(hour=23))
    assert not file.exists()

    async def morning() -> None:
        now = EVE.replace(hour=8) + timedelta(days=1)
        await until_done(desk, alarm_of(desk, file, "worker"), now)

    asyncio.run(morning())
    assert taken(file) == dict.fromkeys(range(1, many + 1), 1)


@on_sqlite
def test_a_phone_of_two_trainees_hears_of_each_class_by_its_name(
    store: Store, desk: Desk, file: Path
) -> None:
    fill(store, 2)
    with store.writing() as session:
        for number, name in ((1, "王小明"), (2, "李小红")):
            people.update_person(session, session.get_one(Person, number), name=name)
        relation = session.get_one(Relation, 2)
        relation.contact_id, relation.role = 1, Role.FAMILY
        filed = session.get_one(Application, 2)
        filed.contact_id = 1
        session.add_all((relation, filed))
    tick(desk, file, EVE)
    with store.reading() as session:
        told = session.exec(select(Outbox).order_by(col(Outbox.id))).all()
    assert [(each.contact_id, each.payload["name"], each.payload["application"]) for each in told] == [
        (1, "王小明", 1),
        (1, "李小红", 2),
    ]
    assert taken(file) == {1: 2}


@on_sqlite
def test_one_that_cannot_be_handled_holds_up_no_other(store: Store, desk: Desk) -> None:
    fill(store, 5)
    rung: list[int] = []

    def ring(_: Session, due: Due, __: datetime) -> None:
        if due.id == 2:
            raise ZeroDivisionError
        rung.append(due.id)

    async def ticking() -> None:
        postman = Postman(desk, BOOK, ZONE, "worker", {})
        await Alarm(desk, postman, Clock(Settings()), {**RINGS, "class": ring}).tick(EVE)

    asyncio.run(ticking())
    assert {1, 3, 4, 5} <= set(rung)
    with store.reading() as session:
        left = session.exec(select(Reminder).where(Reminder.state == ReminderState.DUE)).one()
        assert (left.id, left.due_at) == (2, EVE + timedelta(hours=1))
