"""Whom a notice goes to: what was chosen, in one statement and by what is sealed, streamed."""

from datetime import timedelta

from sqlmodel import Session, select

from storage import people
from storage.base import Store
from storage.catalogue.tables import Intake, Position
from storage.notices import audience, recipients, refusals
from storage.notices.audience import NOBODY, Choice, Own, choice_of
from storage.tables import (
    Application,
    ApplicationState,
    Contact,
    ContactRole,
    Fate,
    Notice,
    Outbox,
    Person,
    Reading,
    Role,
    Topic,
    WishState,
)
from storage.tickets.tables import Interest
from storage.wishes import keep_wish
from tests.bot.courses import make_course
from tests.storage.filed import NOW, file_many
from tests.storage.noticed import notice

HERE = {"province": "河南省", "city": "郑州市", "district": "中原区", "hukou": "河南省郑州市中原区"}


def somebody(session: Session, key: str, channel: str = "web", **profile: object) -> Person:
    contact = people.meet(session, channel, key, NOW)
    contact.role = ContactRole.SELF
    person = people.add_person(session, contact.id, Role.SELF, key, NOW)
    people.add_to_profile(session, person, profile)
    session.flush()
    return person


def names(store: Store, choice: Choice, own: Own | None = None) -> list[str | None]:
    with store.reading() as session:
        found = list(audience.people(session, choice, NOW, own))
        return [session.get_one(Person, each.person_id).name for each in found]


def test_people_are_found_by_what_is_sealed_and_by_how_they_are_reached(store: Store) -> None:
    with store.writing() as session:
        somebody(session, "张", **HERE, need_hear=["cart"], employment_status="unemployed")
        written = {"hukou": "湖南省长沙市雨花区", "live_addr": "河南省郑州市金水区文化路"}
        somebody(session, "李", "telegram", **written, need_see=["braille"], employment_status="employed")
        moved = somebody(session, "王", hukou="河南省郑州市", live_addr="湖南省长沙市")
        easy = session.get_one(Contact, people.own_contacts(session, moved.id, NOW)[0])
        easy.reading = Reading.EASY
        session.add(Person(name="赵", created_at=NOW, profile=dict(HERE)))
        session.add(Person(created_at=NOW, erased_at=NOW))
    assert names(store, Choice()) == ["张", "李", "王", "赵"]
    assert names(store, Choice(place="郑州市")) == ["张", "李", "赵"]
    assert names(store, Choice(place="河南省郑州市")) == ["张", "李", "赵"]
    assert names(store, Choice(place="中原区")) == ["张", "赵"]
    assert names(store, Choice(needs=("cart", "guide"))) == ["张"]
    assert names(store, Choice(work=("employed",))) == ["李"]
    assert names(store, Choice(reading="easy")) == ["王"]
    assert names(store, Choice(channel="telegram")) == ["李"]
    assert names(store, Choice(channel=NOBODY)) == ["赵"]
    assert names(store, Choice(), Own("长沙市", frozenset())) == ["王"]
    assert names(store, Choice(), Own("", frozenset())) == []
    with store.reading() as session:
        assert len(list(audience.contacts(session, Choice(), NOW))) == 3
    kept = Choice(place="郑州市", needs=("cart",), finished_days=30).kept()
    assert choice_of(kept) == choice_of({**kept, "unknown": 1})
    assert kept == {"place": "郑州市", "needs": ("cart",), "finished_days": 30}


