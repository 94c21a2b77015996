"""One notice to many while something goes wrong, and the count of what became of everybody."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import insert, select, text
from sqlmodel import SQLModel

from bot.app import open_store
from bot.settings import Clock, Settings
from storage.base import Store
from storage.crypto import lookup_hash
from storage.desk import Desk
from storage.notices import notices
from storage.notices import report as notice_report
from storage.notices import rows as notice_rows
from storage.notices.notices import Words
from storage.staff.staff import add_staff
from storage.tables import (
    Account,
    Channel,
    Contact,
    ContactRole,
    Notice,
    Reading,
    Refusal,
    Size,
    StaffRole,
    Topic,
)
from tests.channels.botapi import BotApi
from tests.channels.botapi.records import busiest
from tests.databases import TEST_KEY
from tests.faults.noticing.counting import Count, is_unanswered
from tests.faults.noticing.grounds import Ground
from tests.faults.noticing.workers import PAUSES, ZONE, Worker, ahead

PATIENCE = 400.0

LEAVERS = 20
"""Recipients who want no more notices while this one goes out."""


class Trial:
    """One notice to so many people, sent by workers while something goes wrong.

    Args:
        folder: of the database and the key.
        url: the database; "" for SQLite, which has one worker.
        people: how many recipients.
        rate: what Telegram takes in a second.
        ground: where the database is.
        meanwhile: what staff press just before the fault strikes: "pause", "stop", or nothing.

    """

    def __init__(
        self, folder: Path, url: str, people: int, rate: int, ground: Ground, meanwhile: str = ""
    ) -> None:
        self.people, self.rate, self.ground, self.is_sqlite = people, rate, ground, not url
        self._meanwhile, self._paused = meanwhile, False
        self._left: list[int] = []
        self._in_doubt: set[int] = set()
        clock = ahead()
        self.environment = {
            "XUNQIAO_DATABASE_URL": url,
            "XUNQIAO_SECRET_KEY": TEST_KEY,
            "XUNQIAO_CLOCK": clock,
            "XUNQIAO_TIMEZONE": ZONE,
            "XUNQIAO_TELEGRAM_RATE": str(rate),
        }
        self.settings = Settings(
            home=folder,
            database_url=url,
            secret_key=SecretStr(TEST_KEY),
            clock=clock,
            telegram_rate=rate,
        )
        self.clock = Clock(self.settings)
        self.api = BotApi()
        self.api.__enter__()
        self.store: Store = open_store(self.settings)
        self.notice = self._plan()
        self.environment |= {"XUNQIAO_TELEGRAM_TOKEN": self.api.token, "XUNQIAO_TELEGRAM_API": self.api.url}
        self.workers = [
            Worker(folder, command="worker", pauses=PAUSES, **self.environment)
            for _ in range(1 if not url else 2)
        ]

    def _plan(self) -> int:
        now = self.clock.now()
        numbers = range(1, self.people + 1)
        with self.store.transaction() as connection:
            here = {"created_at": now, "seen_at": now}
            who = {"reading": Reading.PLAIN, "size": Size.STANDARD, "role": ContactRole.SELF, **here}
            where = {"channel": Channel.TELEGRAM, "reachable": True, **here}
            where |= {"shown_prompt": 0, "shown_message": 0, "on_page": False}
            connection.execute(insert(Contact), [{"id": each, **who} for each in numbers])
            connection.execute(
                insert(Account),
                [
                    {
                        "contact_id": each,
                        "address": str(each),
                        "address_hash": lookup_hash(f"telegram:{each}"),
                        **where,
                    }
                    for each in numbers
                ],
            )
            if not self.is_sqlite:  # whoever comes next gets the next number
                connection.execute(text("SELECT setval('contact_id_seq', :most)"), {"most": self.people})
        for each in numbers:
            self.api.person(each, known=True)
        with self.store.writing() as session:
            member = add_staff(session, "王芳", StaffRole.CLERK, now, actor="test").id
            notice = notices.write(session, Topic.JOBS, Words("招聘会", "周六上午有招聘会。"), member, now).id
        with closing(Desk(self.store)) as desk:
            assert notice_rows.plan(desk, notice, numbers, now) == self.people
        with self.store.writing() as session:
            assert notices.send(session, notice, member, now)
        return notice

    @property
    def sent(self) -> int:
        return len(self.api.called("sendMessage"))

    def press(self, what: Callable[..., bool]) -> None:
        with self.store.writing() as session:
            assert what(session, self.notice)

    def reach(self, number: float) -> None:
        """Wait until so many are sent; then some leave, and staff press what they press, once."""
        self.go_on()
        self.wait(lambda: self.sent >= number or self.is_over())
        if not self._left:
            self._leave()
        pressed, self._meanwhile = self._meanwhile, ""
        if pressed == "pause":
            self.press(notices.pause)
            self._paused = True
        elif pressed == "stop":
            self.press(notices.stop)

    def kill(self, worker: Worker) -> None:
        """Kill a worker, and note whose message it had on its way."""
        number = worker.number
        worker.kill()
        row = SQLModel.metadata.tables["outbox"].c
        begun = select(row.contact_id).where(
            row.notice_id == self.notice,
            row.claimed_by.like(f"%:{number}:%"),
            row.claimed_until.is_not(None),
        )
        with self.store.reading() as session:
            self._in_doubt.update(session.execute(begun).scalars())

    def go_on(self) -> None:
        """Let it go on after a pause of ours."""
        if self._paused:
            self.press(notices.resume)
            self._paused = False

    def _leave(self) -> None:
        """Let some say that they want no such notices, of those whose message nobody has begun."""
        row = SQLModel.metadata.tables["outbox"].c
        waits = select(row.contact_id).where(
            row.notice_id == self.notice, row.sent_at.is_(None), row.dropped_at.is_(None), row.attempts == 0
        )
        with self.store.writing() as session:
            chosen = waits.order_by(row.id.desc()).limit(min(LEAVERS, self.people // 4))
            self._left = list(session.execute(chosen.with_for_update(skip_locked=True)).scalars())
            at = self.clock.now()
            session.add_all(Refusal(contact_id=each, topic=Topic.JOBS, at=at) for each in self._left)

    def wait(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"not in time: {self.count()}"
            time.sleep(0.05)

    def is_over(self) -> bool:
        with self.store.reading() as session:
            return session.get_one(Notice, self.notice).ended_at is not None

    def count(self) -> Count:
        with self.store.reading() as session:
            told = notice_report.progress(session, self.notice, self.clock.now())
            rows = notice_report.recipients(session, self.notice, most=self.people)
        calls = [call for call in self.api.called("sendMessage") if call.taken]
        unanswered = {int(call.parameters["chat_id"]) for call in calls if is_unanswered(call)}
        heard = Counter(int(call.parameters["chat_id"]) for call in calls)
        said = {each.contact_id for each in rows if each.fate in ("sent", "unsure") or each.perhaps_twice}
        twice = {number for number, times in heard.items() if times > 1}
        marked = {each.contact_id for each in rows if each.perhaps_twice or each.fate == "unsure"}
        lost = len(said - heard.keys() - {e.contact_id for e in rows if e.fate == "unsure"})
        lost += sum(1 for each in rows if each.fate == "")
        return Count(
            lost,
            len(twice),
            len(twice - self._in_doubt - unanswered),
            len(twice - marked),
            len(marked),
            busiest(call.at for call in calls),
            len(heard.keys() & set(self._left)),
            told,
        )

    def close(self) -> None:
        for worker in self.workers:
            worker.stop()
        self.store.close()
        self.api.server.stop()
