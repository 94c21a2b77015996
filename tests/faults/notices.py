"""Notices under faults, with real workers: python -m tests.faults.notices prints the whole table (`make faults`)."""

import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import SecretStr
from sqlalchemy import insert, text

from bot.app import open_store
from bot.commands.telling import say
from bot.settings import Clock, Settings
from storage import notice_report, notices
from storage.base import Store
from storage.crypto import lookup_hash
from storage.desk import Desk
from storage.notice_report import Progress
from storage.notices import Words
from storage.staff import add_staff
from storage.tables import Account, Channel, Contact, ContactRole, Notice, Reading, Size, StaffRole, Topic
from tests.channels.botapi import BotApi
from tests.channels.botapi.records import busiest
from tests.databases import TEST_KEY, Databases
from tests.faults.forking import Forked
from tests.storage.postgres import running_server

CLOCK = "2026-11-21T10:00"
"""When it is by all clocks at the start: nobody's night."""

PAUSES = {
    "storage.mailing.LEASE_SECONDS": 4.0,
    "storage.mailing.FIRST_SECONDS": 0.5,
    "bot.channels.broadcast.ANSWER_SECONDS": 2.0,
}
"""What in earnest takes minutes, in seconds."""

PATIENCE = 240.0


class Worker(Forked):
    """`xunqiao worker`, to be killed and started again."""

    def start(self) -> Self:
        for line in self._begin():
            if line.startswith("Xunqiao worker: "):
                return self
        raise AssertionError(f"the worker ended with {self.stop()}: {self._errors.read_text()[-2000:]}")


@dataclass(frozen=True)
class Count:
    """What became of a notice's recipients, as Telegram and as the report see it.

    Args:
        lost: not sent and not in the report as unsent.
        doubled: got it more than once.
        unmarked: of those, how many the report does not call "maybe twice".
        marked: how many it calls so.
        busiest: the most messages in any one second.

    """

    lost: int
    doubled: int
    unmarked: int
    marked: int
    busiest: int
    told: Progress


class Trial:
    """One notice to so many people, sent by workers while something goes wrong.

    Args:
        folder: of the database and the key.
        url: the database; "" for SQLite, which has one worker.
        people: how many recipients.
        rate: what Telegram takes in a second.

    """

    def __init__(self, folder: Path, url: str, people: int, rate: int) -> None:
        self.people, self.rate, self.is_sqlite = people, rate, not url
        environment = {
            "XUNQIAO_DATABASE_URL": url,
            "XUNQIAO_SECRET_KEY": TEST_KEY,
            "XUNQIAO_CLOCK": CLOCK,
            "XUNQIAO_TIMEZONE": "Asia/Shanghai",
            "XUNQIAO_TELEGRAM_RATE": str(rate),
        }
        self.settings = Settings(
            home=folder,
            database_url=url,
            secret_key=SecretStr(TEST_KEY),
            clock=CLOCK,
            telegram_rate=rate,
        )
        self.clock = Clock(self.settings)
        self.api = BotApi()
        self.api.__enter__()
        self.store: Store = open_store(self.settings)
        self.notice = self._plan()
        environment |= {"XUNQIAO_TELEGRAM_TOKEN": self.api.token, "XUNQIAO_TELEGRAM_API": self.api.url}
        self.workers = [
            Worker(folder, command="worker", pauses=PAUSES, **environment) for _ in range(1 if not url else 2)
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
        for each in numbers:
            self.api.person(each, known=True)
        with self.store.writing() as session:
            member = add_staff(session, "王芳", StaffRole.CLERK, now, actor="test").id
            notice = notices.write(session, Topic.JOBS, Words("招聘会", "周六上午有招聘会。"), member, now).id
        with closing(Desk(self.store)) as desk:
            assert notices.plan(desk, notice, numbers, now) == self.people
        with self.store.writing() as session:
            assert notices.send(session, notice, member, now)
        return notice

    @property
    def sent(self) -> int:
        return len(self.api.called("sendMessage"))

    def press(self, what: Callable[..., bool]) -> None:
        with self.store.writing() as session:
            assert what(session, self.notice)

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
        heard = Counter(int(call.parameters["chat_id"]) for call in calls)
        said = {each.contact_id for each in rows if each.fate in ("sent", "unsure") or each.perhaps_twice}
        twice = {number for number, times in heard.items() if times > 1}
        marked = {each.contact_id for each in rows if each.perhaps_twice or each.fate == "unsure"}
        lost = len(said - heard.keys() - {e.contact_id for e in rows if e.fate == "unsure"})
        lost += sum(1 for each in rows if each.fate == "")
        return Count(
            lost, len(twice), len(twice - marked), len(marked), busiest(call.at for call in calls), told
        )

    def close(self) -> None:
        for worker in self.workers:
            worker.stop()
        self.store.close()
        self.api.server.stop()


Fault = Callable[[Trial, random.Random], None]


def kills(times: int) -> Fault:
    """Kill one worker after the other at random moments of the whole notice."""

    def strike(trial: Trial, chance: random.Random) -> None:
        for moment in sorted(chance.sample(range(1, trial.people), times)):
            trial.wait(lambda after=moment: trial.sent >= after or trial.is_over())  # type: ignore[misc]
            worker = chance.choice(trial.workers)
            worker.kill()
            worker.start()

    return strike


def kill_all(trial: Trial, chance: random.Random) -> None:
    trial.wait(lambda: trial.sent > trial.people * chance.uniform(0.2, 0.6))
    for worker in trial.workers:
        worker.kill()
    for worker in trial.workers:
        worker.start()


def cut_database(trial: Trial, chance: random.Random) -> None:
    """Do to everybody's connections what a restart of the database does."""
    for part in (chance.uniform(0.1, 0.3), chance.uniform(0.4, 0.7)):
        trial.wait(lambda part=part: trial.sent > trial.people * part)  # type: ignore[misc]
        if not trial.is_sqlite:
            with trial.store.engine.begin() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )


def pause_and_go_on(trial: Trial, chance: random.Random) -> None:
    trial.wait(lambda: trial.sent > trial.people * chance.uniform(0.2, 0.5))
    trial.press(notices.pause)
    before, last = trial.sent, -1
    while trial.sent != last:
        last = trial.sent
        time.sleep(1.0)
    assert last - before <= trial.rate, "a second after the pause there was more than what was on its way"
    trial.press(notices.resume)


def stop_it(trial: Trial, chance: random.Random) -> None:
    trial.wait(lambda: trial.sent > trial.people * chance.uniform(0.2, 0.5))
    trial.press(notices.stop)


def of_telegram(what: Callable[[BotApi, int], object]) -> Fault:
    """Let Telegram do something to a part of the messages."""

    def strike(trial: Trial, chance: random.Random) -> None:
        trial.wait(lambda: trial.sent > trial.people * chance.uniform(0.1, 0.3))
        what(trial.api, max(2, trial.people // 100))

    return strike


def hang(api: BotApi, times: int) -> None:
    api.hang("sendMessage", times=times)


FAULTS: Mapping[str, Fault] = {
    "nothing": lambda _trial, _chance: None,
    "kill -9, 50 times": kills(50),
    "all workers killed": kill_all,
    "database restarted": cut_database,
    "500s": of_telegram(lambda api, times: api.fail("sendMessage", times=5 * times)),
    "resets after acceptance": of_telegram(lambda api, times: api.reset_after("sendMessage", times=times)),
    "hangs": of_telegram(hang),
    "429 storm": of_telegram(lambda api, times: api.flood(1, method="sendMessage", times=times)),
    "pause, then go on": pause_and_go_on,
    "stop": stop_it,
}


def run(fault: Fault, folder: Path, url: str, *, people: int, rate: int, seed: int = 20261121) -> Count:
    """Send one notice under a fault, and count."""
    trial = Trial(folder, url, people, rate)
    try:
        for worker in trial.workers:
            worker.start()
        fault(trial, random.Random(seed))
        trial.wait(trial.is_over)
        return trial.count()
    finally:
        trial.close()


@contextmanager
def database(kind: str) -> Iterator[Callable[[], str]]:
    """Give what makes an empty database: its URL, "" for SQLite."""
    if kind == "sqlite":
        yield lambda: ""
        return
    with ExitStack() as stack:
        server = os.environ.get("XUNQIAO_TEST_PG_URL") or stack.enter_context(running_server())
        databases = stack.enter_context(closing(Databases(server)))
        yield databases.make


def main(words: Sequence[str]) -> None:
    """Print the table."""
    people = int(words[0]) if words else 5000
    say(f"{people} recipients a notice; rate 1000 a second; PostgreSQL with two workers, SQLite with one")
    say(
        f"{'fault':26}{'database':12}{'lost':>6}{'doubled':>9}{'unmarked':>10}{'maybe':>7}{'busiest':>9}  ends"
    )
    for kind in ("postgresql", "sqlite"):
        with database(kind) as make:
            for name, fault in FAULTS.items():
                if kind == "sqlite" and fault is cut_database:
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    found = run(fault, Path(folder) / "home", make(), people=people, rate=1000)
                ends = ", ".join(f"{each.value} {number}" for each, number in found.told.fates.items())
                say(
                    f"{name:26}{kind:12}{found.lost:>6}{found.doubled:>9}{found.unmarked:>10}"
                    f"{found.marked:>7}{found.busiest:>9}  {ends}"
                )


if __name__ == "__main__":
    main(sys.argv[1:])
