"""What people answer: a question, an offered seat, a decision they do not agree with; once, and only who may."""

import pytest
from sqlmodel import col, select

from bot.applications import deciding
from dialogs.facts.applications import Applied, Asked, Offered
from dialogs.talk import Begin
from storage import people
from storage.applications import deciding as acts
from storage.base import Store
from storage.files import keep_file
from storage.keeping.copying import copy_person
from storage.tables import Application, ApplicationState, Person, Role, StoredFile
from storage.tickets.tables import Ticket
from tests.bot.conftest import NOW, Phone
from tests.bot.courses import make_course
from tests.bot.decided import (
    Clerk,
    accept,
    applicant,
    applicants,
    calls,
    decline,
    filed_by,
    letters,
    offered,
    put_on_list,
    state,
    told,
    useless,
)
from tests.bot.test_applying import apply_for, events, filed, give_phone
from tests.bot.test_facts import facts
from tests.databases import on_both

NOT_YOURS = Begin("not_yours")


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store, capacity=1)


@pytest.fixture
def wang(store: Store) -> Clerk:
    return Clerk(store)


def ask(clerk: Clerk, phone: Phone, words: str = "您能自己坐车来吗？") -> dict[str, int | str]:
    """Ask about somebody's application; give what the answer is about."""
    number = filed_by(phone).id
    asked = clerk.do(lambda s, m: deciding.ask(s, number, m, seen=None, now=NOW, words=words).id)
    return {"application": number, "question": asked}


def applied(phone: Phone) -> Applied:
    found = facts(phone, "application", about={"application": filed_by(phone).id})["application"]
    assert isinstance(found, Applied)
    return found


def test_the_first_of_two_answers_stays_and_staff_look_again(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake, channel="web")
    about = ask(wang, phone)
    assert applied(phone).asked == (Asked(int(about["question"]), "王芳", "您能自己坐车来吗？"),)
    begun = phone.finish("staff_answer", about, words="能，儿子送我")
    assert begun == Begin("answered", (("application", about["application"]),))
    again = phone.finish("staff_answer", about, words="不能")
    assert again == Begin("answer", tuple(about.items()))
    assert facts(phone, "staff_question", about=about)["staff_question"] == Asked(
        int(about["question"]), "王芳", "您能自己坐车来吗？", stands=False
    )
    with store.reading() as session:
        (asked,) = acts.questions_of(session, filed_by(phone).id)
    assert (asked.answer, state(phone)) == ("能，儿子送我", "submitted")
    assert calls(store) == [("question", True)]
    assert useless(store, letters(store)[0].id) != ""


def test_one_question_after_the_other(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)
    first, second = ask(wang, phone), ask(wang, phone, "要不要宿舍？")
    begun = phone.finish("staff_answer", first, words="unsaid")
    assert begun == Begin("answer", tuple(second.items()))
    with store.reading() as session:
        assert acts.questions_of(session, filed_by(phone).id)[0].answer == "（不想说）"


def test_a_strangers_answer_is_none(store: Store, intake: int, wang: Clerk) -> None:
    phone, stranger = applicant(store, intake), applicant(store, intake, "other")
    asked, seat = ask(wang, phone), offered(wang, stranger)
    assert stranger.finish("staff_answer", asked, words="能") == NOT_YOURS
    assert phone.finish("offer_answer", seat, come="no") == NOT_YOURS
    assert (
        phone.finish("offer_answer", {**seat, "application": asked["application"]}, come="yes") == NOT_YOURS
    )
    assert phone.finish("appeal", {"application": seat["application"]}, words="不对") == NOT_YOURS
    assert facts(phone, "offer", about=seat)["offer"] == Offered(0, stands=False, until=phone.now)
    assert state(stranger) == "offered"


@on_both
def test_a_seat_is_taken_once_and_said_kindly_the_second_time(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake, channel="web")
    about = offered(wang, phone)
    found = facts(phone, "offer", about=about)["offer"]
    assert isinstance(found, Offered)
    assert (found.stands, found.until.isoformat()) == (True, "2026-11-23T10:00:00+08:00")
    begun = phone.finish("offer_answer", about, come="yes")
    assert begun == Begin("offer_answered", (("application", about["application"]),), {"come": "yes"})
    assert phone.finish("offer_answer", about, come="no") == Begin("offer", tuple(about.items()))
    assert state(phone) == "accepted"
    assert calls(store)[-1] == ("offer", True), "nobody has to phone any more"


def test_who_cannot_this_time_waits_on_and_the_next_is_asked(store: Store, intake: int, wang: Clerk) -> None:
    one, second = applicants(store, intake, 2)
    put_on_list(wang, filed_by(second).id)
    one.finish("offer_answer", offered(wang, one), come="later")
    assert [state(one), state(second)] == ["waitlisted", "offered"]
    assert applied(one).place_in_line == 1
    second.finish("offer_answer", {"application": filed_by(second).id}, come="later")
    assert [state(one), state(second)] == ["offered", "waitlisted"], "asked once more, by themselves"


