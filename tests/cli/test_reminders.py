"""`xunqiao reminders`: what is due and why, what was not sent and why; nobody's name."""

from contextlib import closing
from datetime import timedelta

import pytest

from bot.app import open_store
from bot.commands.reminding import OF_LETTER, WHY
from bot.letters.table import LETTERS
from bot.ringing import rings_of
from bot.settings import Clock, load_settings
from storage import draft_reminders, outbox, people, reminders
from storage.catalogue.shelf import Shelf
from storage.tables import Reminder
from tests.cli.conftest import Cli


@pytest.fixture
def draft(cli: Cli) -> Reminder:
    """An application somebody began today, in a database of this command line's own."""
    assert cli("migrate").code == 0
    settings = load_settings()
    now = Clock(settings).now()
    with closing(open_store(settings)) as store, store.writing() as session:
        contact = people.meet(session, "web", "a-visitor", now)
        draft_reminders.watch_draft(session, contact.id, "apply", {"person": 1}, "", now)
        (nudge, *_) = reminders.due_next(session, 1)
        session.expunge(nudge)
        return nudge


def test_what_is_due_is_said_with_why_the_next_first(cli: Cli, draft: Reminder) -> None:
    first, second = cli("reminders").out.splitlines()
    assert first == f"2026-11-22 10:00，报名没写完，联系人 {draft.contact_id}"
    assert "没写完的快要删了" in second
    assert cli("reminders", "--most", "1").out.count("\n") == 1
    assert [row["kind"] for row in cli("reminders", "--json").json] == ["draft_nudge", "draft_warning"]


def test_what_was_not_sent_is_said_with_its_reason(cli: Cli, draft: Reminder) -> None:
    assert cli("reminders", "--not-sent").out == "没有没发出去的提醒。\n"
    with closing(open_store(load_settings())) as store, store.writing() as session:
        reminders.drop(session, session.get_one(Reminder, draft.id), "已经写完，或者不写了")
    assert cli("reminders", "--not-sent").out.endswith("，没有发：已经写完，或者不写了\n")


def test_whatever_rings_has_its_reason_in_words() -> None:
    assert set(rings_of(Shelf())) <= set(WHY), "a kind without words would be said by its own name"
    assert set(OF_LETTER) <= set(LETTERS)


def test_a_letter_that_waits_for_its_time_is_listed_too_and_why_it_was_not_sent(
    cli: Cli, draft: Reminder
) -> None:
    settings = load_settings()
    now = Clock(settings).now()
    with closing(open_store(settings)) as store, store.writing() as session:
        outbox.promise(
            session, draft.contact_id or 0, "offer_reminder", {}, now=now, due_at=now + timedelta(hours=1)
        )
    first = cli("reminders").out.splitlines()[0]
    assert first == f"2026-11-21 11:00，留的位子快到时间了，联系人 {draft.contact_id}"
    with closing(open_store(settings)) as store, store.writing() as session:
        (letter,) = reminders.letters_next(session, OF_LETTER, 5)
        outbox.drop(session, [letter.id], now, "过了时间")
    assert cli("reminders", "--not-sent").out.splitlines() == [f"{first}，没有发：过了时间"]
