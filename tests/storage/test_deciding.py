"""Staff decide: seats are never given twice, nothing is decided over what happened meanwhile."""

import pytest
from sqlmodel import Session

from storage.applications import deciding, enrolment
from storage.applications.deciding import Meanwhile, NoSeat, NotPossible
from storage.base import Store
from storage.tables import Application, ApplicationState, NeedAnswer, Staff
from tests.bot.courses import make_course
from tests.faults.forking import FORKING
from tests.storage.deciders import race
from tests.storage.filed import NOW, clerk, file_many, state_of

CLERK = "staff:1"


def one(store: Store) -> int:
    return file_many(store, make_course(store), 1)[0]


def accept(session: Session, number: int, seen: int | None = None) -> None:
    deciding.accept(session, deciding.hold(session, number, seen), CLERK, NOW)


def test_eighty_acceptances_at_once_for_twenty_seats_give_twenty(store: Store) -> None:
    intake = make_course(store, capacity=20)
    file_many(store, intake, 80)
    url = store.url.render_as_string(hide_password=False)
    lines = []
    for first in range(4):
        ours, theirs = FORKING.Pipe()
        FORKING.Process(target=race, args=(url, first, 4, theirs), daemon=True).start()
        theirs.close()
        lines.append(ours)
    assert [line.recv() for line in lines] == ["ready"] * 4
    for line in lines:
        line.send("go")
    accepted = [line.recv() for line in lines]
    assert sum(accepted) == 20
    with store.reading() as session:
        assert enrolment.seats_left(session, [intake]) == {intake: 0}
        assert enrolment.seats_taken(session) == {intake: 20}


def test_accepted_twice_is_one_seat_and_one_event(store: Store) -> None:
    intake = make_course(store, capacity=1)
    [number] = file_many(store, intake, 1)
    for _ in range(2):
        with store.writing() as session:
            accept(session, number)
    with store.reading() as session:
        kinds = [event.kind for event in enrolment.events_of(session, number)]
    assert kinds.count("accepted") == 1


def test_without_a_seat_nothing_changes(store: Store) -> None:
    first, second = file_many(store, make_course(store, capacity=1), 2)
    with store.writing() as session:
        accept(session, first)
    with pytest.raises(NoSeat), store.writing() as session:
        accept(session, second)
    assert state_of(store, second) == "submitted"


def test_the_second_of_two_clerks_is_told_what_happened(store: Store) -> None:
    number = one(store)
    with store.reading() as session:
        seen = deciding.last_event(session, number)
    with store.writing() as session:
        deciding.decline(session, deciding.hold(session, number, seen), "staff:1", NOW, "名额满")
    with pytest.raises(Meanwhile) as meanwhile, store.writing() as session:
        accept(session, number, seen)
    assert [event.kind for event in meanwhile.value.events] == ["declined"]
    assert state_of(store, number) == "declined"


def test_what_the_person_took_back_cannot_be_accepted(store: Store) -> None:
    number = one(store)
    with store.writing() as session:
        enrolment.withdraw(session, session.get_one(Application, number), "contact:1", NOW)
    with pytest.raises(NotPossible, match="withdrawn"), store.writing() as session:
        accept(session, number)


def test_what_the_person_has_not_said_yes_to_cannot_be_accepted(store: Store) -> None:
    number = one(store)
    with store.writing() as session:
        session.get_one(Application, number).state = ApplicationState.AWAITING_ASSENT
    with pytest.raises(NotPossible, match="awaiting_assent"), store.writing() as session:
        accept(session, number)


def test_declining_needs_a_reason(store: Store) -> None:
    number = one(store)
    with pytest.raises(ValueError, match="why"), store.writing() as session:
        deciding.decline(session, deciding.hold(session, number), CLERK, NOW, "  ")
    assert state_of(store, number) == "submitted"


def test_a_decision_can_be_made_anew_and_both_stand_in_the_history(store: Store) -> None:
    number = one(store)
    with store.writing() as session:
        application = deciding.hold(session, number)
        deciding.decline(session, application, CLERK, NOW, "材料没有核实")
        deciding.accept(session, application, CLERK, NOW)
        assert application.state_reason is None
    with store.reading() as session:
        events = enrolment.events_of(session, number)
    assert [(event.kind, event.note) for event in events[-2:]] == [
        ("declined", "材料没有核实"),
        ("accepted", None),
    ]


def test_an_asked_application_waits_until_everything_is_answered(store: Store) -> None:
    number, member_id = one(store), clerk(store)
    with store.writing() as session:
        application, member = deciding.hold(session, number), session.get_one(Staff, member_id)
        deciding.ask(session, application, member, "您能自己坐车来吗？", NOW)
        deciding.ask(session, application, member, "要不要宿舍？", NOW)
    with store.writing() as session:
        first, second = deciding.open_questions(session, number)
        deciding.take_answer(session, first, "能", "contact:1", NOW)
        assert session.get_one(Application, number).state is ApplicationState.QUESTION
        deciding.take_answer(session, second, "不要", "contact:1", NOW)
    assert state_of(store, number) == "submitted"
    with store.reading() as session:
        assert [each.answer for each in deciding.questions_of(session, number)] == ["能", "不要"]


def test_a_need_is_promised_once_and_may_be_changed(store: Store) -> None:
    number, member_id = one(store), clerk(store)

    def answer(answer: NeedAnswer, note: str) -> bool:
        with store.writing() as session:
            [need] = enrolment.needs_of(session, number)
            return deciding.answer_need(session, need, answer, note, session.get_one(Staff, member_id), NOW)

    def waits() -> int:
        with store.reading() as session:
            return session.get_one(Application, number).open_needs

    assert waits() == 1

    assert answer(NeedAnswer.CAN, "每次课都有速录")
    assert waits() == 0
    assert not answer(NeedAnswer.CAN, "每次课都有速录")
    assert answer(NeedAnswer.DISCUSS, "")
    with store.reading() as session:
        [need] = enrolment.needs_of(session, number)
        assert (need.answer, need.answer_note, need.answered_by) == (
            NeedAnswer.DISCUSS,
            None,
            f"staff:{member_id}",
        )
        kinds = [event.kind for event in enrolment.events_of(session, number)]
    assert kinds.count("need_answered") == 2


def test_who_is_asked_while_waiting_keeps_the_place(store: Store) -> None:
    number, member_id = one(store), clerk(store)
    with store.writing() as session:
        application, member = deciding.hold(session, number), session.get_one(Staff, member_id)
        deciding.put_on_list(session, application, CLERK, NOW)
        asked = deciding.ask(session, application, member, "您还想来吗？", NOW)
        assert application.state is ApplicationState.WAITLISTED
        deciding.take_answer(session, asked, "想", "contact:1", NOW)
    assert state_of(store, number) == "waitlisted"
