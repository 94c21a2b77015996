from collections.abc import Mapping
from datetime import date

import pytest

from bot.facts import FIRST, read_facts
from bot.further_facts import FURTHER
from dialogs.book import Book
from dialogs.facts.applications import Applied, Clash
from dialogs.facts.people import Draft, Me, Office, Person
from dialogs.kinds import Text
from dialogs.model import Flow
from dialogs.state import Frame, State
from dialogs.talk import Begin
from dialogs.words import Voice
from storage import people
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.catalogue.tables import Intake
from storage.tables import Application, ApplicationState, Role
from tests.bot.conftest import Phone
from tests.bot.courses import make_course
from tests.bot.test_applying import ANSWERS, CERT, apply_for, filed, give_phone
from tests.databases import on_both

OFFICE = Office("示例服务台", "0371-00000001", "15400009001")
BOOK = Book(
    [
        Flow("home", Text("do", "做什么？")),
        Flow("apply", Text("name", "叫什么名字？"), draft=True, title="报名"),
        Flow("wish", Text("wish", "想学什么？"), draft=True, title="学习的愿望"),
    ],
    {
        "plain": Voice("plain", lambda words: words),
        "easy": Voice("easy", lambda words: f"易读的{words}"),
        "en": Voice("en", lambda words: words),
    },
)


def facts(
    phone: Phone, *names: str, about: Mapping[str, int | str] | None = None, state: State | None = None
) -> dict[str, object]:
    shelf = Shelf()
    with phone.store.reading() as session:
        shelf.rebuild(session, phone.now.date())
        return read_facts(
            session,
            names,
            contact_id=phone.contact_id,
            about=about or {},
            shelf=shelf,
            office=OFFICE,
            now=phone.now,
            state=state or State(),
            book=BOOK,
        )


def person_in(found: dict[str, object]) -> Person:
    person = found["person"]
    assert isinstance(person, Person)
    return person


def applications_in(found: dict[str, object], name: str = "applications") -> tuple[Applied, ...]:
    applications = found[name]
    assert isinstance(applications, tuple)
    return applications


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store)


@pytest.fixture
def own(phone: Phone) -> Phone:
    phone.finish("newcomer", role="self")
    return phone


def test_a_visitor_who_has_said_nothing_is_new(store: Store) -> None:
    with store.reading() as session:
        found = read_facts(
            session,
            ("person", "tickets", "wishes", "applications"),
            contact_id=None,
            about={},
            shelf=Shelf(),
            office=OFFICE,
            now=Phone(store).now,
            state=State(),
            book=BOOK,
        )
    assert found["me"] == Me()
    assert found["office"] == OFFICE
    assert found["for_whom"] == ""
    assert found["person"] == Person(0)
    assert (found["tickets"], found["wishes"], found["applications"]) == ((), (), ())


def test_a_fact_nobody_knows_is_a_mistake(phone: Phone) -> None:
    with pytest.raises(ValueError, match="weather"):
        facts(phone, "weather")


def test_me_says_for_whom_one_may_speak(mother: Phone) -> None:
    me = facts(mother)["me"]
    assert isinstance(me, Me)
    assert (me.new, me.role, me.current) == (False, "family", mother.current)
    assert [(ward.name, ward.role) for ward in me.people] == [("小明", "family")]


def test_for_whom_is_said_where_it_is_somebody_else_or_one_of_several(own: Phone, mother: Phone) -> None:
    assert facts(own)["for_whom"] == ""
    assert facts(mother)["for_whom"] == "小明"
    son = mother.current
    mother.finish("whose", person="self")
    assert facts(mother)["for_whom"] == "您自己"
    assert facts(mother, about={"person": son})["for_whom"] == "小明"


