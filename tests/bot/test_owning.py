import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from bot.forgetting import without_people
from dialogs.state import Frame, State
from dialogs.talk import Begin
from storage import consents, conversations, draft_reminders, gotokens, outbox, people
from storage.applications import enrolment
from storage.base import Store
from storage.keeping.copying import copy_person
from storage.keeping.every_table import metadata
from storage.tables import (
    ApplicationState,
    Audit,
    Channel,
    ContactRole,
    FileKind,
    GoToken,
    Message,
    Need,
    Outbox,
    Person,
    Purpose,
    Relation,
    Reminder,
    StoredFile,
    Wish,
)
from storage.tickets.tables import Ticket
from tests.bot.conftest import Phone
from tests.bot.courses import make_course
from tests.bot.test_applying import CERT, apply_for, events, filed, give_phone
from tests.databases import on_both


@pytest.fixture
def intake(store: Store) -> int:
    return make_course(store)


@pytest.fixture
def own(phone: Phone) -> Phone:
    phone.finish("newcomer", role="self")
    return phone


def person_of(phone: Phone) -> Person:
    with phone.store.reading() as session:
        return session.get_one(Person, phone.current)


def count(phone: Phone, table: type[SQLModel]) -> int:
    with phone.store.reading() as session:
        return len(session.exec(select(table)).all())


def of_nobody(phone: Phone) -> bool:
    """Whether no reminder is left but those of staff, which name a ticket by its number."""
    with phone.store.reading() as session:
        left = session.exec(select(Reminder)).all()
    return all(each.contact_id is None and each.about.keys() == {"ticket"} for each in left)


def test_taking_back_consent_stops_the_use_of_what_is_sensitive(own: Phone, intake: int) -> None:
    apply_for(own, intake, cert_have="yes")
    begun = own.finish("consent_change", {"person": own.current}, purpose="sensitive", give="no")
    assert begun == Begin("consent_done", given={"purpose": "sensitive", "give": "no"})
    person = person_of(own)
    assert person.cert_no is None
    assert {"need_hear", "companion", "cert_have"}.isdisjoint(person.profile)
    assert person.profile["education"] == "junior"
    assert "consent_withdrawn" in events(own, filed(own)[0].id)
    with own.store.reading() as session:
        assert not consents.agreed(session, person.id, Purpose.SENSITIVE)
        last = consents.latest(session, person.id, Purpose.SENSITIVE)
    assert last is not None
    assert (last.given, last.wording) == (False, "give的问法")


