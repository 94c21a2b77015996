import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from storage import joining, outbox, people
from storage.base import Store
from storage.desk import Desk
from storage.notices import notices, refusals
from storage.notices import report as notice_report
from storage.notices import rows as notice_rows
from storage.notices import told as notice_told
from storage.notices.recipients import NOBODY, NOWHERE, REFUSED
from storage.notices.report import Progress
from storage.tables import Channel, Contact, Fate, Notice, NoticeState, Outbox, Topic
from tests.storage.lives import purge_at
from tests.storage.noticed import NOW, WORDS, clerk, crowd, notice, state_of, unknown, unreachable

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    with closing(Desk(store)) as desk:
        yield desk


def progress(store: Store, notice_id: int) -> Progress:
    with store.reading() as session:
        return notice_report.progress(session, notice_id, NOW)


def rows(store: Store, notice_id: int) -> list[notice_report.Recipient]:
    with store.reading() as session:
        return notice_report.recipients(session, notice_id, most=10_000)


def end(store: Store, notice_id: int, fate: Fate, contact_ids: list[int]) -> None:
    """Let it have ended so for some."""
    sent = fate in (Fate.SENT, Fate.PAGE)
    with store.writing() as session:
        mine = update(Outbox).where(
            col(Outbox.notice_id) == notice_id, col(Outbox.contact_id).in_(contact_ids)
        )
        over = {"sent_at": NOW} if sent else {"dropped_at": NOW, "drop_reason": "500"}
        session.execute(mine.values(fate=fate, **over))


def finish(store: Store, notice_id: int) -> None:
    with store.writing() as session:
        session.get_one(Notice, notice_id).state = NoticeState.DONE


def test_everybody_gets_one_row_which_says_how_they_are_reached_or_why_not(store: Store, desk: Desk) -> None:
    on_telegram, on_page, both, gone, refusing, blank = crowd(store, 6)
    with store.writing() as session:
        for number, contact_id in ((on_page, on_page), (both, both)):
            people.add_account(session, contact_id, "web", f"page-{number}", NOW)
        for account in people.accounts_of(session, on_page):
            if account.channel is Channel.TELEGRAM:
                people.set_unreachable(session, account.id)
        assert refusals.refuse(session, refusing, Topic.JOBS, NOW)
        assert not refusals.refuse(session, refusing, Topic.JOBS, NOW)
        refusals.refuse(session, both, Topic.TRAINING, NOW)
    unreachable(store, [gone])
    unknown(store, blank)
    number = notice(store)
    meant = [on_telegram, on_page, on_page, both, gone, refusing, blank, 999]
    assert notice_rows.plan(desk, number, iter(meant), NOW, audience={"place": "郑州市"}) == 6
    found = {each.contact_id: (each.fate, each.channel, each.reason) for each in rows(store, number)}
    assert found == {
        on_telegram: (Fate.WAITING, Channel.TELEGRAM, ""),
        on_page: (Fate.WAITING, Channel.WEB, ""),
        both: (Fate.WAITING, Channel.TELEGRAM, ""),
        gone: (Fate.UNREACHABLE, None, NOWHERE),
        refusing: (Fate.SKIPPED, Channel.TELEGRAM, REFUSED),
        blank: (Fate.SKIPPED, Channel.TELEGRAM, NOBODY),
    }
    told = progress(store, number)
    assert (told.state, told.total, told.waiting, told.reached) == (NoticeState.PLANNED, 6, 3, 0)
    with store.reading() as session:
        assert notice_report.not_reached(session, number) == [gone]
        assert session.get_one(Notice, number).audience == {"place": "郑州市"}
        assert session.exec(select(Outbox.payload).limit(1)).one() == {}
    with store.writing() as session:
        assert outbox.claim(session, LATER, "postman", 10, 60) == []  # they are not the postman's
        assert outbox.next_due(session) is None