def test_people_are_found_by_what_they_applied_for_and_by_what_they_have_not_got(store: Store) -> None:
    ids = (make_course(store), make_course(store, "P002"))
    filed = file_many(store, ids[0], 3)
    file_many(store, ids[1], 1)
    with store.writing() as session:
        session.get_one(Intake, ids[0]).end_date = NOW.date() - timedelta(days=10)
        session.get_one(Application, filed[0]).state = ApplicationState.FINISHED
    everyone = ["学员0", "学员1", "学员2"]
    assert names(store, Choice(intake=ids[0])) == everyone
    assert names(store, Choice(intake=ids[0], states=("submitted",))) == everyone[1:]
    assert names(store, Choice(project="P001", categories=("massage",), states=("finished",))) == ["学员0"]
    assert names(store, Choice(project="P001", categories=("no such",))) == []
    assert names(store, Choice(finished_days=10)) == ["学员0"]
    assert names(store, Choice(finished_days=9)) == []
    assert names(store, Choice(), Own("长沙市", frozenset({ids[1]}))) == ["学员0"], (
        "who applied for a class of theirs"
    )
    number = notice(store)
    with store.writing() as session:
        meant = list(audience.contacts(session, Choice(intake=ids[0]), NOW))
        recipients.add(session, session.get_one(Notice, number), meant, NOW)
        rows = session.exec(select(Outbox).order_by("id")).all()
        for row, fate in zip(rows, (Fate.BLOCKED, Fate.UNSURE, Fate.FAILED), strict=True):
            row.fate = fate
    assert names(store, Choice(intake=ids[0], missed=number)) == ["学员0", "学员2"]


def test_people_are_found_by_what_they_said_they_want(store: Store) -> None:
    with store.writing() as session:
        session.add(Position(position_id="F01-01", employer="郑州麦香坊", position="烘焙助理"))
        bakes = somebody(session, "张")
        sews, works, moved_on = (somebody(session, each) for each in "李王赵")
        for person, words in ((bakes, "想学烘焙和咖啡"), (sews, "缝纫"), (moved_on, "烘焙")):
            kept = keep_wish(session, people.own_contacts(session, person.id, NOW)[0], person.id, words, NOW)
        kept.state = WishState.CLOSED
        session.add(Interest(person_id=works.id, position_id="F01-01", at=NOW))
        for topic, person in ((Topic.POLICY, moved_on), (Topic.TRAINING, works)):
            (own,) = people.own_contacts(session, person.id, NOW)
            assert refusals.want(session, own, topic, NOW)
            assert not refusals.want(session, own, topic, NOW), "said twice"
        assert not refusals.want(session, own, Topic.OWN, NOW)
    assert names(store, Choice(wants=("policy",))) == ["赵"]
    assert names(store, Choice(wants=("training",))) == ["张", "李", "王"]
    assert names(store, Choice(wants=("jobs",))) == ["王"]
    assert names(store, Choice(wants=("jobs", "training"))) == ["张", "李", "王"]
    assert names(store, Choice(wish="烘焙")) == ["张"]
    assert names(store, Choice(wish="烘焙", wants=("jobs",))) == []
    assert names(store, Choice(wish="游泳")) == []


def test_the_person_is_told_and_who_helps_only_where_they_have_no_phone_of_their_own(store: Store) -> None:
    with store.writing() as session:
        son = somebody(session, "儿子")
        mother = people.meet(session, "web", "mother", NOW)
        mother.role = ContactRole.FAMILY
        alone = people.add_person(session, mother.id, Role.FAMILY, "女儿", NOW)
        own = people.own_contacts(session, son.id, NOW)
        expected = [(son.id, own[0]), (alone.id, mother.id)]
    with store.reading() as session:
        assert [
            (each.person_id, each.contact_id) for each in audience.people(session, Choice(), NOW)
        ] == expected


def test_people_of_an_age_are_found_by_their_certificate_or_by_what_they_said(store: Store) -> None:
    with store.writing() as session:
        somebody(session, "张").cert_no = "99010319900307002X43"
        somebody(session, "李", age=24)
        somebody(session, "王")
    assert names(store, Choice(age_from=30, age_to=40)) == ["张"]
    assert names(store, Choice(age_to=35)) == ["李"]
    assert names(store, Choice(age_from=18)) == ["张", "李"]
    assert choice_of(Choice(age_from=30, age_to=40).kept()) == Choice(age_from=30, age_to=40)
