"""Asking on a phone of their own, and the parents of those of 14 to 17."""

import re
from datetime import datetime

import pytest
from sqlmodel import col, select

from bot.applications.asked_elsewhere import Asked, Place, look_at, open_link
from bot.channels.web.link_words import (
    ASSENT,
    NOT_HIS_PHONE,
    NOT_PARENTS_PHONE,
    PARENT,
    REPLACES,
    words_for,
)
from bot.channels.web.visitors import new_visitor
from dialogs.model import Json
from dialogs.talk import Begin
from storage import gotokens, people
from storage.applications import assents, enrolment
from storage.base import Store
from storage.joining import join
from storage.tables import Account, Application, ApplicationState, Audit, Contact, Reading, Relation, Role
from storage.tickets.tables import Ticket
from tests.bot.conftest import NOW, Phone
from tests.bot.courses import make_course
from tests.bot.test_applying import ANSWERS, apply_for, events, filed, give_phone, promised
from tests.databases import on_both

SIXTEEN = "99000120100612001943"


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store)


@pytest.fixture
def girl(phone: Phone) -> Phone:
    """The phone of somebody of 16."""
    phone.finish("newcomer", role="self")
    return phone


def ask_by_link(phone: Phone, application: Application, record: str = "assent_link") -> str:
    """Make a link; give its secret."""
    begun = phone.finish(record, {"application": application.id})
    assert begun is not None
    assert begun.flow == f"{record}_ready"
    found = re.fullmatch(r"/go/([A-Za-z0-9_-]{16,})", str(begun.given["link"]))
    assert found is not None
    return found[1]


def opened(
    store: Store, secret: str, now: datetime, key: str | None = None, chosen: str = "self"
) -> Asked | None:
    with store.writing() as session:
        token = gotokens.find_token(session, secret, now)
        place = Place("web", key or "", new_visitor())
        return None if token is None else open_link(session, token, secret, place, chosen, now)


def page(store: Store, secret: str, now: datetime, key: str | None = None) -> str:
    """The heading of a link's page; "" where it is of no use."""
    with store.reading() as session:
        token = gotokens.find_token(session, secret, now)
        link = None if token is None else look_at(session, token, Place("web", key or "", ""), now)
        if token is None or link is None:
            return ""
        words = words_for(link, token.purpose)
        return "\n".join((words.heading, *words.lines))


def phone_of(store: Store, asked: Asked | None, now: datetime) -> Phone:
    assert asked is not None
    return Phone(store, asked.key, now=now)


def waits_for(phone: Phone) -> list[tuple[str, ...]]:
    with phone.store.reading() as session:
        every = session.exec(select(Application).order_by(col(Application.id))).all()
        return [tuple(str(whose) for whose in assents.missing(session, each, phone.now)) for each in every]


def states(phone: Phone) -> list[ApplicationState]:
    return [each.state for each in filed(phone)]


def apply_at_sixteen(phone: Phone, intake: int, **answers: Json) -> Application:
    apply_for(phone, intake, cert_no=SIXTEEN, **answers)
    return filed(phone)[-1]