def test_a_consent_may_be_given_again(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    own.finish("consent_change", {"person": own.current}, purpose="school", give="no")
    own.finish("consent_change", {"person": own.current}, purpose="school", give="yes")
    with own.store.reading() as session:
        assert consents.standing(session, own.current)[Purpose.SCHOOL]


def test_nothing_is_changed_where_nothing_was_asked(own: Phone) -> None:
    assert own.finish("consent_change", {"person": own.current}, purpose="none", give=None) is None


@pytest.mark.parametrize(
    ("field", "value"), [("name", "王晓明"), ("phone", "15400000009"), ("hukou", "管城区")]
)
def test_what_is_wrong_is_corrected_everywhere(own: Phone, intake: int, field: str, value: str) -> None:
    apply_for(own, intake)
    begun = own.finish("correct", {"person": own.current}, field=field, **{field: value})
    assert begun == Begin("corrected")
    person = person_of(own)
    known = {"name": person.name, "phone": person.phone, **person.profile}
    assert known[field] == value
    assert filed(own)[0].answers[field] == value
    assert "corrected" in events(own, filed(own)[0].id)


def test_a_certificate_is_only_kept_with_consent(own: Phone) -> None:
    begun = own.finish("correct", {"person": own.current}, field="cert_no", value=CERT)
    assert begun is not None
    assert begun.flow == "consents"
    assert person_of(own).cert_no is None


def test_what_a_helper_corrects_the_person_is_told(mother: Phone) -> None:
    son = give_phone(mother)
    mother.finish("correct", {"person": mother.current}, field="hukou", value="管城区")
    with mother.store.reading() as session:
        (row,) = session.exec(select(Outbox)).all()
    assert (row.contact_id, row.kind, row.payload["act"]) == (son.contact_id, "told", "corrected")


def leave_traces(phone: Phone) -> None:
    """Let something of everything be kept about the person this phone talks for."""
    about: dict[str, int | str] = {"person": phone.current, "intake": 1}
    phone.finish("wish", {"person": phone.current}, wish="面点")
    phone.finish("ticket", {"person": phone.current}, words="补贴没到", reach="chat")
    phone.finish("safeguard", {"person": phone.current}, words="他打我")
    phone.finish("copy", {"person": phone.current})
    state = State(frames=(Frame("home"),), waiting=(Frame("apply", tuple(about.items()), {"name": "小明"}),))
    with phone.store.writing() as session:
        payload = {"person": phone.current, "name": "小明"}
        outbox.promise(session, phone.contact_id, "told", payload, now=phone.now)
        session.add(Message(contact_id=phone.contact_id, text="小明您好", at=phone.now, outbox_id=1))
        draft_reminders.watch_draft(session, phone.contact_id, "apply", about, "2026-11-20", phone.now)
        conversations.save_conversation(session, phone.contact_id, state.dump(), 0, phone.now)
        session.add(
            StoredFile(
                key="k1",
                contact_id=phone.contact_id,
                kind=FileKind.VOICE,
                mime="audio/ogg",
                size=1,
                body=b"x",
                created_at=phone.now,
            )
        )


def test_erasing_is_asked_once_more(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    assert own.finish("erase", {"person": own.current}, sure="no") is None
    assert person_of(own).name == "王小明"


@on_both
def test_after_erasing_only_numbers_and_dates_are_left(own: Phone, intake: int) -> None:
    apply_for(own, intake, access_other="file:k1")
    leave_traces(own)
    number = own.current
    assert own.finish("erase", {"person": number}, sure="yes") == Begin("erased")
    with own.store.reading() as session:
        person = session.get_one(Person, number)
        assert person.erased_at is not None
        assert (person.name, person.cert_no, person.cert_hash, person.phone, person.profile) == (
            *[None] * 4,
            {},
        )
        (application,) = filed(own)
        assert (application.number, application.state) == ("2026-0001", ApplicationState.WITHDRAWN)
        assert application.answers == {}
        assert all(event.note is None for event in enrolment.events_of(session, application.id))
        assert not any(consents.standing(session, number).values())
        assert session.exec(select(Relation)).one().revoked_at is not None
        (row,) = session.exec(select(Outbox)).all()
        assert (row.drop_reason, row.payload) == ("本人已删除信息", {})
        words = {ticket.kind: ticket.words for ticket in session.exec(select(Ticket))}
        assert words == {"help": "", "safeguard": "他打我"}
        audit = session.exec(select(Audit).where(Audit.action == "erase")).one()
        assert (audit.actor, audit.subject_id) == (f"contact:{own.contact_id}", number)
    for table in (Need, Wish, Message, StoredFile, GoToken):
        assert count(own, table) == 0, table
    assert of_nobody(own)
    assert own.contact.role is ContactRole.UNKNOWN
    assert own.finish("erase", {"person": number}, sure="yes") == Begin("not_yours")


@on_both
def test_no_word_of_the_erased_is_left_in_any_sealed_column(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    leave_traces(own)
    own.finish("erase", {"person": own.current}, sure="yes")
    left: list[str] = []
    with own.store.reading() as session:
        for table in metadata.sorted_tables:
            if table.name not in {
                "conversation",
                "account",
            }:  # the runner's, and where the contact is reached
                left += [str(tuple(row)) for row in session.execute(table.select())]
    assert not [row for row in left if "小明" in row or "15400000001" in row or CERT in row]


def test_a_mother_who_erases_her_son_keeps_what_is_hers(mother: Phone, intake: int) -> None:
    son = mother.current
    apply_for(mother, intake, applicant_role="family")
    leave_traces(mother)
    mother.finish("whose", person="self")
    herself = mother.current
    mother.finish("wish", {"person": herself}, wish="陪孩子")
    assert mother.finish("erase", {"person": son}, sure="yes") == Begin("erased")
    assert mother.current == herself
    assert mother.contact.role is ContactRole.FAMILY
    with mother.store.reading() as session:
        assert [wish.wish for wish in session.exec(select(Wish))] == ["陪孩子"]
        assert session.exec(select(Message)).all() == []
    assert of_nobody(mother)


def test_what_was_said_back_in_a_chat_goes_from_replies_too(mother: Phone) -> None:
    son = mother.current
    mother.finish("whose", person="self")
    with mother.store.writing() as session:
        said = {"prompt": 3, "said": ["记下了：小明"]}
        outbox.promise(session, mother.contact_id, "reply", said, now=mother.now)
    mother.finish("erase", {"person": son}, sure="yes")
    with mother.store.reading() as session:
        row = session.exec(select(Outbox).where(Outbox.kind == "reply")).one()
        assert (row.payload, row.dropped_at) == ({"prompt": 3, "said": []}, None)


def test_only_the_person_erases_where_they_have_a_phone(mother: Phone) -> None:
    son = give_phone(mother)
    number = mother.current
    assert mother.finish("erase", {"person": number}, sure="yes") == Begin("not_yours")
    leave_traces(mother)
    assert son.finish("erase", {"person": number}, sure="yes") == Begin("erased")
    with mother.store.reading() as session:
        state = State.load(conversations.read_conversation(session, mother.contact_id).state)
        assert people.people_of(session, mother.contact_id, mother.now) == []
    assert state == State(frames=(Frame("home"),))


def test_what_is_on_the_screen_stays_when_the_rest_is_forgotten() -> None:
    hers, his = (("person", 1),), (("person", 2),)
    state = State(
        frames=(Frame("home"), Frame("apply", his), Frame("erased", his)),
        waiting=(Frame("apply", hers), Frame("wish")),
        typed="小明",
    )
    assert without_people(state, {1}) == State(
        frames=(Frame("home"), Frame("erased", his)), waiting=(Frame("apply", hers), Frame("wish"))
    )
    assert without_people(state, ()) == State(frames=(Frame("erased", his),))


def copied(session: Session, phone: Phone) -> dict[str, Any]:
    relation = people.relation_of(session, phone.contact_id, phone.current, phone.now)
    assert relation is not None
    copy = copy_person(session, session.get_one(Person, phone.current), relation, phone.now)
    again: dict[str, Any] = json.loads(json.dumps(copy))
    return again


@on_both
def test_a_copy_has_everything_and_says_what_it_is_for(own: Phone, intake: int) -> None:
    apply_for(own, intake)
    leave_traces(own)
    with own.store.writing() as session:
        copy = copied(session, own)
    assert copy["records"]["person"][0]["name"] == "王小明"
    assert copy["records"]["application"][0]["answers"]["education"] == "junior"
    assert copy["records"]["application"][0]["state"] == "submitted"
    assert {need["code"] for need in copy["records"]["need"]} >= {"cart", "sign_interp"}
    assert copy["records"]["account"][0]["address"] == "visitor-1"
    assert copy["meaning"]["person.phone"] == "打电话、发短信"
    assert "body" not in copy["records"]["stored_file"][0]
    assert "cert_hash" not in copy["records"]["person"][0]
    assert {ticket["kind"] for ticket in copy["records"]["ticket"]} == {"help", "safeguard"}


def test_a_helpers_copy_leaves_out_what_the_person_said_alone(mother: Phone, intake: int) -> None:
    apply_for(mother, intake, applicant_role="family")
    mother.finish("assent", {"application": filed(mother)[0].id}, want="no")
    leave_traces(mother)
    with mother.store.writing() as session:
        copy = copied(session, mother)
    assert "assent" not in copy["records"]
    assert {event["kind"] for event in copy["records"]["application_event"]} == {"filed"}
    assert [ticket["kind"] for ticket in copy["records"]["ticket"]] == ["help"]
    assert copy["records"]["ticket"][0]["words"] == "补贴没到"


def link(begun: Begin | None) -> str:
    assert begun is not None
    found = str(begun.given["link"])
    assert found.startswith("/go/")
    return found.removeprefix("/go/")


def test_a_link_is_for_once_and_for_a_quarter_of_an_hour(own: Phone) -> None:
    secret = link(own.finish("copy", {"person": own.current}))
    with own.store.writing() as session:
        looked = gotokens.find_token(session, secret, own.now)
        assert looked is not None
        assert (looked.purpose, looked.payload) == ("export", {"person": own.current})
        used = gotokens.use_token(session, secret, own.now)
        assert used is not None
        assert used.contact_id == own.contact_id
        assert gotokens.use_token(session, secret, own.now) is None
        assert gotokens.find_token(session, secret, own.now) is None
    late = link(own.finish("continue"))
    own.later(minutes=15)
    with own.store.writing() as session:
        assert gotokens.use_token(session, late, own.now) is None


def test_the_database_does_not_know_the_links_it_gave(own: Phone) -> None:
    secret = link(own.finish("continue"))
    with own.store.reading() as session:
        raw = session.execute(text("SELECT token_hash FROM go_token")).scalar_one()
    assert secret not in raw


def test_another_device_goes_on_as_the_same_contact(own: Phone) -> None:
    secret = link(own.finish("continue"))
    with own.store.writing() as session:
        token = gotokens.use_token(session, secret, own.now)
        assert token is not None
        assert token.purpose == "continue"
        people.add_account(session, token.contact_id, Channel.WEB, "new-device", own.now)
    assert Phone(own.store, "new-device").contact_id == own.contact_id


def test_a_draft_is_kept_longer_on_one_press_and_only_by_its_owner(own: Phone, mother: Phone) -> None:
    with own.store.writing() as session:
        draft_reminders.watch_draft(session, own.contact_id, "apply", {"person": 1}, "2026-11-01", own.now)
        row = draft_reminders.find_draft(session, own.contact_id, "apply", {"person": 1})
    assert row is not None
    assert mother.finish("keep_draft", {"draft": row.id}) == Begin("not_yours")
    assert own.finish("keep_draft", {"draft": row.id}) is None
    with own.store.reading() as session:
        assert session.get_one(Reminder, row.id).due_at.date().isoformat() == "2026-12-14"
