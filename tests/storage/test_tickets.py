"""What becomes of tickets: whose they are, answered, closed, opened again; digits that open an answer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from storage import people
from storage.base import Store
from storage.staff import staff
from storage.tables import Staff, StaffRole, TicketState
from storage.tickets import handling, tickets
from storage.tickets import listing as ticket_list
from storage.tickets import words as ticket_words
from storage.tickets.handling import SaidMeanwhile
from storage.tickets.listing import Sight
from storage.tickets.tables import Ticket
from storage.tickets.words import NotOpened
from tests.bot.courses import make_course
from tests.storage.filed import clerk, file_many

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def raised(session: Session, kind: str = "help", *, anonymous: bool = False) -> Ticket:
    contact = people.meet(session, "web", "somebody", NOW)
    return tickets.make_ticket(session, kind, "门口有台阶", NOW, contact_id=contact.id, anonymous=anonymous)


def test_who_takes_a_ticket_first_has_it(store: Store) -> None:
    first, second = clerk(store), clerk(store)
    with store.writing() as session:
        ticket = raised(session)
        assert handling.take(session, ticket, session.get_one(Staff, first))
        assert not handling.take(session, ticket, session.get_one(Staff, second))
        assert (ticket.staff_id, ticket.state) == (first, TicketState.TAKEN)
        handling.hand_over(session, ticket, session.get_one(Staff, second))
        assert ticket.staff_id == second


def test_a_ticket_is_handed_only_to_who_answers_tickets(store: Store) -> None:
    teacher, gone = clerk(store, StaffRole.TEACHER), clerk(store)
    with store.writing() as session:
        ticket = raised(session)
        staff.revoke_staff(session, session.get_one(Staff, gone), NOW, actor="test")
        for number in (teacher, gone):
            with pytest.raises(ValueError, match="answers no tickets"):
                handling.hand_over(session, ticket, session.get_one(Staff, number))


def test_an_answer_is_kept_with_who_gave_it_and_the_ticket_is_theirs(store: Store) -> None:
    member = clerk(store)
    with store.writing() as session:
        ticket = raised(session)
        handling.answer(session, ticket, session.get_one(Staff, member), " 明天修好 ", NOW)
        assert (ticket.staff_id, ticket.state, ticket.answer) == (member, TicketState.ANSWERED, "明天修好")
        [line] = handling.lines_of(session, ticket.id)
        assert (line.words, line.staff_id) == ("明天修好", member)
        with pytest.raises(ValueError, match="has words"):
            handling.answer(session, ticket, session.get_one(Staff, member), "  ", NOW)


def test_nothing_is_answered_over_what_was_said_meanwhile(store: Store) -> None:
    with store.writing() as session:
        number = raised(session).id
        seen = handling.last_line(session, number)
        handling.say_more(session, handling.hold(session, number, seen), "还有一件事", NOW)
    with pytest.raises(SaidMeanwhile), store.writing() as session:
        handling.hold(session, number, seen)


def test_who_says_more_opens_a_closed_ticket_with_a_new_day(store: Store) -> None:
    member = clerk(store)
    with store.writing() as session:
        ticket = raised(session)
        assert handling.close(session, ticket, session.get_one(Staff, member), "solved", NOW)
        assert not handling.close(session, ticket, session.get_one(Staff, member), "explained", NOW)
        assert (ticket.state, ticket.outcome) == (TicketState.CLOSED, "solved")
        later = NOW + timedelta(days=7)
        handling.say_more(session, ticket, "又坏了", later)
        handling.say_more(session, ticket, "又坏了", later)
        assert len(handling.lines_of(session, ticket.id)) == 1
        assert (ticket.state, ticket.outcome, ticket.closed_at) == (TicketState.TAKEN, "", None)
        assert ticket.due_at == datetime(2026, 12, 2, 18, tzinfo=NOW.tzinfo)


def test_saying_more_while_it_waits_does_not_put_the_day_off(store: Store) -> None:
    with store.writing() as session:
        ticket = raised(session)
        due = ticket.due_at
        handling.say_more(session, ticket, "快一点", NOW + timedelta(days=1))
        assert ticket.due_at == due


def test_the_handling_is_rated_once_and_only_when_it_is_closed(store: Store) -> None:
    member = clerk(store)
    with store.writing() as session:
        ticket = raised(session)
        assert not handling.rate(session, ticket, "good")
        handling.close(session, ticket, session.get_one(Staff, member), "solved", NOW)
        assert not handling.rate(session, ticket, "splendid")
        assert handling.rate(session, ticket, "bad")
        assert not handling.rate(session, ticket, "good")
        assert ticket.rating == "bad"


def test_of_what_an_anonymous_person_adds_only_the_day_is_kept(store: Store) -> None:
    with store.writing() as session:
        line = handling.say_more(session, raised(session, "complaint", anonymous=True), "还有", NOW)
        assert line.at == NOW.replace(hour=0)


def test_danger_goes_to_the_admin_with_the_fewest_open_tickets(store: Store) -> None:
    with store.writing() as session:
        assert handling.name_keeper(session, raised(session, "safeguard")) is None
    busy, free, _ = clerk(store, StaffRole.ADMIN), clerk(store, StaffRole.ADMIN), clerk(store)
    with store.writing() as session:
        handling.take(session, raised(session), session.get_one(Staff, busy))
        ticket = raised(session, "safeguard")
        keeper = handling.name_keeper(session, ticket)
        assert keeper is not None
        assert (keeper.id, ticket.staff_id, ticket.state) == (free, free, TicketState.OPEN)
        assert handling.name_keeper(session, ticket) is None, "it has somebody"
        assert handling.name_keeper(session, raised(session, "complaint")) is None, "it is no danger"


def test_each_sees_their_own_place_and_danger_only_who_is_to(store: Store) -> None:
    here, away = make_course(store), make_course(store, "P002")
    filed = [*file_many(store, here, 1), *file_many(store, away, 1)]
    member, admin = clerk(store), clerk(store, StaffRole.ADMIN)
    with store.writing() as session:
        for words, kind, about in (
            ("甲", "help", None),
            ("乙", "help", filed[0]),
            ("丙", "help", filed[1]),
            ("丁", "safeguard", filed[0]),
        ):
            tickets.make_ticket(session, kind, words, NOW, application_id=about)
    local, every = Sight(member, {here}, dangers=False), Sight(admin, None, dangers=True)

    def seen(sight: Sight, kind: str = "open") -> list[str]:
        with store.reading() as session:
            return [each.words for each in ticket_list.find_tickets(session, sight, kind, NOW)]

    assert seen(local) == ["甲", "乙"]
    assert seen(every) == ["丁", "甲", "乙", "丙"]
    assert seen(local, "mine") == []
    with store.writing() as session:
        for number in ("T2026-0003", "T2026-0004"):
            ticket = ticket_list.find_ticket(session, every, number)
            assert ticket is not None
            assert ticket_list.find_ticket(session, local, number) is None
            handling.hand_over(session, ticket, session.get_one(Staff, member))
    assert seen(local) == ["丁", "甲", "乙", "丙"], "what is given to somebody they see"
    assert seen(local, "mine") == ["丁", "丙"]


def test_overdue_is_what_waits_past_its_hour(store: Store) -> None:
    member = clerk(store)
    sight = Sight(member, None, dangers=True)
    with store.writing() as session:
        late, answered = raised(session), tickets.make_ticket(session, "help", "回过的", NOW)
        handling.answer(session, answered, session.get_one(Staff, member), "好", NOW)
        due = late.due_at
    with store.reading() as session:
        before, after = due - timedelta(hours=1), due + timedelta(seconds=1)
        assert ticket_list.count_due(session, sight, before) == (0, 0, 1)
        assert ticket_list.count_due(session, sight, after) == (0, 1, 0)
        assert ticket_list.find_tickets(session, sight, "overdue", before) == []
        assert [each.words for each in ticket_list.find_tickets(session, sight, "overdue", after)] == [
            "门口有台阶"
        ]
        counts = ticket_list.count_tickets(session, sight, after)
        assert counts == {"open": 2, "mine": 1, "overdue": 1, "closed": 0}


def test_digits_open_an_answer_however_they_are_written(store: Store) -> None:
    with store.writing() as session:
        ticket = raised(session, "complaint", anonymous=True)
        digits = ticket_words.give_word(session, ticket)
        assert len(digits) == 9
        assert digits.replace(" ", "") not in str(ticket.word_hash)
        chinese = digits.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
        for number in ("T2026-0001", "t2026 1", "2026-0001", "２０２６０００１", "二〇二六，一"):
            for said in (digits, digits.replace(" ", ""), chinese):
                assert ticket_words.open_by_word(session, number, said, NOW).id == ticket.id


def test_after_five_wrong_tries_nothing_opens_until_the_next_day(store: Store) -> None:
    with store.writing() as session:
        ticket = raised(session, "complaint", anonymous=True)
        digits = ticket_words.give_word(session, ticket)
        wrong = f"{(int(digits[0]) + 1) % 10}{digits[1:]}"
        for _ in range(5):
            with pytest.raises(NotOpened):
                ticket_words.open_by_word(session, ticket.number, wrong, NOW)
        with pytest.raises(NotOpened):
            ticket_words.open_by_word(session, ticket.number, digits, NOW)
        tomorrow = NOW + timedelta(days=1)
        assert ticket_words.open_by_word(session, ticket.number, digits, tomorrow).id == ticket.id


@pytest.mark.parametrize("number", ["", "T2026-9999", "1", "T2026-0001; DROP TABLE ticket"])
def test_a_number_that_has_no_digits_opens_nothing(store: Store, number: str) -> None:
    with store.writing() as session:
        raised(session)
        with pytest.raises(NotOpened):
            ticket_words.open_by_word(session, number, "", NOW)


def test_what_is_read_with_digits_is_not_among_ones_own(store: Store) -> None:
    with store.writing() as session:
        ticket = raised(session, "complaint")
        assert ticket.contact_id is not None
        assert tickets.tickets_of(session, ticket.contact_id) == [ticket]
        ticket_words.give_word(session, ticket)
        assert tickets.tickets_of(session, ticket.contact_id) == []