@pytest.fixture
def helped(mother: Phone, intake: int) -> Phone:
    """A son with a phone of his own, for whom his mother applied; he has said yes."""
    apply_for(mother, intake, applicant_role="family")
    son = give_phone(mother)
    with mother.store.writing() as session:
        session.get_one(Application, filed(mother)[0].id).state = ApplicationState.SUBMITTED
    return son


def test_a_helper_does_what_she_may_and_he_is_told(mother: Phone, helped: Phone, wang: Clerk) -> None:
    about = offered(wang, mother)
    assert mother.finish("offer_answer", about, come="no") == NOT_YOURS, "leaving was not ticked"
    assert not applied(mother).can_withdraw
    mother.finish("offer_answer", about, come="yes")
    assert state(mother) == "accepted"
    assert told(mother.store, "told") == [("told", helped.contact_id)]
    with mother.store.writing() as session:
        relation = people.relation_of(session, mother.contact_id, helped.current, mother.now)
        assert relation is not None
        assert relation.role is not Role.SELF
        relation.powers = ["see"]
        session.add(relation)
    asked = ask_again(wang, mother)
    assert mother.finish("staff_answer", asked, words="能") == NOT_YOURS
    assert applied(mother).asked == ()


def ask_again(clerk: Clerk, phone: Phone) -> dict[str, int | str]:
    with phone.store.writing() as session:
        session.get_one(Application, filed_by(phone).id).state = ApplicationState.SUBMITTED
    return ask(clerk, phone)


def test_reasons_and_notes_are_for_the_person(mother: Phone, helped: Phone, wang: Clerk) -> None:
    decline(wang, filed_by(mother).id, "这个班没有宿舍")
    about = {"application": filed_by(mother).id}
    own = facts(helped, "application", about=about)["application"]
    assert isinstance(own, Applied)
    assert (own.reason, applied(mother).reason) == ("这个班没有宿舍", "")


def test_who_does_not_agree_gets_a_person_and_a_day(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)
    decline(wang, filed_by(phone).id)
    about = {"application": filed_by(phone).id}
    begun = phone.finish("appeal", about, words="我住得很近")
    assert begun is not None
    assert (begun.flow, begun.given) == ("appealed", {"number": "T2026-0001", "due": "2026-11-27"})
    phone.finish("appeal", about, words="我住得很近")
    with store.reading() as session:
        ticket = session.exec(select(Ticket)).one()
    assert (ticket.kind, ticket.about_application_id) == ("appeal", about["application"])
    assert "我住得很近" in ticket.words
    phone.finish("appeal", about, words="file:a-voice")
    with store.reading() as session:
        spoken = session.exec(select(Ticket).order_by(col(Ticket.id))).all()[-1]
    assert spoken.words == "file:a-voice", "a prefix would hide the voice from staff"
    assert "appealed" in events(phone, filed_by(phone).id)


@on_both
def test_the_place_in_the_line_is_the_true_one(store: Store, intake: int, wang: Clerk) -> None:
    phones = applicants(store, intake, 3)
    for phone in phones:
        put_on_list(wang, filed_by(phone).id)
    assert [applied(phone).place_in_line for phone in phones] == [1, 2, 3]
    phones[0].finish("withdraw", {"application": filed_by(phones[0]).id}, sure="yes")
    assert [applied(phone).place_in_line for phone in phones[1:]] == [1, 2]


def test_a_course_one_goes_to_already_is_pointed_out(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake)
    about = offered(wang, phone)
    apply_for(phone, make_course(store, "P002", title="面点班"))
    assert facts(phone, "offer", about=about)["offer"].clashes == ()  # type: ignore[attr-defined]  # an Offered
    accept(wang, filed_by(phone).id)
    (clash,) = facts(phone, "offer", about=about)["offer"].clashes  # type: ignore[attr-defined]  # an Offered
    assert clash.title == "面点班"


def test_what_staff_asked_and_offered_is_in_ones_own_copy(store: Store, intake: int, wang: Clerk) -> None:
    phone = applicant(store, intake, channel="web")
    phone.finish("staff_answer", ask(wang, phone), words="能，儿子送我")
    offered(wang, phone)
    with store.writing() as session:
        relation = people.relation_of(session, phone.contact_id, phone.current, phone.now)
        assert relation is not None
        copy = copy_person(session, session.get_one(Person, phone.current), relation, phone.now)
    records = copy["records"]
    assert [row["answer"] for row in records["staff_question"]] == ["能，儿子送我"]
    assert [row["state"] for row in records["offer"]] == ["open"]
    assert {row["why"] for row in records["call"]} == {"question", "decided", "offer"}


def test_a_spoken_answer_is_erased_with_everything_else(store: Store, intake: int, wang: Clerk) -> None:
    phone, mother = applicant(store, intake), Phone(store, "mother")
    about = ask(wang, phone)
    with store.writing() as session:
        keep_file(
            session, mother.contact_id, "v1", kind="voice", mime="audio/ogg", name="声音", body=b"x", now=NOW
        )
    phone.finish("staff_answer", about, words="file:v1")
    phone.finish("erase", {"person": phone.current}, sure="yes")
    with store.reading() as session:
        assert session.exec(select(StoredFile.key)).all() == []
