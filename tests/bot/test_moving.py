"""A class moves: everybody with a seat is told once and says whether they come; the seat stays theirs."""

from collections.abc import Mapping
from datetime import date, time

import pytest
from sqlmodel import select

from bot.classes import moving
from bot.reaching import calls_due
from dialogs.facts.applications import Applied
from dialogs.facts.classes import Moved
from dialogs.talk import Begin
from storage.base import Store
from storage.catalogue.by_hand import EditRefused
from storage.catalogue.importing import import_projects
from storage.catalogue.tables import CatalogueImport, Intake
from storage.catalogue.taking_back import take_back
from storage.classes import changes
from storage.classes.tables import Change, Confirmation
from tests.bot.conftest import NOW, Phone
from tests.bot.courses import make_course
from tests.bot.decided import (
    Clerk,
    accept,
    applicant,
    applicants,
    audited,
    calls,
    filed_by,
    letters,
    offered,
    put_on_list,
    state,
    told,
    useless,
)
from tests.bot.test_applying import events
from tests.bot.test_facts import facts
from tests.databases import on_both
from tests.storage.catalogue.making import csv_of

LATER: Mapping[str, object] = {
    "start_date": date(2027, 1, 11),
    "end_date": date(2027, 1, 29),
    "class_start_time": time(14),
    "address": "示例路 8 号",
}


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store, capacity=3)


@pytest.fixture
def wang(store: Store) -> Clerk:
    return Clerk(store)


def move(wang: Clerk, intake: int, note: str = "教室在修。", **values: object) -> int | None:
    return wang.do(lambda s, m: moving.move_class(s, intake, m, values or LATER, note=note, now=NOW))


def about(phone: Phone) -> dict[str, int | str]:
    return {"application": filed_by(phone).id}


def applied(phone: Phone) -> Applied:
    found = facts(phone, "application", about=about(phone))["application"]
    assert isinstance(found, Applied)
    return found


def moved(phone: Phone) -> Moved:
    found = facts(phone, "moved", about=about(phone))["moved"]
    assert isinstance(found, Moved)
    return found


@on_both
def test_everybody_with_a_seat_is_told_once_and_asked(store: Store, intake: int, wang: Clerk) -> None:
    inside, has_offer, waits = applicants(store, intake, 3)
    accept(wang, filed_by(inside).id)
    offered(wang, has_offer)
    put_on_list(wang, filed_by(waits).id)
    assert move(wang, intake) == 2
    assert move(wang, intake) is None, "a second click moves nothing"
    assert told(store, "changed") == [
        ("changed", inside.contact_id),
        ("changed", has_offer.contact_id),
    ]
    assert ("staff:1", "moved", "version 1") in audited(store)
    it = moved(inside)
    assert (it.stands, it.note, it.comes) == (True, "教室在修。", None)
    assert (it.before.starts, it.after.starts) == (date(2026, 12, 7), date(2027, 1, 11))
    assert (it.before.begins, it.after.begins) == (None, time(14))
    assert (it.before.place, it.after.place) == ("示例路1号", "示例路 8 号")
    assert not moved(waits).stands
    assert applied(inside).moved
    assert not applied(waits).moved


def test_who_comes_and_who_cannot_is_kept_and_frees_nothing(store: Store, intake: int, wang: Clerk) -> None:
    one, second = applicants(store, intake, 2)
    for phone in (one, second):
        accept(wang, filed_by(phone).id)
    move(wang, intake)
    begun = one.finish("moved_answer", about(one), come="yes")
    assert begun == Begin("moved_answered", (("application", filed_by(one).id),), {"come": "yes"})
    second.finish("moved_answer", about(second), come="no")
    second.finish("moved_answer", about(second), come="no")
    assert [state(one), state(second)] == ["accepted", "accepted"]
    assert events(second, filed_by(second).id).count("cannot_come") == 1
    with store.reading() as session:
        change = changes.latest(session, intake)
        assert change is not None
        said = [confirmation.comes for _, _, confirmation in changes.answers_to(session, change.id)]
    assert said == [True, False]
    assert not applied(one).moved