def test_a_link_makes_another_phone_his_own_and_he_is_asked_there(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    (application,) = filed(mother)
    secret = ask_by_link(mother, application)
    asked = opened(mother.store, secret, mother.now)
    assert asked is not None
    about = (("application", application.id),)
    assert asked.begin == Begin("assent", about, {"who": "self"})
    son = phone_of(mother.store, asked, mother.now)
    assert son.contact_id != mother.contact_id
    assert (son.contact.reading, son.current) == (Reading.EASY, application.person_id)
    with mother.store.reading() as session:
        relation = people.relation_of(session, son.contact_id, son.current, son.now)
        assert relation is not None
        assert (relation.role, relation.powers) == (Role.SELF, list(people.ALL_POWERS))
        assert people.own_contacts(session, son.current, son.now) == [son.contact_id]
        audit = session.exec(select(Audit).order_by(col(Audit.id))).all()
    assert [(each.actor, each.action, each.subject_id) for each in audit] == [
        (f"contact:{mother.contact_id}", "assent_link_made", application.id),
        (f"contact:{son.contact_id}", "assent_link_opened", application.id),
    ]
    assert son.finish("assent", dict(about), who="self", want="yes") == Begin(
        "assent_done", given={"want": "yes"}
    )
    assert states(mother) == [ApplicationState.SUBMITTED]
    ((kind, contact_id, payload),) = promised(mother)
    assert (kind, contact_id, payload["whose"]) == ("word_given", mother.contact_id, "person")


def test_from_then_on_he_is_asked_and_told_on_that_phone(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    secret = ask_by_link(mother, filed(mother)[0])
    son = phone_of(mother.store, opened(mother.store, secret, mother.now), mother.now)
    apply_for(mother, make_course(mother.store, "P002"), applicant_role="family")
    assert [(kind, contact) for kind, contact, _ in promised(mother)] == [("assent_request", son.contact_id)]
    second = filed(mother)[1]
    begun = mother.finish("assent_link", {"application": second.id})
    assert begun == Begin("asked_there", given={"name": "王小明"})
    mother.finish("assent_link", {"application": second.id})
    assert len(promised(mother)) == 2, "once more, and once a day at the most"


def test_his_no_goes_to_staff_first_and_his_mother_is_not_told(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    (application,) = filed(mother)
    secret = ask_by_link(mother, application)
    son = phone_of(mother.store, opened(mother.store, secret, mother.now), mother.now)
    son.finish("assent", {"application": application.id}, who="self", want="no")
    assert waits_for(mother) == [("person",)]
    assert promised(mother) == []
    with mother.store.reading() as session:
        (ticket,) = session.exec(select(Ticket)).all()
    assert (ticket.contact_id, ticket.about_application_id) == (None, application.id)


@on_both
def test_a_link_is_used_once_and_a_new_one_ends_the_older(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    (application,) = filed(mother)
    older, newer = ask_by_link(mother, application), ask_by_link(mother, application)
    assert opened(mother.store, older, mother.now) is None
    assert opened(mother.store, newer, mother.now) is not None
    assert opened(mother.store, newer, mother.now) is None
    with mother.store.reading() as session:
        assert len(session.exec(select(Relation).where(Relation.role == Role.SELF)).all()) == 1


def test_a_link_is_good_until_the_end_of_the_third_day_and_the_screen_says_so(
    mother: Phone, intake: int
) -> None:
    apply_for(mother, intake, applicant_role="family")
    begun = mother.finish("assent_link", {"application": filed(mother)[0].id})
    assert begun is not None
    assert begun.given["until"] == "2026-11-24"
    secret = str(begun.given["link"]).removeprefix("/go/")
    last_minute = mother.now.replace(day=24, hour=23, minute=59)
    assert page(mother.store, secret, last_minute)
    assert page(mother.store, secret, last_minute.replace(day=25, hour=0, minute=0)) == ""


def test_the_phone_of_who_helps_stays_theirs_and_the_link_is_not_used_up(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    (application,) = filed(mother)
    secret = ask_by_link(mother, application)
    assert NOT_HIS_PHONE.lines[0] in page(mother.store, secret, mother.now, mother.key)
    asked = opened(mother.store, secret, mother.now, mother.key, "here")
    assert asked == Asked(mother.key, Begin("assent", (("application", application.id),)))
    father = Phone(mother.store, "father")
    with mother.store.writing() as session:
        session.add(
            Relation(
                contact_id=father.contact_id,
                person_id=application.person_id,
                role=Role.FAMILY,
                granted_by="test",
                started_at=father.now,
            )
        )
    assert NOT_HIS_PHONE.lines[0] in page(mother.store, secret, mother.now, father.key)
    assert opened(mother.store, secret, mother.now, None) is not None


@on_both
def test_links_of_several_people_with_one_helper_never_cross(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    mother.finish("ward", name="小红", relation="family")
    apply_for(mother, intake, applicant_role="family", name="王小红", cert_no="later")
    his, hers = filed(mother)
    links = [ask_by_link(mother, each) for each in (his, hers)]
    now = mother.now
    people_there = [phone_of(mother.store, opened(mother.store, each, now), now).current for each in links]
    assert people_there == [his.person_id, hers.person_id]
    assert his.person_id != hers.person_id


def test_two_links_of_one_person_open_one_phone_and_no_second_one(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    apply_for(mother, make_course(mother.store, "P002"), applicant_role="family")
    first, second = (ask_by_link(mother, each) for each in filed(mother))
    asked = opened(mother.store, first, mother.now)
    assert asked is not None
    assert page(mother.store, second, mother.now) == "", "what he says there stays his"
    assert opened(mother.store, second, mother.now) is None
    assert ASSENT.heading in page(mother.store, second, mother.now, asked.key)
    again = opened(mother.store, second, mother.now, asked.key)
    assert again is not None
    assert again.key == asked.key


def test_somebody_elses_phone_is_warned_before_it_becomes_his(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    secret = ask_by_link(mother, filed(mother)[0])
    other = Phone(mother.store, "other")
    assert REPLACES in page(mother.store, secret, mother.now, other.key)
    assert REPLACES not in page(mother.store, secret, mother.now)
    asked = opened(mother.store, secret, mother.now, other.key)
    assert asked is not None
    assert asked.key != other.key
    with mother.store.reading() as session:
        found = people.find_contact(session, "web", other.key)
    assert found is not None
    assert found.id == other.contact_id


@pytest.mark.parametrize("record", ["assent_link", "parent_link"])
def test_links_made_before_a_helper_went_on_elsewhere_work_on(
    mother: Phone, intake: int, record: str
) -> None:
    application = apply_at_sixteen(
        mother, intake, applicant_role="family", helper_relation="sibling", parent_how="later"
    )
    secret = ask_by_link(mother, application, record)
    tablet = Phone(mother.store, "mothers-tablet")
    tablet.finish("newcomer", role="family", relative="小红")
    with mother.store.writing() as session:
        here, there = (session.get_one(Contact, phone.contact_id) for phone in (tablet, mother))
        join(session, here, there)
    with mother.store.reading() as session:
        granted = {each.granted_by for each in session.exec(select(Relation)).all()}
    assert granted == {f"contact:{tablet.contact_id}"}
    assert page(mother.store, secret, NOW) != ""
    assert opened(mother.store, secret, NOW) is not None


def test_who_may_not_speak_for_him_makes_no_link_and_theirs_opens_nothing(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    (application,) = filed(mother)
    stranger = Phone(mother.store, "stranger")
    assert stranger.finish("assent_link", {"application": application.id}) == Begin("not_yours")
    secret = ask_by_link(mother, application)
    with mother.store.writing() as session:
        relation = people.relation_of(session, mother.contact_id, application.person_id, mother.now)
        assert relation is not None
        people.revoke(session, relation, mother.now)
    assert mother.finish("assent_link", {"application": application.id}) == Begin("not_yours")
    assert page(mother.store, secret, mother.now) == ""
    assert opened(mother.store, secret, mother.now) is None


def test_a_link_about_what_was_taken_back_opens_nothing(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    (application,) = filed(mother)
    secret = ask_by_link(mother, application)
    mother.finish("withdraw", {"application": application.id}, sure="yes")
    assert opened(mother.store, secret, mother.now) is None


def test_what_waits_for_nobody_has_no_link(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    (application,) = filed(mother)
    about = {"application": application.id}
    mother.finish("assent", about, who="beside", want="yes")
    assert mother.finish("assent_link", about) == Begin("application", (("application", application.id),))
    assert mother.finish("parent_link", about) == Begin("application", (("application", application.id),))


def test_who_is_sixteen_waits_for_a_parent(girl: Phone, intake: int) -> None:
    apply_at_sixteen(girl, intake, parent_how="phone", parent_name="王大山", parent_phone="15400000007")
    assert waits_for(girl) == [("parent",)]
    (application,) = filed(girl)
    assert application.applicant_role is Role.SELF
    assert events(girl, application.id) == ["filed", "assented", "waits_for_parent"]
    apply_at_sixteen(girl, intake, parent_how="phone", parent_name="王大山", parent_phone="15400000007")
    assert events(girl, application.id) == ["filed", "assented", "waits_for_parent"]
    assert promised(girl) == []


def test_a_parent_agrees_on_a_phone_of_their_own(girl: Phone, intake: int) -> None:
    application = apply_at_sixteen(girl, intake, parent_how="later")
    secret = ask_by_link(girl, application, "parent_link")
    assert PARENT.heading in page(girl.store, secret, girl.now)
    asked = opened(girl.store, secret, girl.now, chosen="parent")
    assert asked is not None
    about = {"application": application.id}
    assert asked.begin == Begin("parent_word", (("application", application.id),), {"who": "parent"})
    father = phone_of(girl.store, asked, girl.now)
    assert father.contact_id != girl.contact_id
    assert father.finish("assent", about, who="self", want="yes") == Begin("not_yours")
    assert father.finish("withdraw", about, sure="yes") == Begin("not_yours")
    father.finish("parent_word", about, who="parent", agree="yes")
    assert states(girl) == [ApplicationState.SUBMITTED]
    ((kind, contact_id, payload),) = promised(girl)
    assert (kind, contact_id, payload["whose"]) == ("word_given", girl.contact_id, "parent")


def test_a_parent_who_was_here_before_goes_on_as_who_they_are(girl: Phone, intake: int) -> None:
    application = apply_at_sixteen(girl, intake, parent_how="later")
    father = Phone(girl.store, "father")
    father.finish("newcomer", role="self")
    himself = father.current
    secret = ask_by_link(girl, application, "parent_link")
    asked = opened(girl.store, secret, girl.now, father.key, "parent")
    assert asked is not None
    assert (asked.key, father.current) == (father.key, himself)
    father.finish("parent_word", {"application": application.id}, who="parent", agree="yes")
    assert states(girl) == [ApplicationState.SUBMITTED]


def test_a_parents_no_stops_it_and_goes_to_staff(girl: Phone, intake: int) -> None:
    application = apply_at_sixteen(girl, intake, parent_how="later")
    secret = ask_by_link(girl, application, "parent_link")
    father = phone_of(girl.store, opened(girl.store, secret, girl.now, chosen="parent"), girl.now)
    about = {"application": application.id}
    begun = father.finish("parent_word", about, who="parent", agree="no")
    assert begun == Begin("parent_word_done", given={"agree": "no"})
    assert waits_for(girl) == [("parent",)]
    assert promised(girl) == []
    with girl.store.reading() as session:
        (ticket,) = session.exec(select(Ticket)).all()
    assert (ticket.contact_id, ticket.about_application_id) == (None, application.id)
    father.finish("parent_word", about, who="parent", agree="yes")
    assert states(girl) == [ApplicationState.SUBMITTED]
    father.finish("parent_word", about, who="parent", agree="no")
    assert waits_for(girl) == [("parent",)], "a no after a yes stops it again"


def test_the_phone_on_which_was_applied_does_not_become_the_parents(girl: Phone, intake: int) -> None:
    application = apply_at_sixteen(girl, intake, parent_how="later")
    secret = ask_by_link(girl, application, "parent_link")
    assert NOT_PARENTS_PHONE.lines[0] in page(girl.store, secret, girl.now, girl.key)
    asked = opened(girl.store, secret, girl.now, girl.key, "here")
    assert asked == Asked(girl.key, Begin("parent_word", (("application", application.id),)))
    girl.finish("parent_word", {"application": application.id}, who="parent", agree="yes")
    with girl.store.reading() as session:
        last = assents.latest_assent(session, application.id, assents.Whose.PARENT)
        notes = [
            (event.kind, event.note)
            for event in enrolment.events_of(session, application.id)
            if event.kind == "parent_agreed"
        ]
    assert last is not None
    assert notes == [("parent_agreed", "在本人的手机上答的")]


def test_a_parent_beside_who_applies_is_asked_in_the_same_talk(girl: Phone, intake: int) -> None:
    apply_at_sixteen(girl, intake, parent_how="beside", parent_name="王大山", parent_agreed="yes")
    assert states(girl) == [ApplicationState.SUBMITTED]
    assert events(girl, filed(girl)[0].id) == ["filed", "assented", "parent_agreed"]


def test_a_parents_no_beside_who_applies_files_nothing_and_tells_staff(girl: Phone, intake: int) -> None:
    about = {"person": girl.current, "intake": intake}
    given: dict[str, Json] = {**ANSWERS, "cert_no": SIXTEEN, "parent_how": "beside", "parent_agreed": "no"}
    begun = girl.finish("application", about, **given)
    assert begun is not None
    assert begun.flow == "ticket_made"
    assert filed(girl) == []
    with girl.store.reading() as session:
        assert session.exec(select(Ticket)).one().person_id == girl.current


def test_a_parent_who_applies_agrees_and_he_is_asked_himself(mother: Phone, intake: int) -> None:
    application = apply_at_sixteen(mother, intake, applicant_role="family", helper_relation="parent")
    assert waits_for(mother) == [("person",)]
    mother.finish("assent", {"application": application.id}, who="beside", want="yes")
    assert states(mother) == [ApplicationState.SUBMITTED]


def test_where_a_sister_applies_both_words_are_needed(mother: Phone, intake: int) -> None:
    application = apply_at_sixteen(
        mother, intake, applicant_role="family", helper_relation="sibling", parent_how="later"
    )
    assert waits_for(mother) == [("person", "parent")]
    about = {"application": application.id}
    mother.finish("parent_word", about, who="parent", agree="yes")
    assert waits_for(mother) == [("person",)]
    mother.finish("assent", about, who="beside", want="yes")
    assert states(mother) == [ApplicationState.SUBMITTED]


def test_who_has_a_phone_is_asked_there_and_a_parent_all_the_same(mother: Phone, intake: int) -> None:
    son = give_phone(mother)
    application = apply_at_sixteen(
        mother, intake, applicant_role="family", helper_relation="sibling", parent_how="later"
    )
    about = {"application": application.id}
    assert mother.finish("parent_word", about, who="parent", agree="yes") == Begin("not_yours")
    son.finish("assent", about, who="self", want="yes")
    assert waits_for(mother) == [("parent",)]


def test_another_age_may_need_a_parent_or_need_none_any_more(girl: Phone, intake: int) -> None:
    apply_for(girl, intake, cert_no="later")
    assert states(girl) == [ApplicationState.SUBMITTED]
    girl.finish("correct", {"person": girl.current}, field="cert_no", value=SIXTEEN)
    assert waits_for(girl) == [("parent",)]
    girl.finish("correct", {"person": girl.current}, field="cert_no", value="99000119900307001X43")
    assert states(girl) == [ApplicationState.SUBMITTED]


def test_nobody_is_left_over_where_a_parents_link_is_made_anew(girl: Phone, intake: int) -> None:
    application = apply_at_sixteen(girl, intake, parent_how="later")
    older, newer = (ask_by_link(girl, application, "parent_link") for _ in range(2))
    assert opened(girl.store, older, girl.now) is None
    assert opened(girl.store, newer, girl.now, chosen="parent") is not None
    with girl.store.reading() as session:
        assert len(session.exec(select(Contact)).all()) == 2
        assert len(session.exec(select(Account)).all()) == 2
