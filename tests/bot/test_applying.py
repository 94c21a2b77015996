from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import select

from dialogs.model import Json
from dialogs.talk import Begin
from storage import consents, people
from storage.applications import assents, enrolment
from storage.base import Store
from storage.tables import (
    Application,
    ApplicationState,
    Assent,
    AssentAnswer,
    Need,
    NeedAnswer,
    Outbox,
    Person,
    Purpose,
    Role,
)
from storage.tickets.tables import Ticket
from tests.bot.conftest import Phone
from tests.bot.courses import make_course
from tests.databases import on_both

CERT = "99000119900307001743"
ANSWERS: dict[str, Json] = {
    "consent_sensitive": "yes",
    "consent_school": "yes",
    "consent_subsidy": "no",
    "applicant_role": "self",
    "needs_area": ["hear"],
    "need_hear": ["cart", "sign_interp"],
    "access_other": "坐前面",
    "companion": "own",
    "companion_name": "向春梅",
    "name": "王小明",
    "cert_no": CERT,
    "phone": "15400000001",
    "education": "junior",
    "words": "想早点开始",
}


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store)


@pytest.fixture
def own(phone: Phone) -> Phone:
    """The phone of somebody who came for themselves."""
    phone.finish("newcomer", role="self")
    return phone


def apply_for(phone: Phone, intake: int, **answers: Json) -> Begin:
    about = {"person": phone.current, "intake": intake}
    begun = phone.finish("application", about, **{**ANSWERS, **answers})
    assert begun is not None
    return begun


def filed(phone: Phone) -> Sequence[Application]:
    with phone.store.reading() as session:
        return session.exec(select(Application).order_by(Application.id)).all()  # type: ignore[arg-type]


def needs(phone: Phone) -> dict[str, tuple[str, str]]:
    with phone.store.reading() as session:
        return {need.code: (need.note or "", need.answer.value) for need in session.exec(select(Need))}


def events(phone: Phone, application_id: int) -> list[str]:
    with phone.store.reading() as session:
        return [event.kind for event in enrolment.events_of(session, application_id)]


def promised(phone: Phone) -> list[tuple[str, int | None, dict[str, Json]]]:
    with phone.store.reading() as session:
        rows = session.exec(select(Outbox).order_by(Outbox.id)).all()  # type: ignore[arg-type]
        return [(row.kind, row.contact_id, row.payload) for row in rows]


def give_phone(mother: Phone) -> Phone:
    """Let the mother's son have a phone of his own, on which he is himself."""
    son = Phone(mother.store, "son")
    son.finish("newcomer", role="self")
    with mother.store.writing() as session:
        relation = people.relation_of(session, son.contact_id, son.current, son.now)
        assert relation is not None
        relation.person_id = mother.current
        session.add(relation)
        people.set_current(session, son.contact_id, mother.current)
    return son


def test_who_applies_alone_has_applied(own: Phone, intake: int) -> None:
    begun = apply_for(own, intake)
    (application,) = filed(own)
    assert application.number == "2026-0001"
    assert application.state is ApplicationState.SUBMITTED
    assert application.applicant_role is Role.SELF
    assert begun.flow == "receipt"
    assert begun.about == (("application", application.id),)
    assert begun.given == {"number": "2026-0001", "title": "盲人按摩班", "awaits": ""}
    assert events(own, application.id) == ["filed", "submitted"]
    assert needs(own) == {
        "cart": ("", ""),
        "sign_interp": ("", ""),
        "other": ("坐前面", ""),
        "companion": ("家里人来陪", ""),
    }
    assert promised(own) == []


