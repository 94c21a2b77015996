"""A class is called off with people in it: everybody is told by name of who decided, and seats never shrink unseen."""

from datetime import date

import pytest
from sqlmodel import Session

from bot.classes import calling_off
from bot.letters.opening import opened
from bot.letters.table import LETTERS
from dialogs.talk import Begin
from storage.applications import waiting
from storage.base import Store
from storage.catalogue.by_hand import EditRefused
from storage.catalogue.editing import edit_intake
from storage.catalogue.importing import import_projects
from storage.catalogue.tables import Intake
from storage.classes import classes
from storage.classes.classes import StepRefused
from storage.tables import ClassStep, NeedAnswer, Staff
from tests.bot.conftest import NOW
from tests.bot.courses import make_course
from tests.bot.decided import (
    Clerk,
    accept,
    applicant,
    applicants,
    calls,
    filed_by,
    letters,
    offered,
    put_on_list,
    state,
    told,
    useless,
)
from tests.databases import on_both
from tests.storage.catalogue.making import csv_of

pytestmark = on_both

WORDS = "报名的人太少"


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store, capacity=2)


@pytest.fixture
def wang(store: Store) -> Clerk:
    return Clerk(store)


def call_off(wang: Clerk, intake: int) -> int:
    return wang.do(lambda s, m: calling_off.call_off(s, intake, m, WORDS, NOW))


def test_everybody_is_told_once_why_and_held_seats_are_let_go(store: Store, intake: int, wang: Clerk) -> None:
    inside, has_offer, waits, new = phones = applicants(store, intake, 4)
    accept(wang, filed_by(inside).id)
    seat = offered(wang, has_offer)
    put_on_list(wang, filed_by(waits).id)
    assert call_off(wang, intake) == 4
    assert call_off(wang, intake) == 0, "a second click tells nobody again"
    assert [state(each) for each in phones] == ["declined"] * 4
    assert filed_by(new).state_reason == f"班不办了。{WORDS}"
    assert told(store, "called_off") == [("called_off", each.contact_id) for each in phones]
    with store.reading() as session:
        assert session.get_one(Intake, intake).status == "withdrawn"
        assert classes.steps_of(session, intake)[-1].staff_id == wang.id
        assert waiting.open_offer(session, int(seat["application"])) is None
    begun = has_offer.finish("offer_answer", seat, come="yes")
    assert begun != Begin("offer_answered", (("application", seat["application"]),), {"come": "yes"})
    earlier = [row for row in letters(store) if row.kind in ("decided", "offer")]
    assert all(useless(store, row.id) for row in earlier), "what was said before is of no use now"


def test_the_letter_leads_to_why_and_to_courses_of_the_same_kind(
    store: Store, intake: int, wang: Clerk
) -> None:
    phone = applicant(store, intake)
    call_off(wang, intake)
    (row,) = letters(store, "called_off")
    with store.reading() as session:
        why = opened(session, row.id, phone.contact_id)
        others = opened(session, row.id, phone.contact_id, way=1)
    assert why == Begin("application", (("application", filed_by(phone).id),))
    given = {"situation": "unsaid", "how": ["category"], "category": "massage"}
    assert others == Begin("browse", given=given)
    assert [LETTERS["called_off"].button, *(label for label, _ in LETTERS["called_off"].more)] == [
        "看一看",
        "找别的课",
    ]


def test_whom_no_chat_reaches_is_phoned(store: Store, intake: int, wang: Clerk) -> None:
    applicant(store, intake, channel="web")
    call_off(wang, intake)
    assert calls(store) == [("decided", False)]


def test_a_finished_class_is_not_called_off(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)

    def finish(session: Session, member: Staff) -> None:
        lines = classes.list_arrangements(session, intake)
        answers = {each.arrangement.code: (NeedAnswer.CAN, "") for each in lines}
        classes.answer_arrangements(session, intake, answers, member, NOW)
        for step in classes.ORDER:
            classes.take_step(session, intake, step, member, NOW)

    wang.do(finish)
    with pytest.raises(StepRefused):
        call_off(wang, intake)
    assert state(phone) == "submitted"


def row(**changed: str) -> bytes:
    return csv_of(
        [{"project_id": "P001", "intake_no": "1", "province": "河南省", "city": "郑州市", **changed}]
    )


def test_no_sheet_and_no_form_takes_seats_away_that_were_given(
    store: Store, intake: int, wang: Clerk
) -> None:
    one, second = applicants(store, intake, 2)
    accept(wang, filed_by(one).id)
    offered(wang, second)
    with store.writing() as session:
        report = import_projects(session, row(capacity="1"), "目录.csv", now=NOW, who="李国强")
    assert [(each.column, each.wrong) for each in report.problems] == [
        ("capacity", "这个班已经录取1人，还有1人在回答要不要来")
    ]
    with pytest.raises(EditRefused) as refused:
        wang.do(lambda s, _: edit_intake(s, intake, {"capacity": 1}, who="staff:1", now=NOW))
    assert "已经录取1人" in str(refused.value)
    with store.reading() as session:
        assert session.get_one(Intake, intake).capacity == 2
    assert wang.do(lambda s, _: edit_intake(s, intake, {"capacity": 5}, who="staff:1", now=NOW)) is not None


def test_a_sheet_does_not_bring_a_class_back_that_was_called_off(
    store: Store, intake: int, wang: Clerk
) -> None:
    call_off(wang, intake)
    with store.writing() as session:
        again = import_projects(session, row(status="open"), "目录.csv", now=NOW, who="李国强")
        same = import_projects(session, row(end_date="2026-12-26"), "目录.csv", now=NOW, who="李国强")
    assert [each.column for each in again.problems] == ["status"]
    assert same.problems == ()
    with store.reading() as session:
        found = session.get_one(Intake, intake)
        assert (found.status, found.end_date) == ("withdrawn", date(2026, 12, 26))
        steps = [each.step for each in classes.steps_of(session, intake)]
    assert steps == [ClassStep.CALLED_OFF]