def test_a_helper_whose_time_is_over_knows_nothing_any_more(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    about = {"application": filed(mother)[0].id, "person": mother.current}
    mother.later(days=400)
    found = facts(mother, "person", "application", "applications", about=about)
    me = found["me"]
    assert isinstance(me, Me)
    assert (me.people, me.current) == ((), None)
    assert found["person"] == Person(0)
    assert found["applications"] == ()
    assert isinstance(found["application"], Applied)
    assert found["application"].number == ""


def test_what_was_said_once_is_known(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    person = person_in(facts(own, "person"))
    assert (person.name, person.phone, person.certificate, person.category) == (
        "王小明",
        "15400000001",
        CERT,
        "4",
    )
    assert person.profile["education"] == "junior"
    assert person.consents == {"sensitive": True, "school": True, "authority": False}


def test_support_is_suggested_only_from_what_is_known_and_agreed_to(own: Phone, intake: int) -> None:
    assert facts(own, "suggested")["suggested"] == ()
    apply_for(own, intake)
    assert "wheelchair" in str(facts(own, "suggested")["suggested"])
    own.finish("consent_change", {"person": own.current}, purpose="sensitive", give="no")
    assert facts(own, "suggested")["suggested"] == ()


def test_cards_come_from_the_shelf_and_seats_from_now(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    with own.store.writing() as session:
        application = session.get_one(Application, filed(own)[0].id)
        application.state = ApplicationState.ACCEPTED
        session.add(application)
    found = facts(own, "project", "intake", "seats", about={"intake": intake})
    assert getattr(found["project"], "title", "") == "盲人按摩班"
    assert getattr(found["intake"], "id", 0) == intake
    assert found["seats"] == {intake: 29}
    by_name = facts(own, "project", "catalogue", about={"project": "P001"})
    assert by_name["project"] == found["project"]


def test_a_course_that_does_not_exist_is_a_mistake(own: Phone, intake: int) -> None:
    assert intake
    with pytest.raises(LookupError, match="P404"):
        facts(own, "project", about={"project": "P404"})
    with pytest.raises(LookupError, match="404"):
        facts(own, "intake", about={"intake": 404})


def test_another_course_on_the_same_days_is_noticed(own: Phone, intake: int) -> None:
    other = make_course(own.store, "P002", title="面点班", starts=date(2026, 12, 25), ends=date(2026, 12, 30))
    after = make_course(own.store, "P003", starts=date(2026, 12, 26), ends=date(2026, 12, 30))
    assert facts(own, "clash", about={"intake": other})["clash"] == ()
    apply_for(own, intake)
    clash = Clash("盲人按摩班", date(2026, 12, 7), date(2026, 12, 25))
    assert facts(own, "clash", about={"intake": other})["clash"] == (clash,)
    assert facts(own, "clash", about={"intake": after})["clash"] == ()
    assert facts(own, "clash", about={"intake": intake})["clash"] == ()


@on_both
def test_an_application_tells_its_state_and_support(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    application_id = filed(own)[0].id
    (listed,) = applications_in(facts(own, "applications"))
    one = facts(own, "application", about={"application": application_id})["application"]
    assert one == listed
    assert (listed.number, listed.state, listed.title, listed.place) == (
        "2026-0001",
        "submitted",
        "盲人按摩班",
        "示例路1号",
    )
    assert ("cart", "", "") in listed.needs
    assert listed.can_withdraw
    assert listed.answers["education"] == ANSWERS["education"]


def test_reasons_are_for_the_person_and_not_for_a_helper(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    son = give_phone(mother)
    with mother.store.writing() as session:
        application = session.get_one(Application, filed(mother)[0].id)
        application.state, application.state_reason = ApplicationState.DECLINED, "名额满了"
        session.add(application)
    (hers,) = applications_in(facts(mother, "applications"))
    (his,) = applications_in(facts(son, "applications"))
    assert (hers.reason, his.reason) == ("", "名额满了")
    assert hers.state == "declined"


def test_what_a_person_files_alone_a_helper_without_the_power_does_not_see(
    mother: Phone, intake: int
) -> None:
    son = give_phone(mother)
    apply_for(son, intake)
    assert applications_in(facts(mother, "applications")) == ()
    with mother.store.writing() as session:
        relation = people.relation_of(session, mother.contact_id, mother.current, mother.now)
        assert relation is not None
        relation.powers = ["fill", "see"]
        session.add(relation)
    assert len(applications_in(facts(mother, "applications"))) == 1


def test_only_the_person_is_asked_whether_they_want_to_go(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    assert applications_in(facts(mother, "asked_to_assent"), "asked_to_assent") == ()
    son = give_phone(mother)
    assert len(applications_in(facts(son, "asked_to_assent"), "asked_to_assent")) == 1
    son.finish("assent", {"application": filed(mother)[0].id}, want="yes")
    assert facts(son, "asked_to_assent")["asked_to_assent"] == ()


def test_drafts_are_named_by_what_they_are_and_by_their_course(own: Phone, intake: int) -> None:
    about = (("person", own.current), ("intake", intake))
    state = State(
        frames=(Frame("home", answers={"do": "browse"}), Frame("wish", answers={"wish": "面点"})),
        waiting=(
            Frame("apply", about, answers={"name": "小明"}, touched="2026-11-20"),
            Frame("apply", (("intake", intake),)),
        ),
    )
    assert facts(own, "drafts", state=state)["drafts"] == (
        Draft("wish", (), "学习的愿望", ""),
        Draft("apply", about, "报名：盲人按摩班", "2026-11-20"),
    )
    own.finish("reading", reading="easy")
    named = facts(own, "drafts", state=state)["drafts"]
    assert isinstance(named, tuple)
    assert named[1].title == "易读的报名：学按摩"


def test_wishes_and_tickets_are_ones_own(own: Phone, mother: Phone) -> None:
    own.finish("wish", {"person": own.current}, wish="面点", how_far="city", free_time=["weekend"])
    begun = own.finish("ticket", words="想问补贴", reach="chat", how="call_me")
    assert begun == Begin("ticket_made", given={"number": "T2026-0001", "due": "2026-11-24"})
    found = facts(own, "wishes", "tickets", "services")
    assert [wish.wish for wish in found["wishes"]] == ["面点"]  # type: ignore[attr-defined]
    assert [ticket.words for ticket in found["tickets"]] == ["想问补贴"]  # type: ignore[attr-defined]
    assert ("braille", "see") in found["services"]  # type: ignore[operator]
    other = facts(mother, "wishes", "tickets")
    assert (other["wishes"], other["tickets"]) == ((), ())


@on_both
def test_every_reader_answers(own: Phone, intake: int) -> None:
    own.finish("ward", relation="family", name="小明")
    every = {*FIRST, *FURTHER}
    assert set(facts(own, *every, about={"intake": intake})) == every
    with own.store.reading() as session:
        roles = [relation.role for _, relation in people.people_of(session, own.contact_id, own.now)]
    assert roles == [Role.SELF, Role.FAMILY]


def test_an_intake_that_is_gone_from_the_listing_is_still_known(own: Phone, intake: int) -> None:
    with own.store.writing() as session:
        run = session.get_one(Intake, intake)
        run.status = "withdrawn"
        session.add(run)
    found = facts(own, "intake", about={"intake": intake})["intake"]
    assert getattr(found, "status", "") == "withdrawn"