def test_who_would_rather_ask_is_led_to_a_person(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)
    accept(wang, filed_by(phone).id)
    move(wang, intake)
    assert phone.finish("moved_answer", about(phone), come="ask") == Begin("help")
    assert applied(phone).moved, "it still waits for an answer"


def test_whom_no_chat_reaches_is_phoned_until_they_answer(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake, channel="web")
    accept(wang, filed_by(phone).id)
    move(wang, intake)
    assert ("changed", False) in calls(store)
    phone.finish("moved_answer", about(phone), come="yes")
    assert ("changed", True) in calls(store)
    with store.reading() as session:
        assert [call.why for call in calls_due(session, None, NOW)] == ["decided"]


def test_a_second_move_is_asked_anew_and_the_first_letter_is_of_no_use(
    store: Store, intake: int, wang: Clerk
) -> None:
    phone = applicant(store, intake)
    accept(wang, filed_by(phone).id)
    move(wang, intake)
    phone.finish("moved_answer", about(phone), come="yes")
    move(wang, intake, address="示例路 9 号")
    first, second = letters(store, "changed")
    assert useless(store, first.id) != ""
    assert useless(store, second.id) == ""
    assert applied(phone).moved


def test_a_stranger_says_nothing_for_others(store: Store, intake: int, wang: Clerk) -> None:
    phone, stranger = applicants(store, intake, 2)
    accept(wang, filed_by(phone).id)
    move(wang, intake)
    assert stranger.finish("moved_answer", about(phone), come="no") == Begin("not_yours")
    found = facts(stranger, "moved", about=about(phone))["moved"]
    assert isinstance(found, Moved)
    assert not found.stands


def test_dates_that_cannot_be_true_change_nothing(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)
    accept(wang, filed_by(phone).id)
    with pytest.raises(EditRefused) as refused:
        move(wang, intake, end_date=date(2026, 12, 1))
    assert str(refused.value.problems[0]).startswith("结束日期") or "早于开班" in str(refused.value)
    with store.reading() as session:
        assert session.get_one(Intake, intake).end_date == date(2026, 12, 25)
        assert session.exec(select(CatalogueImport)).all() == []
        assert session.exec(select(Change)).all() == []


def moved_by_file(store: Store, day: str) -> int:
    """Import a sheet in which the class begins on another day; give the number of the version."""
    row = {
        "project_id": "P001",
        "intake_no": "1",
        "province": "河南省",
        "city": "郑州市",
        "start_date": day,
        "end_date": "2027-01-29",
    }
    with store.writing() as session:
        report = import_projects(session, csv_of([row]), "目录.csv", now=NOW, who="李国强")
        assert report.problems == ()
        assert report.number is not None
        return report.number


def test_a_class_moved_by_a_file_is_told_of_by_the_service_once(
    store: Store, intake: int, wang: Clerk
) -> None:
    phone = applicant(store, intake)
    accept(wang, filed_by(phone).id)
    number = moved_by_file(store, "2027-01-11")
    for asked in (1, 0):
        with store.writing() as session:
            assert moving.tell_moves(session, NOW) == asked
    assert told(store, "changed") == [("changed", phone.contact_id)]
    assert moved(phone).after.starts == date(2027, 1, 11)
    with store.writing() as session:
        take_back(session, number, now=NOW, who="李国强")
    with store.writing() as session:
        assert moving.tell_moves(session, NOW) == 1
    assert moved(phone).after.starts == date(2026, 12, 7)


def test_a_file_that_moves_an_empty_class_asks_nobody(store: Store, intake: int) -> None:
    applicant(store, intake)
    moved_by_file(store, "2027-01-11")
    with store.reading() as session:
        assert session.exec(select(Confirmation)).all() == []
        assert changes.untold(session) == []