def test_what_was_said_is_known_next_time(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    with own.store.reading() as session:
        person = session.get_one(Person, own.current)
        agreed = consents.standing(session, person.id)
    assert (person.name, person.cert_no, person.phone) == ("王小明", CERT, "15400000001")
    assert person.profile["education"] == "junior"
    assert person.profile["need_hear"] == ["cart", "sign_interp"]
    assert {"words", "consent_sensitive", "applicant_role"}.isdisjoint(person.profile)
    assert agreed == {Purpose.SENSITIVE: True, Purpose.SCHOOL: True, Purpose.AUTHORITY: False}


def test_a_certificate_left_open_does_not_forget_the_one_we_know(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    apply_for(own, intake, cert_no="unsaid")
    with own.store.reading() as session:
        person = session.get_one(Person, own.current)
    assert person.cert_no == CERT
    assert "cert_no" not in person.profile


def test_the_consent_keeps_the_words_that_were_shown(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    with own.store.reading() as session:
        consent = consents.latest(session, own.current, Purpose.SENSITIVE)
    assert consent is not None
    assert consent.wording == "consent_sensitive的问法"


@on_both
def test_applying_again_changes_the_application_and_makes_no_second_one(own: Phone, intake: int) -> None:
    first = apply_for(own, intake)
    with own.store.writing() as session:
        need = next(each for each in session.exec(select(Need)) if each.code == "cart")
        need.answer = NeedAnswer.CAN
        session.add(need)
    again = apply_for(own, intake, need_hear=["hearing_aid"], companion="no")
    assert again.given == {**first.given, "changed": ["need_hear", "companion"]}
    (application,) = filed(own)
    assert needs(own) == {"cart": ("", "can"), "other": ("坐前面", ""), "hearing_aid": ("", "")}
    assert events(own, application.id) == ["filed", "submitted", "changed"]
    apply_for(own, intake, need_hear=["hearing_aid"], companion="no")
    assert events(own, application.id) == ["filed", "submitted", "changed"]


@on_both
def test_numbers_run_through_the_year(own: Phone, intake: int) -> None:
    other = make_course(own.store, "P002")
    apply_for(own, intake)
    apply_for(own, other)
    assert [each.number for each in filed(own)] == ["2026-0001", "2026-0002"]


def test_after_the_deadline_nothing_is_filed_but_what_was_said_stays(own: Phone, intake: int) -> None:
    own.later(days=9)
    assert apply_for(own, intake).flow == "receipt"  # the last day counts
    late = make_course(own.store, "P002")
    own.later(days=1)
    begun = apply_for(own, late, education="senior")
    assert begun == Begin("too_late", given={"title": "盲人按摩班"})
    assert len(filed(own)) == 1
    with own.store.reading() as session:
        assert session.get_one(Person, own.current).profile["education"] == "senior"


@pytest.mark.parametrize("status", ["withdrawn", "closed", "draft", "finished"])
def test_a_course_that_is_off_takes_nobody(own: Phone, status: str) -> None:
    assert apply_for(own, make_course(own.store, status=status)).flow == "too_late"


def test_a_full_course_still_takes_applications(own: Phone) -> None:
    assert apply_for(own, make_course(own.store, capacity=0, status="full")).flow == "receipt"


def test_easy_readers_get_the_easy_title(own: Phone, intake: int) -> None:
    own.reading = "easy"
    assert apply_for(own, intake).given["title"] == "学按摩"


def test_a_son_without_a_phone_is_waited_for(mother: Phone, intake: int) -> None:
    begun = apply_for(mother, intake, applicant_role="family", self_agreed="yes")
    (application,) = filed(mother)
    assert application.state is ApplicationState.AWAITING_ASSENT
    assert application.applicant_role is Role.FAMILY
    assert begun.given["awaits"] == "yes"
    assert promised(mother) == []


def test_a_son_with_a_phone_is_asked_on_it_once(mother: Phone, intake: int) -> None:
    son = give_phone(mother)
    apply_for(mother, intake, applicant_role="family")
    apply_for(mother, intake, applicant_role="family", words="快一点")
    ((kind, contact_id, payload),) = promised(mother)
    assert (kind, contact_id) == ("assent_request", son.contact_id)
    assert payload["name"] == "王小明"


def test_a_course_ends_and_some_time_later_the_helper(mother: Phone) -> None:
    late = make_course(mother.store, "P009", starts=date(2027, 8, 1), ends=date(2027, 8, 31))
    apply_for(mother, late, applicant_role="family")
    with mother.store.reading() as session:
        ((_, relation),) = people.people_of(session, mother.contact_id, mother.now)
    assert relation.ends_at is not None
    assert relation.ends_at.astimezone(mother.now.tzinfo).date() == date(2027, 11, 29)


def test_a_son_who_fills_it_in_on_his_mothers_phone_has_applied(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="self")
    assert filed(mother)[0].state is ApplicationState.SUBMITTED


def test_on_another_phone_nobody_passes_for_a_person_who_has_one(mother: Phone, intake: int) -> None:
    give_phone(mother)
    apply_for(mother, intake, applicant_role="self")
    assert filed(mother)[0].state is ApplicationState.AWAITING_ASSENT


def test_a_mother_who_learns_herself_is_a_person_of_her_own(mother: Phone, intake: int) -> None:
    son = mother.current
    begun = apply_for(mother, intake, applicant_role="family_self", name="李芳")
    (application,) = filed(mother)
    assert application.person_id != son
    assert application.state is ApplicationState.SUBMITTED
    assert begun.given["awaits"] == ""
    assert mother.current == son
    with mother.store.reading() as session:
        assert session.get_one(Person, application.person_id).name == "李芳"
        assert session.get_one(Person, son).name == "小明"


def test_a_stranger_cannot_apply_for_anybody(mother: Phone, intake: int) -> None:
    stranger = Phone(mother.store, "stranger")
    about = {"person": mother.current, "intake": intake}
    begun = stranger.finish("application", about, **ANSWERS)
    assert begun == Begin("not_yours")
    assert filed(mother) == []


@pytest.mark.parametrize("answer", ["no", "ask", None])
def test_without_consent_nothing_is_kept(own: Phone, intake: int, answer: str | None) -> None:
    about = {"person": own.current, "intake": intake}
    assert own.finish("application", about, **{**ANSWERS, "consent_sensitive": answer}) is None
    assert filed(own) == []
    with own.store.reading() as session:
        person = session.get_one(Person, own.current)
    assert (person.profile, person.cert_no, person.name) == ({}, None, None)


def test_who_does_not_want_to_go_is_not_enrolled(mother: Phone, intake: int) -> None:
    about = {"person": mother.current, "intake": intake}
    answers = {**ANSWERS, "applicant_role": "family", "self_agreed": "no"}
    assert mother.finish("application", about, **answers) is None
    assert filed(mother) == []


@pytest.mark.parametrize("young", [{"cert_no": "99000120150307001743"}, {"cert_no": None, "age": 13}])
def test_of_a_child_nothing_is_stored(own: Phone, intake: int, young: dict[str, Json]) -> None:
    begun = apply_for(own, intake, **young)
    assert begun == Begin("ticket_made", given={"number": "T2026-0001", "due": "2026-11-24"})
    assert apply_for(own, intake, **young) == begun
    with own.store.reading() as session:
        assert session.get_one(Person, own.current).cert_no is None
        assert consents.standing(session, own.current) == {}
        assert len(session.exec(select(Ticket)).all()) == 1


def test_what_we_told_the_flow_is_not_kept_as_if_it_was_said(own: Phone, intake: int) -> None:
    apply_for(own, intake, today="2026-11-21", clash="no", extra=[])
    with own.store.reading() as session:
        profile = session.get_one(Person, own.current).profile
    for kept in (profile, filed(own)[0].answers):
        assert {"today", "clash", "extra"}.isdisjoint(kept)


def test_staff_learn_of_a_certificate_that_is_already_here(own: Phone, mother: Phone, intake: int) -> None:
    apply_for(own, intake)
    apply_for(mother, intake, applicant_role="family", cert_no=CERT[:18] + "52")
    assert "same_certificate" in events(mother, filed(mother)[1].id)


@on_both
def test_the_database_shows_no_answer_in_clear(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    with own.store.reading() as session:
        raw = session.execute(text("SELECT answers FROM application")).scalar_one()
        needed = session.execute(text("SELECT code FROM need")).scalars().all()
    assert "王小明".encode() not in bytes(raw)
    assert all(b"cart" not in bytes(code) for code in needed)


def say(phone: Phone, application: Application, want: str) -> Begin | None:
    return phone.finish("assent", {"application": application.id}, want=want)


def test_the_persons_yes_submits(mother: Phone, intake: int) -> None:
    son = give_phone(mother)
    apply_for(mother, intake, applicant_role="family")
    assert say(son, filed(mother)[0], "yes") == Begin("assent_done", given={"want": "yes"})
    (application,) = filed(mother)
    assert application.state is ApplicationState.SUBMITTED
    say(son, application, "yes")
    with mother.store.reading() as session:
        assert len(session.exec(select(Assent)).all()) == 1


def test_the_persons_no_goes_to_staff_and_not_to_the_mother(mother: Phone, intake: int) -> None:
    son = give_phone(mother)
    apply_for(mother, intake, applicant_role="family")
    say(son, filed(mother)[0], "no")
    say(son, filed(mother)[0], "no")
    (application,) = filed(mother)
    assert application.state is ApplicationState.AWAITING_ASSENT
    with mother.store.reading() as session:
        (ticket,) = session.exec(select(Ticket)).all()
        last = assents.latest_assent(session, application.id)
    assert (ticket.contact_id, ticket.about_application_id) == (None, application.id)
    assert last is not None
    assert last.answer is AssentAnswer.NO
    assert [kind for kind, *_ in promised(mother)] == ["assent_request"]


def test_a_no_after_a_yes_stops_the_application_again(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    say(mother, filed(mother)[0], "yes")  # on the only phone there is
    assert filed(mother)[0].state is ApplicationState.SUBMITTED
    say(mother, filed(mother)[0], "no")
    assert filed(mother)[0].state is ApplicationState.AWAITING_ASSENT


def test_a_mother_does_not_answer_for_a_son_who_has_a_phone(mother: Phone, intake: int) -> None:
    give_phone(mother)
    apply_for(mother, intake, applicant_role="family")
    assert say(mother, filed(mother)[0], "yes") == Begin("not_yours")
    assert filed(mother)[0].state is ApplicationState.AWAITING_ASSENT


def test_on_a_borrowed_phone_nothing_is_asked(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    about = {"application": filed(mother)[0].id}
    assert mother.finish("assent", about, who="other") is None
    mother.finish("assent", about, who="beside", want="yes")
    with mother.store.reading() as session:
        notes = [event.note for event in enrolment.events_of(session, filed(mother)[0].id)]
    assert notes == [None, "在帮忙的人的手机上答的，旁边的人念给他听的"]


def test_taking_back_is_asked_once_more_and_done_once(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    (application,) = filed(own)
    about = {"application": application.id}
    assert own.finish("withdraw", about, sure="no") is None
    assert filed(own)[0].state is ApplicationState.SUBMITTED
    begun = own.finish("withdraw", about, sure="yes")
    assert begun == Begin("withdrawn", given={"number": "2026-0001", "title": "盲人按摩班"})
    assert own.finish("withdraw", about, sure="yes") == begun
    assert events(own, application.id).count("withdrawn") == 1


def test_after_taking_back_one_may_apply_again(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    own.finish("withdraw", {"application": filed(own)[0].id}, sure="yes")
    assert apply_for(own, intake).given["number"] == "2026-0002"


def test_a_helper_takes_back_only_where_the_person_has_no_phone(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    about = {"application": filed(mother)[0].id}
    son = give_phone(mother)
    assert mother.finish("withdraw", about, sure="yes") == Begin("not_yours")
    begun = son.finish("withdraw", about, sure="yes")
    assert begun is not None
    assert begun.flow == "withdrawn"


def test_other_support_may_be_asked_for_later(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    (application,) = filed(own)
    about = {"application": application.id}
    assert own.finish("needs_change", about, needs_area=["see"], need_see=["braille"]) is None
    assert needs(own) == {"braille": ("", "")}
    assert filed(own)[0].answers["need_see"] == ["braille"]
    assert "needs_changed" in events(own, application.id)
    own.finish("withdraw", about, sure="yes")
    begun = own.finish("needs_change", about, need_see=["guide"])
    assert begun is not None
    assert begun.flow == "too_late"


def test_a_new_phone_number_reaches_what_is_open_and_the_person(mother: Phone, intake: int) -> None:
    son = give_phone(mother)
    apply_for(mother, intake, applicant_role="family")
    mother.finish("phone_change", {"person": mother.current}, phone="15400000009")
    mother.finish("phone_change", {"person": mother.current}, phone="15400000009")
    (application,) = filed(mother)
    assert application.answers["phone"] == "15400000009"
    assert events(mother, application.id).count("phone_changed") == 1
    told = [(contact, payload["act"]) for kind, contact, payload in promised(mother) if kind == "told"]
    assert told == [(son.contact_id, "phone")]
