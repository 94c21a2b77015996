"""Measures 200 people at once on Telegram: our server is a process on one core, Telegram and the people are on another.

Each tap must be answered within a second (access.md T1). Two crowds press: one that presses the moment the next
question is there, which nobody does and which is therefore the goal, and one that reads each question first.
"""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from bot.app import open_store
from bot.commands.telling import say
from bot.settings import Settings
from tests.catalogue import SAMPLE_DAY, put_catalogue
from tests.channels.botapi import BotApi
from tests.channels.botapi.records import Query
from tests.channels.crowds import Crowd
from tests.faults.serving import Server

PEOPLE = 200
GOAL = 1.0
"""Seconds from the press of a button to its answer, at the most."""

READING = 3.0
"""Seconds for which the second crowd reads a question, on average."""

PATIENCE = 300.0
ZONE = "Asia/Shanghai"
"""Nobody's night is disturbed: the trial clock says that it is morning."""


AT_ONCE = Crowd("pressing at once", 1000, PEOPLE)
CROWDS = (AT_ONCE, Crowd(f"reading {READING:g} s", 5000, PEOPLE, READING))


@contextmanager
def serving(api: BotApi, home: Path, mode: str, core: int | None, database: str = "") -> Iterator[Server]:
    """Run our server on one core, with the sample catalogue; it speaks to this Telegram."""
    settings = Settings(home=home, database_url=database, clock=SAMPLE_DAY, timezone=ZONE)
    with closing(open_store(settings)) as store:
        put_catalogue(store)
    server = Server(
        home,
        command="serve",
        XUNQIAO_TELEGRAM_TOKEN=api.token,
        XUNQIAO_TELEGRAM_API=api.url,
        XUNQIAO_TELEGRAM_MODE=mode,
        XUNQIAO_CLOCK=SAMPLE_DAY,
        XUNQIAO_TIMEZONE=ZONE,
        XUNQIAO_HELP_PHONE="0371-00001100",
        XUNQIAO_DATABASE_URL=database,
    )
    with only_on(core):  # a process stays where the thread was that started it
        server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def only_on(core: int | None) -> Iterator[None]:
    """Keep this thread, and what it starts, on one core."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def two_cores() -> tuple[int | None, int | None]:
    """One core for us, another for Telegram and the people; None where there are no two, or where none can be told."""
    found = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (found[0], found[1]) if len(found) > 1 else (None, None)


def told(name: str, times: Sequence[float]) -> None:
    ordered = sorted(times)
    half, most = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.99))
    say(f"    {name}: half {half:.3f} s, 99 % {most:.3f} s, slowest {ordered[-1]:.3f} s")


def measure(api: BotApi, server: Server, crowd: Crowd) -> None:
    """Let a crowd act, and print how it was served."""
    ours, theirs = server.busy_seconds(), time.process_time()
    took = crowd.act(api, PATIENCE)
    api.waits_until(lambda: not api.unanswered, timeout=60)
    ours, theirs = server.busy_seconds() - ours, time.process_time() - theirs
    presses = crowd.presses(api)
    each = len(presses)
    say(f"  {crowd.people} people {crowd.name}: {each} taps in {took:.1f} s, {each / took:.0f} a second")
    say(
        f"    processor: {1000 * ours / each:.2f} ms a tap; busy: we {ours / took:.0%}, they {theirs / took:.0%}"
    )
    answered = [(query, query.answered_at) for query in presses if query.answered_at is not None]
    told(
        "answered, after it was handed to us",
        [at - query.handed_at for query, at in answered if query.handed_at],
    )
    told("answered, after the press", [at - query.at for query, at in answered])
    told("next question, after the press", question_waits(presses))
    late = sum(1 for query, at in answered if at - query.at > GOAL)
    twice = sum(1 for query in presses if query.answers != 1)
    goal = " (goal 0)" if crowd is AT_ONCE else ""
    say(f"    answered later than {GOAL:g} s after the press: {late}{goal}; not answered just once: {twice}")


def question_waits(presses: Sequence[Query]) -> list[float]:
    """Seconds from each press to the message that followed it."""
    found: list[float] = []
    for query in presses:
        after = (message.at for message in query.chat.messages if message.mine and message.at > query.at)
        if (at := next(after, None)) is not None:
            found.append(at - query.at)
    return found


def main() -> None:
    """Print how soon taps and questions were answered, in both modes."""
    ours, theirs = two_cores()
    if ours is None:
        say(
            "there are no two cores: Telegram and the people take from ours, so times are longer than they are"
        )
    for mode in ("polling", "webhook"):
        with only_on(theirs), tempfile.TemporaryDirectory() as folder, BotApi() as api:
            with serving(api, Path(folder), mode, ours) as server:
                say(f"{mode}:")
                api.person(1).commands("/start")
                api.person(1).waits_for("训桥", anywhere=True, timeout=60)
                for crowd in CROWDS:
                    measure(api, server, crowd)
            assert not api.refusals, api.refusals[:5]


if __name__ == "__main__":
    main()
