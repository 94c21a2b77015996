from datetime import datetime

from sqlmodel import select

from dialogs.talk import Begin
from storage.tables import Wish
from storage.tickets import tickets
from storage.tickets.tables import Ticket
from tests.bot.conftest import ZONE, Phone
from tests.databases import on_both


def tickets_in(phone: Phone) -> list[Ticket]:
    with phone.store.reading() as session:
        return list(session.exec(select(Ticket).order_by(Ticket.id)))  # type: ignore[arg-type]


def test_a_wish_said_again_is_one_wish(mother: Phone) -> None:
    wish = {"wish": "面点", "how_far": "city"}
    assert mother.finish("wish", **wish, free_time=["weekend"]) == Begin("wish_kept")
    mother.finish("wish", **wish, free_time="any")
    with mother.store.reading() as session:
        (kept,) = session.exec(select(Wish)).all()
    assert (kept.wish, kept.how_far, kept.free_time, kept.person_id) == ("面点", "city", [], mother.current)


def test_who_calls_themselves_needs_no_ticket(phone: Phone) -> None:
    assert phone.finish("ticket", how="self") is None
    assert tickets_in(phone) == []


def test_a_request_for_a_person_says_how_to_reach_whoever_asked(mother: Phone) -> None:
    begun = mother.finish("ticket", how="call_me", words="补贴没到", reach="phone", number="15400000001")
    assert begun == Begin("ticket_made", given={"number": "T2026-0001", "due": "2026-11-24"})
    (ticket,) = tickets_in(mother)
    assert ticket.words == "补贴没到\n打电话：15400000001"
    assert (ticket.contact_id, ticket.person_id) == (mother.contact_id, mother.current)
    assert ticket.due_at == datetime(2026, 11, 24, 18, tzinfo=ZONE)


def test_a_visitor_without_a_person_may_ask_too(phone: Phone) -> None:
    begun = phone.finish("ticket", how="call_me", words="later", reach="chat")
    assert begun is not None
    assert tickets_in(phone)[0].words == ""


def test_asking_twice_is_one_ticket(phone: Phone) -> None:
    first = phone.finish("ticket", words="补贴没到", reach="chat")
    assert phone.finish("ticket", words="补贴没到", reach="chat") == first
    assert len(tickets_in(phone)) == 1


def test_a_complaint_without_a_name_leads_back_to_nobody(mother: Phone) -> None:
    mother.finish("complaint", {"person": mother.current}, words="老师很凶", named="no")
    (ticket,) = tickets_in(mother)
    assert ticket.anonymous
    assert (ticket.contact_id, ticket.person_id, ticket.about_application_id) == (None, None, None)


def test_a_complaint_with_a_name_can_be_answered(mother: Phone) -> None:
    mother.finish("complaint", words="老师很凶", named="yes")
    (ticket,) = tickets_in(mother)
    assert (ticket.contact_id, ticket.kind) == (mother.contact_id, "complaint")


@on_both
def test_words_of_danger_are_for_staff_today_and_for_nobody_else(mother: Phone) -> None:
    assert mother.finish("safeguard", words="他打我", question="words") is None
    (ticket,) = tickets_in(mother)
    assert (ticket.kind, ticket.person_id) == ("safeguard", mother.current)
    assert ticket.due_at == datetime(2026, 11, 21, 18, tzinfo=ZONE)
    with mother.store.reading() as session:
        assert tickets.tickets_of(session, mother.contact_id) == []
