"""Lists of recipients when whoever makes them is killed: at each of its commits in turn."""

import os
import signal
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Connection, Engine, event
from sqlmodel import Session, col, select

from bot.notices.planning import Planning
from storage.base import Store
from storage.catalogue.shelf import Shelf
from storage.desk import Desk
from storage.notices import chat as notice_chat
from storage.notices import notices, recipients
from storage.notices import plan as notice_plan
from storage.notices.audience import Choice
from storage.notices.notices import Words
from storage.staff import chats as staff_chats
from storage.staff import staff
from storage.tables import (
    Account,
    Channel,
    Contact,
    ContactRole,
    Fate,
    Notice,
    NoticeState,
    Outbox,
    Person,
    Reading,
    Relation,
    Role,
    StaffRole,
    Topic,
)
from tests.bot.conftest import NOW
from tests.databases import keys_installed, on_both
from tests.faults.forking import FORKING

PEOPLE, PORTION = 12, 3
PAUSE = timedelta(minutes=5)
"""Between one process and the next: what a killed one had taken has come free."""


def fill(session: Session) -> int:
    """Make people with a chat each, every second of whom reads easy words, and a notice to all; give its number."""
    for number in range(1, PEOPLE + 1):
        reading = Reading.EASY if number % 2 else Reading.PLAIN
        session.add(Contact(id=number, role=ContactRole.SELF, reading=reading, created_at=NOW, seen_at=NOW))
        session.add(Person(id=number, created_at=NOW))
        session.flush()
        session.add(
            Account(
                contact_id=number,
                channel=Channel.TELEGRAM,
                address=str(number),
                address_hash=f"h{number}",
                created_at=NOW,
                seen_at=NOW,
            )
        )
        session.add(
            Relation(
                contact_id=number,
                person_id=number,
                role=Role.SELF,
                powers=["see"],
                granted_by="person",
                started_at=NOW,
            )
        )
    writer = Contact(id=PEOPLE + 1, role=ContactRole.STAFF, created_at=NOW, seen_at=NOW)
    session.add(writer)
    session.flush()
    member = staff.add_staff(session, "王芳", StaffRole.ADMIN, NOW, actor="test")
    staff_chats.join_chat(session, member, writer.id, NOW)
    return notices.write(session, Topic.JOBS, Words("招聘会", "周六上午有招聘会。"), member.id, NOW).id


def choose(store: Store, number: int, choice: Choice) -> None:
    with store.writing() as session:
        member = session.get_one(Notice, number).staff_id
        assert notice_plan.ask(session, number, choice.kept(), member, in_chat=True)


def make(store: Store, now: datetime) -> None:
    """Make the list that waits, as a process that sends does."""
    shelf = Shelf()
    with store.reading() as session:
        shelf.rebuild(session, now.date())
    with closing(Desk(store)) as desk:
        assert Planning(desk, shelf, f"worker-{os.getpid()}", lambda: now).make_one()


def make_and_die(url: str, now: datetime, moment: int) -> None:
    """Do it in a process of its own, which is killed at the commit of this number: what is not committed is lost."""
    recipients.PORTION = PORTION  # so that few people are many portions
    commits = count(1)

    @event.listens_for(Engine, "commit")
    def committing(_: Connection) -> None:
        if next(commits) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    with keys_installed(), closing(Store(url)) as store:
        make(store, now)


@on_both
def test_whoever_makes_a_list_may_be_killed_at_any_moment_and_everybody_is_on_it_once(store: Store) -> None:
    with store.writing() as session:
        number = fill(session)
    choose(store, number, Choice())
    make(store, NOW)
    choose(store, number, Choice(reading="easy"))
    url = store.url.render_as_string(hide_password=False)
    for moment in count(1):
        worker = FORKING.Process(target=make_and_die, args=(url, NOW + moment * PAUSE, moment), daemon=True)
        worker.start()
        worker.join(60)
        code = worker.exitcode
        worker.close()
        assert code in (0, -signal.SIGKILL)
        if code == 0:
            break
    # Taken, begun, added twice, left out, ready, let go: each was cut off once.
    assert moment > 7
    with store.reading() as session:
        notice = session.get_one(Notice, number)
        rows = session.exec(select(Outbox).where(Outbox.notice_id == number).order_by(col(Outbox.id))).all()
        told = session.exec(
            select(Outbox).where(Outbox.kind == notice_chat.LISTED).order_by(col(Outbox.id))
        ).all()
        assert notice.state is NoticeState.PLANNED
        assert sorted(each.contact_id or 0 for each in rows) == [*range(1, PEOPLE + 1, 2)]
        assert {each.fate for each in rows} == {Fate.WAITING}
        assert [(each.payload["asking"], each.payload["count"]) for each in told] == [
            (1, PEOPLE),
            (2, len(rows)),
        ], "and who chose is told once"