def test_ones_own_matters_cannot_be_refused(store: Store, desk: Desk) -> None:
    (she,) = crowd(store, 1)
    with store.writing() as session:
        assert not refusals.refuse(session, she, Topic.OWN, NOW)
        refusals.refuse(session, she, Topic.JOBS, NOW)
        assert refusals.refused(session, she) == {Topic.JOBS}
        refusals.accept(session, she, Topic.JOBS)
        assert refusals.refused(session, she) == frozenset()
    number = notice(store, topic=Topic.OWN)
    notice_rows.plan(desk, number, [she], NOW)
    assert progress(store, number).waiting == 1


class PowerCutError(Exception):
    pass


def test_a_plan_cut_off_is_made_again_without_anybody_twice_and_without_those_not_meant(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = crowd(store, 30)
    number = notice(store)
    monkeypatch.setattr("storage.notices.recipients.PORTION", 4)

    def cut() -> Iterator[int]:
        yield from everybody[:18]
        raise PowerCutError

    with pytest.raises(PowerCutError):
        notice_rows.plan(desk, number, cut(), NOW)
    assert (state_of(store, number), len(rows(store, number))) == ("draft", 16)
    with store.writing() as session:
        assert not notices.send(session, number, 1, NOW)  # half of them would not get it
    assert notice_rows.plan(desk, number, everybody[10:], LATER) == 20
    assert sorted(each.contact_id for each in rows(store, number)) == everybody[10:]
    assert state_of(store, number) == "planned"


def test_two_who_plan_at_once_leave_one_plan_and_none_once_it_is_sent(store: Store, desk: Desk) -> None:
    everybody = crowd(store, 12)
    number = notice(store)

    def meanwhile() -> Iterator[int]:
        yield from everybody[:6]
        with closing(Desk(store)) as another:
            assert notice_rows.plan(another, number, everybody, LATER) == 12
            with store.writing() as session:
                assert notices.send(session, number, 1, LATER)
        yield from everybody[6:]

    planned: list[int | None] = []
    first = threading.Thread(target=lambda: planned.append(notice_rows.plan(desk, number, meanwhile(), NOW)))
    first.start()
    first.join(40)
    assert planned == [None]
    assert (state_of(store, number), len(rows(store, number))) == ("sending", 12)


def test_each_press_counts_once_and_only_where_it_makes_sense(store: Store, desk: Desk) -> None:
    everybody = crowd(store, 3)
    number = notice(store)
    notice_rows.plan(desk, number, everybody, NOW)

    def press(*which: str) -> list[bool]:
        done = {
            "send": lambda s: notices.send(s, number, 1, NOW),
            "at": lambda s: notices.send(s, number, 1, NOW, at=LATER),
            "unschedule": lambda s: notices.unschedule(s, number),
            "pause": lambda s: notices.pause(s, number),
            "resume": lambda s: notices.resume(s, number),
            "stop": lambda s: notices.stop(s, number),
        }
        found = []
        for each in which:
            with store.writing() as session:
                found.append(done[each](session))
        return found

    assert press("pause", "resume", "unschedule") == [False, False, False]
    assert press("at", "at", "send", "unschedule", "unschedule") == [True, False, False, True, False]
    assert press("send", "send", "at", "resume") == [True, False, False, False]
    assert press("pause", "pause", "send", "resume", "resume") == [True, False, False, True, False]
    assert notice_rows.plan(desk, number, everybody[:1], LATER) is None
    assert press("stop", "stop", "resume", "pause", "send") == [True, False, False, False, False]
    told = progress(store, number)
    assert (told.state, told.waiting, told.fates) == (NoticeState.STOPPED, 0, {Fate.STOPPED: 3})


def test_words_are_corrected_in_place_before_it_goes_out_and_as_a_new_version_later(
    store: Store, desk: Desk
) -> None:
    number = notice(store)
    better = replace(WORDS, plain="周日上午九点，有招聘会。")
    with store.writing() as session:
        member = clerk(session)
        first = notices.mark_of(notices.text_of(session, number))
        assert notices.correct(session, number, better, member, LATER, seen=first) == 1
        assert (
            notices.correct(session, number, WORDS, member, LATER, seen=first) is None
        )  # somebody was faster
    notice_rows.plan(desk, number, crowd(store, 1), NOW)
    with store.writing() as session:
        notices.send(session, number, member, NOW)
        second = notices.mark_of(notices.text_of(session, number))
        assert notices.correct(session, number, WORDS, member, LATER, seen=second) == 2
        assert notices.correct(session, number, better, member, LATER, seen=second) is None
    with store.reading() as session:
        assert notices.words_of(notices.text_of(session, number)) == WORDS
        assert notices.words_of(notices.text_of(session, number, 1)) == better


def test_it_is_sent_again_to_those_it_surely_did_not_reach_once(store: Store, desk: Desk) -> None:
    got, read, blocked, failed, unsure, phoned = everybody = crowd(store, 6)
    number = notice(store)
    notice_rows.plan(desk, number, everybody, NOW)
    assert notice_rows.resend(desk, number, 1, NOW) is None  # it is not over
    for fate, contact_id in zip(
        (Fate.SENT, Fate.PAGE, Fate.BLOCKED, Fate.FAILED, Fate.UNSURE, Fate.FAILED), everybody, strict=True
    ):
        end(store, number, fate, [contact_id])
    finish(store, number)
    with store.writing() as session:
        assert notice_told.tell_by_hand(session, number, [phoned, got]) == 1
        assert notice_told.tell_by_hand(session, number, [phoned, read]) == 0
    with store.reading() as session:
        assert notice_report.not_reached(session, number) == [blocked, failed, unsure]
    assert notice_rows.resend(desk, number, 1, NOW) == 2
    assert notice_rows.resend(desk, number, 1, NOW) is None
    told = progress(store, number)
    assert (told.state, told.waiting, told.reached) == (NoticeState.SENDING, 2, 3)
    waiting = {each.contact_id for each in rows(store, number) if each.fate is Fate.WAITING}
    assert waiting == {blocked, failed}
    assert unsure not in waiting


def test_one_that_was_stopped_before_its_time_begins_when_it_is_sent_again(store: Store, desk: Desk) -> None:
    number = notice(store)
    notice_rows.plan(desk, number, crowd(store, 1), NOW)
    with store.writing() as session:
        member = clerk(session)
        notices.send(session, number, member, NOW, at=LATER)
        assert notices.stop(session, number)
    notice_rows.resend(desk, number, member, NOW)
    with store.writing() as session:
        seen = notices.mark_of(notices.text_of(session, number))
        assert session.get_one(Notice, number).started_at == NOW
        assert notices.correct(session, number, WORDS, member, LATER, seen=seen) == 2, (
            "what was sent keeps its words"
        )


def test_two_contacts_that_are_one_get_a_notice_once(store: Store, desk: Desk) -> None:
    kept, joined = crowd(store, 2)
    number = notice(store)
    notice_rows.plan(desk, number, [kept, joined], NOW)
    with store.writing() as session:
        for contact_id in (kept, joined):
            refusals.refuse(session, contact_id, Topic.POLICY, NOW)
        joining.join(session, session.get_one(Contact, kept), session.get_one(Contact, joined))
    assert [each.contact_id for each in rows(store, number)] == [kept]


def test_the_counts_stay_when_the_rows_are_deleted_and_the_notice_goes_in_the_end(
    store: Store, desk: Desk
) -> None:
    everybody = crowd(store, 3)
    number = notice(store)
    notice_rows.plan(desk, number, everybody, NOW)
    end(store, number, Fate.SENT, everybody[:2])
    end(store, number, Fate.FAILED, everybody[2:])
    with store.writing() as session:
        session.get_one(Notice, number).state = NoticeState.DONE
        session.get_one(Notice, number).ended_at = NOW
    before = progress(store, number)
    purge_at(store, NOW + timedelta(days=61))
    purge_at(store, NOW + timedelta(days=91))
    assert rows(store, number) == []
    with store.reading() as session:
        after = notice_report.progress(session, number, NOW + timedelta(days=91))
    assert (after.total, after.fates) == (before.total, before.fates)
    purge_at(store, NOW + timedelta(days=5 * 366))
    with store.reading() as session:
        assert session.exec(select(Notice)).all() == []
