"""Whom a fair or a position fits and why: for staff and for the person, on both databases."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from storage import forms, people, wishes
from storage.base import Store
from storage.catalogue.tables import Fair, Intake, Position, Project
from storage.fairs import matching as fair_matching
from storage.fairs.matching import matching, matching_position
from storage.forms import Given
from storage.notices.audience import Own
from storage.rules.fitting import Why
from storage.tables import Application, ApplicationState, Channel, Person, Role
from tests.bot.courses import make_course
from tests.storage.filed import NOW
from tests.storage.test_audience import somebody

ZHENGZHOU = {"province": "河南省", "city": "郑州市", "district": "中原区"}


def add_fair(session: Session, fair_id: str = "F01", **more: Any) -> Fair:
    made: dict[str, Any] = {
        "title": "郑州招聘会", "start_date": date(2026, 12, 3), "end_date": date(2026, 12, 3),
        "start_time": time(9), "end_time": time(12), "signup_deadline": date(2026, 12, 1),
        "organiser": "郑州市残疾人就业服务中心", **ZHENGZHOU, "services_available": ["sign_interp", "guide"],
        "linked_occupations": ["中医艾灸"], **more,
    }  # fmt: skip
    fair = Fair(fair_id=fair_id, **made)
    session.add(fair)
    session.flush()
    return fair


def add_position(session: Session, position_id: str, fair_id: str | None = None, **more: Any) -> None:
    made: dict[str, Any] = {
        "employer": "郑州麦香坊",
        "position": "烘焙助理",
        "linked_occupation": "烘焙助理",
        **more,
    }
    session.add(Position(position_id=position_id, fair_id=fair_id, **made))
    session.flush()


def finish(session: Session, person: Person, intake_id: int, number: str, state: str = "finished") -> None:
    """Let somebody have finished a class, or stand somewhere else in it."""
    session.add(
        Application(
            number=number,
            person_id=person.id,
            intake_id=intake_id,
            applicant_role=Role.SELF,
            state=ApplicationState(state),
            flow_revision="apply",
            changed_at=NOW,
            channel=Channel.WEB,
        )
    )
    session.flush()


def teaches(session: Session, intake_id: int, occupation: str) -> None:
    project = session.get_one(Project, session.get_one(Intake, intake_id).project_id)
    project.occupation = occupation
    session.add(project)
    session.flush()


@pytest.fixture
def fair(store: Store) -> Store:
    with store.writing() as session:
        add_fair(session)
        add_position(session, "F01-04", "F01", work_location="郑州市中原区", disability_categories=["5", "6"])
    return store


def test_staff_see_who_fits_best_first_with_the_reasons_and_nobody_is_left_out(fair: Store) -> None:
    intake = make_course(fair)
    with fair.writing() as session:
        teaches(session, intake, "中医艾灸")
        near = somebody(session, "近", **ZHENGZHOU, need_hear=["sign_interp", "cart"])
        trained = somebody(session, "学", province="河南省", city="洛阳市", district="西工区")
        finish(session, trained, intake, "2026-0001")
        wisher = somebody(session, "愿", province="四川省", city="成都市", employment_status="unemployed")
        contact = people.own_contacts(session, wisher.id, NOW)[0]
        wishes.keep_wish(session, contact, wisher.id, "想学烘焙", NOW)
        somebody(session, "远", province="四川省", employment_status="unemployed", need_see=["guide"])
        said = somebody(session, "话", hukou="河南省洛阳市", live_addr="郑州市中原区林山寨")
        people.update_person(session, said, cert_no="99000119850612002912")
    with fair.reading() as session:
        found = matching(session, "F01", None, NOW)
        assert [each.name for each in found] == ["学", "近", "愿", "话"]
        told = {each.name: [reason.words for reason in each.reasons] for each in found}
        assert told["近"] == ["住在中原区", "要的帮忙有1样"]
        assert told["学"] == ["学过中医艾灸", "住在河南省"]
        assert told["愿"] == ["想做烘焙助理", "在找工作"]
        assert found[0].remarks == ()
        bakers = matching_position(session, "F01-04", None, NOW)
        assert {each.name: each.remarks for each in bakers}["话"] == (
            "单位写的残疾类别里没有他的，可以问单位",
        )
        assert near.id in {each.person_id for each in bakers}
        with pytest.raises(LookupError):
            matching(session, "F99", None, NOW)


def test_what_somebody_said_after_class_counts_but_leaves_nobody_out(fair: Store) -> None:
    with fair.writing() as session:
        no = somebody(session, "不", **ZHENGZHOU, employment_status="unemployed")
        yes = somebody(session, "想", **ZHENGZHOU)
        for person, form, answers in (
            (no, "followup_t30_t90", {"employed": "no", "want_job": "yes"}),
            (no, "followup_t30_t90", {"employed": "no", "want_job": "no"}),
            (no, "survey_t7", {"fair_ok": "no"}),
            (yes, "followup_t30_t90", {"employed": "no", "want_job": "yes"}),
        ):
            forms.keep_answers(session, Given(form, "1", answers, "web", person_id=person.id), NOW)
    with fair.reading() as session:
        first, last = matching(session, "F01", None, NOW)
        assert (first.name, [each.why for each in first.reasons]) == ("想", [Why.DISTRICT, Why.LOOKING])
        assert (last.name, last.remarks) == ("不", ("说过现在不找工作", "说过招聘会不用告诉"))


def test_a_clerk_sees_those_of_the_region_and_of_classes_of_their_own(fair: Store) -> None:
    intake = make_course(fair)
    with fair.writing() as session:
        somebody(session, "这里", **ZHENGZHOU)
        theirs = somebody(session, "学员", province="河南省", city="洛阳市")
        finish(session, theirs, intake, "2026-0001", "accepted")
        somebody(session, "别处", province="河南省", city="洛阳市")
    with fair.reading() as session:
        own = Own("郑州市", frozenset({intake}))
        assert [each.name for each in matching(session, "F01", own, NOW)] == ["这里", "学员"]


def test_a_person_sees_the_nearest_fair_and_what_fits_best_first(fair: Store) -> None:
    intake = make_course(fair)
    with fair.writing() as session:
        teaches(session, intake, "数据标注员")
        far = {"province": "四川省", "city": "成都市", "district": "青羊区"}
        add_fair(session, "F03", title="成都招聘会", **{**far, "start_date": date(2026, 11, 30)})
        add_fair(session, "F04", title="线上", type="online", city="", district="")
        home: dict[str, Any] = {
            "position": "居家数据标注员",
            "linked_occupation": "数据标注员",
            "home_based": True,
        }
        add_position(session, "F03-02", "F03", work_location="全省居家", **home)
        add_position(session, "P-9", work_location="居家", **home)
        add_position(session, "P-8", work_location="洛阳市", linked_occupation="", position="库管员")
        add_position(session, "P-7", work_location="郑州市", open_until=date(2026, 1, 1))
        me = somebody(session, "我", hukou="中原区林山寨")
        finish(session, me, intake, "2026-0001")
        number = me.id
    with fair.reading() as session:
        mine = fair_matching.for_person(session, number, NOW)
        assert [each.card.fair_id for each in mine.fairs] == ["F01", "F04", "F03"]
        assert mine.fairs[0].fit.reasons[0].why is Why.DISTRICT
        told = [(each.card.position_id, [r.why.value for r in each.fit.reasons]) for each in mine.positions]
        assert told == [
            ("P-9", ["trained", "home"]),
            ("F03-02", ["trained"]),
            ("F01-04", ["district"]),
            ("P-8", []),
        ]
        unknown = fair_matching.for_person(session, 0, NOW)
        assert [each.card.fair_id for each in unknown.fairs] == ["F03", "F01", "F04"], "the next one first"


def test_the_statements_are_few_however_many_people_there_are(fair: Store) -> None:
    with fair.writing() as session:
        for number in range(60):
            session.add(Person(name=f"{number}", created_at=NOW, profile=dict(ZHENGZHOU)))
    with fair.reading() as session:
        engine, asked = session.get_bind(), list[str]()

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert len(matching(session, "F01", Own("郑州市", frozenset()), NOW)) == 60
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) <= 10
